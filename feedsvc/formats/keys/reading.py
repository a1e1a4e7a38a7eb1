"""Metadata written as keys and values: which key means which field of an article.

The spellings are those that Hugo, Jekyll, Zola, Pelican and newsrooms' own systems use. Case does not count, nor do
``-``, ``_`` and blanks: ``publishDate``, ``publish_date`` and ``Publish-Date`` are one key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from feedsvc import dates
from feedsvc.formats.base import RawCategory, RawItem
from feedsvc.formats.draft import Draft, address
from feedsvc.formats.keys import episodes, media, people
from feedsvc.formats.keys.entries import Entries, Value, as_text, fold, split_list
from feedsvc.memo import memoised

_LONGEST_REMEMBERED = 100
_YES = frozenset({"true", "yes", "on", "1", "y"})
_NO = frozenset({"false", "no", "off", "0", "n", "none", "never", "null"})
_WITHDRAWN = frozenset({"canceled", "cancelled", "killed", "withdrawn", "retracted"})
_PUBLIC = frozenset({"public", "publish", "visible", "published", "usable", "live", "world"})

# Fields of one text each: the first key that is there and not empty counts.
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "id": ("guid", "uri", "urn", "uuid", "id"),
    "slug": ("slug",),
    "standfirst": ("standfirst", "deck", "dek", "subtitle", "subheadline", "subheading", "strapline"),
    "summary": ("summary", "description", "excerpt", "abstract", "teaser"),
    "language": ("language", "lang", "locale"),
    "agency": ("agency",),
    "dateline": ("dateline", "location", "place"),
    "rights": ("rights", "copyright", "licence", "license"),
    "urgency": ("urgency", "priority"),
    "base": ("base", "baseurl"),
}
_DATES: Mapping[str, tuple[str, ...]] = {
    "published": ("date", "datepublished", "publishedat", "publishedtime", "pubdate", "published", "publishdate"),
    "updated": (
        "lastmod",
        "updated",
        "modified",
        "lastmodified",
        "updatedat",
        "modifiedat",
        "datemodified",
        "lastupdated",
    ),
    "embargo": ("embargo", "embargoed", "embargountil", "publishdate"),
    "expires": ("expires", "expirydate", "expiresat", "expiry", "expirationdate", "unpublish", "unpublishdate"),
}
_FALLBACK_DATES = ("created", "createdat", "datecreated", "posted")
_LINKS = ("canonicalurl", "canonical", "externalurl", "original", "originalurl", "link", "url", "permalink")
_PATHS = ("path", "url", "permalink")
_SECTIONS = ("section", "sections", "category", "categories", "channel")
_VERSIONS = ("version", "revision")
_SHORT_TITLES = ("linktitle", "shorttitle")
_STATUS = ("status", "pubstatus", "workflowstate")
_HIDDEN = ("hidden", "private", "unlisted", "unpublished")
_EMBARGO = ("embargo", "embargoed")
_SOURCES = ("sourceurl", "source")
_TAGS = ("tags", "tag", "keywords", "topics", "topic", "subjects", "subject")


class KeyDraft(Draft):
    """The fields that keys name, open to what the text below them adds."""

    def replace(self, field: str, value: object, where: str = "") -> None:
        """Set *field*, whatever it was; its origin too, if *where* names one."""
        self._fields[field] = value
        if where:
            self._origin[field] = where

    def where(self, field: str) -> str:
        """Where *field* was found, empty where it is not set."""
        return self._origin.get(field, "")

    def part(self, field: str) -> tuple[str, ...]:
        """The texts of a field that holds several."""
        return tuple(self._fields.get(field, ()))

    def finished(self) -> RawItem:
        """The item, whether it has a text or not."""
        return RawItem(**self._fields, origin=self._origin, notes=tuple(self._notes))


def read_keys(
    values: Mapping[str, Value], *, lines: Mapping[str, int] | None = None, where: str = "front matter"
) -> RawItem:
    """The fields of an article that *values* name; the rest of the item is empty.

    *lines* are the lines of the top-level keys, for ``origin``. Never raises: a value that cannot be used is passed
    over, and noted where it matters.
    """
    return draft_of_keys(values, lines=lines, where=where).finished()


def draft_of_keys(
    values: Mapping[str, Value], *, lines: Mapping[str, int] | None = None, where: str = "front matter"
) -> KeyDraft:
    """The same as ``read_keys``, as a draft that more can be added to."""
    entries = Entries(values, lines=lines or {}, where=where)
    draft = KeyDraft()
    for keys, read in _READERS:
        if entries.has(keys):
            read(draft, entries)
    return draft


def _read_texts(draft: Draft, entries: Entries) -> None:
    for field, names in _TEXTS.items():
        if entries.has(names):
            for text, place in entries.texts(*names):
                draft.put(field, text, place)


def _read_version(draft: Draft, entries: Entries) -> None:
    if "id" in draft:
        # Without an id it is the version of what the article speaks of.
        for text, place in entries.texts(*_VERSIONS):
            draft.put("version", text, place)


def _read_short_titles(draft: Draft, entries: Entries) -> None:
    for text, place in entries.texts(*_SHORT_TITLES):
        if text != draft.text("title"):
            draft.put("title_fallbacks", (text,), place)


def _read_dates(draft: Draft, entries: Entries) -> None:
    for field, names in _DATES.items():
        if not entries.has(names):
            continue
        given = [(text, at) for text, at in entries.texts(*names) if not _is_switch(text)]
        if len(given) > 1:
            draft.put_date(field, given)
        for text, at in given:
            draft.put(field, text, at)


def _is_switch(text: str) -> bool:
    return text.lower() in _YES or text.lower() in _NO


def _read_status(draft: Draft, entries: Entries) -> None:
    """The most restrictive thing that is said counts: what is not for readers must not get out by a second key."""
    said = list(entries.texts(*_STATUS))
    for text, where in said:
        if text.rpartition(":")[2].strip().lower() in _WITHDRAWN:
            draft.put("status", text, where)
            draft.put("withdrawal", True, where)
    for text, where in entries.texts("draft"):
        if text.lower() not in _NO:
            draft.put("status", "draft", where)
    for text, where in entries.texts("published"):
        if text.lower() in _NO:
            draft.put("status", "withheld", where)
    for text, where in entries.texts(*_HIDDEN):
        if text.lower() not in _NO:
            draft.put("status", "hidden", where)
    for text, where in entries.texts("visibility"):
        if text.lower() not in _PUBLIC:
            draft.put("status", text, where)
    for text, where in entries.texts(*_EMBARGO):
        if text.lower() in _YES and "embargo" not in draft:
            draft.put("status", "withheld", where)
            draft.note(f"{_sentence(where)} says no day, so the article is withheld. Write the time of release there.")
    for text, where in said:
        if text.lower() not in _PUBLIC:
            draft.put("status", text, where)
    for _, where in said:
        draft.put("status", "usable", where)


def _read_addresses(draft: Draft, entries: Entries) -> None:
    """The canonical address; from the path on a site, the slug and the day."""
    for text, where in entries.texts(*_LINKS):
        draft.put("link", address(text), where)
    for text, where in entries.texts(*_SOURCES):
        draft.put("link", address(text), where)
    days = []
    for text, where in entries.texts(*_PATHS):
        if not address(text):
            draft.put("slug", last_segment(text), where)
        if day := dates.find_day(text):
            days.append((day.isoformat(), where))
    days.extend(pair for pair in entries.texts(*_FALLBACK_DATES) if not _is_switch(pair[0]))
    if days:
        draft.put_all("published_fallbacks", (day for day, _ in days), days[0][1])


def _read_source(draft: Draft, entries: Entries) -> None:
    for text, where in entries.texts("source"):
        if not address(text):
            draft.put("agency", text, where)


def _read_sections(draft: Draft, entries: Entries) -> None:
    found = [(name, entry.where) for entry in entries.all(*_SECTIONS) for name in split_list(entry.value)]
    if found:
        draft.put_all("sections", (name for name, _ in found), found[0][1])


def _read_tags(draft: Draft, entries: Entries) -> None:
    """Of ``tags``, a text without commas is split at its blanks, as Jekyll does; of the other keys it is one phrase."""
    found: dict[str, RawCategory] = {}
    first = ""
    for name in _TAGS:
        for entry in entries.all(name):
            first = first or entry.where
            for part in entry.value if isinstance(entry.value, list) else [entry.value]:
                for tag in _tags(part, at_blanks=name == "tags" and isinstance(entry.value, str)):
                    found.setdefault(tag.term.casefold(), tag)
    draft.put("categories", tuple(found.values()), first)


def _tags(value: Value, *, at_blanks: bool) -> Sequence[RawCategory]:
    if isinstance(value, str):
        return _tags_at_blanks(value) if at_blanks else _tags_in(value)
    if isinstance(value, list):
        return _categories(split_list(value))
    by_name = {fold(name): as_text(part) for name, part in value.items()}
    term = next((by_name[key] for key in ("term", "name", "slug", "id", "label", "title") if by_name.get(key)), "")
    label = next((by_name[key] for key in ("label", "name", "title") if by_name.get(key)), "")
    if not term:
        return ()
    return [RawCategory(term=term, label="" if label == term else label, scheme=by_name.get("scheme", ""))]


@memoised(1024, longest=100)
def _tags_in(text: str) -> tuple[RawCategory, ...]:
    return _categories(split_list(text))


@memoised(1024, longest=100)
def _tags_at_blanks(text: str) -> tuple[RawCategory, ...]:
    words = split_list(text)
    return _categories(words[0].split() if len(words) == 1 else words)


def _categories(words: Iterable[str]) -> tuple[RawCategory, ...]:
    return tuple(RawCategory(term=term) for word in words if (term := word.removeprefix("#").strip()))


def last_segment(path: str) -> str:
    """The last name in a path on a site, without suffix; empty where the path is a pattern (``/:year/:title/``)."""
    path = path.partition("?")[0].partition("#")[0]
    if any(sign in path for sign in ":{}$"):
        return ""
    names = [name for name in path.split("/") if name and not name.startswith("index.")]
    return re.sub(r"\.(?:html?|md|markdown|php|aspx?)$", "", names[-1]) if names else ""


def _sentence(where: str) -> str:
    return where[:1].upper() + where[1:]


# What is read in which order, and the keys without which there is nothing to read.
_READERS: Sequence[tuple[frozenset[str], Callable[[Draft, Entries], None]]] = (
    (frozenset(name for names in _TEXTS.values() for name in names), _read_texts),
    (frozenset(_VERSIONS), _read_version),
    (frozenset(_SHORT_TITLES), _read_short_titles),
    (frozenset(name for names in _DATES.values() for name in names), _read_dates),
    (frozenset((*_STATUS, "draft", "published", *_HIDDEN, "visibility", *_EMBARGO)), _read_status),
    (frozenset((*_LINKS, *_SOURCES, *_PATHS, *_FALLBACK_DATES)), _read_addresses),
    (frozenset(_SOURCES), _read_source),
    (frozenset(_SECTIONS), _read_sections),
    (frozenset(_TAGS), _read_tags),
    (people.KEYS, people.read_people),
    (media.KEYS, media.read_media),
    (episodes.KEYS, episodes.read_episode),
)
