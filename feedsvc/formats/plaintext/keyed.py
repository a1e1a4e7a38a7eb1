"""Text with ``Key: value`` lines in front, as Pelican and many desks write it.

::

    Title: Ferry returns to the old pier
    Date: 2021-03-04 10:20
    Section: Local

    The first paragraph ...

An ordinary article may begin with ``Something: a headline``. Two known keys make it this shape, or one whose
value is what such a key holds and a blank line after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from feedsvc.formats.base import RawAuthor, RawItem, RawMedium
from feedsvc.formats.plaintext import days, whole
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wording import furniture, sentences, words

_LINE = re.compile(r"(?P<key>[^\W\d_][\w -]{0,30}?)\s?[:：](?:\s+(?P<value>.*))?")
_MOST = 60

_FIELDS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(("date", "published", "pubdate", "publish date", "date published", "published on"), "published"),
    **dict.fromkeys(("modified", "updated", "last modified", "last updated", "date modified"), "updated"),
    **dict.fromkeys(("by", "byline"), "byline"),
    **dict.fromkeys(("author", "authors"), "authors"),
    **dict.fromkeys(("section", "sections", "category", "categories"), "sections"),
    **dict.fromkeys(("tags", "tag", "keywords", "topics"), "categories"),
    "slug": "slug",
    **dict.fromkeys(("summary", "description", "abstract", "excerpt"), "summary"),
    **dict.fromkeys(("standfirst", "deck", "dek", "subtitle", "subhead", "sub headline"), "standfirst"),
    **dict.fromkeys(("embargo", "embargoed", "embargoed until", "embargo until", "not before"), "embargo"),
    **dict.fromkeys(("expires", "expiry", "expiry date", "expirydate"), "expires"),
    **dict.fromkeys(("status", "pubstatus"), "status"),
    "draft": "draft",
    **dict.fromkeys(("id", "guid", "uri", "urn"), "id"),
    "version": "version",
    **dict.fromkeys(("language", "lang"), "language"),
    **dict.fromkeys(("link", "url", "canonical", "canonical url", "permalink"), "link"),
    **dict.fromkeys(("source", "agency", "wire"), "agency"),
    **dict.fromkeys(("dateline", "place", "location"), "dateline"),
    **dict.fromkeys(("image", "photo", "picture", "featured image"), "image"),
    **dict.fromkeys(("image alt", "alt", "alt text"), "alt"),
    **dict.fromkeys(("image caption", "caption", "photo caption"), "caption"),
    **dict.fromkeys(("image credit", "photo credit", "credit"), "credit"),
    **dict.fromkeys(("copyright", "rights", "licence", "license"), "rights"),
    **dict.fromkeys(("urgency", "priority"), "urgency"),
}
_STATUSES = words.phrases(
    """
    usable|draft|hidden|withheld|published|canceled|cancelled|embargoed|public|private|
    live
    """
)
_SEPARATOR = re.compile("[;,]")


def _few_words(value: str) -> bool:
    return len(value) <= 60 and len(value.split()) <= 6 and not sentences.ends(value)


# Keys that may stand alone, and what their value must look like then. All others need a second key beside them.
_ALONE: dict[str, Callable[[str], object]] = {
    "title": lambda value: len(value) <= whole.LONGEST_TITLE,
    "published": days.readable,
    "byline": _few_words,
    "authors": _few_words,
    "sections": _few_words,
    "categories": _few_words,
    "slug": lambda value: re.fullmatch(r"[\w-]+", value),
    "status": lambda value: value.casefold() in _STATUSES,
    "embargo": days.readable,
    "expires": days.readable,
    "link": lambda value: not re.search(r"\s", value) and ("." in value or "/" in value),
    "language": lambda value: re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?", value),
    "id": lambda value: not re.search(r"\s", value),
}


class _Pair:
    """A ``Key: value`` line with the lines that carry its value on."""

    def __init__(self, line: Line, key: str, value: str) -> None:
        self.line = line
        self.key = key
        self.field = _FIELDS.get(" ".join(re.split(r"[\s_-]+", key.casefold())), "")
        self.value = value

    @property
    def origin(self) -> str:
        return f"{self.key}: on line {self.line.number}"


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The article below the keys; None where the first lines are no such keys."""
    pairs, end = _pairs(lines)
    if not _is_front(pairs, lines[end:]):
        return None
    draft = TextDraft(lines[0].number)
    for pair in pairs:
        if pair.field:
            _put(draft, pair)
        else:
            draft.note(f"The key “{pair.key}” (line {pair.line.number}) is not known and not used.")
    _put_medium(draft, pairs)
    rest = lines[end:]
    if not draft.text("title") and len(rest) > 1 and len(rest[0].text) <= whole.LONGEST_TITLE:
        draft.put("title", rest[0].text.lstrip("# "), at(rest[0]))
        rest = rest[1:]
    whole.put_body(draft, rest)
    return [draft.item()]


def _pairs(lines: Sequence[Line]) -> tuple[list[_Pair], int]:
    """The pairs that the file begins with, up to the first blank line, and the index of the line after them."""
    pairs: list[_Pair] = []
    for index, line in enumerate(lines[:_MOST]):
        if index and line.gap:
            return pairs, index
        found = _LINE.fullmatch(line.text) if len(line.text) <= 5000 else None
        if found is not None and line.indent < 4:
            pairs.append(_Pair(line, found["key"], (found["value"] or "").strip()))
        elif pairs and line.indent > lines[0].indent:
            pairs[-1].value = f"{pairs[-1].value} {line.text}".strip()
        else:
            return pairs, index
    return pairs, min(len(lines), _MOST)


def _is_front(pairs: Sequence[_Pair], rest: Sequence[Line]) -> bool:
    if not pairs or not pairs[0].field:
        return False
    gap = bool(rest) and rest[0].gap
    known = {pair.field for pair in pairs if pair.field and pair.value}
    if len(known) >= 2:
        return gap or len(known) * 2 >= len(pairs)
    only = pairs[0]
    sane = _ALONE.get(only.field)
    if len(pairs) > 1 or not gap or not only.value or sane is None or not sane(only.value):
        return False
    return only.field == "title" or len(rest) > 1  # any other key leaves the title to the text below


def _put(draft: TextDraft, pair: _Pair) -> None:
    value, field = pair.value, pair.field
    if field == "published":
        draft.put_day(value, pair.origin)
    elif field == "authors":
        names = (name.strip() for name in value.split(";" if ";" in value else ","))
        draft.put("authors", tuple(RawAuthor(name=name) for name in names if name), pair.origin)
    elif field == "sections":
        names = (name.strip() for name in _SEPARATOR.split(value))
        draft.put("sections", tuple(name for name in names if name), pair.origin)
    elif field == "categories":
        draft.put("categories", furniture.tags(value), pair.origin)
    elif field == "draft":
        draft.put("status", "draft" if value.casefold() in ("true", "yes", "1") else "", pair.origin)
    elif field == "agency" and re.match(r"https?://", value):
        draft.put("link", value, pair.origin)
    elif field not in ("image", "alt", "caption", "credit"):
        draft.put(field, value, pair.origin)


def _put_medium(draft: TextDraft, pairs: Sequence[_Pair]) -> None:
    given = {pair.field: pair for pair in reversed(pairs) if pair.value}
    image = given.get("image")
    if image is None:
        return
    said = {name: given[name].value if name in given else "" for name in ("alt", "caption", "credit")}
    medium = RawMedium(url=image.value, alt=said["alt"], caption=said["caption"], credit=said["credit"])
    draft.put("media", (medium,), image.origin)
