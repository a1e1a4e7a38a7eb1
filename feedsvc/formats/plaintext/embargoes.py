"""Embargo lines above a text: ``EMBARGOED UNTIL 00:01 4 March 2021``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from feedsvc.formats.draft import Draft
from feedsvc.formats.html import tree
from feedsvc.formats.plaintext import days
from feedsvc.formats.plaintext.draft import at
from feedsvc.formats.plaintext.lines import Line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEAD = 5

_EMBARGO = re.compile(
    r"\W{0,5}(?:strictly\s+|under\s+|news\s+)?(?:embargo(?:ed)?\b|hold(?:\s+for\s+release)?\s+(?=until\b)|"
    r"sperrfrist\b|not\s+for\s+(?:publication|release|broadcast|use)\b|not\s+to\s+be\s+(?:published|used|released)\b)(?P<rest>.*)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:until|till|before|to|for release(?: on| at)?|lifts(?: on| at)?|bis|jusqu['’]au|hasta(?: el)?)\b[\s:]*"
    r"|[:：]\s*",
    re.IGNORECASE,
)


def put(draft: Draft, line: Line) -> bool:
    """Read *line* as an embargo into *draft*; whether it is one. One that cannot be read withholds the item."""
    found = _EMBARGO.fullmatch(line.text) if len(line.text) <= 200 else None
    if found is None:
        return False
    rest = found["rest"]
    for until in _UNTIL.finditer(rest):
        date = days.readable(rest[until.end() :].strip(" *[]()"))
        if date:
            draft.put("embargo", date, at(line))
            return True
    if _UNTIL.search(rest) is None or not any(sign.isdigit() for sign in rest):
        return False  # a title that speaks of an embargo
    if "embargo" in draft:
        draft.note(f"Line {line.number} speaks of the embargo again: “{line.text[:80]}”.")
        return True
    draft.hold(f"Line {line.number} speaks of an embargo and holds no date that can be read: the article is withheld.")
    return True


def take(draft: Draft, elements: Sequence[HtmlElement]) -> None:
    """Read the first *elements* of a text in HTML as embargoes into *draft*; those that are one go out of the text."""
    for number, element in enumerate(elements[:_HEAD], start=1):
        if put(draft, Line(number, tree.text_of(element), 0, True)):
            tree.remove(element)
