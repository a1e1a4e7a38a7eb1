"""Nexis downloads of many documents: ``1 of 161 DOCUMENTS``, a centred paper and day, labels in capitals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.labelled import Document, fill, put_paper_and_day
from feedsvc.formats.plaintext.lines import Line

_START = re.compile(r"\d{1,6} of \d{1,6} DOCUMENTS?", re.IGNORECASE)


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The articles of the download, in order; None where it is none. Documents without text are left out and noted."""
    if _START.fullmatch(lines[0].text) is None:
        return None
    starts = [index for index, line in enumerate(lines) if len(line.text) < 40 and _START.fullmatch(line.text)]
    documents = [
        Document(lines[start + 1 : end], lines[start].number) for start, end in pairwise([*starts, len(lines)])
    ]
    return gather(documents, _item, kind="documents of a download")


def _item(document: Document) -> RawItem:
    draft = TextDraft(document.start)
    put_paper_and_day(draft, document.head)
    headline = document.fields.get("headline", [])
    draft.put("title", document.value("headline"), at(headline[0], "HEADLINE:") if headline else "")
    fill(draft, document)
    return draft.item()
