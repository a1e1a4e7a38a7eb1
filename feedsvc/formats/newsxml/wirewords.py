"""The habits of wire copy in plain text: datelines, bylines, sign-offs, and paragraphs without markup."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from feedsvc.text import one_line

_DASHES = " -–—_:;*"
_AGENCY = re.compile(r"\(([^()]{2,60})\)$")
_DAY_AT_END = re.compile(  # "Sept 30", "30 Sept. 2016"
    r"\s+(?:[^\W\d]{3,12}\.?\s+\d{1,2}|\d{1,2}\.?\s+[^\W\d]{3,12}\.?|\d{1,2}[./]\d{1,2}[./]?)(?:,?\s+\d{4})?$"
)
_PLAINLY_HTML = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|table|blockquote|section|article|body)\s*>|<br\s*/?>|<p>", re.IGNORECASE
)
_ESCAPED_HTML = re.compile(r"&lt;(?:/?p|/?div|br\s?/?)&gt;", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\xa0]*\n")


class Dateline(NamedTuple):
    """The parts of a dateline that can be told apart; empty where they cannot."""

    place: str
    agency: str


def dateline(text: str) -> Dateline:
    """Take "MOSCOW, Sept 30 (Reuters) -" apart. A date stamp ("2013-03-04 11:40") has no place."""
    rest = one_line(text[:400]).strip(_DASHES)
    agency = _AGENCY.search(rest)
    if agency:
        rest = rest[: agency.start()].rstrip(" ,")
    rest = _DAY_AT_END.sub("", rest)
    parts = [part.strip() for part in rest.split(",")]
    place = ", ".join(part for part in parts if part and not any(sign.isdigit() for sign in part))
    if not parts[0] or parts[0][0].isdigit():
        place = ""
    return Dateline(place, agency[1].strip() if agency else "")


def plainly_html(text: str, *, declared_plain: bool = False) -> str:
    """*text* as HTML where it plainly is HTML, escaped once too often or not; empty where it is plain text.

    Text that its sender declares to be plain must also begin with a tag.
    """
    if _ESCAPED_HTML.search(text) and not _PLAINLY_HTML.search(text):
        text = html.unescape(text)
    if not _PLAINLY_HTML.search(text) or (declared_plain and not text.lstrip().startswith("<")):
        return ""
    return text


def paragraphs(text: str) -> list[str]:
    """The paragraphs of plain *text*: parted by blank lines, else by indented lines, else one a line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _BLANK_LINE.search(text.strip()):
        chunks = _BLANK_LINE.split(text)
    else:
        lines = [line for line in text.split("\n") if line.strip()]
        indented = sum(line.startswith(("  ", "\t", "\xa0\xa0", "\u3000")) for line in lines)
        # The XML around the text may indent every line: that says nothing.
        chunks = _joined(lines) if 0 < indented < len(lines) * 3 // 4 else lines
    return [chunk for chunk in map(one_line, chunks) if chunk.strip("\xa0\u200b ")]


def _joined(lines: list[str]) -> list[str]:
    chunks: list[list[str]] = []
    for line in lines:
        if not chunks or line.startswith(("  ", "\t", "\xa0\xa0", "\u3000")):
            chunks.append([])
        chunks[-1].append(line)
    return ["\n".join(chunk) for chunk in chunks]
