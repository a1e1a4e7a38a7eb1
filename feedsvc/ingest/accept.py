"""One file that was read -> its articles in the store, in one savepoint."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from feedsvc.config import Settings
from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.ingest.claiming import Claimed, Claims
from feedsvc.ingest.read import Reading
from feedsvc.ingest.report import PassReport, Refusal
from feedsvc.model import Article, SourceRecord, SourceState
from feedsvc.normalise.article import Normalised, normalise
from feedsvc.normalise.sections import SectionNames
from feedsvc.store.base import Claim, Writer


class Acceptor:
    """Writes what files say into the store. One for each transaction.

    *now* is the time of the pass, *cold* True in the first pass of all, *reading* the rules by which files are read.
    """

    def __init__(
        self,
        writer: Writer,
        report: PassReport,
        *,
        settings: Settings,
        sections: SectionNames,
        now: datetime,
        cold: bool,
        reading: str,
    ) -> None:
        self._writer = writer
        self._report = report
        self._settings = settings
        self._sections = sections
        self._now = now
        self._cold = cold
        self._rules = reading

    # ------------------------------------------------------------------ a file that is there
    def accept(
        self, reading: Reading, record: SourceRecord | None, *, vanished: Collection[str], heir_of: SourceRecord | None
    ) -> None:
        """Take in one file. *heir_of* is the file that moved here. Raises nothing but StoreError."""
        if reading.error is not None:
            self._refuse(reading, record, reading.error)
            return
        claims = Claims(self._writer, authority=self._settings.site.authority, vanished=vanished)
        try:
            with self._writer.savepoint():
                self._take(reading, record, claims, heir_of)
        except ContentError as error:
            error.source = reading.found.source
            self._refuse(reading, record, error)

    def unchanged(self, reading: Reading, record: SourceRecord) -> None:
        """The bytes are those that were read before: only what stat says of the file is new."""
        state = self._state_by_claims(record) if record.state is SourceState.MISSING else record.state
        self._writer.remember(dataclasses.replace(record, signature=reading.signature, seen=self._now, state=state))

    def _take(
        self, reading: Reading, record: SourceRecord | None, claims: Claims, heir_of: SourceRecord | None
    ) -> None:
        path = reading.found.source
        claimed = claims.of(reading, record, () if heir_of is None else heir_of.articles)
        held: dict[str, Claim] = {}
        results: list[tuple[Claimed, Normalised]] = []
        for item, claim in zip(reading.items, claimed, strict=True):
            result = self._normalised(reading, item, claim, record, heir_of)
            results.append((claim, result))
            article = result.article
            held.setdefault(
                claim.article_id,
                Claim(
                    path=path,
                    article_id=claim.article_id,
                    state=claim.state,
                    version=article.version,
                    sections=article.sections,
                ),
            )
        self._writer.remember(self._record(reading, record, results), tuple(held.values()))
        if heir_of is not None:
            self._leave(heir_of, now_at=path)
        for claim, result in results:
            if claim.displaced:
                self._displace(claim)
            if claim.state is SourceState.ACCEPTED:
                self._put(result)
            elif claim.state is SourceState.DUPLICATE:
                self.placed_again(claim.article_id, why=f"copy at {path}")
        if record is not None:
            now_held = {claim.article_id for claim in claimed}
            self.let_go(path, [left for left in record.articles if left not in now_held], why="no longer in the file")

    def _normalised(
        self,
        reading: Reading,
        item: RawItem,
        claim: Claimed,
        record: SourceRecord | None,
        heir_of: SourceRecord | None,
    ) -> Normalised:
        former = heir_of or record
        return normalise(
            item,
            PurePosixPath(reading.found.source),
            article_id=claim.article_id,
            settings=self._settings,
            sections=self._sections,
            now=self._now,
            previous=claim.previous,
            bytes_changed=former is None or former.sha256 != reading.sha256,
        )

    def _put(self, result: Normalised) -> None:
        article = self._with_lent_sections(result.article)
        known = self._writer.get(article.id)
        if known is None or known.article.updated != article.updated:
            article = dataclasses.replace(article, updated=self._writer.free_updated(article.updated, article.id))
        outcome = self._writer.put(article, now=self._now, day=result.day, spellings=result.spellings, cold=self._cold)
        self._report.outcomes[outcome] += 1

    def _with_lent_sections(self, article: Article) -> Article:
        """The article in its own sections and in those of its copies' folders."""
        sections = dict.fromkeys(article.sections)
        for claim in self._writer.claims(article.id):
            if claim.state is SourceState.DUPLICATE:
                sections |= dict.fromkeys(claim.sections)
        return dataclasses.replace(article, sections=tuple(sections))

    def placed_again(self, article_id: str, *, why: str) -> None:
        """Put the article into the sections that its files now give it."""
        known = self._writer.get(article_id)
        if known is None:
            return
        own = [claim for claim in self._writer.claims(article_id) if claim.path == known.article.source]
        article = dataclasses.replace(known.article, sections=own[0].sections if own else known.article.sections)
        if known.withdrawn is None:
            self._writer.put(
                self._with_lent_sections(article),
                now=self._now,
                day=self._now.date(),
                spellings={},
                why=why,
                cold=self._cold,
            )

    # ------------------------------------------------------------------ a file that is bad or gone
    def refuse(self, source: str, record: SourceRecord | None, fresh: SourceRecord) -> None:
        """Note that a file is refused; what was read from it before stays. Told once for each reason."""
        self._writer.remember(fresh, None if record is not None else ())
        if record is None or record.error != fresh.error or record.sha256 != fresh.sha256:
            self._report.refused.append(Refusal(source=source, error=fresh.error, line=fresh.line))

    def _refuse(self, reading: Reading, record: SourceRecord | None, error: ContentError) -> None:
        fresh = dataclasses.replace(
            self._record(reading, record, []),
            state=SourceState.REFUSED,
            error=str(error),
            line=error.line,
            articles=record.articles if record is not None else (),
            origin=record.origin if record is not None else {},
            notes=record.notes if record is not None else {},
        )
        self.refuse(reading.found.source, record, fresh)

    def note(self, record: SourceRecord) -> None:
        """Remember a file of which nothing is taken in."""
        self._writer.remember(record)

    def missing(self, first: Collection[str], blank: Collection[str]) -> None:
        """Mark files that are missing for the *first* time; forget the *blank* ones, which never gave anything."""
        self._writer.mark(first, SourceState.MISSING, now=self._now)
        self._writer.forget(blank)

    def orphaned(self, record: SourceRecord) -> None:
        """Withdraw what is left of a removed file after those that might inherit were read."""
        for article_id in record.articles:
            stored = self._writer.get(article_id)
            if stored is not None and stored.article.source == record.path:
                self._withdraw(article_id, record.path, why="the file was removed")

    def gone(self, record: SourceRecord) -> list[str]:
        """Withdraw what only this file gave. Answers files that now are to be read in its place."""
        heirs = self.let_go(record.path, record.articles, why="the file was removed")
        left = dataclasses.replace(record, state=SourceState.GONE, seen=self._now, error="")
        self._writer.remember(left, ())
        return heirs

    def let_go(self, path: str, article_ids: Sequence[str], *, why: str) -> list[str]:
        """End one file's claims on articles. Answers the files that inherit some, which are to be read again."""
        heirs: list[str] = []
        for article_id in article_ids:
            stored = self._writer.get(article_id)
            if stored is None:
                continue
            if stored.article.source != path:
                self.placed_again(article_id, why=f"no copy at {path} any more")
                continue
            others = [claim for claim in self._writer.claims(article_id) if claim.path != path]
            able = [claim for claim in others if _inherits(claim, stored.article.version)]
            if able:
                heirs.append(able[0].path)
            else:
                self._withdraw(article_id, path, why=why)
        return heirs

    def _withdraw(self, article_id: str, path: str, *, why: str) -> None:
        if self._writer.withdraw(article_id, now=self._now, why=why, source=path):
            self._report.outcomes["withdrawn"] += 1

    def _leave(self, former: SourceRecord, *, now_at: str) -> None:
        moved = dataclasses.replace(
            former, state=SourceState.GONE, seen=self._now, articles=(), origin={}, notes={}, error=f"moved to {now_at}"
        )
        self._writer.remember(moved, ())

    def _displace(self, claim: Claimed) -> None:
        """The file that held the article until now stays known, as superseded."""
        version = claim.previous.article.version if claim.previous is not None else 0
        self._writer.claim(
            Claim(path=claim.displaced, article_id=claim.article_id, state=SourceState.SUPERSEDED, version=version)
        )

    # ------------------------------------------------------------------ records
    def _record(
        self, reading: Reading, record: SourceRecord | None, results: Sequence[tuple[Claimed, Normalised]]
    ) -> SourceRecord:
        states = {claim.state for claim, _ in results}
        told = [claim.note for claim, _ in results if claim.note and claim.state is not SourceState.ACCEPTED]
        return SourceRecord(
            path=reading.found.source,
            signature=reading.signature,
            sha256=reading.sha256,
            state=_worst(states),
            error="; ".join(told[:5]),
            articles=tuple(dict.fromkeys(claim.article_id for claim, _ in results)),
            origin={claim.article_id: result.origin for claim, result in results},
            notes={
                claim.article_id: (*result.notes, *([claim.note] if claim.note else ())) for claim, result in results
            },
            first_seen=self._now if record is None else record.first_seen,
            seen=self._now,
            reading=self._rules,
        )

    def _state_by_claims(self, record: SourceRecord) -> SourceState:
        """What a file that was missing for a while is, now that it is back unchanged."""
        if record.error:
            states = {claim.state for claim in self._writer.claims_by(record.path)}
            return _worst(states) if states - {SourceState.ACCEPTED} else SourceState.REFUSED
        return _worst({claim.state for claim in self._writer.claims_by(record.path)})


def _worst(states: Collection[SourceState]) -> SourceState:
    """The one word for a file whose articles are in several states."""
    for state in (SourceState.CONFLICT, SourceState.ACCEPTED, SourceState.SUPERSEDED, SourceState.DUPLICATE):
        if state in states:
            return state
    return SourceState.ACCEPTED


def _inherits(claim: Claim, version: int) -> bool:
    """Whether a file may take an article over: a copy always, another one unless it is an older version."""
    if claim.state is SourceState.DUPLICATE:
        return True
    return claim.state in (SourceState.SUPERSEDED, SourceState.CONFLICT) and claim.version >= version
