"""A ``RawItem`` while it is being gathered: each value with its origin, and the notes."""

from __future__ import annotations

from typing import Any

from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext.lines import Line

# In a text file a "<" or "&" is just that.
_LITERAL = ("title", "standfirst", "summary")


class Draft:
    """Gathers the fields of one item. The first value of a field stays, unless it is empty."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._values: dict[str, Any] = {}
        self._origin: dict[str, str] = {}
        self._notes: list[str] = []

    def put(self, field: str, value: object, origin: str) -> None:
        """Set *field*, found at *origin*, if it has no value yet and *value* is not empty."""
        if value and not self._values.get(field):
            self._values[field] = value
            self._origin[field] = origin

    def put_day(self, value: str, origin: str) -> None:
        """Give a candidate for ``published``: the first is taken, the others become its fallbacks."""
        if not self.get("published"):
            self.put("published", value, origin)
        elif value and value != self.get("published") and value not in self._values.get("published_fallbacks", ()):
            self._values["published_fallbacks"] = (*self._values.get("published_fallbacks", ()), value)
            self._origin.setdefault("published_fallbacks", origin)

    def get(self, field: str) -> str:
        """The text that *field* has so far; empty if none."""
        return str(self._values.get(field, ""))

    def note(self, text: str) -> None:
        """Add *text*, one sentence for an editor, once."""
        if text not in self._notes:
            self._notes.append(text)

    def item(self, *, part: int = 0) -> RawItem:
        """What was gathered, as number *part* of its file (0: the only one)."""
        literal = frozenset(name for name in _LITERAL if self._values.get(name))
        if self._values.get("title_fallbacks"):
            literal |= {"title"}
        return RawItem(
            **self._values,
            literal=literal,
            part=part,
            line=self._line,
            origin=dict(self._origin),
            notes=tuple(self._notes),
        )


def at(line: Line, what: str = "") -> str:
    """Words for where a value came from: "line 3", "crumbs on line 1"."""
    return f"{what} on line {line.number}" if what else f"line {line.number}"
