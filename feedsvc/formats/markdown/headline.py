"""How a Markdown text opens: its headline, the day above or below it, and where the text proper begins."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc import dates
from feedsvc.formats.markdown.commonmark import Block, blocks
from feedsvc.text import one_line

LONGEST_TITLE = 150
"""A first paragraph of more characters is a sentence of the text, no headline."""
_LONGEST_DAY = 60
_MORE = 20
"""By how many characters a text that repeats a title may be longer, spaces and references included."""
_LONGEST_NAMED = 500
"""The longest title in which the name of a site is looked for: each of its separators could part that from the rest."""
_LOOKED_AT = 12
_MAYBE_HEADING = re.compile(r"^ {0,3}(?:#[ \t]|=+[ \t]*$)", re.MULTILINE)
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»-]|::)\s+|\s*\|\s*")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "*": "", "`": "", "_": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What was learned from the opening of a text.

    *title* is plain text, from the heading on *line* (0 where it is the given one). *body* is the text without the
    heading that became the title or repeats it, and without the day beside it. *days* are dates as printed, *fallback*
    is what else could be a title: a first heading that says something else, or a short first paragraph.
    """

    body: str
    title: str = ""
    line: int = 0
    days: tuple[str, ...] = ()
    fallback: str = ""


def read_opening(body: str, title: str = "") -> Opening:
    """Look at how *body* (Markdown) opens, below the *title* that is known already, if one is.

    A title with the name of the site after or before it ("Bridge opens | The Daily") loses that where the text repeats
    the rest. Raises TooLarge.
    """
    if title and _opens_with_text(body, title):
        return Opening(body=body)
    shown, heading, day_blocks, first = "", None, [], ""
    for number, block in enumerate(blocks(body)):
        if number >= _LOOKED_AT:
            break
        if block.kind == "rule" or _is_comment(block) or (block.pictures and not block.text):
            continue
        if _is_day(block):
            day_blocks.append(block)
        elif heading is None and title and block.kind in {"heading", "paragraph"} and _repeated(title, block.text):
            shown, heading = _repeated(title, block.text), block
        elif heading is None and not title and block.kind == "heading" and block.text:
            shown, heading = block.text, block
        else:
            first = block.text if block.kind == "heading" or (block.kind == "paragraph" and not title) else ""
            break
    if not title and (heading is None or heading.level > 1):
        only = _only_top_heading(body)
        if only is not None:
            shown, heading = only.text, only
    data = body.encode()
    return Opening(
        body=body if heading is None else _without(data, [heading, *day_blocks]),
        title=shown,
        line=0 if heading is None else data.count(b"\n", 0, heading.start) + 1,
        days=tuple(block.text for block in day_blocks),
        fallback=first if len(first) <= LONGEST_TITLE else "",
    )


def _opens_with_text(body: str, title: str) -> bool:
    """Whether the first line is too long for a day or the *title*: nearly every text, and the cheap way out."""
    line = body[:1_000].lstrip().partition("\n")[0]
    return line[:1].isalnum() and len(line) > max(_LONGEST_DAY, len(title) + _MORE)


def _is_comment(block: Block) -> bool:
    return block.kind == "html" and block.text.startswith("<!--") and block.text.endswith("-->")


def _is_day(block: Block) -> bool:
    return block.kind == "paragraph" and 0 < len(block.text) <= _LONGEST_DAY and dates.parse(block.text) is not None


def _repeated(title: str, text: str) -> str:
    """The part of *title* that *text* repeats: all of it, or what stands beside the site's name; empty if none."""
    if not text or len(text) > len(title) + _MORE:
        return ""
    same = _folded(text)
    if _folded(title) == same:
        return title
    if len(title) > _LONGEST_NAMED:
        return ""
    for match in _SEPARATOR.finditer(title):
        for part in (title[: match.start()], title[match.end() :]):
            if part and _folded(part) == same:
                return part.strip()
    return ""


def _folded(text: str) -> str:
    return one_line(html.unescape(_TAG.sub("", text)).translate(_ALIKE)).casefold()


def _only_top_heading(body: str) -> Block | None:
    """The heading of level 1, where the text has exactly one."""
    if not _MAYBE_HEADING.search(body):
        return None
    found = None
    for block in blocks(body):
        if block.kind == "heading" and block.level == 1 and block.text:
            if found is not None:
                return None
            found = block
    return found


def _without(data: bytes, cut: Sequence[Block]) -> str:
    parts = []
    position = 0
    for block in sorted(cut, key=lambda block: block.start):
        parts.append(data[position : block.start])
        position = block.end
    parts.append(data[position:])
    return b"".join(parts).decode()
