"""Datelines that open the first paragraph: ``LONDON, England (CNN) -- ``, ``MOSCOW, Sept 30 - ``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedsvc import dates
from feedsvc.formats.plaintext import bylines, sentences

_RULE = r"(?:--+|[–—_ـ-]|:)"
_WITH_WIRE = re.compile(rf"(?P<place>[^()\[\]]{{0,80}}?)\s*[(\[](?P<agency>[^()\[\]]{{2,40}})[)\]]\s*{_RULE}\s*")
_WITH_DAY = re.compile(
    r"(?P<place>[^()\[\]]{2,60}?),\s+(?P<day>[^\W\d_]{3,10}\.?\s\d{1,2}(?:,\s?\d{4})?|\d{1,2}\s[^\W\d_]{3,10}\.?(?:\s\d{4})?)"
    r"(?:\s*(?P<slash>/\s?[^/]{2,60}?\s?/)\s*(?:--+|[–—-])?|\s*(?:--+|[–—]|(?<=\s)-))\s*"
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
    found = _WITH_DAY.match(head)
    if found is not None and _is_day(found["day"]) and (found["slash"] or sentences.capitals(found["place"])):
        agency = (found["slash"] or "").strip("/ ")
        return Lead(found["place"].strip(), found["day"], agency, text[found.end() :])
    found = _WITH_WIRE.match(head)
    if found is None:
        return None
    place, day = _split_day(found["place"].strip())
    agency = found["agency"].strip()
    if not bylines.is_wire(agency) and not (sentences.capitals(agency) and _like_place(place) and len(agency) <= 12):
        return None
    if place and not _like_place(place) and len(place.split()) > 4:
        return None
    return Lead(place, day, agency, text[found.end() :])


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
