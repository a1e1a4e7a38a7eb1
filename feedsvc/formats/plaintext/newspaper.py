"""Pages scraped from newspapers: stamp and crumbs, a title, a standfirst, a day line, a byline, the paragraphs.

::

     date 2021-03-04 You are here: Home » Local Harbour & Coast
    Ferry returns to the old pier
    Islanders wait for a timetable
    March 4, 2021
    Harbour News Agency . Port Ellis
    The first paragraph ...

Everything but the title may be absent or stand in another order; the daily papers of Bangladesh put the day
with its label first. What makes it this shape is a stamp, crumbs, a day or a byline in the head.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import body, credits, days, furniture, sentences, whole, words
from feedsvc.formats.plaintext.draft import Draft, at
from feedsvc.formats.plaintext.lines import Line, joined

_STAMP = re.compile(r"date\s*[:：]?\s*(?P<stamp>\S.*)", re.IGNORECASE)
_HERE = re.compile(rf"(?:{words.HERE})\s*[:：]?\s*", re.IGNORECASE)
_HOME = re.compile(rf"(?:{words.HOME})\s*(?:»|›|>>?|/|\||→|::|&raquo;|&gt;)\s*", re.IGNORECASE)
_SEPARATORS = " »›>/|→:"
_BEFORE_TITLE = 8
_HEAD = 14
_STANDFIRST_LINES = 4
_STANDFIRST = 600


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The article of a newspaper page; None where the head shows none of its signs."""
    draft = Draft(lines[0].number)
    head = _Head(draft)
    start = head.read_before_title(lines)
    if start >= len(lines):
        return None
    title, after = _title(lines, start, draft)
    end = head.read_after_title(lines, after)
    if not head.signs:
        return None
    standfirst = head.standfirst
    if end >= len(lines) and standfirst and sentences.holds(standfirst[-1].text):
        # The day stands below the text: what seemed to be a standfirst is the text.
        lines, end, standfirst = [*lines[:after], *standfirst], after, []
    if title:
        draft.put("title", title, at(lines[start]))
    if standfirst:
        draft.put("standfirst", joined(standfirst), _span(standfirst))
    head.settle_days()
    head.settle_crumbs(title)
    rest = lines[end:]
    if not standfirst and head.crumbs is not None and _is_standfirst_without_day(rest, head):
        draft.put("standfirst", rest[0].text, at(rest[0]))
        draft.note(f"line {rest[0].number} was taken for the standfirst: it stands alone and is no sentence")
        rest = rest[1:]
    whole.put_body(draft, rest, datelines=True)
    return [draft.item()]


def _title(lines: Sequence[Line], start: int, draft: Draft) -> tuple[str, int]:
    """The title that begins at *start*, and the index after it; no title where the text begins at once."""
    line = lines[start]
    if len(line.text) > whole.LONGEST_TITLE or (start and len(line.text) > 150 and sentences.ends(line.text)):
        return "", start
    end = title_end(lines, start)
    if end > start + 1:
        draft.note(f"the title runs over lines {line.number} to {lines[end - 1].number}")
    return joined(lines[start:end]), end


def title_end(lines: Sequence[Line], start: int) -> int:
    """The index after a title that was broken to a width: a block of two or three lines above a wrapped text."""
    end = start + 1
    while end < len(lines) and not lines[end].gap and end - start < 4:
        end += 1
    block = lines[start:end]
    runs_on = (
        1 < len(block) < 4
        and end < len(lines)
        and not any(sentences.ends(line.text) for line in block[:-1])
        and not any(days.read(line.text) or credits.read(line.text) for line in block[1:])
        and all(len(line.text) >= 40 for line in block[:-1])
        and body.is_wrapped(lines[end : end + 200])
    )
    return end if runs_on else start + 1


def _is_standfirst_without_day(rest: Sequence[Line], head: _Head) -> bool:
    return (
        not head.dated
        and len(rest) > 2
        and len(rest[0].text) <= 200
        and not sentences.ends(rest[0].text)
        and rest[0].gap
        and rest[1].gap
        and not rest[2].gap
    )


def _span(lines: Sequence[Line]) -> str:
    if len(lines) == 1:
        return at(lines[0])
    return f"lines {lines[0].number} to {lines[-1].number}"


class _Head:
    """Reads what stands around the title, line by line, into a draft."""

    def __init__(self, draft: Draft) -> None:
        self.signs = 0
        self.dated = False
        self.standfirst: list[Line] = []
        self.crumbs: tuple[str, str] | None = None
        self._draft = draft
        self._stamp: tuple[str, str] | None = None
        self._day: tuple[str, str] | None = None

    def read_before_title(self, lines: Sequence[Line]) -> int:
        """Read crumbs, stamp, day lines and furniture; the index of the first line that is none of them."""
        for index, line in enumerate(lines[:_BEFORE_TITLE]):
            strong = self._read_strong(line)
            byline = not strong and self.dated and self._read_credit(line)
            if not (strong or byline or furniture.is_furniture(line.text, edge=True)):
                return index
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
            if room < 0 or size > _STANDFIRST:
                break
            following = lines[index + 1] if index + 1 < len(lines) else None
            beside_day = anchored and not pending and self.dated
            if self._read_strong(line) or self._read_credit(line):
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

    def _read_strong(self, line: Line) -> bool:
        """A line of crumbs, a stamp, or a day: known by itself, wherever in the head it stands."""
        if len(line.text) > 400:
            return False
        if self._read_crumbs(line):
            return True
        found = days.read(line.text)
        if found is None:
            return False
        if found.published:
            if self._day is None:
                self._day = (found.published, at(line))
            else:
                self._draft.note(f"a second day, “{found.published}”, stands on line {line.number}")
        if found.updated:
            self._draft.put("updated", found.updated, at(line))
        if found.yearless and self._day is None:
            self._draft.note(f"the day “{found.yearless}” (line {line.number}) is not used: the year is not written")
        for other in found.rest:
            self._put_credit(credits.read(other) or credits.guess(other), line)
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
        if before and not stamp:
            return False
        if stamp:
            self._stamp = self._stamp or (stamp, at(line, "stamp"))
        found = home or here
        crumbs = line.text[found.end() :].strip(_SEPARATORS) if found else ""
        if crumbs.casefold() != "home":
            self.crumbs = self.crumbs or (crumbs, at(line, "crumbs"))
        self.signs += 1
        return True

    def _read_credit(self, line: Line) -> bool:
        found = credits.read(line.text)
        self._put_credit(found, line)
        return found is not None

    def _read_guess(self, line: Line) -> bool:
        if self._draft.get("byline") and self._draft.get("dateline"):
            return False
        found = credits.guess(line.text)
        if found is None or (found.byline and self._draft.get("byline")) or (found.dateline and self._draft.get("dateline")):
            return False
        self._put_credit(found, line)
        return True

    def _put_credit(self, found: credits.Credit | None, line: Line) -> None:
        if found is None:
            return
        for name in ("byline", "agency", "dateline"):
            self._draft.put(name, getattr(found, name), at(line))
        if found.note:
            self._draft.note(found.note)
        self.signs += 1

    def settle_days(self) -> None:
        """The day under the title comes first, the stamp stands in for it; a difference is noted."""
        for candidate in (self._day, self._stamp):
            if candidate is not None:
                self._draft.put_day(*candidate)
        if self._day and self._stamp and not days.same_day(self._day[0], self._stamp[0]):
            self._draft.note(
                f"the stamp says “{self._stamp[0]}”, the day line “{self._day[0]}”; the day line is taken"
            )

    def settle_crumbs(self, title: str) -> None:
        """Keep the crumbs as written; a last crumb that repeats the title goes."""
        if self.crumbs is None:
            return
        crumbs, origin = self.crumbs
        if title and crumbs.casefold().endswith(title.casefold()):
            crumbs = crumbs[: len(crumbs) - len(title)].strip(_SEPARATORS)
        self._draft.put("crumbs", crumbs, origin)
