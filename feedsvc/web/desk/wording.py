"""Times, sizes and numbers as the desk writes them: short, in the operator's zone, and the same for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from feedsvc.dates import rfc3339
from feedsvc.web.wording import MONTHS, when

_UNITS = ((timedelta(days=1), "day", "days"), (timedelta(hours=1), "h", "h"), (timedelta(minutes=1), "min", "min"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A moment: *machine* for the ``datetime`` attribute, *text* in short, *full* with year and zone."""

    machine: str
    text: str
    full: str


def stamp(at: datetime, zone: tzinfo, now: datetime) -> Stamp:
    """*at* in *zone*: the time alone for today, else with the day, and with the year where it is another."""
    full = when(at, zone).text
    try:
        local, today = at.astimezone(zone), now.astimezone(zone)
    except OverflowError:
        local, today = at.astimezone(UTC), now
    day = f"{local.day} {MONTHS[local.month - 1][:3]}"
    if local.date() == today.date():
        text = f"{local:%H:%M:%S}" if at - now < timedelta(minutes=10) else f"{local:%H:%M}"
    elif local.year == today.year:
        text = f"{day}, {local:%H:%M}"
    else:
        text = f"{day} {local.year}"
    return Stamp(machine=rfc3339(at), text=text, full=full)


def span(length: timedelta) -> str:
    """A length of time in its two largest units: "3 h 20 min", "2 days", "less than a minute"."""
    told: list[str] = []
    for unit, one, many in _UNITS:
        count, length = divmod(length, unit)
        if count and len(told) < 2:
            told.append(f"{count} {one if count == 1 else many}")
        elif told:
            break
    return " ".join(told) or "less than a minute"


def size(count: int) -> str:
    """A number of bytes for people: "640 bytes", "12.4 kB", "1.3 MB"."""
    if count < 1000:
        return f"{count} bytes"
    for unit in ("kB", "MB", "GB"):
        value = count / 1000 ** (("kB", "MB", "GB").index(unit) + 1)
        if value < 1000 or unit == "GB":
            break
    return f"{value:.1f} {unit}"


def number(count: int, one: str, many: str = "") -> str:
    """ "1 file", "2,310 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
