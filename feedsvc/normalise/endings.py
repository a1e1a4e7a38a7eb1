"""What closes a body and is no part of it: sign-offs, buttons, tag lines, copyright lines, lists of other articles.

Only whole blocks at the very end go, and never all that there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.formats.base import RawCategory
from feedsvc.formats.wording import furniture
from feedsvc.normalise.blocks import Block, shows_media, words_of

_MOST = 40
"""So many blocks from the end are looked at."""
_SHORTEST_TEXT = 12
"""What is left must have a line of so many characters: an alert may be no full sentence."""
_LINK_ALONE = re.compile(r"[^<>]*>\s*(?:<p>)?<a [^<>]*>[^<>]*</a>(?:</p>)?\s*</li>\s*")
_LONGEST = 4_000
"""A block with so many characters of HTML is text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The last *blocks*, which are no part of the text, and what they said: as written, and as fields."""

    blocks: tuple[Block, ...] = ()
    lines: tuple[str, ...] = ()
    agency: str = ""
    rights: str = ""
    tags: tuple[RawCategory, ...] = ()


def ending(content: str, found: Sequence[Block]) -> Ending:
    """What closes *content*; *found* are its blocks."""
    lines: list[str] = []
    last = len(found)
    while last > 1 and len(lines) < _MOST:
        count, line = _closing(content, found[:last])
        if count == 0:
            break
        last -= count
        if line:
            lines.append(line)
    if not lines or not any(len(words_of(content, block)) >= _SHORTEST_TEXT for block in found[:last]):
        return Ending()
    return Ending(
        blocks=tuple(found[last:]),
        lines=tuple(reversed(lines)),
        agency=next(filter(None, map(furniture.signing_wire, lines)), ""),
        rights=next(filter(furniture.is_rights, lines), ""),
        tags=next(filter(None, (furniture.tags(furniture.tags_in(line)) for line in lines)), ()),
    )


def _closing(content: str, found: Sequence[Block]) -> tuple[int, str]:
    """How many of the last blocks close the text and are no part of it; what they say."""
    block = found[-1]
    if block.end - block.start > _LONGEST or shows_media(content, block):
        return 0, ""
    line = words_of(content, block)
    if not line:
        return 1, ""
    if block.name in ("", "p", "h2", "h3", "h4", "h5", "h6"):
        return (1, line) if furniture.closes(line) or _heads_nothing(block, line) else (0, "")
    if block.name in ("ul", "ol") and _is_list_of_links(content, block):
        head = words_of(content, found[-2]) if len(found) > 1 else ""
        if furniture.heads_list(head):
            return 2, f"{head}: {line}"
    return 0, ""


def _heads_nothing(block: Block, line: str) -> bool:
    return block.name.startswith("h") and furniture.heads_list(line)


def _is_list_of_links(content: str, block: Block) -> bool:
    """Whether each point of a list is one link and nothing else."""
    points = content[block.inner : block.close].split("<li")[1:]
    return bool(points) and all(map(_LINK_ALONE.fullmatch, points))
