"""The line that says who wrote an article, and the people in it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from feedsvc import markup, text
from feedsvc.formats.base import RawAuthor
from feedsvc.formats.wording.bylines import is_wire
from feedsvc.model import Author

_MAX_AUTHORS = 20
_MAX_LENGTH = 300
_LONGEST = 1000
"""How much of what is written is looked at."""
_BY = re.compile(
    r"(?:By|BY|by|V(?:on|ON)(?=\s+[A-ZÄÖÜ])|P(?:ar|AR)|P(?:or|OR)|D(?:oor|OOR)|Przez|Written by|От|Автор|بقلم|מאת|"
    r"كتبت?|إعداد|تحریر|نویسنده|"
    r"(?:本报)?[记記]者)\s*:?\s+"
)
# "e" and "y" join names in small letters only: between two of them, a capital one is an initial.
_AND = re.compile(r"\s*;\s*|\s+(?:and|And|AND|und|Und|UND|et|ET|y|e|en|och|og|with|With|WITH|mit|MIT|&)\s+")
_COMMA = re.compile(r"[,،、](?![^()]*\))")
"""One that is not in parentheses."""
_ROLE = re.compile(
    r"\b(?:(?i:writer|correspondent|editor|reporter|columnist|critic|staff|journalist|desk|bureau|chief|"
    r"redakteur(?:in)?|korrespondent(?:in)?|photographer|producer|analyst|contributor|special|agency|news|reuters)|"
    r"dpa|DPA|AFP|afp|AP|UPI|PA)\b"
)
_EMPTY = re.compile(r"\(\s*\)|<\s*>|\[\s*\]")
_ADDRESS = re.compile(r"<?[\w.+-]+@[\w-]+(?:\.[\w-]+)+>?")


def byline_of(byline: str, authors: Sequence[RawAuthor], *, literal: bool = False) -> tuple[str, tuple[Author, ...]]:
    """The line as printed, and its people. One is made of the other where only one is given.

    Names are kept as they are written; mail addresses are left out of both.
    """
    line, names = _line(text.cut(byline.strip(), _LONGEST), literal)
    people = list(_people(authors)) or [Author(name=name) for name in names]
    first: dict[str, Author] = {}
    for author in people:
        first.setdefault(author.name.casefold(), author)
    unique = tuple(first.values())
    if not line:
        line = text.cut(", ".join(author.name for author in unique), _MAX_LENGTH)
    return line, unique[:_MAX_AUTHORS]


@functools.lru_cache(maxsize=1024)
def _line(byline: str, literal: bool) -> tuple[str, tuple[str, ...]]:
    """The line as printed, and the names in it; remembered, for the same people write again and again."""
    line = text.one_line(text.xml_safe(byline)) if literal else markup.plain_line(byline)
    line = text.cut(_without_addresses(line), _MAX_LENGTH)
    return line, tuple(_names(line))


def _people(authors: Sequence[RawAuthor]) -> Iterable[Author]:
    for author in authors[:_MAX_AUTHORS]:
        names = _names_of(text.cut(author.name.strip(), _LONGEST))
        for name in names:
            uri = author.uri if author.uri.startswith(("http://", "https://")) and len(names) == 1 else ""
            yield Author(name=name, uri=uri)


@functools.lru_cache(maxsize=1024)
def _names_of(author: str) -> tuple[str, ...]:
    return tuple(_names(_without_addresses(markup.plain_line(author))))


def _without_addresses(line: str) -> str:
    return text.one_line(_EMPTY.sub("", _ADDRESS.sub("", line))).strip(" ,;|")


def _is_wire(name: str) -> bool:
    """Whether *name*, behind a person's, is that of an agency: a short one in capitals, or "Ani" were one."""
    return (len(name) > 4 or name.isupper() or name == "dpa") and is_wire(name)


def _names(line: str) -> Iterable[str]:
    """The names in *line*: without "By", split at "and" and at commas, the roles behind a name left out."""
    line = _BY.sub("", line, count=1) if _BY.match(line) else line
    for group in _AND.split(line):
        parts = [part.strip() for part in _COMMA.split(group) if part.strip()]
        names = [part for number, part in enumerate(parts) if number == 0 or not (_ROLE.search(part) or _is_wire(part))]
        for name in names:
            if any(character.isalnum() for character in name):
                yield text.cut(name, 100)
