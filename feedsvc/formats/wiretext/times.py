"""Times of transmission, as wires write them: ``051234 MAR 26``, ``AP-NY-03-05-26 1234EST``, ``16:35ET 31-10-26``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedsvc import dates

_LONGEST = 120
_ZONE = r"[A-Z]{1,4}|[a-z]{3}"
_GROUP = re.compile(  # day and hours, month, year: the date-time group of telex and IPTC 7901
    rf"(?<!\d)(?P<day>\d\d)\s?(?P<hour>\d\d)[:.]?(?P<minute>\d\d)\s*(?P<zone>{_ZONE})?\.?\s+"
    r"(?P<month>[^\W\d_]{3,9})\.?\s*(?P<year>\d{4}|\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\d)(?P<a>\d\d)[-/](?P<b>\d\d)[-/](?P<year>\d{{4}}|\d\d)\s+(?P<hour>\d\d):?(?P<minute>\d\d)\s*(?P<zone>{_ZONE})?"
)
_TIME_FIRST = re.compile(
    rf"(?<!\d)(?P<hour>\d\d):?(?P<minute>\d\d)(?:\s*(?P<zone>{_ZONE})?\s+|-)(?P<b>\d\d)[-/](?P<a>\d\d)[-/](?P<year>\d{{4}}|\d\d)(?!\d)"
)
_MONTH_AND_DAY = re.compile(
    r"(?<!\w)(?:(?P<bare>[^\W\d_]{3,10}\.?\s\d{1,2})(?:,?\s\d{4})?|(?P<turned>\d{1,2}\.?\s[^\W\d_]{3,10})(?:\s\d{4})?)(?!\w)"
)
_AROUND = re.compile(r"[\w ()/.<=-]*")
_MARKED = re.compile(r"[A-Z]{2,4}-[A-Z]{2,4}-(?=\d\d-\d\d-\d\d\s)")


@dataclass(frozen=True, slots=True)
class Sent:
    """When a message was sent: *written* as ``dates.parse`` reads it, and its *day* as ``2026-03-05``."""

    written: str
    day: str


def sent(text: str) -> Sent | None:
    """The time of transmission in *text*, a line that holds little else; None where it holds none."""
    text = _MARKED.sub("", text.strip())
    if len(text) > _LONGEST:
        return None
    for pattern in (_GROUP, _TIME_FIRST, _MONTH_FIRST):
        found = pattern.search(text)
        if found is None:
            continue
        around = text[: found.start()] + text[found.end() :]
        if len(around) <= 40 and _AROUND.fullmatch(around) and (moment := _moment(found)) is not None:
            return moment
    return None


def _moment(found: re.Match[str]) -> Sent | None:
    parts = found.groupdict()
    # RFC 5322 section 4.3 reads two digits so.
    year = parts["year"] if len(parts["year"]) == 4 else ("20" if parts["year"] < "50" else "19") + parts["year"]
    if "month" in parts:
        stamp = dates.parse(f"{parts['day']} {parts['month']} {year}")
    else:
        month, day = (parts["a"], parts["b"]) if parts["a"] <= "12" else (parts["b"], parts["a"])
        stamp = dates.parse(f"{year}-{month}-{day}")
    if stamp is None:
        return None
    day = stamp.day.isoformat()
    clock = f"{day} {parts['hour']}:{parts['minute']}"
    for written in (f"{clock} {parts['zone']}" if parts["zone"] else clock, clock):
        if dates.parse(written) is not None:
            return Sent(written, day)
    return None


def named_day(text: str, near: str) -> str:
    """The first day in *text* that is written with its month ("moved Wednesday, March 4"), as ``2026-03-04``.

    A year that is missing is that of *near*, a day as ``2026-03-05``, or the one before. Empty where there is none.
    """
    for found in _MONTH_AND_DAY.finditer(text[:2000]):
        stamp = dates.parse(found.group())
        if stamp is not None:
            return stamp.day.isoformat()
        bare = dates.parse_without_year(found["bare"] or found["turned"] or "")
        if bare is not None and near:
            year = int(near[:4]) - (f"{bare[0]:02}-{bare[1]:02}" > near[5:])
            return f"{year}-{bare[0]:02}-{bare[1]:02}"
    return ""
