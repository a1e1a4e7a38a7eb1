"""Nexis Uni downloads: title, paper, day with its hour and zone, labels in title case, ``End of Document``."""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather
from feedsvc.formats.plaintext import days
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.labelled import Document, fill, put_paper_and_day
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import furniture

_END = "end of document"


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The articles of the download, in order; None where no line says ``End of Document`` or none ``Body``."""
    documents: list[list[Line]] = [[]]
    ended = False
    for line in lines:
        if len(line.text) < 40 and line.text.casefold() == _END:
            ended = True
            documents.append([])
        else:
            documents[-1].append(line)
    if not ended:
        return None
    found = [Document(one, one[0].number) for one in documents if one]
    if not any(document.has_body for document in found):
        return None
    if documents[-1] and not found[-1].has_body:
        found.pop()  # a line or two below the last end
    return gather(found, _item, kind="documents of a download")


def _item(document: Document) -> RawItem:
    draft = TextDraft(document.start)
    title = _title(document.head)
    headline = document.fields.get("headline")
    if headline:
        draft.put("title", document.value("headline"), at(headline[0], "HEADLINE:"))
    elif title:
        draft.put("title", joined(title), at(title[0]))
    put_paper_and_day(draft, document.head[len(title) :])
    fill(draft, document)
    return draft.item()


def _title(head: Sequence[Line]) -> Sequence[Line]:
    """The lines above the paper and the day: all but the last before the day, one at least."""
    for index, line in enumerate(head):
        if furniture.is_rights(line.text) or days.readable(line.text):
            return head[: max(1, index - 1)] if index else ()
    return head[:1]
