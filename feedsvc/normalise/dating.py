"""When an article was published and updated, when it may be seen, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from feedsvc import dates
from feedsvc.dates import Precision, Stamp
from feedsvc.errors import FieldError
from feedsvc.model import Stored

_MIDNIGHT = time(0)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Published:
    """The date of an article, how exactly it is known, the rule that found it, and what is odd."""

    moment: datetime
    precision: Precision
    origin: str
    notes: tuple[str, ...] = ()


def published(
    written: str,
    fallbacks: Sequence[tuple[str, str]],
    *,
    origin: str,
    zone: tzinfo,
    now: datetime,
    previous: Stored | None,
) -> Published:
    """The publication date: as *written*, else the first of *fallbacks* (value, origin) that is a date, else *now*.

    A day alone is noon in *zone*, the time of pick-up if it is today, and midnight if it is still to come. One without
    its year is the last such day. Once the article has been public its date is frozen, and a changed one is a note.
    """
    found, notes = _first([(written, origin), *fallbacks])
    if found is None:
        found, notes = _yearless([(written, origin), *fallbacks], notes, zone=zone, now=now, previous=previous)
    frozen = previous if previous is not None and previous.was_public(now) else None
    if found is None:
        if frozen is not None:
            return Published(frozen.article.published, frozen.article.precision, "kept from before", notes)
        kept = previous is not None and previous.released is not None
        moment = previous.article.published if kept and previous is not None else now
        notes = (*notes, "no date is given: the time of pick-up is used")
        return Published(moment, Precision.INSTANT, "time of pick-up", notes)
    stamp, where = found
    if stamp.ambiguous:
        notes = (*notes, f"day and month of the date could be exchanged; it is read as {stamp.day}")
    moment = _instant(stamp, zone=zone, now=now, previous=previous)
    if frozen is not None:
        known = frozen.article
        exact = known.precision is stamp.precision is Precision.INSTANT
        if known.published != moment if exact else local_day(known.published, zone) != local_day(moment, zone):
            now_written = moment.isoformat() if exact else stamp.day
            notes = (*notes, f"the date is now {now_written}; the article stays dated as it was first published")
        return Published(frozen.article.published, frozen.article.precision, where, notes)
    return Published(moment, stamp.precision, where, notes)


def updated(
    written: str,
    *,
    zone: tzinfo,
    now: datetime,
    published: datetime,
    previous: Stored | None,
    altered: bool,
    bytes_changed: bool,
) -> datetime:
    """The time of the last editorial change.

    The file's own value if it is later than the stored one and not ahead of *now*; else now, where the text was
    *altered* by changed bytes; else the stored value. The same bytes never move it.
    """
    stamp = dates.parse(written)
    if previous is None or not previous.was_public(now):
        own = None if stamp is None else _own(stamp, zone=zone, now=now)
        return published if own is None else max(published, own)
    stored = previous.article.updated
    if not bytes_changed:
        return stored
    if stamp is not None and (stamp.precision is Precision.INSTANT or stamp.day != local_day(stored, zone)):
        own = _own(stamp, zone=zone, now=now)
        if own is not None and own > stored:
            return own
    return max(now, stored + _MILLISECOND) if altered else stored


def _own(stamp: Stamp, *, zone: tzinfo, now: datetime) -> datetime | None:
    """The moment that a file gives for its last change; None for one that is still to come."""
    own = stamp.instant(zone)
    if own > now and stamp.precision is Precision.DAY and stamp.day == local_day(now, zone):
        return now
    return own if own <= now else None


def opening(written: str, *, field: str, zone: tzinfo) -> datetime | None:
    """An embargo: the moment before which nothing may be seen; a day opens at midnight in *zone*.

    Raises FieldError where something is written that is no date: nothing is published by mistake.
    """
    stamp = _required(written, field)
    return None if stamp is None else stamp.instant(zone, at=_MIDNIGHT)


def closing(written: str, *, field: str, zone: tzinfo) -> datetime | None:
    """An expiry: the moment from which nothing may be seen; a day counts to its end in *zone*. Raises FieldError."""
    stamp = _required(written, field)
    if stamp is None:
        return None
    if stamp.precision is Precision.DAY and stamp.day < date.max:
        return Stamp(day=stamp.day + timedelta(days=1)).instant(zone, at=_MIDNIGHT)
    return stamp.instant(zone)


def _required(written: str, field: str) -> Stamp | None:
    if not written.strip():
        return None
    stamp = dates.parse(written)
    if stamp is None:
        message = f"{field}: {written.strip()[:80]!r} is no date; write it as 2026-11-22T18:30:00+01:00 or take it out"
        raise FieldError(message, field=field, value=written)
    return stamp


def _first(candidates: Sequence[tuple[str, str]]) -> tuple[tuple[Stamp, str] | None, tuple[str, ...]]:
    """The first candidate that is a date; notes on those that are none, and on a day that contradicts it."""
    found: tuple[Stamp, str] | None = None
    notes: list[str] = []
    for written, origin in candidates:
        if not written.strip():
            continue
        stamp = dates.parse(written)
        if stamp is None:
            if dates.parse_without_year(written) is None:
                notes.append(f"{origin}: {written.strip()[:80]!r} is no date that can be read")
        elif found is None:
            found = stamp, origin
        elif abs((stamp.day - found[0].day).days) > 1:
            notes.append(f"{origin} says {stamp.day}, {found[1]} says {found[0].day}; the latter is used")
    return found, tuple(notes)


def _yearless(
    candidates: Sequence[tuple[str, str]],
    notes: tuple[str, ...],
    *,
    zone: tzinfo,
    now: datetime,
    previous: Stored | None,
) -> tuple[tuple[Stamp, str] | None, tuple[str, ...]]:
    """The first candidate that is a day without its year, as that of the year in which it came, and notes on it."""
    for written, origin in candidates:
        parts = dates.parse_without_year(written)
        if parts is None:
            continue
        day = None if previous is None else local_day(previous.article.published, zone)
        if day is None or (day.month, day.day) != parts:
            day = _last_such_day(*parts, until=local_day(now, zone))
        if day is None:
            continue
        return (Stamp(day=day), origin), (*notes, f"{origin} names no year: the day is taken to be {day}")
    return None, notes


def _last_such_day(month: int, number: int, *, until: date) -> date | None:
    """The last day of that *month* and *number* up to *until*, which also stands for the day after it.

    The sender may be a day ahead of us, and what only seems to be dated tomorrow must not wait until then.
    """
    for year in range(until.year + 1, until.year - 8, -1):
        try:
            day = date(year, month, number)
        except ValueError:  # 29 February, or the end of the calendar
            continue
        if day - until <= timedelta(days=1):
            return min(day, until)
    return None


def _instant(stamp: Stamp, *, zone: tzinfo, now: datetime, previous: Stored | None) -> datetime:
    if stamp.precision is Precision.INSTANT:
        return stamp.instant(zone)
    today = local_day(now, zone)
    if stamp.day > today:
        return stamp.instant(zone, at=_MIDNIGHT)
    known = None if previous is None else previous.article
    if known is not None and known.precision is Precision.DAY and local_day(known.published, zone) == stamp.day:
        return known.published
    return now if stamp.day == today else stamp.instant(zone)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day of *moment* in *zone*."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # at the ends of the calendar the zone's day may lie outside it
        return moment.date()
