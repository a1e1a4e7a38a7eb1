"""What is wrong or may go wrong: of this installation as it runs, in words, with what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from feedsvc.ingest import holder
from feedsvc.store.base import INGEST
from feedsvc.store.questions import BACKUP, SCAN
from feedsvc.web import standing
from feedsvc.web.context import Context
from feedsvc.web.desk import wording

LITTLE_SPACE = 20 * 10**6
SOME_SPACE = 500 * 10**6
OLD_BACKUP = timedelta(days=7)
LATE = timedelta(seconds=30)
"""How long after its time the folder may still be looked at before that is an alarm."""
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that wants a look. *grave* is for what keeps articles from readers. *path* leads to more."""

    what: str
    advice: str
    grave: bool = False
    path: str = ""


def alarms(
    context: Context, beats: Mapping[str, Mapping[str, Any]], holds: Mapping[str, Mapping[str, Any]], now: datetime
) -> list[Alarm]:
    """Everything that is to be told at *now*, the gravest first. Raises StoreUnavailable."""
    found = [
        *_scheduler(context, beats.get(SCAN), now),
        *_holds(holds),
        *_passes(context),
        *_feeds(context),
        *_space(context),
        *_media(context),
        *_backup(beats.get(BACKUP), now),
    ]
    return sorted(found, key=lambda alarm: not alarm.grave)


def lost(error: Exception) -> Alarm:
    """The store does not answer."""
    return Alarm(
        what=f"The store does not answer: {error}",
        advice="Put it back or mend its disk. Readers get what was there last, and the service goes on by itself.",
        grave=True,
    )


def _scheduler(context: Context, beat: Mapping[str, Any] | None, now: datetime) -> Iterator[Alarm]:
    held_by = context.store.lease_holder(INGEST)
    if not held_by or holder.is_dead(held_by):
        yield Alarm(
            what="Nobody takes files in.",
            advice="Start the service, or look into its log: a running one takes over by itself within seconds.",
            grave=True,
        )
    elif beat is not None:
        late = now - moment(beat.get("next"), now) - context.settings.content.scan_every
        if late > LATE:
            yield Alarm(
                what=f"The content folder should have been looked at {wording.span(late)} ago.",
                advice="A pass takes long, or hangs: look into the log.",
                grave=True,
            )


def _holds(holds: Mapping[str, Mapping[str, Any]]) -> Iterator[Alarm]:
    for name, held in holds.items():
        if held.get("accepted") is None:
            yield Alarm(
                what=f"Held for your word: {held.get('reason', name)}.",
                advice="Decide below: accept it if it is meant, else put the files back as they were.",
                grave=True,
                path="/desk#held",
            )


def _passes(context: Context) -> Iterator[Alarm]:
    last = next(iter(context.store.passes(1)), None)
    for folder, why in list((last or {}).get("unlisted", {}).items())[:_NAMED]:
        yield Alarm(
            what=f"The folder {folder or context.settings.content.path} cannot be listed: {why}.",
            advice="Its articles stay as they are. Give the service the right to read it.",
            grave=True,
        )


def _feeds(context: Context) -> Iterator[Alarm]:
    for (name, suffix), why in sorted(standing.troubles(context.board, context.cache).items())[:_NAMED]:
        yield Alarm(
            what=f"The feed {name} in {suffix} would not be valid: {why}",
            advice="The last good one is served. Correct the article that it names, or report it.",
            grave=True,
            path="/desk/feeds",
        )


def _space(context: Context) -> Iterator[Alarm]:
    kind, _, path = context.settings.store.url.partition(":///")
    if kind != "sqlite":
        return
    try:
        free = shutil.disk_usage(Path(path).parent).free
    except OSError:
        return
    if free < SOME_SPACE:
        yield Alarm(
            what=f"The disk of the store has {wording.size(free)} left.",
            advice="Make room: without any, files are not taken in.",
            grave=free < LITTLE_SPACE,
        )


def _media(context: Context) -> Iterator[Alarm]:
    absent = context.store.absent_media(limit=_NAMED + 1)
    if absent:
        named = ", ".join(f"{path} (named in {source})" for source, path in absent[:_NAMED])
        more = " and more" if len(absent) > _NAMED else ""
        yield Alarm(
            what=f"Pictures or sounds that articles name are not there: {named}{more}.",
            advice="Put them beside their articles; they appear by themselves.",
        )


def _backup(beat: Mapping[str, Any] | None, now: datetime) -> Iterator[Alarm]:
    if beat is not None and now - beat["at"] > OLD_BACKUP:
        yield Alarm(
            what=f"The newest backup of the store is {wording.span(now - beat['at'])} old.",
            advice="Run `feedsvc backup`, and see why it is not run by itself any more.",
        )


def moment(text: object, otherwise: datetime) -> datetime:
    """A time as a job wrote it into its sign of life."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
