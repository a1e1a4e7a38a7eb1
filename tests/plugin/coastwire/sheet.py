"""Desk sheets: an ``.ini`` file with a section ``[sheet]``, the text below a line ``[text]``."""

from __future__ import annotations

import configparser
from collections.abc import Sequence
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats.base import RawAuthor, RawItem
from feedsvc.formats.draft import paragraphs
from feedsvc.text import UndecodableText, decode

_TEXT = "\n[text]\n"


class DeskSheet:
    """Reads one sheet a file."""

    name = "desk sheet"
    suffixes = frozenset({".ini"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        """Whether the file begins as only desk sheets do."""
        return data.lstrip(b"\xef\xbb\xbf").startswith(b"[sheet]")

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        """The article of the sheet. Raises ParseError and NotAnArticle."""
        try:
            decoded = decode(data, fallback=fallback_encoding)
        except UndecodableText as error:
            raise ParseError(str(error), line=error.line) from None
        head, mark, text = decoded.text.partition(_TEXT)
        if not mark:
            raise NotAnArticle("There is no line [text] in this desk sheet; write the article below one.")
        # Without interpolation: what a stranger writes is not to be expanded.
        sheet = configparser.ConfigParser(interpolation=None)
        try:
            sheet.read_string(head)
        except configparser.Error as error:
            line = getattr(error, "lineno", 0) or 0
            raise ParseError(f"The desk sheet cannot be read: {error.message}", line=line) from None
        if not sheet.has_section("sheet"):
            raise ParseError("The desk sheet does not begin with [sheet].", line=1)
        fields = sheet["sheet"]
        found = {
            "title": fields.get("headline", ""),
            "id": fields.get("number", ""),
            "published": fields.get("filed", ""),
            "dateline": fields.get("place", ""),
        }
        return [
            RawItem(
                **found,
                body=paragraphs(text),
                authors=tuple(RawAuthor(name=name.strip()) for name in fields.get("by", "").split(";") if name.strip()),
                sections=tuple(name.strip() for name in fields.get("desk", "").split(";") if name.strip()),
                literal=frozenset({"title", "dateline"}),
                origin={name: f"desk sheet, {name}" for name, value in found.items() if value},
            )
        ]
