"""A text as its lines: numbered, trimmed, and each with what the blanks around it say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_BREAKS = re.compile("[\u0085\u2028\u2029]")
_EDGES = " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u2060\ufeff"
_TRIMMED = _EDGES + _INVISIBLE
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKS = "\u200c\u200d" + _DIRECTIONS
_WIDTHS = {"\t": 4, "\u3000": 2}


class Line(NamedTuple):
    """One line that is not blank. *number* counts from 1; *text* has no blanks at its ends.

    *indent* is the width of the blanks before it (a tab counts 4, an ideographic space 2); *gap* is True where
    a blank line stands before it.
    """

    number: int
    text: str
    indent: int
    gap: bool


def split(text: str) -> list[Line]:
    """The lines of *text* that are not blank, in order. A line of no-break or zero-width spaces is blank."""
    lines: list[Line] = []
    gap = False
    for number, raw in enumerate(_BREAKS.sub("\n", text).split("\n"), start=1):
        trimmed = raw.strip(_TRIMMED) if raw else raw
        if trimmed and (trimmed[0] in _DIRECTIONS or trimmed[-1] in _DIRECTIONS):
            trimmed = trimmed.strip(_DIRECTIONS + _TRIMMED)
        if not trimmed or (trimmed[0] in _MARKS and not trimmed.strip(_MARKS + _TRIMMED)):
            gap = True
            continue
        lines.append(Line(number, trimmed, 0 if raw[0] == trimmed[0] else _indent(raw), gap))
        gap = False
    return lines


def _indent(raw: str) -> int:
    blanks = raw[: len(raw) - len(raw.lstrip(_EDGES))][:200]
    return sum(_WIDTHS.get(blank, 1) for blank in blanks)


def joined(lines: Sequence[Line]) -> str:
    """The texts of *lines* as one, a space between them where their script has one."""
    parts: list[str] = []
    before = ""
    for line in lines:
        if before and not _runs_on(before, line.text[0]):
            parts.append(" ")
        parts.append(line.text)
        before = line.text
    return "".join(parts)


def _runs_on(before: str, first: str) -> bool:
    """Whether a line break after *before* stands for nothing: within a hyphened word, between two ideographs."""
    if before[-1] == "-":
        return before[-2:-1].isalpha() and first.islower()
    return is_spaceless(before[-1]) and is_spaceless(first)


def is_spaceless(sign: str) -> bool:
    """Whether *sign* is Chinese or Japanese, or one of the full-width signs that stand among them."""
    return "\u2e80" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" or "\uff01" <= sign <= "\uff60"
