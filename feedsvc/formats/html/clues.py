"""What a page says of its article: for each field the values found, best first, with where each was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from feedsvc.formats.base import RawAuthor, RawMedium
from feedsvc.text import one_line, xml_safe

_LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Clue:
    """A value as the page has it, on one line, and where it stands: "JSON-LD headline", "meta og:title"."""

    value: str = ""
    origin: str = ""


@dataclass(slots=True)
class Clues:
    """The clues from one place, or from several after ``extend``: those that were there first are better.

    Besides the fields of ``RawItem`` there are ``site`` and ``publisher`` (names of the outlet), ``kind``
    (what the page says it is), ``text`` (the article's plain text) and, for each kind of title, a field of its own
    (``title.h1``): see ``titles``.
    """

    values: dict[str, list[Clue]] = field(default_factory=dict)
    authors: list[tuple[RawAuthor, str]] = field(default_factory=list)
    media: list[tuple[RawMedium, str]] = field(default_factory=list)

    def add(self, name: str, value: object, origin: str) -> None:
        """Note *value* for the field *name*, unless it is no text or empty."""
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            return
        text = str(value)
        text = xml_safe(text).strip() if name == "text" else xml_safe(one_line(text[:_LONGEST]))
        if text:
            self.values.setdefault(name, []).append(Clue(text, origin))

    def first(self, name: str) -> Clue:
        """The best clue for *name*; an empty one where there is none."""
        return next(iter(self.values.get(name, ())), Clue())

    def all(self, name: str) -> Sequence[Clue]:
        """Every clue for *name*, best first."""
        return self.values.get(name, [])

    def extend(self, other: Clues) -> None:
        """Add the clues of *other* behind these."""
        for name, clues in other.values.items():
            self.values.setdefault(name, []).extend(clues)
        self.authors += other.authors
        self.media += other.media
