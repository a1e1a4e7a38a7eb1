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

from collections.abc import Sequence
from itertools import pairwise

from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import body, days, whole
from feedsvc.formats.plaintext.draft import TextDraft, at, span
from feedsvc.formats.plaintext.head import Head
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import bylines, sentences


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The article of a newspaper page; None where the head shows none of its signs."""
    draft = TextDraft(lines[0].number)
    head = Head(draft)
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
        draft.put("standfirst", _sentences(standfirst), span(standfirst))
    head.settle_bylines()
    head.settle_days()
    head.settle_crumbs(title)
    rest = lines[end:]
    if not standfirst and head.crumbs is not None and _is_standfirst_without_day(rest, head):
        draft.put("standfirst", rest[0].text, at(rest[0]))
        draft.note(f"Line {rest[0].number} was taken for the standfirst: it stands alone and is no sentence.")
        rest = rest[1:]
    whole.put_body(draft, rest)
    return [draft.item()]


def _title(lines: Sequence[Line], start: int, draft: TextDraft) -> tuple[str, int]:
    """The title that begins at *start*, and the index after it; no title where the text begins at once."""
    line = lines[start]
    several = sentences.ends(line.text) and len(sentences.first(line.text)) < len(line.text)
    if len(line.text) > whole.LONGEST_TITLE or (
        start and sentences.ends(line.text) and (several or len(line.text) > 150)
    ):
        return "", start
    end = title_end(lines, start)
    if end > start + 1:
        draft.note(f"The title runs over lines {line.number} to {lines[end - 1].number}.")
    return joined(lines[start:end]), end


def _sentences(lines: Sequence[Line]) -> str:
    """The lines of a standfirst as one; a semicolon parts those that end without a stop and do not run on."""
    text = lines[0].text
    for before, line in pairwise(lines):
        runs_on = sentences.ends(before.text) or before.text[-1] in ",;:—–-" or line.text[0].islower()
        text += f" {line.text}" if runs_on else f"; {line.text}"
    return text


def title_end(lines: Sequence[Line], start: int) -> int:
    """The index after a title that was broken to a width: a block of two or three lines above a wrapped text."""
    end = start + 1
    while end < len(lines) and not lines[end].gap and end - start < 4:
        end += 1
    block = lines[start:end]
    runs_on = (
        1 < len(block) < 4
        and end < len(lines)
        and all(len(line.text) >= 20 and not sentences.ends(line.text) for line in block[:-1])
        and (sentences.capitals(joined(block)) or all(line.text[0].islower() for line in block[1:]))
        and not any(days.read(line.text) or bylines.read(line.text) for line in block[1:])
        and body.is_wrapped(lines[end : end + 200])
    )
    return end if runs_on else start + 1


def _is_standfirst_without_day(rest: Sequence[Line], head: Head) -> bool:
    return (
        not head.dated
        and len(rest) > 2
        and len(rest[0].text) <= 200
        and not sentences.ends(rest[0].text)
        and rest[0].gap
        and rest[1].gap
        and not rest[2].gap
    )
