"""The plainest shape: a title line, then paragraphs. Also the lead of a wire report that has no title.

::

    Ferry returns to the old pier

    The first paragraph ...
"""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import body, whole
from feedsvc.formats.plaintext.draft import TextDraft, span
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.plaintext.newspaper import title_end
from feedsvc.formats.wording import leads, sentences

_WHAT_TO_DO = "put the title alone on the first line and the text below it"


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The article. Raises NotAnArticle where there is no title line or no sentence below it."""
    draft = TextDraft(lines[0].number)
    first = lines[0]
    lead = leads.read(first.text)
    if lead is not None and sentences.holds(lead.rest):
        whole.put_body(draft, lines)
        return [draft.item()]
    if len(first.text) > whole.LONGEST_TITLE:
        raise NotAnArticle(
            f"The first line is no title: it has {len(first.text)} characters; {_WHAT_TO_DO}.", line=first.number
        )
    if len(lines) == 1:
        if sentences.holds(first.text):
            raise NotAnArticle(f"There is one line alone; {_WHAT_TO_DO}.", line=first.number)
        raise NotAnArticle("There is a title and no text; write at least one sentence below it.", line=first.number)
    end = title_end(lines, 0)
    if end == 1 and _runs_on(lines):
        raise NotAnArticle(
            f"The first line is no title: its sentence runs on into the second; {_WHAT_TO_DO}.", line=first.number
        )
    title = joined(lines[:end])
    if title.startswith("#"):
        title = title.strip("# ")
        draft.note("The sign of a Markdown heading was taken off the title; name the file .md if it is Markdown.")
    draft.put("title", title, span(lines[:end]))
    whole.put_body(draft, lines[end:])
    return [draft.item()]


def _runs_on(lines: Sequence[Line]) -> bool:
    """Whether the text begins on the first line and is broken to a width: there is no title."""
    first, second = lines[0], lines[1]
    return (
        not second.gap
        and second.indent <= first.indent
        and second.text[0].islower()
        and not sentences.ends(first.text)
        and body.is_wrapped(lines[:200])
    )
