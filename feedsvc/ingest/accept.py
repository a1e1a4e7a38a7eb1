"""One file that was read -> its articles in the store, in one savepoint."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

from feedsvc import text
from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.ingest.claiming import Claimed, Claims, still_gives
from feedsvc.ingest.flood import Brake, Reidentified
from feedsvc.ingest.read import Reading
from feedsvc.ingest.report import PassReport, Refusal
from feedsvc.ingest.results import Conditions, Result, holds_of, named_by, record_of, result_of
from feedsvc.model import Article, PubStatus, SourceRecord, SourceState
from feedsvc.store.base import Claim, Writer
from feedsvc.store.lifecycle import section_feeds
from feedsvc.store.newcomers import NewFile

_TWINS = 10
"""How many articles that say the same are looked at."""


class Acceptor:
    """Writes what files say into the store. One for each transaction.

    *heirs* are files that now are to be read again, in the place of one that gave their article.
    """

    def __init__(
        self,
        writer: Writer,
        report: PassReport,
        *,
        under: Conditions,
        brake: Brake,
    ) -> None:
        self._writer = writer
        self._brake = brake
        self._report = report
        self._under = under
        self._settings = under.settings
        self._now = under.now
        self._cold = under.cold
        self.heirs: set[str] = set()

    # ------------------------------------------------------------------ a file that is there
    def accept(
        self, reading: Reading, record: SourceRecord | None, *, vanished: Collection[str], heir_of: SourceRecord | None
    ) -> None:
        """Take in one file. *heir_of* is the file that moved here. Raises nothing but StoreError."""
        if reading.error is not None:
            self._refuse(reading, record, reading.error, heir_of=heir_of)
            return
        claims = Claims(
            self._writer,
            reading,
            record,
            authority=self._settings.site.authority,
            vanished=vanished,
            heir_of=heir_of,
        )
        try:
            with self._writer.savepoint():
                self._take(reading, record, claims, heir_of, vanished=vanished)
        except ContentError as error:
            error.source = reading.found.source
            self._refuse(reading, record, error, heir_of=heir_of)
        except Reidentified as known:
            self._brake.put(reading.found, record, known.feeds)

    def add(self, files: Sequence[NewFile]) -> int:
        """Take in the first of *files*, as long as nothing is known of them; answers how many those are."""
        count = self._writer.add(files, now=self._now, cold=self._cold)
        self._report.outcomes.update(article.outcome for file in files[:count] for article in file.articles)
        return count

    def unchanged(self, reading: Reading) -> None:
        """The bytes are those that were read before: only what stat says of the file is new."""
        record = self._writer.source(reading.found.source)  # a file before it may have changed its state
        if record is not None:
            self._writer.remember(dataclasses.replace(record, signature=reading.signature, seen=self._now))

    def _take(
        self,
        reading: Reading,
        record: SourceRecord | None,
        claims: Claims,
        heir_of: SourceRecord | None,
        *,
        vanished: Collection[str],
    ) -> None:
        path = reading.found.source
        claimed = claims.all()
        results = [
            self._result(reading, item, claim, record, heir_of)
            for item, claim in zip(reading.items, claimed, strict=True)
        ]
        held = holds_of(path, results)
        if path not in self._brake.passed and not self._cold:
            self._look_for_known(results, record or heir_of, held, vanished)
        self._writer.remember(record_of(reading, record, results, under=self._under), tuple(held.values()))
        self._writer.illustrate(path, named_by(reading))
        if heir_of is not None:
            self._leave(heir_of, now_at=path)
        for result in results:
            if result.claim.displaced:
                self._displace(result.claim, by=path)
            if result.claim.state is SourceState.ACCEPTED:
                self._put(result)
            elif result.claim.state is SourceState.DUPLICATE:
                self.placed_again(result.claim.article_id, why=f"copy at {path}")
        if heir_of is not None:
            self._bring_along(heir_of, held, to=path)  # those of which the file gives an older version now
        for former in (record, heir_of):
            if former is not None:
                left = [article_id for article_id in former.articles if article_id not in held]
                self.let_go(path, left, why="no longer in the file")

    def _look_for_known(
        self,
        results: Sequence[Result],
        former: SourceRecord | None,
        held: Collection[str],
        vanished: Collection[str],
    ) -> None:
        """Raise Reidentified where new ids are given to what readers know: the file's own, or one that is gone.

        An article that still stands elsewhere and says the same is another article.
        """
        replaced = former is not None and any(article_id not in held for article_id in former.articles)
        for result in results:
            if result.claim.state is not SourceState.ACCEPTED or result.claim.previous is not None:
                continue
            article = result.normalised.article
            if article.visible(self._now) and (replaced or self._is_gone(article.digest, vanished)):
                raise Reidentified(section_feeds(article.sections))

    def _is_gone(self, digest: str, vanished: Collection[str]) -> bool:
        """Whether an article that said the same was withdrawn, or its file is not where it was."""
        for article_id in self._writer.says_the_same(digest)[:_TWINS]:
            known = self._writer.get(article_id)
            if known is not None and (known.withdrawn is not None or known.article.source in vanished):
                return True
        return False

    def _result(
        self,
        reading: Reading,
        item: RawItem,
        claim: Claimed,
        record: SourceRecord | None,
        heir_of: SourceRecord | None,
    ) -> Result:
        lent: list[str] = []
        bytes_changed = True
        if claim.previous is not None:
            source = claim.previous.article.source
            givers = [former for former in (record, heir_of) if former is not None and former.path == source]
            giver = givers[0] if givers else self._writer.source(source)
            bytes_changed = giver is None or giver.sha256 != reading.sha256
            if claim.state is SourceState.ACCEPTED:
                lent = self._lent(claim.article_id)
        return result_of(reading, item, claim, under=self._under, bytes_changed=bytes_changed, lent=lent)

    def _put(self, result: Result) -> None:
        normalised, previous = result.normalised, result.claim.previous
        article = _with_sections(normalised.article, result.lent)
        if previous is None or previous.article.updated != article.updated:
            free = self._writer.free_updated(article.updated, article.id)
            article = article if free == article.updated else dataclasses.replace(article, updated=free)
        outcome = self._writer.put(
            article, now=self._now, day=normalised.day, spellings=normalised.spellings, cold=self._cold
        )
        self._report.outcomes[outcome] += 1

    def _lent(self, article_id: str) -> list[str]:
        """The sections in which the article stands for the sake of its copies."""
        held = self._writer.claims(article_id)
        return [section for claim in held if claim.state is SourceState.DUPLICATE for section in claim.sections]

    def placed_again(self, article_id: str, *, why: str) -> None:
        """Put the article into the sections that its files now give it."""
        known = self._writer.get(article_id)
        if known is None or known.withdrawn is not None:
            return
        own = [claim for claim in self._writer.claims(article_id) if claim.path == known.article.source]
        article = dataclasses.replace(known.article, sections=own[0].sections if own else known.article.sections)
        article = _with_sections(article, self._lent(article_id))
        self._writer.put(article, now=self._now, day=self._now.date(), spellings={}, why=why, cold=self._cold)

    # ------------------------------------------------------------------ a file that is bad or gone
    def refuse(self, source: str, record: SourceRecord | None, fresh: SourceRecord) -> None:
        """Note that a file is refused; what was read from it before stays. Told once for each reason."""
        if record is not None and dataclasses.replace(fresh, seen=record.seen) == record:
            return
        self._writer.remember(fresh, None if record is not None else ())
        if record is None or record.error != fresh.error or record.sha256 != fresh.sha256:
            self._report.refused.append(Refusal(source=source, error=fresh.error, line=fresh.line))

    def _refuse(
        self, reading: Reading, record: SourceRecord | None, error: ContentError, *, heir_of: SourceRecord | None
    ) -> None:
        former = heir_of or record
        fresh = dataclasses.replace(
            record_of(reading, record, [], under=self._under),
            state=SourceState.REFUSED,
            error=text.xml_safe(str(error)),
            line=error.line,
            articles=former.articles if former is not None else (),
            origin=former.origin if former is not None else {},
            notes=former.notes if former is not None else {},
        )
        self.refuse(reading.found.source, record, fresh)
        if heir_of is not None:
            self._carry(heir_of, fresh)

    def _carry(self, former: SourceRecord, fresh: SourceRecord) -> None:
        """A file moved and cannot be read where it is now: the last good version goes with it."""
        held = [dataclasses.replace(claim, path=fresh.path) for claim in self._writer.claims_by(former.path)]
        shown = self._writer.illustrations(former.path)
        self._leave(former, now_at=fresh.path)
        self._writer.remember(fresh, held)
        self._writer.illustrate(fresh.path, shown)
        self._bring_along(former, former.articles, to=fresh.path)

    def _bring_along(self, former: SourceRecord, article_ids: Collection[str], *, to: str) -> None:
        """Articles that stay as they were last read from *former* lie where that file is now."""
        for article_id in article_ids:
            known = self._writer.get(article_id)
            if known is not None and known.article.source == former.path:
                moved = dataclasses.replace(known.article, source=to)
                self._writer.put(moved, now=self._now, day=self._now.date(), spellings={}, why="its file moved")

    def note(self, record: SourceRecord) -> None:
        """Remember a file of which nothing is taken in."""
        self._writer.remember(record)

    def missing(self, first: Collection[str], blank: Collection[str]) -> None:
        """Mark files that are missing for the *first* time; forget the *blank* ones, which never gave anything."""
        self._writer.mark(first, SourceState.MISSING, now=self._now)
        self._writer.forget(blank)

    def gone(self, record: SourceRecord) -> None:
        """Withdraw what only this file gave; others may inherit it (see :attr:`heirs`)."""
        left = dataclasses.replace(record, state=SourceState.GONE, seen=self._now, error="")
        self._writer.remember(left, ())
        self._writer.illustrate(record.path, ())
        self.let_go(record.path, record.articles, why="the file was removed")

    def let_go(self, path: str, article_ids: Sequence[str], *, why: str) -> None:
        """End one file's claims on articles: they are withdrawn, unless another file has them or may inherit them.

        An heir is read again, if not in this pass then in the next; until then the article stays.
        """
        for article_id in article_ids:
            known = self._writer.get(article_id)
            if known is None:
                continue
            if known.article.source != path and still_gives(self._writer, known):
                self.placed_again(article_id, why=f"no copy at {path} any more")
                continue
            others = [claim for claim in self._writer.claims(article_id) if claim.path != path]
            heir = next((self._writer.source(claim.path) for claim in others if _inherits(claim, known.article)), None)
            if heir is not None:
                self._writer.remember(dataclasses.replace(heir, reading=""))
                self.heirs.add(heir.path)
            elif self._writer.withdraw(article_id, now=self._now, why=why, source=path):
                self._report.outcomes["withdrawn"] += 1

    def _leave(self, former: SourceRecord, *, now_at: str) -> None:
        moved = dataclasses.replace(
            former, state=SourceState.GONE, seen=self._now, articles=(), origin={}, notes={}, error=f"moved to {now_at}"
        )
        self._writer.remember(moved, ())
        self._writer.illustrate(former.path, ())

    def _displace(self, claim: Claimed, *, by: str) -> None:
        """The file that held the article until now stays known, as superseded, and says *by* which."""
        version = claim.previous.article.version if claim.previous is not None else 0
        superseded = SourceState.SUPERSEDED
        self._writer.claim(Claim(path=claim.displaced, article_id=claim.article_id, state=superseded, version=version))
        self._writer.mark([claim.displaced], superseded, now=self._now, error=f"{by} gives its article now")


def _with_sections(article: Article, lent: Sequence[str]) -> Article:
    """The article in its own sections and in those of its copies' folders."""
    return (
        article if not lent else dataclasses.replace(article, sections=tuple(dict.fromkeys((*article.sections, *lent))))
    )


def _inherits(claim: Claim, article: Article) -> bool:
    """Whether a file may take an article over: a copy, or another one unless it is an older version.

    What was taken back stays so, unless by a higher version.
    """
    if article.pubstatus is PubStatus.CANCELED:
        return claim.version > article.version
    if claim.state is SourceState.DUPLICATE:
        return True
    return claim.state in (SourceState.SUPERSEDED, SourceState.CONFLICT) and claim.version >= article.version
