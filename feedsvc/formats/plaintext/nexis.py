"""Nexis downloads of many documents: ``1 of 161 DOCUMENTS``, a centred paper and day, labels in capitals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext.draft import Draft, at
from feedsvc.formats.plaintext.labelled import Document, fill, put_paper_and_day
from feedsvc.formats.plaintext.lines import Line

START = re.compile(r"(?:Document )?\d{1,6} of \d{1,6}(?: DOCUMENTS?)?", re.IGNORECASE)
_STRICT = re.compile(r"\d{1,6} of \d{1,6} DOCUMENTS?", re.IGNORECASE)


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The articles of the download, in order; None where it is none. Documents without text are left out and noted."""
    if _STRICT.fullmatch(lines[0].text) is None:
        return None
    starts = [index for index, line in enumerate(lines) if len(line.text) < 40 and _STRICT.fullmatch(line.text)]
    documents = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return collect([(one[0], Document(one[1:])) for one in documents], _draft)


def _draft(start: Line, document: Document) -> Draft:
    draft = Draft(start.number)
    put_paper_and_day(draft, document.head)
    headline = document.fields.get("headline", [])
    draft.put("title", document.value("headline"), at(headline[0], "HEADLINE:") if headline else "")
    fill(draft, document)
    return draft


def collect(documents: Sequence[tuple[Line, Document]], drafted: object) -> list[RawItem]:
    raise NotImplementedError
