"""A RawItem in the making: the first value that is given for a field stays, and its place is remembered."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from feedsvc import dates
from feedsvc.errors import NotAnArticle, TooLarge
from feedsvc.formats.base import RawItem
from feedsvc.text import one_line

MAX_ITEMS = 5_000
"""How many articles one file may hold."""

_PART = TypeVar("_PART")
_BLANK_LINE = re.compile(r"\n[ \t\u00a0]*\n")
_TAG = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|section|article|figure|table|a|em|strong|b|i|span|img)[\s/>]",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]*+>")
_CORRECTION = re.compile(
    r"\b(?:correct(?:s|ed|ing|ion|ions)|corrig\w*|correcci\w*|rectif\w*|berichtig\w*|korrig\w*|korrektur\w*)\b",
    re.IGNORECASE,
)
_CANCELED = frozenset({"canceled", "cancelled", "killed", "withdrawn", "retracted"})
_HELD = frozenset({"withheld", "held"})


class Draft:
    """Collects the fields of one RawItem. A value that is empty or comes second is passed over."""

    def __init__(self, *, notes: Sequence[str] = ()) -> None:
        self._fields: dict[str, Any] = {}
        self._origin: dict[str, str] = {}
        self._notes = dict.fromkeys(notes)

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    def put(self, field: str, value: object, where: str) -> bool:
        """Set *field* unless it is set already or *value* is empty; whether it was set."""
        if not value or field in self._fields:
            return False
        self._fields[field] = value
        self._origin[field] = where
        return True

    def text(self, field: str) -> str:
        """The text of *field*, empty where it is not set."""
        value = self._fields.get(field, "")
        return value if isinstance(value, str) else ""

    def drop(self, field: str) -> None:
        """Take *field* back."""
        self._fields.pop(field, None)
        self._origin.pop(field, None)

    def note(self, sentence: str) -> None:
        """Add a note, once."""
        self._notes[sentence] = None

    def put_date(self, field: str, candidates: Iterable[tuple[str, str]]) -> None:
        """Set *field* to the first candidate (text, where) that is a date, else to the first there is."""
        given = [(text, where) for text, where in candidates if text]
        for text, where in given:
            if dates.parse(text) is not None:
                self.put(field, text, where)
                return
            self.note(f"“{text[:60]}” ({where}) is no date that can be read.")
        for text, where in given[:1]:
            self.put(field, text, where)

    def put_all(self, field: str, values: Iterable[Any], where: str) -> None:
        """Set *field* to the distinct *values*, in order."""
        self.put(field, tuple(dict.fromkeys(values)), where)

    def put_status(self, status: str, where: str) -> None:
        """Set the publishing status, and ``withdrawal`` where it takes the item back.

        An item that is withheld withdraws too if it has no body: its earlier version must not stay public.
        Call this after the body.
        """
        self.put("status", status, where)
        word = status.rpartition(":")[2].strip().lower()
        if word in _CANCELED or (word in _HELD and "body" not in self):
            self.put("withdrawal", True, where)

    def hold(self, reason: str, where: str = "") -> None:
        """Withhold the item whatever status is set, and note the *reason*."""
        self._fields["status"], self._origin["status"] = "withheld", where or "editors' note"
        self.note(reason)

    def put_editors_note(self, text: str, where: str) -> None:
        """Keep an editors' note, as a note only, where it speaks of a correction: it is never published."""
        if _CORRECTION.search(text):
            self.note(f"The editors' note ({where}) speaks of a correction: {one_line(text)[:300]}")

    def item(self, kind: str) -> RawItem:
        """The finished item; *kind* names the format in messages.

        Raises NotAnArticle where there is neither text nor withdrawal.
        """
        if "withdrawal" not in self and "body" not in self:
            if "title" in self:
                raise NotAnArticle(f"This {kind} has a headline and no text, so it is no article.")
            raise NotAnArticle(f"This {kind} has neither a headline nor a text, so it is no article.")
        return RawItem(**self._fields, origin=self._origin, notes=tuple(self._notes))

    def onto(self, item: RawItem) -> RawItem:
        """*item* with the fields of this draft in place of its own, and with the notes of this draft only."""
        return replace(item, **self._fields, origin={**item.origin, **self._origin}, notes=tuple(self._notes))


def gather(parts: Sequence[_PART], read: Callable[[_PART], RawItem], *, kind: str) -> list[RawItem]:
    """The items that *read* makes of *parts*, numbered if there are several; no articles are passed over.

    Raises NotAnArticle where none is an article, TooLarge for too many.
    """
    if len(parts) > MAX_ITEMS:
        raise TooLarge(f"The file holds {len(parts):,} items; at most {MAX_ITEMS:,} are read from one file.")
    if len(parts) == 1:
        return [read(parts[0])]
    items: list[RawItem] = []
    reasons: list[str] = []
    for number, part in enumerate(parts, start=1):
        try:
            items.append(numbered(read(part), number))
        except NotAnArticle as error:
            reasons.append(str(error))
    if not items:
        first = f" The first: {reasons[0]}" if reasons else ""
        raise NotAnArticle(f"The file holds {len(parts)} items ({kind}), and none is an article.{first}")
    if reasons:
        sentence = f"{len(reasons)} of {len(parts)} items in this file are no articles. The first: {reasons[0]}"
        items[0] = replace(items[0], notes=(*items[0].notes, sentence))
    return items


def numbered(item: RawItem, part: int) -> RawItem:
    """*item* as part number *part* of its file."""
    return replace(item, part=part)


def paragraphs(text: str) -> str:
    """Plain *text* as HTML: a paragraph for each block between blank lines; without any, for each line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    blocks = _BLANK_LINE.split(text)
    if len(blocks) == 1:
        blocks = text.split("\n")
    lines = (one_line(block) for block in blocks)
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def as_html(text: str) -> str:
    """*text* as it is where it holds HTML tags, else as paragraphs."""
    return text if is_html(text) else paragraphs(text)


def blocks(markup: str) -> str:
    """HTML as it is where it holds tags, else a paragraph for each block between blank lines."""
    if is_html(markup):
        return markup
    lines = (one_line(block) for block in _BLANK_LINE.split(markup))
    return "\n".join(f"<p>{line}</p>" for line in lines if line)


def is_html(text: str) -> bool:
    """Whether *text* holds a tag that bodies of articles have."""
    return _TAG.search(text) is not None


def without_tags(text: str) -> str:
    """*text* on one line, its tags taken out: for messages only."""
    return one_line(html.unescape(_MARKUP.sub(" ", text)))


def address(text: str) -> str:
    """*text* where it is an absolute web address, else empty."""
    return text if text.lower().startswith(("http://", "https://")) else ""
