"""The draft of an item that is read from XML: origins with their lines, lists that grow, titles in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from feedsvc import dates
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import Draft
from feedsvc.formats.newsxml.wirewords import dateline
from feedsvc.formats.wording.bylines import is_wire
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree


_NOTES = 50
_TITLES = 10
_INITIALS = re.compile(r"[a-z]{2,4}(?:[/.-][a-z]{2,4}){0,5}")

# The IPTC's own vocabularies by the alias that its catalogues give them.
IPTC_SCHEMES = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "subj": "http://cv.iptc.org/newscodes/subjectcode/",
}


def where(name: str, at: etree._Element | None = None) -> str:
    """*name* with the line of *at*: ``hedline/hl1, line 31``."""
    line = line_of(at)
    return f"{name}, line {line}" if line else name


def language_of(element: etree._Element) -> str:
    """The language that *element* says for itself; empty where it says none."""
    return str(element.get("{http://www.w3.org/XML/1998/namespace}lang") or "")


def line_of(element: etree._Element | None) -> int:
    """The line where *element* begins, 0 where nobody knows."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else 0


class NewsDraft(Draft):
    """Gathers the fields of one item. A field that is set stays as it is: ask the best source first."""

    def take(self, field: str, value: str, name: str, *, at: etree._Element | None = None) -> bool:
        """Set *field* to *value*, on one line, unless it is set; whether it was set. *at* is its element."""
        return self.put(field, one_line(value), where(name, at))

    def replace(self, field: str, value: object, name: str, *, at: etree._Element | None = None) -> None:
        """Set *field*, whatever it was."""
        self._fields[field] = value
        self._origin[field] = where(name, at)

    def extend(self, field: str, values: Iterable[Any], name: str, *, at: etree._Element | None = None) -> None:
        """Add *values* to the list *field*, in order, each once."""
        added = dict.fromkeys(values)
        if added:
            self._fields.setdefault(field, {}).update(added)  # a dict keeps the order; finished() makes a tuple
            self._origin.setdefault(field, where(name, at))

    def listed(self, field: str) -> tuple[Any, ...]:
        """What the list *field* holds so far."""
        return tuple(self._fields.get(field, ()))

    def note(self, sentence: str) -> None:
        """Add a note, once; after fifty there are enough."""
        if len(self._notes) < _NOTES:
            super().note(sentence)

    def take_title(self, value: str, name: str, *, at: etree._Element | None = None) -> None:
        """Take *value* as the title, or as a candidate behind the titles found before."""
        value = one_line(value)
        if not value or value == self.text("title") or self.take("title", value, name, at=at):
            return
        if len(self._fields.get("title_fallbacks", ())) < _TITLES:
            self.extend("title_fallbacks", [value], name, at=at)

    def take_teaser(self, value: str, name: str, *, at: etree._Element | None = None) -> None:
        """Take *value* as the standfirst, or as the summary behind it; nothing that is said already."""
        value = one_line(value)
        if value not in {self.text("title"), self.text("standfirst")}:
            self.take("summary" if "standfirst" in self else "standfirst", value, name, at=at)

    def take_byline(self, value: str, name: str, *, at: etree._Element | None = None) -> bool:
        """Take *value* as the byline, unless it is only the initials of a desk ("gr/bp"); whether it was taken."""
        value = one_line(value)
        if _INITIALS.fullmatch(value) and not is_wire(value):
            self.note(f"“{value}” in {where(name, at)} are initials and no byline for readers; they are not shown.")
            return False
        return self.take("byline", value, name, at=at)

    def take_dateline(self, text: str, name: str, *, at: etree._Element | None = None) -> None:
        """Take a printed dateline apart: place and agency; a date stamp becomes a weaker candidate for a date."""
        parts = dateline(text)
        if parts.place:
            self.take("dateline", parts.place, name, at=at)
        elif dates.parse(text[:100]) is not None:
            self.extend("published_fallbacks", [one_line(text[:100])], name, at=at)
        self.take("agency", parts.agency, name, at=at)

    def take_embargo(self, status: str, until: str, name: str, *, at: etree._Element | None = None) -> None:
        """Set embargo and status of an item that its sender calls embargoed.

        With an end the item is usable from then on; without one it is withheld until the sender says more.
        """
        if until:
            self.put_date("embargo", [(one_line(until), where(name, at))])
            self.put("status", "usable", f"{where(name, at)}: “{status}” until the embargo ends")
            return
        self.replace("status", "withheld", name, at=at)
        self.note("The item is embargoed and says no end of it; it stays withheld until a new version comes.")

    def finished(self, *, line: int = 0) -> RawItem:
        """The item, whether it has a text or not."""
        terms = {one.term.casefold() for one in self.listed("categories")}
        if self.text("standfirst") and self.text("standfirst").casefold() in {self.text("title").casefold(), *terms}:
            del self._fields["standfirst"], self._origin["standfirst"]  # agencies repeat title and keywords there
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, dict) else value for name, value in self._fields.items()
        }
        return RawItem(**fields, line=line, origin=self._origin, notes=tuple(self._notes))
