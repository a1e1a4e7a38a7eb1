"""The draft of an item that is read from plain text: where it begins, its days in order, what is literal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import Draft
from feedsvc.formats.plaintext.lines import Line

# In a text file a "<" or "&" is just that.
_LITERAL = ("title", "standfirst", "summary")


class TextDraft(Draft):
    """Gathers the fields of the item that begins on *line*. A value that is empty or comes second is passed over."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self._line = line

    def put_day(self, value: str, where: str) -> None:
        """Give a candidate for ``published``: the first is taken, the others become its fallbacks."""
        if self.put("published", value, where) or not value or value == self.text("published"):
            return
        weaker = self._fields.get("published_fallbacks", ())
        if value not in weaker:
            self._fields["published_fallbacks"] = (*weaker, value)
            self._origin.setdefault("published_fallbacks", where)

    def item(self, kind: str = "text") -> RawItem:
        """The finished item. Raises NotAnArticle where it has no body."""
        titled = {"title"} if "title_fallbacks" in self else set()
        literal = titled.union(name for name in _LITERAL if name in self)
        return replace(super().item(kind), line=self._line, literal=frozenset(literal))


def at(line: Line, what: str = "") -> str:
    """Words for where a value came from: "line 3", "crumbs on line 1"."""
    return f"{what} on line {line.number}" if what else f"line {line.number}"


def span(lines: Sequence[Line]) -> str:
    """Words for where a value of one line or more came from: "line 3", "lines 3 to 4"."""
    return at(lines[0]) if len(lines) == 1 else f"lines {lines[0].number} to {lines[-1].number}"
