"""Datelines that open the first paragraph: ``LONDON, England (CNN) --``, ``MOSCOW, Sept 30 -``, ``(서울=연합뉴스)``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedsvc import dates
from feedsvc.formats.wording import bylines, sentences

_RULE = r"(?:--+|[–—_ـ-]|:)"
# A day or a wire in brackets is in each of them.
_SIGN = re.compile(r"[\d(\[（【]")
_WITH_WIRE = re.compile(
    rf"(?P<place>[^()\[\]（）]{{0,80}}?)\s*[(\[（](?P<agency>[^()\[\]（）]{{2,40}})[)\]）]\s*{_RULE}\s*"
)
_EAST_ASIAN = (  # "(place=wire)", "wire place month day, by wire"
    re.compile(
        "[(（【](?P<place>[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{1,20})[=＝](?P<agency>[^\\W\\d_]{2,20})[)）】]\\s*"
    ),
    re.compile(r"(?P<agency>[\u4e00-\u9fff]{1,8}社)(?P<place>[\u4e00-\u9fff]{2,12}?)(?P<day>\d{1,2}月\d{1,2}日)电\s*"),
)
_WITH_DAY = re.compile(
    r"(?P<place>[^()\[\]]{2,60}?),\s+(?P<day>[^\W\d_]{3,10}\.?\s\d{1,2}(?:,\s?\d{4})?|\d{1,2}\s[^\W\d_]{3,10}\.?(?:\s\d{4})?)"
    r"(?:\.?\s*(?P<slash>/\s?[^/]{2,60}?\s?/)\s*(?:--+|[–—.-])?|\s*(?:--+|[–—]|(?<=\s)-))\s*"
)
# "Wrenmouth, 14 nov (NLE).- El ...": the place in small letters, known by the stop before the rule.
_STOPPED = re.compile(
    r"(?P<place>[^\W\d_][^()\d,.:;!?]{1,40})(?:,\s(?P<day>(?:\d{1,2}\s[^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.?\s\d{1,2})(?:\s\d{4})?))?\s"
    r"\((?P<agency>[^()\d]{2,30})\)\s?\.\s?[-–—]\s?"
)
_BARE = re.compile(
    r"(?P<place>[^\W\d_][^()\d!?:;,]{1,30}?)(?:,\s+(?P<day>[^\W\d_]{3,9}\.?\s\d{1,2}(?:,\s\d{4})?))?"
    r"(?:(?:,?\s+(?P<agency>[A-Z]{2,6}|dpa))\s+(?:--?|[–—_])|\s+(?:--?|[–—_]))\s+(?=\S)"
)
_DAY = re.compile(r"[^\W\d_]{3,10}\.?\s\d{1,2}(?:,\s?\d{4})?|\d{1,2}\s[^\W\d_]{3,10}\.?(?:\s\d{4})?")


@dataclass(frozen=True, slots=True)
class Lead:
    """A dateline as written: *place*, *day* (perhaps without a year), *agency*; *rest* is the paragraph without it."""

    place: str
    day: str
    agency: str
    rest: str


def read(text: str) -> Lead | None:
    """Split the dateline off *text*, the first paragraph; None where it opens with none."""
    head = text[:200]
    if _SIGN.search(head) is None:
        return None
    found = _WITH_DAY.match(head)
    if found is not None and _is_day(found["day"]) and (found["slash"] or sentences.capitals(found["place"])):
        agency = (found["slash"] or "").strip("/ ")
        return Lead(found["place"].strip(), found["day"], agency, text[found.end() :])
    for pattern in (*_EAST_ASIAN, _STOPPED):
        found = pattern.match(head)
        if found is not None and (found[0][0] != "【" or bylines.is_wire(found["agency"])):  # else a reporter's name
            day = found.groupdict().get("day") or ""
            return Lead(found["place"].strip(), day, found["agency"].strip(), text[found.end() :])
    found = _WITH_WIRE.match(head)
    if found is None:
        return None
    place, day = _split_day(found["place"].strip())
    agency = found["agency"].strip()
    if not (bylines.is_wire(agency) or _like_wire(agency, place) or (day and sentences.capitals(place))):
        return None
    if place and not _like_place(place) and len(place.split()) > 4:
        return None
    rest = text[found.end() :]
    behind = None if place else _WITH_DAY.match(rest[:200])  # "(ANSA) - ROMA, 1 LUG - …"
    if behind is not None and _is_day(behind["day"]) and sentences.capitals(behind["place"]):
        return Lead(behind["place"].strip(), behind["day"], agency, rest[behind.end() :])
    return Lead(place, day, agency, rest)


def bare(text: str) -> Lead | None:
    """The place in capitals that a dash parts from *text* and the day beside it, if any: ``TORONTO, May 3 _ The``.

    Headlines are written so too: this is for the first paragraph of a text that is known to be a wire's.
    """
    found = _BARE.match(text[:120])
    if found is None or not sentences.capitals(found["place"]):
        return None
    day = found["day"] or ""
    if day and not _is_day(day):
        return None
    return Lead(found["place"].strip(), day, found["agency"] or "", text[found.end() :])


def _like_wire(agency: str, place: str) -> bool:
    """Whether an *agency* that nobody knows stands as one does: short, in capitals as the *place* is, if it can be."""
    if len(agency) > 12 or not _like_place(place):
        return False
    return sentences.capitals(agency) or (_caseless(agency) and _caseless(place) and len(place.split()) <= 3)


def _caseless(text: str) -> bool:
    """Whether *text* is words in a script without capitals."""
    return not any(sign.islower() or sign.isupper() or sign.isdigit() for sign in text)


def _like_place(text: str) -> bool:
    """In capitals up to the first comma, or in a script that has none."""
    town = text.split(",", 1)[0].split("،", 1)[0]
    return bool(town) and (sentences.capitals(town) or not any(sign.islower() or sign.isupper() for sign in town))


def _split_day(text: str) -> tuple[str, str]:
    for comma in (mark.start() for mark in re.finditer("[,،]", text)):
        day = text[comma + 1 :].strip()
        if _DAY.fullmatch(day) and _is_day(day):
            return text[:comma].strip(), day
    return text, ""


def _is_day(text: str) -> bool:
    return dates.parse(text) is not None or dates.parse_without_year(text) is not None
