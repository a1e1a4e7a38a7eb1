"""The line that says who wrote an article, and the people in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from feedsvc import markup, text
from feedsvc.formats.base import RawAuthor
from feedsvc.model import Author

_MAX_AUTHORS = 20
_MAX_LENGTH = 300
_BY = re.compile(r"(?:By|BY|by|Von(?=\s+[A-ZÄÖÜ])|Par|Por|Door|Przez|Written by|От|بقلم)\s*:?\s+")
_AND = re.compile(r"\s*(?:;|\s(?:and|und|et|y|e|en|och|og|with|mit|&)\s)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:writer|correspondent|editor|reporter|columnist|critic|staff|journalist|desk|bureau|chief|"
    r"redakteur(?:in)?|korrespondent(?:in)?|photographer|producer|analyst|contributor|special|agency|"
    r"news|dpa|afp|ap|reuters|upi|pa)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?[\w.+-]+@[\w-]+(?:\.[\w-]+)+>?")


def byline_of(byline: str, authors: Sequence[RawAuthor], *, literal: bool = False) -> tuple[str, tuple[Author, ...]]:
    """The line as printed, and its people. One is made of the other where only one is given.

    Names are kept as they are written; mail addresses are left out of both.
    """
    line = text.one_line(text.xml_safe(byline)) if literal else markup.plain_line(byline)
    line = text.cut(text.one_line(_ADDRESS.sub("", line)).strip(" ,;|"), _MAX_LENGTH)
    people = list(_people(authors)) or [Author(name=name) for name in _names(line)]
    unique = tuple({author.name.casefold(): author for author in reversed(people)}.values())[::-1]
    if not line:
        line = text.cut(", ".join(author.name for author in unique), _MAX_LENGTH)
    return line, unique[:_MAX_AUTHORS]


def _people(authors: Sequence[RawAuthor]) -> Iterable[Author]:
    for author in authors[:_MAX_AUTHORS]:
        written = _ADDRESS.sub("", markup.plain_line(author.name)).strip(" ,;|")
        names = list(_names(written))
        for name in names:
            uri = author.uri if author.uri.startswith(("http://", "https://")) and len(names) == 1 else ""
            yield Author(name=name, uri=uri)


def _names(line: str) -> Iterable[str]:
    """The names in *line*: without "By", split at "and" and at commas, the roles behind a name left out."""
    line = _BY.sub("", line, count=1) if _BY.match(line) else line
    for group in _AND.split(line):
        parts = [part.strip() for part in re.split(r"[,،、]", group) if part.strip()]
        names = [part for number, part in enumerate(parts) if number == 0 or not _ROLE.search(part)]
        for name in names:
            if any(character.isalnum() for character in name):
                yield name[:100]
