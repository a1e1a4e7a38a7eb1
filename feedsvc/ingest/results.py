"""What a file that was read becomes: its articles, its claims and its record, and all of these for a new file.

Nothing here asks a store, so that other processes can do it (:mod:`feedsvc.ingest.crew`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.config import Settings
from feedsvc.errors import ContentError, ParseError
from feedsvc.formats.base import RawItem
from feedsvc.ingest import media
from feedsvc.ingest.claiming import Claimed
from feedsvc.ingest.read import Reading
from feedsvc.model import Medium, SourceRecord, SourceState
from feedsvc.normalise.article import Normalised, normalise
from feedsvc.normalise.identity import minted_id, own_id
from feedsvc.normalise.sections import SectionNames
from feedsvc.store.base import Claim
from feedsvc.store.newcomers import NewFile, new_article, newcomer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What results depend on besides the file.

    *now* is the time of the pass, *cold* True in the first pass of all, *rules* the mark of those by which files are
    read.
    """

    settings: Settings
    sections: SectionNames
    now: datetime
    cold: bool
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One item of a file: what it claims, the article that it gives, and the sections that copies lend to that."""

    claim: Claimed
    normalised: Normalised
    lent: Sequence[str] = ()


def result_of(
    reading: Reading,
    item: RawItem,
    claim: Claimed,
    *,
    under: Conditions,
    bytes_changed: bool = True,
    lent: Sequence[str] = (),
) -> Result:
    """What *item* of a file gives, for which it claims *claim*. Raises ContentError and nothing else."""
    try:
        normalised = normalise(
            item,
            reading.found.path,
            article_id=claim.article_id,
            settings=under.settings,
            sections=under.sections,
            now=under.now,
            previous=claim.previous,
            bytes_changed=bytes_changed,
            lent=lent,
            media=media.enclosures(reading.media),
        )
    except ContentError:
        raise
    except Exception as error:
        # One bad file never stops a pass.
        reason = f"it could not be made an article ({type(error).__name__}: {error}); please report it"
        raise ParseError(reason, line=item.line) from error
    return Result(claim=claim, normalised=normalised, lent=lent)


def holds_of(path: str, results: Sequence[Result]) -> Mapping[str, Claim]:
    """The claims of the file at *path*, by article id."""
    held: dict[str, Claim] = {}
    for result in results:
        claim, article = result.claim, result.normalised.article
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
    return held


def record_of(
    reading: Reading, record: SourceRecord | None, results: Sequence[Result], *, under: Conditions
) -> SourceRecord:
    """The record of the file, of which *record* was known before."""
    told = [result.claim.note for result in results if result.claim.state is not SourceState.ACCEPTED]
    return SourceRecord(
        path=reading.found.source,
        signature=reading.signature,
        sha256=reading.sha256,
        state=_worst({result.claim.state for result in results}),
        error="; ".join([note for note in told if note][:5]),
        articles=tuple(dict.fromkeys(result.claim.article_id for result in results)),
        origin={result.claim.article_id: result.normalised.origin for result in results},
        notes={
            result.claim.article_id: (*result.normalised.notes, *([result.claim.note] if result.claim.note else ()))
            for result in results
        },
        first_seen=under.now if record is None else record.first_seen,
        seen=under.now,
        reading=under.rules,
    )


def named_by(reading: Reading) -> list[Medium]:
    """The media that the file names, each once."""
    return list({medium.path: medium for medium in reading.media.values()}.values())


def newcomer_of(reading: Reading, *, under: Conditions) -> NewFile | None:
    """What the file becomes if nothing at all is known of it; None where it can only be found out what is wrong."""
    if reading.error is not None or not reading.items:
        return None
    path, settings = reading.found.source, under.settings
    results = []
    for item in reading.items:
        own = own_id(item.id, authority=settings.site.authority)
        article_id = own or minted_id(path, authority=settings.site.authority, part=item.part)
        try:
            results.append(result_of(reading, item, Claimed(article_id=article_id), under=under))
        except ContentError:
            return None
    late = timedelta() if under.cold else settings.feeds.late
    made = [result.normalised for result in results]
    return newcomer(
        record_of(reading, None, results, under=under),
        list(holds_of(path, results).values()),
        named_by(reading),
        [new_article(one.article, now=under.now, day=one.day, spellings=one.spellings, late=late) for one in made],
    )


def _worst(states: Collection[SourceState]) -> SourceState:
    """The one word for a file whose articles are in several states."""
    for state in (SourceState.CONFLICT, SourceState.ACCEPTED, SourceState.SUPERSEDED, SourceState.DUPLICATE):
        if state in states:
            return state
    return SourceState.ACCEPTED
