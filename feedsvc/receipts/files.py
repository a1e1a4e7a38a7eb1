"""The receipt of a file: what its record says, what its articles are, and what is still under way."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedsvc.model import SourceRecord, SourceState
from feedsvc.receipts.articles import of_file
from feedsvc.receipts.kinds import ArticleReceipt, Fate, Hold, Receipt
from feedsvc.store.base import Store
from feedsvc.store.questions import SCAN

ADVICE: Mapping[SourceState, str] = {
    SourceState.ACCEPTED: "",
    SourceState.DUPLICATE: "nothing; the copy takes the article over when the first file goes",
    SourceState.SUPERSEDED: "nothing, or remove the file; to publish it, give it a higher version",
    SourceState.CONFLICT: "raise the version in the file that is right, or remove the other one",
    SourceState.REFUSED: "correct the file and save it again",
    SourceState.IGNORED: "nothing; to publish it, rename it or change [content] ignore",
    SourceState.MISSING: "put the file back to keep its articles; else they are withdrawn at the next full scan",
    SourceState.GONE: "nothing; the article comes back with its file",
}
"""What an operator can do about a file in each state; empty where all is well."""


def receipt(store: Store, source: str, *, now: datetime) -> Receipt | None:
    """What became of the file *source* (its path below the content folder); None if nothing is known of it."""
    record, waiting = store.source(source), _waiting(store).get(source)
    if record is None:
        return None if waiting is None else _only_waits(source, waiting, now=now)
    known = [store.get(article_id) for article_id in record.articles]
    articles = tuple(of_file(store, stored, record, now=now) for stored in known if stored is not None)
    found = _of_state(store, record, articles)
    if waiting is not None:
        found = _waits(found, waiting, now=now)
    else:
        found = _held_by_brake(store, found)
    return found


def _of_state(store: Store, record: SourceRecord, articles: tuple[ArticleReceipt, ...]) -> Receipt:
    """What the record of a file says, before anything that is under way."""
    line = f"line {record.line}: "
    made = Receipt(
        source=record.path,
        fate=Fate.PUBLISHED,
        state=record.state.value,
        says="",
        advice=ADVICE[record.state],
        who="",
        since=record.seen,
        until=None,
        held_by=None,
        other="",
        error=record.error,
        line=record.line,
        kept=(),
        first_seen=record.first_seen,
        seen=record.seen,
        articles=articles,
    )
    why = record.error.removeprefix(line) or "nothing more is noted"
    match record.state:
        case SourceState.ACCEPTED:
            return _accepted(made)
        case SourceState.REFUSED:
            kept = tuple(one.title for one in articles if one.state == "public")
            stays = "What it gave before stays public." if kept else "Nothing of it is public."
            says = f"It was refused: {why.rstrip('.')}. {stays}"
            return dataclasses.replace(made, fate=Fate.REFUSED, says=says, who="whoever wrote the file", kept=kept)
        case SourceState.IGNORED:
            return dataclasses.replace(made, fate=Fate.IGNORED, says=f"It is left alone: {why}.")
        case SourceState.MISSING:
            says = "It was absent when the folder was last looked at."
            return dataclasses.replace(made, fate=Fate.MISSING, says=says, who="whoever moved or removed the file")
        case SourceState.GONE:
            target = record.error.removeprefix("moved to ") if record.error.startswith("moved to ") else ""
            if target:
                return dataclasses.replace(made, fate=Fate.MOVED, says=f"It lies at {target} now.", other=target,
                                           advice="nothing; ask for the receipt of the other file")  # fmt: skip
            return dataclasses.replace(made, fate=Fate.WITHDRAWN, says="It was removed, and its articles with it.")
    return _rival(store, record, made, why)


def _rival(store: Store, record: SourceRecord, made: Receipt, why: str) -> Receipt:
    """A file whose article is given by another one."""
    givers = [one.source for one in made.articles if one.source != record.path]
    other = next(iter(givers), "")
    if not other:
        claims = [claim for one in record.articles for claim in store.claims(article_id=one)]
        other = next((claim.path for claim in claims if claim.path != record.path), "")
    kept = tuple(one.title for one in made.articles if one.source != record.path)
    if record.state is SourceState.DUPLICATE:
        says = f"It is a copy of {other or 'another file'}, byte for byte; the article stands in the sections of both."
        return dataclasses.replace(made, fate=Fate.DUPLICATE, says=says, other=other, kept=kept)
    if record.state is SourceState.SUPERSEDED:
        says = f"It is not used: {why}." if record.error else f"It is not used: {other} gives its article now."
        return dataclasses.replace(made, fate=Fate.SUPERSEDED, says=says, other=other, kept=kept)
    says = f"It contradicts another file, so nothing was changed: {why}."
    return dataclasses.replace(
        made, fate=Fate.CONFLICT, says=says, other=other, kept=kept, who="whoever knows which file is right"
    )


_GRAVITY = (Fate.HELD, Fate.WAITING, Fate.WITHDRAWN, Fate.MOVED, Fate.UPDATED, Fate.PUBLISHED)


def _accepted(made: Receipt) -> Receipt:
    """A file that was taken in is what its gravest article is."""
    ranked = sorted(made.articles, key=lambda one: _GRAVITY.index(one.fate) if one.fate in _GRAVITY else 0)
    if not ranked:
        return dataclasses.replace(made, says="It was taken in.")
    gravest, count = ranked[0], len(ranked)
    says = gravest.says if count == 1 else f"It holds {count} articles. Of the one to look at first: {gravest.says}"
    advice, who = "", ""
    if gravest.takedown is not None:
        advice, who = "nothing, or lift the takedown", "an operator"
    elif gravest.held_by is Hold.EMBARGO:
        advice = "nothing; it opens by itself, to the second"
    elif gravest.held_by is Hold.STATUS:
        advice, who = "to publish it, change its status in the file", "whoever wrote the file"
    return dataclasses.replace(
        made,
        fate=gravest.fate,
        says=says,
        since=gravest.at or made.since,
        until=gravest.until,
        held_by=gravest.held_by,
        other=gravest.was,
        advice=advice,
        who=who,
    )


# ---------------------------------------------------------------------- what is under way
def _waiting(store: Store) -> Mapping[str, Mapping[str, Any]]:
    """The files that are still being written, by path."""
    return {one["source"]: one for one in store.beats().get(SCAN, {}).get("waiting", ())}


def _only_waits(source: str, waiting: Mapping[str, Any], *, now: datetime) -> Receipt:
    nothing = Receipt(
        source=source, fate=Fate.WAITING, state="waiting", says="", advice="", who="", since=now, until=None,
        held_by=None, other="", error="", line=0, kept=(), first_seen=now, seen=now, articles=(),
    )  # fmt: skip
    waits = _waits(nothing, waiting, now=now)
    return dataclasses.replace(waits, first_seen=waits.since, seen=waits.since)


def _waits(found: Receipt, waiting: Mapping[str, Any], *, now: datetime) -> Receipt:
    kept = tuple(one.title for one in found.articles if one.state == "public")
    says = "It is still growing, or has not rested for long enough." + (
        " Its last version stays public." if kept else ""
    )
    return dataclasses.replace(
        found,
        fate=Fate.WAITING,
        says=says,
        advice="nothing; if it lasts for minutes, some program keeps the file open",
        who="",
        since=_moment(waiting.get("since"), now),
        until=_moment(waiting.get("next"), now),
        kept=kept,
    )


def _held_by_brake(store: Store, found: Receipt) -> Receipt:
    """The same, if the flood brake or the brake on deletions holds the file."""
    for name, held in store.holds().items():
        if found.source not in held.get("paths", ()):
            continue
        hold = Hold.FLOOD if name == "flood" else Hold.DELETION
        about = (
            "it would show readers articles anew that they know under other ids"
            if hold is Hold.FLOOD
            else "it is missing together with too many others to be believed"
        )
        accepted = held.get("accepted") is not None
        return dataclasses.replace(
            found,
            fate=Fate.HELD,
            held_by=hold,
            says=f"It is held: {about}. Its articles stay as they are.",
            advice="nothing; it is done at the next pass" if accepted
            else f"accept it (`feedsvc accept {name}`) if it is meant; else put the files back as they were",
            who="" if accepted else "an operator",
            since=held["since"],
            kept=tuple(one.title for one in found.articles if one.state == "public"),
        )  # fmt: skip
    return found


def _moment(text: object, otherwise: datetime) -> datetime:
    """A time as the scheduler wrote it."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
