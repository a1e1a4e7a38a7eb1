"""The blocks of a sanitised body, one after the other: what its first and last lines say is found among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from feedsvc import markup, paragraphs, text

_WRAPPERS = frozenset({"div"})
_BLOCKS = frozenset(
    {
        "audio", "blockquote", "details", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre",
        "table", "ul", "video",
    }
)  # fmt: skip
# Sanitised HTML is what a parser writes: a "<" is always the begin of a tag, values stand in double quotes.
_TAG = re.compile(rf'<(/?)({"|".join(sorted(_WRAPPERS | _BLOCKS))})(?: [^\s=">]+="[^"]*")*>')
_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
_MEDIA = re.compile(r"<(?:img|audio|video)[ >]")


class Block(NamedTuple):
    """A block, wrappers aside: the *name* of its element, and its place in the body.

    Text outside of any block has the name "". *start* to *end* holds the tags too, *inner* to *close* what is in it.
    """

    name: str
    start: int
    inner: int
    close: int
    end: int


def blocks(content: str) -> Iterator[Block]:
    """The blocks of *content*, sanitised HTML, in their order; blank ones too."""
    at = depth = 0
    while (plain := paragraphs.next_paragraph(content, at)) is not None:
        (inner, close), at = plain.span(2), plain.end()
        yield Block(plain[1], plain.start(1) - 1, inner, close, at)
    opened: Block | None = None
    for found in _TAG.finditer(content, at):
        closing, name = found[1], found[2]
        if opened is not None:
            if name == opened.name:
                depth += -1 if closing else 1
                if depth == 0:
                    yield opened._replace(close=found.start(), end=found.end())
                    at, opened = found.end(), None
            continue
        if content[at : found.start()].strip():
            yield Block("", at, at, found.start(), found.start())
        at = found.end()
        if name in _BLOCKS and name in _VOID:
            yield Block(name, found.start(), found.end(), found.end(), found.end())
        elif name in _BLOCKS and not closing:
            opened, depth = Block(name, found.start(), found.end(), 0, 0), 1
    if content[at:].strip():
        yield Block("", at, at, len(content), len(content))


def words_of(content: str, block: Block) -> str:
    """The text of *block* on one line."""
    inner = content[block.inner : block.close]
    line = paragraphs.words(inner)
    return text.one_line(markup.plain(inner)) if line is None else line


def shows_media(content: str, block: Block) -> bool:
    """Whether there is a picture, sound or film in *block*."""
    return block.name in ("audio", "video") or _MEDIA.search(content, block.start, block.end) is not None
