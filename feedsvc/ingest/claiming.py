"""Which article a file speaks of: identity, moves, copies and conflicts (docs/architecture.md, "Identity").

An id never follows title, slug, date, section or address. A file's own id is used as it is; without one the article
keeps the id minted from the path at which it was first seen, wherever the file goes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from feedsvc.formats.base import RawItem
from feedsvc.ingest.read import Reading
from feedsvc.model import PubStatus, SourceRecord, SourceState, Stored
from feedsvc.normalise.identity import minted_id, own_id, version_number
from feedsvc.normalise.status import status_of
from feedsvc.normalise.titles import title_shown
from feedsvc.store.base import Writer

AWAY = frozenset({SourceState.GONE, SourceState.IGNORED})
"""The states of files that give nothing, though the store remembers what they gave."""


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


def still_gives(writer: Writer, article: Stored) -> bool:
    """Whether the file from which the article was last read still has it."""
    record = writer.source(article.article.source)
    return record is not None and record.state not in AWAY and article.article.id in record.articles


class Claims:
    """Decides what the items of one file claim.

    *record* is what is known of the file, *heir_of* the file that moved here. *vanished* are known files that are not
    where they were.
    """

    def __init__(
        self,
        writer: Writer,
        reading: Reading,
        record: SourceRecord | None,
        *,
        authority: str,
        vanished: Collection[str],
        heir_of: SourceRecord | None = None,
    ) -> None:
        self._writer = writer
        self._reading = reading
        self._record = record
        self._heir_of = heir_of
        self._authority = authority
        self._vanished = vanished
        self._seen: dict[str, Stored | None] = {}

    def all(self) -> list[Claimed]:
        """The claims of the file's items, in their order."""
        items = self._reading.items
        known = self._known()
        copied = self._copied() if len(known) < len(items) else ()
        matched = self._matched(known)
        taken: set[str] = set()
        claimed: list[Claimed] = []
        for number, item in enumerate(items):
            claim = self._claim(item, matched[number], "".join(copied[number : number + 1]), taken={*taken, *matched})
            if claim.article_id in taken:
                note = "two articles in this file have one id"
                claim = Claimed(article_id=claim.article_id, state=SourceState.CONFLICT, note=note)
            taken.add(claim.article_id)
            claimed.append(claim)
        return claimed

    # ------------------------------------------------------------------ ids that the store knows
    def _known(self) -> Sequence[str]:
        """The ids that belong to this file already: its own, those that moved here, or those to be restored."""
        if self._heir_of is not None:
            held = [(article_id, self._stored(article_id)) for article_id in self._heir_of.articles]
            return [one for one, stored in held if stored and stored.article.source == self._heir_of.path]
        if self._record is not None and self._record.state not in AWAY:
            # What another file holds is not among them: edited, a copy or a rival becomes an article of its own.
            return [article_id for article_id in self._record.articles if self._is_free(article_id)]
        former = [] if self._record is None else [self._record]
        former += [twin for twin in self._twins if twin.state in AWAY]
        for other in former:
            ids = [article_id for article_id in other.articles if self._is_restorable(article_id, other)]
            if ids:
                return ids
        return ()

    def _is_free(self, article_id: str) -> bool:
        """Whether no other file holds the article, none has taken it back for good, and it is not over and done."""
        known = self._stored(article_id)
        if known is None:
            return True
        if known.withdrawn is not None and known.article.title not in self._titles:
            return False
        if known.article.source == self._path:
            return True
        return known.article.pubstatus is not PubStatus.CANCELED and not self._holds_elsewhere(known)

    def _is_restorable(self, article_id: str, former: SourceRecord) -> bool:
        """Whether a withdrawn article comes back with this file: by the same bytes, or the same title."""
        known = self._stored(article_id)
        if known is None or known.withdrawn is None or known.article.source != former.path:
            return False
        if former.sha256 == self._reading.sha256:
            return True
        return known.article.title in self._titles

    def _copied(self) -> Sequence[str]:
        """The ids of the articles of which this file is a copy: it is still the same, or is byte-identical now."""
        if self._record is not None and self._record.sha256 == self._reading.sha256:
            held = self._writer.claims_by(self._path)
            ids = [claim.article_id for claim in held if claim.state is SourceState.DUPLICATE]
            if ids:
                return [article_id for article_id in self._record.articles if article_id in ids]
        for twin in self._twins:
            present = twin.state not in AWAY and twin.path not in self._vanished
            if twin.path != self._path and present and twin.articles:
                return twin.articles
        return ()

    def _matched(self, known: Sequence[str]) -> list[str]:
        """For each item the known id that it continues: by its title first, then by its place in the file."""
        items = self._reading.items
        if not known or len(items) == len(known) == 1:
            return [*known] or [""] * len(items)
        titles: dict[str, str] = {}
        for article_id in known:
            stored = self._stored(article_id)
            if stored is not None:
                titles.setdefault(stored.article.title, article_id)
        matched = [titles.pop(_title(item), "") for item in items]
        for number, article_id in enumerate(known[: len(items)]):
            if not matched[number] and article_id not in matched:
                matched[number] = article_id
        return matched

    # ------------------------------------------------------------------ the kinds of claims
    def _claim(self, item: RawItem, known: str, copied: str, *, taken: Collection[str]) -> Claimed:
        own = own_id(item.id, authority=self._authority)
        if own:
            claim = self._owned(item, own)
            if self._is_minted(known) and (claim.previous is None or claim.state is SourceState.CONFLICT):
                # A file that gives an id only now keeps the one under which readers know its article.
                note = f"its id {own} is not used: the article is already known under another"
                return Claimed(article_id=known, previous=self._stored(known), note=note)
            if claim.previous is not None or not copied:
                return claim
        elif known:
            return Claimed(article_id=known, previous=self._stored(known))
        if copied:
            previous = self._stored(copied)
            source = "" if previous is None else previous.article.source
            note = f"a copy of {source}: it shares that file's article"
            return Claimed(article_id=copied, state=SourceState.DUPLICATE, previous=previous, note=note)
        return self._minted(item, taken)

    def _owned(self, item: RawItem, own: str) -> Claimed:
        """A claim by a file's own id: the higher version holds it; a lower or equal one of another file does not.

        A withdrawal that gives no version takes back whatever there is, and only a higher version undoes it.
        """
        previous = self._stored(own)
        if previous is None:
            return Claimed(article_id=own)
        source, held = previous.article.source, previous.article.version
        kills = status_of(item.status, withdrawal=item.withdrawal, embargo=True)[0] is PubStatus.CANCELED
        version = version_number(item.version) or (held if kills else 0)
        superseded = Claimed(article_id=own, state=SourceState.SUPERSEDED, previous=previous)
        if version < held:
            return _noted(superseded, f"version {version} of {own} is older than {held} ({source}): it is not used")
        killed = previous.article.pubstatus is PubStatus.CANCELED and not self._is_ours(source)
        if killed and version == held and not (kills and not self._holds_elsewhere(previous)):
            return _noted(superseded, f"{source} withdraws {own}: it is not used; a higher version would be")
        if not self._holds_elsewhere(previous):
            return Claimed(article_id=own, previous=previous)
        holder = self._writer.source(source)
        if holder is not None and holder.sha256 == self._reading.sha256:
            return _noted(superseded, f"a copy of {source}, which holds the id {own}")
        if version > held or kills:
            return Claimed(article_id=own, previous=previous, displaced=source)
        note = f"{source} has the same id {own} in the same version with other text; raise the version of one of them"
        return Claimed(article_id=own, state=SourceState.CONFLICT, previous=previous, note=note)

    def _minted(self, item: RawItem, taken: Collection[str]) -> Claimed:
        """A claim on a new id; or on that of a withdrawn article of this place, which the same title restores."""
        attempt = 1
        while True:
            candidate = minted_id(self._path, authority=self._authority, part=item.part, attempt=attempt)
            known = self._stored(candidate)
            if known is None:
                return Claimed(article_id=candidate)
            ours = known.withdrawn is not None and known.article.source == self._path and candidate not in taken
            if ours and known.article.title == _title(item):
                return Claimed(article_id=candidate, previous=known)
            attempt += 1

    def _is_minted(self, article_id: str) -> bool:
        prefix = f"tag:{self._authority}:"
        return article_id.startswith(prefix) and not article_id.startswith(f"{prefix}id/")

    # ------------------------------------------------------------------ files
    @property
    def _path(self) -> str:
        return self._reading.found.source

    def _is_ours(self, path: str) -> bool:
        return path == self._path or (self._heir_of is not None and path == self._heir_of.path)

    def _holds_elsewhere(self, article: Stored) -> bool:
        source = article.article.source
        return not self._is_ours(source) and source not in self._vanished and still_gives(self._writer, article)

    @cached_property
    def _twins(self) -> Sequence[SourceRecord]:
        """The known files with the same bytes."""
        return self._writer.sources_with(self._reading.sha256)

    @cached_property
    def _titles(self) -> Collection[str]:
        return {_title(item) for item in self._reading.items}

    def _stored(self, article_id: str) -> Stored | None:
        if article_id not in self._seen:
            self._seen[article_id] = self._writer.get(article_id)
        return self._seen[article_id]


def _title(item: RawItem) -> str:
    """The title that the article will have; None is like that of an item which gives none."""
    return title_shown(item) or "\0"


def _noted(claim: Claimed, note: str) -> Claimed:
    return Claimed(article_id=claim.article_id, state=claim.state, previous=claim.previous, note=note)
