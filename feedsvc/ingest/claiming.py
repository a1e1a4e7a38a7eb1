"""Which article a file speaks of: identity, moves, copies and conflicts (docs/architecture.md, "Identity").

An id never follows title, slug, date, section or address. A file's own id is used as it is; without one the article
keeps the id minted from the path at which it was first seen, wherever the file goes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from feedsvc import markup
from feedsvc.formats.base import RawItem
from feedsvc.ingest.read import Reading
from feedsvc.model import SourceRecord, SourceState, Stored
from feedsvc.normalise.identity import minted_id, own_id, version_number
from feedsvc.store.base import Writer

_PRESENT = frozenset({SourceState.ACCEPTED, SourceState.DUPLICATE, SourceState.REFUSED, SourceState.MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What one item of a file claims: the article, in which role, and what an operator should know of it.

    *displaced* is the file that held the article so far and no longer does, though it is still there.
    """

    article_id: str
    state: SourceState = SourceState.ACCEPTED
    previous: Stored | None = None
    displaced: str = ""
    note: str = ""


class Claims:
    """Decides what the items of one file claim. *vanished* are known files that are not where they were."""

    def __init__(self, writer: Writer, *, authority: str, vanished: Collection[str]) -> None:
        self._writer = writer
        self._authority = authority
        self._vanished = vanished

    def of(self, reading: Reading, record: SourceRecord | None, heirloom: Sequence[str] = ()) -> list[Claimed]:
        """The claims of the items in *reading*, in their order.

        *record* is what is known of the file, *heirloom* the ids of articles whose file moved to this place.
        """
        known = self._known(reading, record, heirloom)
        copied = () if known else self._copied(reading)
        taken: set[str] = set()
        claimed: list[Claimed] = []
        matched = self._matched(reading.items, known)
        for number, item in enumerate(reading.items):
            own = own_id(item.id, authority=self._authority)
            if own and self._keeps_minted(own, matched[number]):
                note = f"its id {own} is not used: the article is already known under another"
                claim = self._held(reading, matched[number], note=note)
            elif own:
                claim = self._owned(reading, item, own)
            elif matched[number]:
                claim = self._held(reading, matched[number])
            elif number < len(copied):
                claim = Claimed(
                    article_id=copied[number],
                    state=SourceState.DUPLICATE,
                    previous=self._writer.get(copied[number]),
                    note=f"a copy of {self._holder(copied[number])}: it shares that file's article",
                )
            else:
                claim = Claimed(article_id=self._minted(reading, item))
            if claim.article_id in taken:
                claim = Claimed(
                    article_id=claim.article_id,
                    state=SourceState.CONFLICT,
                    note="two articles in this file have one id",
                )
            taken.add(claim.article_id)
            claimed.append(claim)
        return claimed

    # ------------------------------------------------------------------ ids that the store knows
    def _known(self, reading: Reading, record: SourceRecord | None, heirloom: Sequence[str]) -> Sequence[str]:
        """The ids that belong to this file already: its own, those that moved here, or those to be restored."""
        if heirloom:
            return heirloom
        if record is not None and record.state is SourceState.DUPLICATE:
            # A copy takes the article over when the first file goes; edited, it becomes an article of its own.
            gone = all(self._holder(article_id) in self._vanished for article_id in record.articles)
            return record.articles if gone else ()
        if record is not None and record.state is not SourceState.GONE:
            return record.articles
        former = [record] if record is not None else []
        former += [other for other in self._writer.sources_with(reading.sha256) if other.state is SourceState.GONE]
        for other in former:
            ids = [article_id for article_id in other.articles if self._restorable(article_id, other, reading)]
            if ids:
                return ids
        return ()

    def _restorable(self, article_id: str, former: SourceRecord, reading: Reading) -> bool:
        """Whether a withdrawn article comes back with this file: by the same bytes, or the same title."""
        known = self._writer.get(article_id)
        if known is None or known.withdrawn is None or known.article.source != former.path:
            return False
        titles = {markup.plain_line(title) for item in reading.items for title in (item.title, *item.title_fallbacks)}
        return former.sha256 == reading.sha256 or known.article.title in titles - {""}

    def _matched(self, items: Sequence[RawItem], known: Sequence[str]) -> list[str]:
        """For each item the known id that it continues: by its title first, then by its place in the file."""
        if len(items) == 1 and len(known) == 1:
            return [known[0]]
        titles: dict[str, str] = {}
        for article_id in known:
            stored = self._writer.get(article_id)
            if stored is not None:
                titles.setdefault(stored.article.title, article_id)
        matched = [titles.pop(markup.plain_line(item.title), "") for item in items]
        for number, article_id in enumerate(known[: len(items)]):
            if not matched[number] and article_id not in matched:
                matched[number] = article_id
        return matched

    def _keeps_minted(self, own: str, known: str) -> bool:
        """Whether a file that gives an id only now keeps the minted one under which readers know its article."""
        prefix = f"tag:{self._authority}:"
        minted = known.startswith(prefix) and not known.startswith(f"{prefix}id/")
        return minted and known != own and self._writer.get(own) is None

    # ------------------------------------------------------------------ the kinds of claims
    def _held(self, reading: Reading, article_id: str, *, note: str = "") -> Claimed:
        previous = self._writer.get(article_id)
        displaced = ""
        if previous is not None and previous.article.source not in ("", reading.found.source):
            displaced = previous.article.source if self._present(previous.article.source) else ""
        return Claimed(article_id=article_id, previous=previous, displaced=displaced, note=note)

    def _owned(self, reading: Reading, item: RawItem, own: str) -> Claimed:
        """A claim by a file's own id: the higher version holds it; a lower or equal one of another file does not."""
        previous = self._writer.get(own)
        if previous is None:
            return Claimed(article_id=own)
        source, held = previous.article.source, previous.article.version
        # A withdrawal that gives no version takes back whatever there is.
        version = version_number(item.version) or (held if item.withdrawal else 0)
        elsewhere = source != reading.found.source
        if version < held:
            note = f"version {version} of {own} is older than {held} ({source}): it is not used"
            return Claimed(article_id=own, state=SourceState.SUPERSEDED, previous=previous, note=note)
        if not elsewhere or not self._present(source):
            return Claimed(article_id=own, previous=previous)
        if version > held:
            return Claimed(article_id=own, previous=previous, displaced=source)
        holder = self._writer.source(source)
        if holder is not None and holder.sha256 == reading.sha256:
            note = f"a copy of {source}, which holds the id {own}"
            return Claimed(article_id=own, state=SourceState.SUPERSEDED, previous=previous, note=note)
        note = f"{source} has the same id {own} in the same version with other text; raise the version of one of them"
        return Claimed(article_id=own, state=SourceState.CONFLICT, previous=previous, note=note)

    def _copied(self, reading: Reading) -> Sequence[str]:
        """The ids of the articles of which this file is a byte-identical copy."""
        for other in self._writer.sources_with(reading.sha256):
            if other.path != reading.found.source and self._present(other.path) and other.articles:
                return other.articles
        return ()

    def _minted(self, reading: Reading, item: RawItem) -> str:
        attempt = 1
        while True:
            candidate = minted_id(reading.found.source, authority=self._authority, part=item.part, attempt=attempt)
            if self._writer.get(candidate) is None:
                return candidate
            attempt += 1

    # ------------------------------------------------------------------ files
    def _holder(self, article_id: str) -> str:
        stored = self._writer.get(article_id)
        return "" if stored is None else stored.article.source

    def _present(self, path: str) -> bool:
        if path in self._vanished:
            return False
        record = self._writer.source(path)
        return record is not None and record.state in _PRESENT
