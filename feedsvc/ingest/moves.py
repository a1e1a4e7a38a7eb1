"""Files that moved: a file that appears is compared with those that are not where they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from feedsvc import markup
from feedsvc.ingest.read import Reading
from feedsvc.model import SourceRecord, SourceState


class Moves:
    """Finds for a new file the one that it was. Every vanished file is found once."""

    def __init__(
        self,
        known: Mapping[str, SourceRecord],
        vanished: Collection[str],
        *,
        title_of: Callable[[str], str],
    ) -> None:
        """*title_of* gives the title of the article with an id."""
        self._title_of = title_of
        self._by_bytes: defaultdict[str, list[SourceRecord]] = defaultdict(list)
        self._by_inode: dict[tuple[int, int], SourceRecord] = {}
        for path in sorted(vanished):
            record = known[path]
            # A copy or an older version has no article to bring along.
            if record.state in (SourceState.ACCEPTED, SourceState.MISSING, SourceState.REFUSED) and record.articles:
                self._by_bytes[record.sha256].append(record)
                self._by_inode[(record.signature.device, record.signature.inode)] = record

    def former(self, reading: Reading) -> SourceRecord | None:
        """The file that *reading* was before: the same bytes, else the same inode and the same name or title.

        The inode alone proves nothing: a file system gives it to the next file as soon as it is free.
        """
        same = self._by_bytes.get(reading.sha256)
        if same:
            return self._used(same[0])
        record = self._by_inode.get((reading.signature.device, reading.signature.inode))
        if record is not None and self._resembles(record, reading):
            return self._used(record)
        return None

    def _used(self, record: SourceRecord) -> SourceRecord:
        self._by_bytes[record.sha256].remove(record)
        self._by_inode.pop((record.signature.device, record.signature.inode), None)
        return record

    def _resembles(self, record: SourceRecord, reading: Reading) -> bool:
        if record.path.rpartition("/")[2] == reading.found.source.rpartition("/")[2]:
            return True
        titles = {markup.plain_line(item.title) for item in reading.items} - {""}
        return any(self._title_of(article_id) in titles for article_id in record.articles)
