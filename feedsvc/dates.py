"""Dates as files really write them: parsed with their precision, and whether a zone was written."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import enum
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.calendars import halves, western
from feedsvc.datewords import fold, words
from feedsvc.memo import memoised


class Precision(enum.StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date as written: its day, its time of day if one was written, its zone if one was written.

    *ambiguous* is True where day and month could be exchanged ("03/04/2016") and one reading was chosen.
    """

    day: dt.date
    time: dt.time | None = None
    zone: dt.tzinfo | None = None
    ambiguous: bool = False

    @property
    def precision(self) -> Precision:
        """``DAY`` where no time of day was written."""
        return Precision.DAY if self.time is None else Precision.INSTANT

    def instant(self, zone: dt.tzinfo, *, at: dt.time = dt.time(12)) -> dt.datetime:
        """The moment in UTC, whole milliseconds; *zone* where none was written, *at* where no time was.

        At the ends of the calendar, where UTC has no such day, the nearest moment that it has.
        """
        moment = dt.datetime.combine(self.day, at if self.time is None else self.time)
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        try:
            return moment.replace(tzinfo=self.zone or zone).astimezone(dt.UTC)
        except OverflowError:
            return dt.datetime(9999, 12, 31, 23, 59, 59, 999_000, dt.UTC) if self.day.year > 1 else _FIRST


_LONGEST = 200
_FIRST = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?(?![0-9:])"
_OFFSET = r"(?P<sign>[+-])(?P<zh>[0-9]{1,2}):?(?P<zm>[0-9]{2})?(?![0-9:])"
_ZONE = re.compile(
    r"\s*(?:(?:uhr|uur|hours|hrs|h)(?![a-z]))?\s*[,(\[]?\s*"
    rf"(?:(?P<again>[0-9]{{4}})\s+(?=[+-]))?(?:(?:utc|gmt|ut)?\s?{_OFFSET}|(?P<name>[^\W\d_]{{1,7}})(?![^\W_]))[)\]]?"
    r"(?:\s*[(\[][^()\[\]]*[)\]]$)?"
)
_ISO = re.compile(
    rf"(?P<y>[0-9]{{4}})(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}})"
    rf"(?:(?:[Tt]|\s+){_CLOCK}\s?(?P<z>[Zz]|{_OFFSET})?)?"
)
# The usual shape, which the standard library reads ten times as fast.
_EXACT = re.compile(r"[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?", re.ASCII)
_BASIC = re.compile(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"
    r"(?:[Tt]?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?:(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?"
    rf"\s?(?P<z>[Zz]|{_OFFSET})?)?"
)
_MONTH_AND_DAY = re.compile(r"--(\d\d)-(\d\d)", re.ASCII)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9:.])(?:(?P<before>[AP]M)\s*)?{_CLOCK}(?:\s*(?P<after>[ap]m|[AP]M|[صم])(?![^\W_]))?",
        r"(?<![0-9:.])(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s*(?P<after>[ap]m)(?![^\W_])",
        r"(?<![0-9:.])(?P<hour>[0-9]{1,2})\s?h\s?(?:(?P<minute>[0-9]{2})(?:\s?min)?)?(?![^\W_])",
        r"(?<![^\W_])(?:um|kl|klo|alle|ore|om|pukul)\.?\s*(?P<hour>[0-9]{1,2})\.(?P<minute>[0-9]{2})(?![0-9.])",
        r"(?<![0-9:.])(?P<hour>[0-9]{1,2})\.(?P<minute>[0-9]{2})\s*(?=(?:uhr|uur|wib|wita|wit|น)(?![^\W_]))",
        r"(?<![0-9:.])(?P<hour>[0-9]{1,2})\s*(?=(?:uhr|uur)(?![^\W_]))",
        r"(?<![0-9:.])(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})\s?(?=(?:gmt|utc|hrs)(?![^\W_]))",
        r"(?:(?P<before>[AP]M)\s*)?(?P<hour>[0-9]{1,2})\s*[時时點点시]\s*(?:(?P<minute>[0-9]{1,2})\s*[分분])?"
        r"\s*(?:(?P<second>[0-9]{1,2})\s*[秒초])?",
    )
)
_NUMERIC = re.compile(
    r"(?<![0-9])(?P<a>[0-9]{1,4})\s?(?P<sep>[-/.])\s?(?P<b>[0-9]{1,2})\s?(?P=sep)\s?(?P<c>[0-9]{1,4})(?![0-9])"
)
_EAST_ASIAN_PART = re.compile(r"(?<=[0-9])\s*[日일号號年년]")
_NUMBERED_MONTH = re.compile(r"(?<![0-9])([0-9]{1,2})\s*[月월]|thang\s*([0-9]{1,2})(?![0-9])")
_TWO_WORDS = re.compile(r"(كانون|تشرين)\s+(الثاني|الاول)")
_TOKEN = re.compile(r"[0-9]+|[^\s0-9,.;|·•()\[\]/–—،。、।'\"“”«»:-]+")
_COMMENT = re.compile(r"\s#.*\Z", re.DOTALL)
_FILE_DAY = re.compile(
    r"(?<![0-9])(?:([0-9]{4})([-_./])([0-9]{1,2})\2([0-9]{1,2})"
    r"|((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?:[0-9]{4}|[0-9]{6})?)(?![0-9])"
)


@memoised(1024, longest=_LONGEST)
def parse(text: str) -> Stamp | None:
    """Read a date in any of the shapes that article files carry; None where *text* is no date.

    Numbers in the order day and month are told apart where that is possible; else the day comes first, and
    the stamp is *ambiguous* unless dots stand between them. Ten digits alone are seconds, thirteen are
    milliseconds since 1970 in UTC. Never raises; more than 200 characters are no date.
    """
    if _EXACT.fullmatch(text) is not None:
        with contextlib.suppress(ValueError):  # the long way knows of 24:00 and of leap seconds
            moment = dt.datetime.fromisoformat(text)
            return Stamp(day=moment.date(), time=moment.time(), zone=moment.tzinfo)
    if len(text) > _LONGEST:
        return None
    text = western(_COMMENT.sub("", text).strip(" \t\r\n\"'"))
    found = _ISO.fullmatch(text) or _BASIC.fullmatch(text)
    if found is not None:
        stamp = _from_numbers(found)
        if stamp is not None and not _is_of_another_calendar(stamp.day, text):
            return stamp
    if _EPOCH.fullmatch(text):
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=int(text.ljust(13, "0")))
        return Stamp(day=moment.date(), time=moment.time(), zone=dt.UTC)
    return _in_words(text)


def parse_without_year(text: str) -> tuple[int, int] | None:
    """Month and day of a date that names no year ("Feb 26", "26 février", "--02-26"); None where *text* is none.

    In figures it is a gMonthDay (XML Schema Part 2, section 3.2.12), for which order comes first is never certain
    otherwise. 29 February counts as a day. Never raises; more than 200 characters are no date.
    """
    if len(text) > _LONGEST:
        return None
    figures = _MONTH_AND_DAY.fullmatch(text)
    if figures is not None:
        day = _day(2000, int(figures[1]), int(figures[2]))
        return None if day is None else (day.month, day.day)
    parts = _parts(_without_clock(_folded(text))[0])
    if parts is None or len(parts) != 2:
        return None
    number, month = parts if isinstance(parts[1], int) else reversed(parts)
    if not isinstance(number, str) or not isinstance(month, int) or len(number) > 2:
        return None
    day = _day(2000, month, int(number))
    return None if day is None else (day.month, day.day)


def find_day(text: str) -> dt.date | None:
    """The day that a file name or a path carries ("2015-07-15-title.md", "2015/07/15/title"), if any.

    Only year, month, day in this order; the name of the file goes before the folders, the first possible day
    before later ones.
    """
    for part in (text.rpartition("/")[2], text) if _FILE_DAY.search(text) else ():
        for found in _FILE_DAY.finditer(part):
            year, month, number = (found[1], found[3], found[4]) if found[1] else found.group(5, 6, 7)
            day = _day(int(year), int(month), int(number))
            if day is not None:
                return day
    return None


def rfc3339(moment: dt.datetime) -> str:
    """Write *moment* as RFC 3339 section 5.6 in UTC with ``Z``; milliseconds only where they are not zero.

    Raises ValueError if *moment* is naive. ``parse(rfc3339(m))`` gives m for every m in whole milliseconds.
    """
    moment = _aware(moment)
    exact = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=exact) + "Z"


def rfc822(moment: dt.datetime) -> str:
    """Write *moment* as RFC 5322 section 3.3 in UTC, with English names whatever the locale, and ``GMT``.

    Raises ValueError if *moment* is naive.
    """
    return email.utils.format_datetime(_aware(moment), usegmt=True)


def _aware(moment: dt.datetime) -> dt.datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone cannot be written: give it one")
    return moment.astimezone(dt.UTC)


def _day(year: int, month: int, number: int) -> dt.date | None:
    with contextlib.suppress(ValueError):
        return dt.date(year, month, number) if year >= 1000 else None
    return None


def _stamp(
    day: dt.date | None, found: re.Match[str] | None, *, zone: dt.tzinfo | None, ambiguous: bool = False
) -> Stamp | None:
    """The stamp of *day* with the time of day in the groups of *found*; None where either is impossible."""
    if day is None or found is None:
        return None if day is None else Stamp(day=day, zone=zone, ambiguous=ambiguous)
    groups = found.groupdict()
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (groups.get("before") or groups.get("after") or "").lower()
    if half in {"pm", "م"} and hour < 12:
        hour += 12
    elif half in {"am", "ص"}:
        if hour > 12:
            return None
        hour %= 12
    part = int((groups.get("part") or "").ljust(3, "0")[:3])
    if (hour, minute, second, part) == (24, 0, 0, 0):
        if day == dt.date.max:
            return None
        day, hour = day + dt.timedelta(days=1), 0
    if (minute, second) == (59, 60):
        second = 59  # a leap second: the calendar here has none
    if hour > 23 or minute > 59 or second > 59:
        return None
    return Stamp(day=day, time=dt.time(hour, minute, second, part * 1000), zone=zone, ambiguous=ambiguous)


def _from_numbers(found: re.Match[str]) -> Stamp | None:
    day = _day(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["hour"] is None:
        return _stamp(day, None, zone=None)
    if not found["z"]:
        return _stamp(day, found, zone=None)
    zone = _offset(found) if found["sign"] else dt.UTC
    return None if zone is None else _stamp(day, found, zone=zone)


def _offset(found: re.Match[str]) -> dt.tzinfo | None:
    hours, minutes = int(found["zh"]), int(found["zm"] or 0)
    if hours > 14 or minutes > 59:
        return None
    return _east(hours * 60 + minutes if found["sign"] == "+" else -hours * 60 - minutes)


def _east(minutes: int) -> dt.tzinfo:
    return dt.timezone(dt.timedelta(minutes=minutes)) if minutes else dt.UTC


def _in_words(text: str) -> Stamp | None:
    rest, clock, zone = _without_clock(_folded(text))
    numeric = _NUMERIC.search(rest)
    ambiguous = False
    if numeric is None:
        parts = _parts(rest)
        day = None if parts is None else _from_parts(parts, old_years=clock is not None)
    else:
        parts = _parts(rest[: numeric.start()] + " " + rest[numeric.end() :])
        day, ambiguous = _from_figures(numeric)
        if day is None or parts is None or any(part != str(day.year) for part in parts):
            return None
    if day is None or _is_of_another_calendar(day, text):
        return None
    return _stamp(day, clock, zone=zone, ambiguous=ambiguous)


def _is_of_another_calendar(day: dt.date, text: str) -> bool:
    """Whether the year is one of Iran or of Islam: in their digits, or between slashes ("1404/12/14")."""
    return 1300 <= day.year <= 1500 and ("/" in text or not (text.isascii() or re.search("[0-9]", text)))


def _without_clock(text: str) -> tuple[str, re.Match[str] | None, dt.tzinfo | None]:
    """*text* less its time of day and zone; the time of day; the zone."""
    for pattern in _CLOCKS:
        clock = pattern.search(text)
        if clock is not None:
            break
    else:
        return text, None, None
    found = _ZONE.match(text, clock.end())
    zone, end = None, clock.end()
    if found is not None:
        zone = _offset(found) if found["sign"] else _named(found["name"])
        if zone is not None:
            end = found.end()
    again = found["again"] if found is not None and zone is not None else None
    return f"{text[: clock.start()]} {again or ''} {text[end:]}", clock, zone


def _named(name: str) -> dt.tzinfo | None:
    place = words().zones.get(name)
    if not isinstance(place, str):
        return None if place is None else _east(round(place * 60))
    with contextlib.suppress(zoneinfo.ZoneInfoNotFoundError):  # a system may be without the time zone database
        return zoneinfo.ZoneInfo(place)
    return None


def _from_figures(found: re.Match[str]) -> tuple[dt.date | None, bool]:
    """The day of "30/09/2016" and its like, and whether month and day could change places."""
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4 and len(found["c"]) < 3:
        return _day(a, b, c), False
    if len(found["c"]) != 4 or len(found["a"]) > 2:
        return None, False
    if b > 12:
        return _day(c, a, b), False
    return _day(c, b, a), found["sep"] != "." and a <= 12 and a != b


def _from_parts(parts: Sequence[str | int], *, old_years: bool) -> dt.date | None:
    """The day that numbers and months name; with *old_years* also in RFC 822's two digits ("30 Sep 16")."""
    months = [part for part in parts if isinstance(part, int)]
    years = {part for part in parts if isinstance(part, str) and len(part) == 4}
    days = [part for part in parts if isinstance(part, str) and len(part) < 3]
    if len(months) != 1 or len(years) + len(days) + 1 > len(parts):
        return None
    if not years and old_years and len(parts) == 3 and parts[1] == months[0] and len(days[1]) == 2:
        # RFC 5322 section 4.3: 00 to 49 are in this century.
        return _day(int(days[1]) + (2000 if days[1] < "50" else 1900), months[0], int(days[0]))
    if len(years) != 1 or len(days) != 1:
        return None
    return _day(int(years.pop()), months[0], int(days[0]))


def _parts(text: str) -> list[str | int] | None:
    """The numbers (as text) and months (as 1 to 12) in *text*; None where a word is neither nor passed over."""
    known = words()
    parts: list[str | int] = []
    spare: list[int] = []
    for token in _TOKEN.findall(text):
        if token.isdigit():
            if len(token) not in {1, 2, 4}:
                return None
            parts.append(token)
        elif token in known.months:
            if known.months[token] in parts:
                continue  # "5 مارس/آذار 2026" names its month twice
            if token in known.passed_over:  # "mar." is mardi, or March
                spare.append(len(parts))
            parts.append(known.months[token])
        elif token not in known.passed_over:
            return None
    while spare and sum(isinstance(part, int) for part in parts) > 1:
        del parts[spare.pop(0)]
        spare = [place - 1 for place in spare]
    return parts


def _folded(text: str) -> str:
    """*text* folded, with its East Asian and its two-word parts in the shapes that the patterns look for."""
    text = fold(text)
    text = halves(text)
    if not text.isascii():
        text = _TWO_WORDS.sub(r"\1_\2", _EAST_ASIAN_PART.sub(" ", text))
    return _NUMBERED_MONTH.sub(_month_by_number, text)


def _month_by_number(found: re.Match[str]) -> str:
    month = int(found[1] or found[2])
    return f" {words().numbered[month - 1]} " if 1 <= month <= 12 else found[0]
