"""Items of RSS 2.0 and RSS 1.0 documents, with the modules that newsrooms use (content, dc, media, dcterms)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, address, blocks
from feedsvc.formats.syndication.mediarss import media_of, number
from feedsvc.formats.syndication.podcast import read_episode, summary_of
from feedsvc.formats.xmlbytes import children, local, namespace, text_of

if TYPE_CHECKING:
    from lxml import etree

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_ATOM = "http://www.w3.org/2005/Atom"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWN = ("", "http://purl.org/rss/1.0/", "http://backend.userland.com/rss2")

_MAILBOX = re.compile(r"\s*([^\s()<>]+@[^\s()<>]+)\s*(?:\(([^()]*)\)\s*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a channel says for all its items: read once, for a channel may have thousands of them."""

    link: str
    language: str
    rights: str


def read_channel(channel: etree._Element) -> Channel:
    """The defaults that *channel* gives to its items."""
    return Channel(
        link=text_of(_own(channel, "link")),
        language=text_of(_own(channel, "language")) or text_of(_in(channel, _DC, "language")),
        rights=text_of(_own(channel, "copyright")) or text_of(_in(channel, _DC, "rights")),
    )


def read_item(item: etree._Element, notes: Sequence[str], *, channel: Channel) -> RawItem:
    """The article of an RSS item; language and rights that it does not name are those of its *channel*.

    Raises NotAnArticle where it has neither content nor description.
    """
    draft = Draft(notes=notes)
    draft.put("id", text_of(_own(item, "guid")), "guid")
    draft.put("id", str(item.get(f"{{{_RDF}}}about", "")), "rdf:about")
    draft.put("title", text_of(_own(item, "title")), "title")
    draft.put("title", text_of(_in(item, _DC, "title")), "dc:title")
    _body(draft, item)
    _dates(draft, item)
    _links(draft, item, channel)
    _people(draft, item)
    draft.put_all("categories", _categories(item), "category")
    enclosures = list(_enclosures(item))
    draft.put_all("media", [*enclosures, *media_of(item)], "enclosure" if enclosures else "media:content")
    read_episode(draft, item)
    draft.put("agency", text_of(_own(item, "source")), "source")
    draft.put("language", text_of(_in(item, _DC, "language")), "dc:language")
    draft.put("language", channel.language, "channel language")
    draft.put("rights", text_of(_in(item, _DC, "rights")), "dc:rights")
    draft.put("rights", channel.rights, "channel copyright")
    return draft.item("RSS item")


def _body(draft: Draft, item: etree._Element) -> None:
    encoded, description = text_of(_in(item, _CONTENT, "encoded")), text_of(_own(item, "description"))
    draft.put("body", blocks(encoded), "content:encoded")
    if "body" in draft:
        draft.put("summary", description, "description")
    else:
        draft.put("body", blocks(description), "description")
        draft.put("body", blocks(summary_of(item)), "itunes:summary")


def _dates(draft: Draft, item: etree._Element) -> None:
    published = [(text_of(_own(item, "pubDate")), "pubDate"), (text_of(_in(item, _DC, "date")), "dc:date")]
    updated = [
        (text_of(_in(item, _ATOM, "updated")), "atom:updated"),
        (text_of(_in(item, _TERMS, "modified")), "dcterms:modified"),
    ]
    draft.put_date("published", [*published, (text_of(_in(item, _TERMS, "created")), "dcterms:created"), *updated])
    draft.put_date("updated", updated)
    valid = text_of(_in(item, _TERMS, "valid"))
    if "end=" in valid:
        # A period is written "start=…; end=…" (DCMI Period Encoding Scheme).
        valid = valid.partition("end=")[2].partition(";")[0].strip()
    draft.put("expires", valid, "dcterms:valid")


def _links(draft: Draft, item: etree._Element, channel: Channel) -> None:
    draft.put("link", address(text_of(_own(item, "link"))), "link")
    guid = _own(item, "guid")
    if guid is not None and str(guid.get("isPermaLink", "true")).lower() == "true":
        draft.put("link", address(text_of(guid)), "guid")
    draft.put("base", address(item.base or ""), "xml:base")
    draft.put("base", draft.text("link"), "link")
    draft.put("base", address(channel.link), "channel link")


def _people(draft: Draft, item: etree._Element) -> None:
    creators = [text_of(each) for each in item if (namespace(each), local(each)) == (_DC, "creator")]
    draft.put_all("authors", [RawAuthor(name=name) for name in creators if name], "dc:creator")
    authors = [_author(text_of(each)) for each in children(item, "author") if namespace(each) in _OWN]
    draft.put_all("authors", [author for author in authors if author.name], "author")


def _author(text: str) -> RawAuthor:
    """``jane@news.example (Jane Doe)``, as RSS 2.0 has it, or a name, as many write it."""
    match = _MAILBOX.fullmatch(text[:300])
    if match:
        return RawAuthor(name=(match[2] or match[1]).strip(), email=match[1])
    return RawAuthor(name=text)


def _categories(item: etree._Element) -> Iterator[RawCategory]:
    for each in item:
        named = (namespace(each) in _OWN and local(each) == "category") or (
            (namespace(each), local(each)) == (_DC, "subject")
        )
        term = text_of(each) if named else ""
        if term:
            yield RawCategory(term=term, scheme=str(each.get("domain", "")))


def _enclosures(item: etree._Element) -> Iterator[RawMedium]:
    for each in children(item, "enclosure")[:200]:
        url = str(each.get("url", "")).strip()
        if url:
            yield RawMedium(url=url, type=str(each.get("type", "")), length=number(each.get("length")))


def _own(element: etree._Element, name: str) -> etree._Element | None:
    """The child *name* of RSS itself, not of one of its modules."""
    return next((each for each in element if local(each) == name and namespace(each) in _OWN), None)


def _in(element: etree._Element, space: str, name: str) -> etree._Element | None:
    return next((each for each in element if local(each) == name and namespace(each) == space), None)
