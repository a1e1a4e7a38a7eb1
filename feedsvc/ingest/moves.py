"""Files that moved: a file that appears is compared with those that are not where they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from feedsvc.ingest.claiming import AWAY
from feedsvc.ingest.read import Reading
from feedsvc.model import Signature, SourceRecord, Stored
from feedsvc.normalise.titles import title_shown


class Moves:
    """Finds for a new file the one that it was. Every vanished file is found once."""

    def __init__(
        self,
        known: Mapping[str, SourceRecord],
        vanished: Collection[str],
        *,
        stored: Callable[[str], Stored | None],
    ) -> None:
        """*stored* gives the article with an id."""
        self._stored = stored
        self._by_bytes: defaultdict[str, list[SourceRecord]] = defaultdict(list)
        self._by_inode: dict[tuple[int, int], SourceRecord] = {}
        for path in sorted(vanished):
            record = known[path]
            if record.state not in AWAY and record.articles:
                self._by_inode[(record.signature.device, record.signature.inode)] = record
                if record.sha256:
                    self._by_bytes[record.sha256].append(record)

    def possible(self, sha256: str, signature: Signature) -> bool:
        """Whether a file with these bytes, or that place on disk, may be one that moved."""
        return sha256 in self._by_bytes or (signature.device, signature.inode) in self._by_inode

    def former(self, reading: Reading) -> SourceRecord | None:
        """The file that *reading* was before: the same bytes, else the same inode and the same name or title.

        The inode alone proves nothing: a file system gives it to the next file as soon as it is free.
        """
        for record in self._by_bytes.get(reading.sha256, ()):
            if self._holds(record):
                return self._used(record)
        found = reading.signature if reading.signature.inode else reading.found.signature
        same = self._by_inode.get((found.device, found.inode))
        if same is not None and self._resembles(same, reading) and self._holds(same):
            return self._used(same)
        return None

    def _holds(self, record: SourceRecord) -> bool:
        """Whether an article goes with the file; a copy or an older version has none to bring along."""
        held = (self._stored(article_id) for article_id in record.articles)
        return any(article is not None and article.article.source == record.path for article in held)

    def _used(self, record: SourceRecord) -> SourceRecord:
        if record in self._by_bytes.get(record.sha256, ()):
            self._by_bytes[record.sha256].remove(record)
        self._by_inode.pop((record.signature.device, record.signature.inode), None)
        return record

    def _resembles(self, record: SourceRecord, reading: Reading) -> bool:
        if _name(record.path) == _name(reading.found.source):
            return True
        titles = {title_shown(item) for item in reading.items} - {""}
        held = (self._stored(article_id) for article_id in record.articles)
        return any(article is not None and article.article.title in titles for article in held)


def _name(path: str) -> str:
    """The file's name, which says something; with its folder where every article has the same ("index.md")."""
    *folders, last = path.split("/")
    return "/".join([*folders[-1:], last]) if last.partition(".")[0].lower() == "index" else last
