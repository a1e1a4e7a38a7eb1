"""One document of a Nexis download: what stands above its labels, its labelled fields, its body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.base import RawCategory
from feedsvc.formats.plaintext import body, days, whole
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import furniture, words

_LABEL = re.compile(r"(?P<label>[A-Z][A-Za-z]*(?:[- ][A-Za-z]+){0,2}):(?:\s+(?P<value>.*))?")
_LABELS = words.phrases(
    """
    acc-no|body|byline|city|company|correction|correction-date|country|dateline|distribution
   |document-type|edition|geographic|graphic|headline|highlight|industry|issn|journal-code|
    keywords|language|length|load-date|name|notes|organization|pages|person|publication-type
   |section|series|state|subject|ticker|type|url
    """
)
# What may follow a body; any other label inside a body belongs to the text.
_AFTER_BODY = words.phrases(
    """
    acc-no|city|company|correction|correction-date|country|distribution|document-type|
    geographic|graphic|industry|issn|journal-code|language|load-date|organization|person|
    publication-type|state|subject|ticker|url
    """
)
_HEADS = {
    "body": "body",
    "classification": "",
    "graphic": "graphic",
    "notes": "notes",
    "bibliography": "",
    "references": "",
}
_PAGE = re.compile(r"(?:pgs?|pages?|p|version|ver|col)\b\.?\s*:?\s*[\w., -]*", re.IGNORECASE)
_PERCENT = re.compile(r"\(\d{1,3}%\)$")
_RESERVED = re.compile(r",?\s*All Rights Reserved\.?\s*$", re.IGNORECASE)
_LANGUAGES = {
    "arabic": "ar", "bengali": "bn", "chinese": "zh", "danish": "da", "dutch": "nl", "english": "en", "french": "fr",
    "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "italian": "it", "japanese": "ja", "norwegian": "no",
    "polish": "pl", "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr",
}  # fmt: skip


class Document:
    """The lines of one document, sorted: *head*, *fields* (label -> its lines, the value in the first), *text*.

    *start* is the number of its first line.
    """

    def __init__(self, lines: Sequence[Line], start: int) -> None:
        self.start = start
        self.head: list[Line] = []
        self.fields: dict[str, list[Line]] = {}
        self.text: list[Line] = []
        self.rights: list[Line] = []
        self.has_body = False
        self._sort(lines)

    def _sort(self, lines: Sequence[Line]) -> None:
        where = "head"
        in_body = False
        for line in lines:
            label, value = _label(line, in_body)
            if label or (not in_body and line.text.casefold() in _HEADS) or _closes(line, in_body):
                name = label or _HEADS.get(line.text.casefold(), "")
                in_body = name == "body"
                self.has_body = self.has_body or in_body
                where = name
                if name and not in_body:
                    self.fields.setdefault(name, [])
                if not value:
                    if furniture.is_rights(line.text):
                        self.rights.append(line)
                    continue
                line = line._replace(text=value, gap=False)
            if furniture.is_rights(line.text) and not in_body:
                self.rights.append(line)
            elif in_body:
                self.text.append(line)
            elif where == "head":
                self.head.append(line)
            elif where and not (line.gap and self.fields[where]):
                self.fields[where].append(line)
            elif where:
                where = ""  # a blank line ends the value of a label

    def value(self, label: str) -> str:
        """The value of *label* on one line, empty where it is absent."""
        return joined(self.fields.get(label, ()))


def _label(line: Line, in_body: bool) -> tuple[str, str]:
    found = _LABEL.fullmatch(line.text) if len(line.text) < 5000 else None
    if found is None or line.indent > 8:
        return "", ""
    name = found["label"].casefold().replace(" ", "-")
    if name not in (_AFTER_BODY if in_body else _LABELS):
        return "", ""
    return name, (found["value"] or "").strip()


def _closes(line: Line, in_body: bool) -> bool:
    """Whether *line* ends a body without a label of its own."""
    if not in_body or not line.gap:
        return False
    return line.text in ("Classification", "Graphic", "Notes") or furniture.is_rights(line.text)


def fill(draft: TextDraft, document: Document) -> None:
    """Put the labelled fields and the body of *document* into *draft*. Raises NotAnArticle without a sentence."""
    for label, field in (("byline", "byline"), ("dateline", "dateline"), ("highlight", "standfirst"), ("url", "link")):
        draft.put(field, document.value(label), _origin(document, label))
    sections = tuple(
        part.strip()
        for part in document.value("section").split(";")
        if part.strip() and not _PAGE.fullmatch(part.strip()[:80])
    )
    draft.put("sections", sections[:1], _origin(document, "section"))
    language = document.value("language")
    draft.put("language", _LANGUAGES.get(language.casefold(), language), _origin(document, "language"))
    subjects = (_PERCENT.sub("", part.strip()).strip() for part in document.value("subject").split(";"))
    draft.put(
        "categories",
        tuple(RawCategory(term=term) for term in dict.fromkeys(subjects) if term),
        _origin(document, "subject"),
    )
    for line in document.rights[:1]:
        draft.put("rights", _RESERVED.sub("", line.text).strip(), at(line))
    correction = document.value("correction")
    if correction:
        draft.note(f"The file carries a correction: {correction[:300]}.")
    wrapped = any(line.gap for line in document.text[1:]) or body.is_wrapped(document.text)
    whole.put_body(draft, document.text, wrapped=wrapped)


def put_paper_and_day(draft: TextDraft, lines: Sequence[Line]) -> None:
    """Take the day, with its edition aside, and the paper's name from the lines above the labels."""
    for line in lines:
        day = days.readable(line.text) if len(line.text) <= 100 else ""
        if day and not draft.text("published"):
            draft.put_day(day, at(line))
        elif not day and line is lines[0] and len(line.text) <= 120:
            draft.note(f"Printed in “{line.text}”.")


def _origin(document: Document, label: str) -> str:
    lines = document.fields.get(label)
    return at(lines[0], f"{label.upper()}:") if lines else ""
