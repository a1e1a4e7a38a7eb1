"""Wire reports of the eighties: a title in capitals, wrapped lines, an indent that opens a paragraph, a sign-off.

::

    COPPER STOCKS FALL AT NORTHERN PORTS
        HARBOUR CITY, March 3 - Stocks of copper fell last week,
    the port authority said.
     Reuter
"""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import days, whole
from feedsvc.formats.plaintext.draft import TextDraft, at, span
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import leads, sentences

_TITLE_LINES = 4
_SIGN_OFFS = ("Reuter", "REUTER")


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The report; None without a dateline that has no year, and without a sign-off, in these places."""
    start = 1 if days.readable(lines[0].text) else 0
    signed = len(lines) > start + 2 and lines[-1].text in _SIGN_OFFS
    text = lines[:-1] if signed else lines
    opening = _opening(text, start)
    if opening is None:
        if not signed or not sentences.capitals(text[start].text):
            return None
        opening = start + 1
    draft = TextDraft(lines[0].number)
    if start:
        draft.put_day(days.readable(lines[0].text), at(lines[0]))
    draft.put("title", joined(text[start:opening]), span(text[start:opening]))
    if signed:
        draft.put("agency", "Reuters", at(lines[-1], "sign-off"))
    whole.put_body(draft, text[opening:], wrapped=True)
    return [draft.item()]


def _opening(lines: Sequence[Line], start: int) -> int | None:
    """The index of the indented lead with a dateline in capitals, after one to four lines of title."""
    for index in range(start + 1, min(len(lines), start + 1 + _TITLE_LINES)):
        if lines[index].indent >= 2:
            lead = leads.read(lines[index].text)
            if lead is not None and days.yearless(lead.day) and sentences.capitals(lead.place):
                return index
            return None
    return None
