"""What all shapes end with: the body goes into the item, and a text without a sentence is no article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from feedsvc.errors import NotAnArticle
from feedsvc.formats.plaintext import days, edges
from feedsvc.formats.plaintext.body import Paragraph, paragraphs, to_html
from feedsvc.formats.plaintext.draft import TextDraft, span
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wording import leads, sentences

LONGEST_TITLE = 300
_FEWEST_LINES = 3
# "（记者 林海）" behind a dateline in Chinese.
_REPORTER = re.compile(r"[（(](?P<name>(?:本报)?(?:记者|記者)[^（）()]{1,30})[)）]\s*")


def put_body(
    draft: TextDraft,
    lines: Sequence[Line],
    *,
    wrapped: bool | None = None,
    titles: Sequence[str] = (),
    listed: bool = False,
) -> None:
    """Make *lines* the body of *draft*: furniture out, lines joined, the dateline taken from the lead.

    A first paragraph that only repeats the title is left out. Where there is no title, *titles* and then the
    first sentence stand in. Raises NotAnArticle where no sentence is left; below a title a *listed* text may be three
    lines without one, as results and lists of headlines are.
    """
    kept = edges.without_furniture(lines, draft)
    found = paragraphs(kept, wrapped=wrapped)
    if len(found) > 1 and _same(found[0].text, draft.text("title")):
        draft.note(f"The title is said again on line {found[0].line}; it is left out there.")
        found = found[1:]
    if found:
        found = [_without_dateline(found[0], draft), *found[1:]]
    said = listed and "title" in draft and sum(1 + len(one.rows) for one in found) >= _FEWEST_LINES
    if not said and not any(sentences.holds(paragraph.text) for paragraph in found):
        raise NotAnArticle(
            "There is no sentence below the title; an article needs a title line and at least one sentence of text.",
            line=found[0].line if found else lines[-1].number if lines else 0,
        )
    if "title" not in draft:
        sentence = next(sentences.first(one.text) for one in found if sentences.holds(one.text))
        offered = tuple(dict.fromkeys([*titles, sentence]))
        draft.put("title_fallbacks", offered, "highlights and first sentence" if titles else "first sentence")
        draft.note("The file has no title line; one is taken from its text.")
    draft.put("body", to_html(found), span(kept))


def _same(one: str, other: str) -> bool:
    return bool(other) and " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _without_dateline(paragraph: Paragraph, draft: TextDraft) -> Paragraph:
    lead = leads.read(paragraph.text)
    if lead is None or not sentences.holds(lead.rest):
        return paragraph
    origin = f"dateline on line {paragraph.line}"
    draft.put("dateline", lead.place, origin)
    draft.put("agency", lead.agency, origin)
    if lead.day:
        put_day(draft, lead.day, origin)
    rest = lead.rest
    signed = _REPORTER.match(rest)
    if signed is not None and sentences.holds(rest[signed.end() :]):
        draft.put("byline", signed["name"].strip(), origin)
        rest = rest[signed.end() :]
    return replace(paragraph, text=rest)


def put_day(draft: TextDraft, written: str, origin: str) -> None:
    """Give *written*, a day with or without its year, to *draft*."""
    if not days.yearless(written):
        draft.put_day(written, origin)
        return
    known = draft.text("published")
    if not known:
        draft.note(f"The day “{written}” ({origin}) is not used: the year is not written.")
    elif not days.same_day_of_year(written, known):
        draft.note(f"The day “{written}” ({origin}) differs from “{known}”.")
