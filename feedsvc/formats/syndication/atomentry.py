"""Entries of Atom documents (RFC 4287) and their tombstones (RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, address, blocks, paragraphs
from feedsvc.formats.syndication.mediarss import media_of, number
from feedsvc.formats.syndication.podcast import read_episode
from feedsvc.formats.xmlbytes import child, children, inner_html, local, namespace, text_of

if TYPE_CHECKING:
    from lxml import etree

_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def is_atom(element: etree._Element) -> bool:
    """Whether *element* is the feed or entry of an Atom document."""
    return namespace(element) in _ATOM and local(element) in {"feed", "entry"}


def authors_of(holder: etree._Element | None) -> tuple[RawAuthor, ...]:
    """The authors that an entry, a source or a feed names."""
    people = [] if holder is None else children(holder, "author")
    return tuple(_person(each) for each in people if text_of(child(each, "name")))


def read_entry(entry: etree._Element, notes: Sequence[str], *, authors: Sequence[RawAuthor] = ()) -> RawItem:
    """The article of an Atom entry; *authors* are those of its feed, if it names none itself (section 4.2.1).

    Raises NotAnArticle where it has neither content nor summary.
    """
    draft = Draft(notes=notes)
    fields = {local(each): each for each in reversed(entry) if namespace(each) in _ATOM}
    draft.put("id", text_of(fields.get("id")), "id")
    _words(draft, fields)
    draft.put_date("published", [(text_of(fields.get(name)), name) for name in ("published", "issued", "created")])
    draft.put_date("updated", [(text_of(fields.get(name)), name) for name in ("updated", "modified")])
    if "published" not in draft:
        draft.put("published", draft.text("updated"), "updated")
    _links(draft, entry)
    read_episode(draft, entry)
    draft.put("authors", authors_of(entry), "author")
    draft.put("authors", authors_of(fields.get("source")), "source author")
    draft.put("authors", tuple(authors), "feed author")
    draft.put_all("categories", _categories(entry), "category")
    draft.put("agency", text_of(child(fields.get("source"), "title")), "source title")
    draft.put("rights", text_of(fields.get("rights")), "rights")
    draft.put("language", _language(entry), "xml:lang")
    return draft.item("Atom entry")


def deleted(entry: etree._Element, notes: Sequence[str]) -> RawItem:
    """The withdrawal that a tombstone states (RFC 6721 section 3)."""
    draft = Draft(notes=notes)
    draft.put("id", str(entry.get("ref", "")), "deleted-entry ref")
    draft.put("updated", str(entry.get("when", "")), "deleted-entry when")
    draft.put_status("canceled", "deleted-entry")
    return draft.item("deleted entry")


def _words(draft: Draft, fields: dict[str, etree._Element]) -> None:
    literal = []
    for field, name in (("title", "title"), ("summary", "summary")):
        element = fields.get(name)
        if element is None:
            continue
        kind = _kind(element)
        if draft.put(field, inner_html(element) if kind == "xhtml" else text_of(element), name) and kind == "text":
            literal.append(field)
    content = fields.get("content")
    body = "" if content is None else _html(content)
    if body and content is not None:
        draft.put("body", body, "content")
        draft.put("base", address(content.base or ""), "xml:base")
    elif "summary" in draft:
        draft.put("body", _html(fields["summary"]), "summary")
        draft.note("There is no content; the summary was taken for it.")
        draft.drop("summary")
    draft.put("literal", frozenset(name for name in literal if name in draft), "type=text")


def _kind(element: etree._Element) -> str:
    """``text``, ``html`` or ``xhtml`` (section 3.1.1), or another media type as it is written."""
    kind = str(element.get("type", "text")).strip().lower()
    if kind == "application/xhtml+xml" or element.get("mode") == "xml":
        return "xhtml"
    return {"text/html": "html", "text/plain": "text", "": "text"}.get(kind, kind)


def _html(element: etree._Element) -> str:
    """The construct as HTML; empty where it is of another media type (section 4.1.3.3)."""
    kind = _kind(element)
    if kind == "xhtml":
        return inner_html(element)
    return {"html": blocks, "text": paragraphs}.get(kind, _nothing)(text_of(element))


def _nothing(text: str) -> str:  # noqa: ARG001
    return ""


def _links(draft: Draft, entry: etree._Element) -> None:
    base = entry.base or ""
    media = []
    for link in children(entry, "link"):
        rel, href = str(link.get("rel", "alternate")), str(link.get("href", "")).strip()
        if rel == "alternate":
            draft.put("link", address(_joined(base, href)), "link rel=alternate")
        elif rel == "enclosure" and href:
            media.append(
                RawMedium(
                    url=_joined(base, href),
                    type=str(link.get("type", "")),
                    length=number(link.get("length")),
                    caption=str(link.get("title", "")),
                )
            )
    draft.put("base", address(base) or draft.text("link"), "xml:base" if address(base) else "link")
    draft.put_all("media", [*media, *media_of(entry)], "link rel=enclosure" if media else "media:content")


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _person(element: etree._Element) -> RawAuthor:
    return RawAuthor(
        name=text_of(child(element, "name")),
        uri=address(text_of(child(element, "uri", "url"))),
        email=text_of(child(element, "email")),
    )


def _categories(entry: etree._Element) -> Iterator[RawCategory]:
    for each in children(entry, "category"):
        term = str(each.get("term", "")).strip()
        if term:
            yield RawCategory(term=term, label=str(each.get("label", "")), scheme=str(each.get("scheme", "")))


def _language(entry: etree._Element) -> str:
    for element in (child(entry, "content"), entry, entry.getparent()):
        if element is not None and element.get(_LANG):
            return str(element.get(_LANG)).strip()
    return ""
