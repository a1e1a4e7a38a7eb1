"""Plain text as an input format: the shapes that are known, tried in one visible order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import (
    highlights,
    keyed,
    newsbites,
    newspaper,
    nexis,
    nexisuni,
    plain,
    presswire,
    refusals,
    reuters,
)
from feedsvc.formats.plaintext.lines import Line, split
from feedsvc.text import UndecodableText, decode

Shape = Callable[[Sequence[Line]], "list[RawItem] | None"]

# Each gives its items, or None where the text does not show its signs. Those with the surest signs come first.
SIGNED: tuple[Shape, ...] = (
    nexis.read,
    nexisuni.read,
    newsbites.read,
    highlights.read,
    presswire.read,
    keyed.read,
)
# These have few signs or none: what is no article is refused before them.
LOOSE: tuple[Shape, ...] = (
    reuters.read,
    newspaper.read,
    plain.read,
)
_SIGNATURE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}(?:\d{1,6} of \d{1,6} DOCUMENTS?\s|AN#\w+[ \t]*[\r\n]+[A-Z]{2}#)")


class PlainText:
    """Text files without markup: newspaper pages, wire reports, archive downloads, a title and paragraphs."""

    name = "plain text"
    suffixes = frozenset({".txt", ".text", ""})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """True for downloads that no other format could be taken for; any other text is a matter of the suffix."""
        return _SIGNATURE.match(data[:4096]) is not None

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """Read *data* into its articles; most files hold one.

        Raises UnknownFormat for what is no text, ParseError for bytes that no encoding fits, NotAnArticle for
        a text without a title line or a sentence, TooLarge for one of too many lines.
        """
        refusals.refuse_bytes(data)
        try:
            decoded = decode(data, fallback=fallback_encoding)
        except UndecodableText as error:
            raise ParseError(str(error), line=error.line) from error
        refusals.refuse_text(decoded.text)
        items = _read(split(decoded.text))
        if not decoded.guessed:
            return items
        note = f"The file is not UTF-8; it was read as {decoded.encoding}, which is a guess."
        return [replace(item, notes=(note, *item.notes)) for item in items]


def _read(lines: Sequence[Line]) -> list[RawItem]:
    if not lines:
        raise NotAnArticle("The file holds nothing but blanks; write a title line and at least one sentence.")
    for shape in SIGNED:
        items = shape(lines)
        if items is not None:
            return items
    refusals.refuse_lines(lines)
    for shape in LOOSE:
        items = shape(lines)
        if items is not None:
            return items
    raise NotAnArticle("There is no title line and no sentence.", line=lines[0].number)
