"""The head of a newspaper page: stamp, crumbs, days, credits and furniture around its title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.plaintext import days, embargoes, whole
from feedsvc.formats.plaintext.draft import TextDraft, at, span
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wording import bylines, furniture, words

_STAMP = re.compile(rf"(?:{words.STAMP})\s*[:：]?\s*(?P<stamp>\S.*)", re.IGNORECASE)
_HERE = re.compile(rf"(?:{words.HERE})\s*[:：]?\s*", re.IGNORECASE)
_HOME = re.compile(rf"(?:{words.HOME})\s*(?:[»«›‹/|→←]|>>?|::|&raquo;|&gt;)\s*", re.IGNORECASE)
_SEPARATORS = " »«›‹>/|→←:"
_BEFORE_TITLE = 8
_HEAD = 14
_STANDFIRST_LINES = 4
_STANDFIRST = 600
_STANDFIRST_LINE = 300


class Head:
    """Reads what stands around the title, line by line, into a draft."""

    def __init__(self, draft: TextDraft) -> None:
        self.signs = 0
        self.dated = False
        self.standfirst: list[Line] = []
        self.crumbs: tuple[str, str] | None = None
        self._draft = draft
        self._stamp: tuple[str, str] | None = None
        self._day: tuple[str, str] | None = None
        self._yearless: tuple[str, str] | None = None
        self._bylines: list[tuple[str, Line]] = []

    def read_before_title(self, lines: Sequence[Line]) -> int:
        """Read crumbs, stamp, day lines and furniture; the index of the first line that is none of them."""
        for index, line in enumerate(lines[:_BEFORE_TITLE]):
            strong = self._read_strong(line)
            byline = not strong and self.dated and self._read_credit(line)
            if strong or byline:
                continue
            if not furniture.is_furniture(line.text, edge=True):
                return index
            self.signs += 1
        return min(len(lines), _BEFORE_TITLE)

    def read_after_title(self, lines: Sequence[Line], start: int) -> int:
        """Read the lines below the title; the index of the first line of the body."""
        end = start
        pending: list[Line] = []
        anchored = False
        for index in range(start, min(len(lines), start + _HEAD)):
            line = lines[index]
            room = (1 if anchored else _STANDFIRST_LINES) - len(pending)
            size = sum(len(one.text) for one in pending)
            if room < 0 or size > _STANDFIRST or any(len(one.text) > _STANDFIRST_LINE for one in pending):
                break
            following = lines[index + 1] if index + 1 < len(lines) else None
            beside_day = anchored and not pending and self.dated
            within_text = anchored and bool(pending) and self._day is not None
            if self._read_strong(line, within_text=within_text) or self._read_credit(line):
                self.standfirst += pending
                pending, anchored, end = [], True, index + 1
            elif furniture.is_furniture(line.text, edge=True):
                if not pending:
                    end = index + 1
            elif beside_day and following is not None and self._read_guess(line):
                end = index + 1
            elif not pending and following is not None and self._is_day_next(following) and self._read_guess(line):
                anchored, end = True, index + 1
            else:
                pending.append(line)
        return end

    def _is_day_next(self, line: Line) -> bool:
        return days.read(line.text) is not None

    def _read_strong(self, line: Line, *, within_text: bool = False) -> bool:
        """A line of crumbs, a stamp, an embargo or a day: known by itself, wherever in the head it stands.

        *within_text*: it may stand below the first paragraph, where a day without a label is a sub-head.
        """
        if len(line.text) > 400:
            return False
        if self._read_crumbs(line):
            return True
        if embargoes.put(self._draft, line):
            self.signs += 1
            return True
        found = days.read(line.text)
        if found is None or (within_text and not found.labelled):
            return False
        if found.published:
            if self._day is None:
                self._day = (found.published, at(line))
            else:
                self._draft.note(f"A second day, “{found.published}”, stands on line {line.number}.")
        if found.updated:
            self._draft.put("updated", found.updated, at(line))
        if found.yearless:
            self._yearless = self._yearless or (found.yearless, at(line))
        for other in found.rest:
            self._put_credit(bylines.read(other) or bylines.guess(other), line)
        self.dated = True
        self.signs += 1
        return True

    def _read_crumbs(self, line: Line) -> bool:
        here = _HERE.search(line.text)
        home = _HOME.search(line.text, here.end() if here else 0)
        if home is not None and here is None and home.start() > 60:
            home = None
        start = min((found.start() for found in (here, home) if found), default=len(line.text))
        before = line.text[:start].strip()
        labelled = _STAMP.fullmatch(before)
        stamp = days.readable(labelled["stamp"] if labelled else before) if before else ""
        if not (here or home):
            if labelled and stamp:  # "date 2021-03-04" alone
                self._stamp = self._stamp or (stamp, at(line, "stamp"))
                self.signs += 1
            return bool(labelled and stamp)
        if before and not stamp and not (labelled and here):
            return False  # a stamp may be in figures of a calendar that cannot be told
        if stamp:
            self._stamp = self._stamp or (stamp, at(line, "stamp"))
        found = home or here
        crumbs = line.text[found.end() :].strip(_SEPARATORS) if found else ""
        if crumbs.casefold() != "home":
            self.crumbs = self.crumbs or (crumbs, at(line, "crumbs"))
        self.signs += 1
        return True

    def _read_credit(self, line: Line) -> bool:
        found = bylines.read(line.text)
        self._put_credit(found, line)
        return found is not None

    def _read_guess(self, line: Line) -> bool:
        found = bylines.guess(line.text)
        if found is None or (found.byline and self._bylines) or (found.dateline and self._draft.text("dateline")):
            return False
        self._put_credit(found, line)
        return True

    def _put_credit(self, found: bylines.Credit | None, line: Line) -> None:
        if found is None:
            return
        for name in ("agency", "dateline"):
            self._draft.put(name, getattr(found, name), at(line))
        if found.byline:
            self._bylines.append((found.byline, line))
        if found.note:
            self._draft.note(found.note)
        self.signs += 1

    def settle_bylines(self) -> None:
        """Several bylines, one below the other, become one: "By Jane Doe, Sports Writer"."""
        if self._bylines:
            lines = [line for _, line in self._bylines]
            self._draft.put(
                "byline", ", ".join(byline for byline, _ in self._bylines), span(lines[:1] + lines[1:][-1:])
            )

    def settle_days(self) -> None:
        """The day under the title comes first, the stamp stands in for it; a difference is noted."""
        for candidate in (self._day, self._stamp):
            if candidate is not None:
                self._draft.put_day(*candidate)
        if self._yearless is not None:
            whole.put_day(self._draft, *self._yearless)
        if self._day and self._stamp and not days.same_day(self._day[0], self._stamp[0]):
            self._draft.note(
                f"The stamp says “{self._stamp[0]}”, the day line “{self._day[0]}”; the day line is taken."
            )

    def settle_crumbs(self, title: str) -> None:
        """Keep the crumbs as written; a last crumb that repeats the title goes."""
        if self.crumbs is None:
            return
        crumbs, origin = self.crumbs
        if title and crumbs.casefold().endswith(title.casefold()):
            crumbs = crumbs[: len(crumbs) - len(title)].strip(_SEPARATORS)
        self._draft.put("crumbs", crumbs, origin)
