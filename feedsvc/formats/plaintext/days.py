"""Lines that say when: a day alone, a labelled day, a day beside a place, an edition or a byline."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from feedsvc import dates
from feedsvc.formats.wording import words

_LONGEST = 200
_BARS = re.compile(r"\s*[|•·│¦]\s*")
_DASHES = re.compile(r"\s+(?:[.–—-]|--)\s+")
_SPLIT_CLOCK = re.compile(r"(?<=\d)\s?:\s(?=\d\d(?!\d))")
_RENEWED = re.compile(r"\s*[（(][^（）()]{1,40}更新[)）]$")  # a second time in brackets, without its year
_SOURCE = re.compile(r"\s+(?=(?:来源|來源|source|المصدر)\s*[:：])", re.IGNORECASE)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def _labels(names: tuple[str, ...]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_LABEL = re.compile(
    rf"(?<!\w)(?:(?P<updated>{_labels(words.UPDATED)})|(?P<published>{_labels(words.PUBLISHED)}))(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Days:
    """What a line says of time, as written, and what else stands in it (*rest*, in its order).

    *labelled*: it says which day it is ("Published: …").
    """

    published: str = ""
    updated: str = ""
    yearless: str = ""
    rest: list[str] = field(default_factory=list)
    labelled: bool = False


def readable(text: str) -> str:
    """*text* without stray signs around it if it is a date, with its year; else empty."""
    text = _SPLIT_CLOCK.sub(":", text.strip(" ,.;|-–—"))
    if not text or len(text) > _LONGEST or not any(sign.isdigit() for sign in text[:60]):
        return ""
    if text.isdigit() and len(text) != 8:  # a telephone number is no count of seconds
        return ""
    return text if dates.parse(text) is not None else ""


def yearless(text: str) -> str:
    """*text* if it is a month and a day without a year, else empty."""
    text = text.strip(" ,.;|-–—")
    return text if text and len(text) <= 40 and dates.parse_without_year(text) is not None else ""


def same_day(one: str, other: str) -> bool:
    """Whether two dates as written name the same day; True where one of them cannot be read."""
    first, second = dates.parse(one), dates.parse(other)
    return first is None or second is None or first.day == second.day


def read(text: str) -> Days | None:
    """Read *text* as a line about time; None where it holds no day, or more words than such a line has."""
    if len(text) > _LONGEST or not any(sign.isdigit() for sign in text):
        return None
    text = _RENEWED.sub("", text)
    whole = readable(text)
    if whole:
        return Days(published=whole)
    bare = yearless(text)
    if bare:
        return Days(yearless=bare)
    days = _labelled(text) or _beside(text)
    if days is None or any(len(other) > 80 for other in days.rest):
        return None
    return days


def _labelled(text: str) -> Days | None:
    """``Published: … | Updated: … | Online edition``, with or without bars."""
    labels = list(_LABEL.finditer(text))
    if not labels:
        return None
    days = Days(labelled=True)
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        value, *others = _BARS.split(text[label.end() : end].strip(" |•·"))
        date = readable(value)
        if not date:
            return None
        if label["updated"]:
            days.updated = days.updated or date
        else:
            days.published = days.published or date
        days.rest += others
    days.rest = [*_BARS.split(text[: labels[0].start()]), *days.rest]
    return _tidied(days)


def _beside(text: str) -> Days | None:
    """A day and something else, in any order: ``Jane Doe | 3 May 2020``, ``MOSCOW, September 30, 2016``."""
    for parts in (_BARS.split(text), _DASHES.split(text), _SOURCE.split(text)):
        if 2 <= len(parts) <= 6:
            found = [readable(part) for part in parts]
            if sum(1 for date in found if date) == 1:
                published = next(date for date in found if date)
                rest = [part for part, date in zip(parts, found, strict=True) if not date]
                return _tidied(Days(published=published, rest=rest))
    place, comma, tail = text.partition(",")
    for _ in range(3):
        if comma and _is_place(place) and readable(tail):
            return Days(published=readable(tail), rest=[place.strip()])
        more, comma, tail = tail.partition(",")
        place = f"{place},{more}"
    return None


def _is_place(text: str) -> bool:
    return (
        len(text) <= 60 and not any(sign.isdigit() for sign in text) and dates.parse_without_year(text + " 1") is None
    )


def _tidied(days: Days) -> Days:
    days.rest = [
        part.strip(" ,;")
        for part in days.rest
        if _LETTER_OR_DIGIT.search(part) and part.strip(" .").casefold() not in words.EDITIONS
    ]
    return days


def same_day_of_year(bare: str, full: str) -> bool:
    """Whether *bare*, which has no year, names the month and day of *full*; True where one cannot be read."""
    one, other = dates.parse_without_year(bare), dates.parse(full)
    return one is None or other is None or one == (other.day.month, other.day.day)
