"""The first and last lines of a body, in every format: what they say goes into fields, and is not said twice.

A byline, an agency with its place, a dateline open a text; sign-offs, buttons and copyright lines close it. Whatever
the file says of itself elsewhere goes before: lines that say otherwise stay in the text.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from feedsvc import dates, markup
from feedsvc.formats.base import RawItem
from feedsvc.formats.wording import bylines, leads
from feedsvc.formats.wording.bylines import Credit
from feedsvc.formats.wording.leads import Lead
from feedsvc.normalise.blocks import Block, blocks
from feedsvc.normalise.endings import ending
from feedsvc.normalise.openings import opening, without_lead

_EMPTIED = re.compile(r"<div(?: [^<>]*)?>\s*</div>")
_MOST_WRAPPERS = 3
_FIRST = "first paragraph"
_LAST = "last paragraph"


def taken_apart(raw: RawItem, content: str) -> tuple[RawItem, str]:
    """*raw* with what the edges of its sanitised body *content* say, and that body without them."""
    found = list(blocks(content))
    if not found:
        return raw, content
    opened = opening(content, found)
    closed = None if opened.credits or opened.lead is not None else ending(content, found)
    if closed is not None and not closed.lines:
        return raw, content  # as nearly always
    item = _Item(raw)
    cuts: list[tuple[Block, str]] = []
    for block, line, credit in opened.credits:
        if not item.takes_credit(line, credit):
            break
        cuts.append((block, ""))
    text = found[len(cuts) :]
    if opened.lead is not None and len(cuts) == len(opened.credits) and item.takes_lead(opened.lead):
        cuts.append((opened.paragraph, without_lead(content, opened)))
    closed = closed or ending(content, text)
    item.take("agency", closed.agency, _LAST)
    item.take("rights", closed.rights, _LAST)
    item.take("categories", closed.tags, _LAST)
    for line in closed.lines:
        item.notes.append(f"“{line[:80]}” at the end of the text is left out")
    cuts.extend((block, "") for block in closed.blocks)
    return item.finished(), _cut(content, cuts)


class _Item:
    """A RawItem that takes what its body says, where it says nothing of it itself."""

    def __init__(self, raw: RawItem) -> None:
        self._raw = raw
        self._taken: dict[str, Any] = {}
        self._origin = dict(raw.origin)
        self.notes = list(raw.notes)

    def take(self, name: str, value: object, origin: str) -> bool:
        """Set the field *name* where it is empty and *value* is not; whether it was set."""
        if not value or getattr(self._raw, name) or name in self._taken:
            return False
        self._taken[name] = value
        self._origin[name] = origin
        return True

    def takes_credit(self, line: str, credit: Credit) -> bool:
        """Take a byline with agency and place; whether it goes with what the item says already."""
        known = self._known("byline") or " ".join(author.name for author in self._raw.authors)
        if known and bylines.is_role(line) and self._agrees(agency=credit.agency, dateline=""):
            # "By Jane Doe", "Sports Writer": a line for the name and one for what she is.
            if _letters(line) not in _letters(known):
                self._taken["byline"] = f"{known}, {line}"
            return True
        if not (_agree(credit.byline, known) and self._agrees(agency=credit.agency, dateline=credit.dateline)):
            return False
        said = {"byline": credit.byline, "agency": credit.agency, "dateline": credit.dateline}
        taken = [name for name, value in said.items() if self.take(name, value, _FIRST)]
        if taken:
            self.notes.append(f"“{line[:80]}” at the beginning of the text is taken for the {' and the '.join(taken)}")
        return True

    def takes_lead(self, lead: Lead) -> bool:
        """Take a dateline; whether it goes with what the item says already."""
        if not self._agrees(agency=lead.agency, dateline=lead.place):
            return False
        said = {"dateline": lead.place, "agency": lead.agency}
        taken = [name for name, value in said.items() if self.take(name, value, _FIRST)]
        if taken:
            shown = ", ".join(said[name] for name in taken)
            self.notes.append(f"“{shown}” at the beginning of the text is taken for the {' and the '.join(taken)}")
        self._compare_day(lead.day)
        for name in ("standfirst", "summary"):
            again = leads.read(getattr(self._raw, name))
            if again is not None and self._agrees(agency=again.agency, dateline=again.place):
                self._taken[name] = again.rest
        return True

    def finished(self) -> RawItem:
        if not self._taken and len(self.notes) == len(self._raw.notes):
            return self._raw
        literal = self._raw.literal | (self._taken.keys() & {"agency", "byline", "dateline", "rights"})
        notes = tuple(self.notes)
        return dataclasses.replace(self._raw, origin=self._origin, notes=notes, literal=literal, **self._taken)

    def _known(self, name: str) -> str:
        return str(self._taken.get(name) or getattr(self._raw, name))

    def _agrees(self, *, agency: str, dateline: str) -> bool:
        known = self._known("agency")
        wires = _agree(agency, known) or _letters(agency) == _initials(known) or _letters(known) == _initials(agency)
        return wires and _agree(dateline, self._known("dateline"))

    def _compare_day(self, day: str) -> None:
        """The day of a dateline serves where the item has no other; without its year it is no date."""
        written = dates.parse(day)
        if written is not None:
            self._taken["published_fallbacks"] = (*self._raw.published_fallbacks, day)
            return
        known = dates.parse(self._raw.published)
        parts = dates.parse_without_year(day)
        if parts is not None and known is not None and (known.day.month, known.day.day) != parts:
            self.notes.append(f"the dateline says {day}, the date {known.day}; the latter is used")


def _agree(said: str, known: str) -> bool:
    """Whether two names go together: one is not given, or one holds the other, case and signs aside."""
    one, other = _letters(said), _letters(known)
    return one in other or other in one


def _initials(name: str) -> str:
    """The code of a wire: "ap" for "The Associated Press"."""
    words = re.split(r"[\s-]+", name.casefold().removeprefix("the "))
    return "".join(word[0] for word in words if word[:1].isalpha() and word != "of")


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _cut(content: str, cuts: Sequence[tuple[Block, str]]) -> str:
    """*content* with each block of *cuts* replaced; what then is an empty wrapper goes as well."""
    if not cuts:
        return content
    parts: list[str] = []
    at = 0
    for block, replacement in sorted(cuts, key=lambda cut: cut[0].start):
        parts += [content[at : block.start], replacement]
        at = block.end
    whole = "".join([*parts, content[at:]])
    for _ in range(_MOST_WRAPPERS):
        whole = _EMPTIED.sub("", whole)
    return markup.sanitise(whole.strip())  # a cut may have taken one end of an element, and left the other
