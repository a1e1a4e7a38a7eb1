"""RSS 2.0 and Atom 1.0 read back: what a reader would find in the bytes, and where they break the format's rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from feedsvc.publish import readpodcast
from feedsvc.publish.faults import Found, FoundItem, is_web

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}content"
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_RFC_822 = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})", re.ASCII)
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_ONCE_IN_CHANNEL = ("title", "link", "description", "language", "copyright", "pubDate", "lastBuildDate", "ttl", "image")
_ONCE_IN_ITEM = ("title", "link", "guid", "pubDate", "description", "enclosure", CONTENT)
_ONCE_IN_FEED = tuple(ATOM + name for name in ("id", "title", "subtitle", "updated", "rights", "icon", "logo"))
_ONCE_IN_ENTRY = tuple(ATOM + name for name in ("id", "title", "published", "updated", "summary", "content", "rights"))


def parse(document: bytes) -> Element:
    """The root of *document*. Raises ValueError that says why it is no XML that a feed may be."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True, recover=False
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not well-formed: {error.msg}") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):  # the stubs do not know it
        raise ValueError("it has a document type declaration")
    return root


def read_rss(root: Element) -> Found:
    """What stands in an RSS document (rssboard.org's specification and profile)."""
    found = Found()
    if root.tag != "rss" or root.get("version") != "2.0" or [child.tag for child in _elements(root)] != ["channel"]:
        found.error("required", "it is no rss element of version 2.0 with one channel")
        return found
    channel = root[0]
    for name in ("title", "link", "description"):
        if not _text(channel, name):
            found.error("required", f"the channel has no {name}")
    _once(found, channel, _ONCE_IN_CHANNEL)
    found.address("the channel's link", _text(channel, "link"))
    found.updated = _rfc822(found, channel, "lastBuildDate")
    _rfc822(found, channel, "pubDate")
    _links(found, channel, alternates=(0,), selves=(1,))
    ttl = _text(channel, "ttl")
    if ttl and not (ttl.isascii() and ttl.isdigit() and int(ttl)):
        found.error("required", f"the channel's ttl is {ttl!r}, which is no number of minutes")
    found.items = [_rss_item(found, item) for item in channel.iterchildren("item")]
    if readpodcast.is_podcast(channel):
        readpodcast.read_show(found, channel)
        serial = readpodcast.is_serial(channel)
        for item, read in zip(channel.iterchildren("item"), found.items, strict=True):
            readpodcast.read_episode(found, item, read.id, serial=serial)
    return found


def _rss_item(found: Found, item: Element) -> FoundItem:
    guid = item.find("guid")
    article_id = "" if guid is None else (guid.text or "").strip()
    if guid is not None and guid.get("isPermaLink") != "false":
        found.error("required", "its guid does not say that it is no permanent link", article_id)
    for name in ("title", "link", "pubDate"):
        if not _text(item, name):
            found.error("required", f"it has no {name}", article_id)
    _once(found, item, _ONCE_IN_ITEM, article_id)
    found.address("its link", _text(item, "link"), article_id)
    _links(found, item, alternates=(0,), selves=(0,), article_id=article_id)
    names = [child.tag for child in _elements(item)]
    if CONTENT in names and "description" not in names[: names.index(CONTENT)]:
        found.error("required", "its content stands before its description", article_id)
    for enclosure in item.iterchildren("enclosure", MEDIA):
        found.address("the address of a medium", enclosure.get("url"), article_id)
        _media_type(found, enclosure.get("type"), article_id)
    for enclosure in item.iterchildren("enclosure"):
        _length(found, enclosure.get("length"), article_id)
    source = item.find("source")
    if source is not None:
        found.address("the address of its source", source.get("url"), article_id)
    return FoundItem(
        id=article_id,
        title=_text(item, "title"),
        published=_rfc822(found, item, "pubDate", article_id),
        updated=_rfc3339(found, item, ATOM + "updated", article_id),
        markup=_text(item, CONTENT),
        size=_size(item),
    )


def read_atom(root: Element) -> Found:
    """What stands in an Atom feed (RFC 4287 sections 4.1.1 and 4.1.2)."""
    found = Found()
    if root.tag != ATOM + "feed":
        found.error("required", "it is no Atom feed")
        return found
    _once(found, root, _ONCE_IN_FEED)
    for name in ("id", "title", "updated"):
        if not _text(root, ATOM + name):
            found.error("required", f"the feed has no {name}")
    found.updated = _rfc3339(found, root, ATOM + "updated")
    _links(found, root, alternates=(1,), selves=(1,))
    for name in ("icon", "logo"):
        if root.find(ATOM + name) is not None:
            found.address(f"the feed's {name}", _text(root, ATOM + name))
    author = bool(_text(root, f"{ATOM}author/{ATOM}name"))
    found.items = [_entry(found, entry, author=author) for entry in root.iterchildren(ATOM + "entry")]
    return found


def _entry(found: Found, entry: Element, *, author: bool) -> FoundItem:
    article_id = _text(entry, ATOM + "id")
    _once(found, entry, _ONCE_IN_ENTRY, article_id)
    for name in ("title", "updated", "published"):
        if not _text(entry, ATOM + name):
            found.error("required", f"it has no {name}", article_id)
    if not author and not _text(entry, f"{ATOM}author/{ATOM}name"):
        found.error("required", "neither it nor the feed has an author", article_id)
    _links(found, entry, alternates=(1,), selves=(0,), article_id=article_id)
    content = entry.find(ATOM + "content")
    if content is not None and content.get("type") != "html":
        found.error("required", "its content does not say that it is HTML", article_id)
    if content is None and not _text(entry, ATOM + "summary"):
        found.error("required", "it has neither a summary nor content", article_id)
    for category in entry.iterchildren(ATOM + "category"):
        if not category.get("term"):
            found.error("required", "a category has no term", article_id)
    for medium in entry.iterchildren(MEDIA):
        found.address("the address of a medium", medium.get("url"), article_id)
    return FoundItem(
        id=article_id,
        title=_text(entry, ATOM + "title"),
        published=_rfc3339(found, entry, ATOM + "published", article_id),
        updated=_rfc3339(found, entry, ATOM + "updated", article_id),
        markup=_text(entry, ATOM + "content"),
        size=_size(entry),
    )


def _links(
    found: Found, parent: Element, *, alternates: Collection[int], selves: Collection[int], article_id: str = ""
) -> None:
    """Check the ``atom:link`` elements of *parent*, and how many of them name its page and itself."""
    rels = Counter[str]()
    for link in parent.iterchildren(ATOM + "link"):
        rel = link.get("rel", "alternate")
        rels[rel] += 1
        if not is_web(link.get("href")):
            found.address(f"the link {rel!r}", link.get("href"), article_id)
        if link.get("type") is not None:
            _media_type(found, link.get("type"), article_id)
        if rel == "enclosure" and link.get("length") is not None:
            _length(found, link.get("length"), article_id)
    for rel, allowed in (("alternate", alternates), ("self", selves)):
        if rels[rel] not in allowed:
            found.error(rel, f"there are {rels[rel]} links {rel!r} where there should be {max(allowed)}", article_id)


def _media_type(found: Found, value: str | None, article_id: str) -> None:
    if _MEDIA_TYPE.fullmatch(value or "") is None:
        found.error("media-type", f"{value!r} is no media type", article_id)


def _length(found: Found, value: str | None, article_id: str) -> None:
    if not (value and value.isascii() and value.isdigit()):
        found.error("required", f"the length of a medium is {value!r}", article_id)


def _once(found: Found, parent: Element, names: Collection[str], article_id: str = "") -> None:
    counts = Counter(child.tag for child in _elements(parent))
    for name in names:
        if counts[name] > 1:
            found.error("required", f"there are {counts[name]} elements {_local(name)}", article_id)


def _elements(parent: Element) -> Iterator[Element]:
    """The children that are elements, not comments."""
    return parent.iterchildren("*")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _size(element: Element) -> int:
    return sum(len(text) for text in element.itertext())


def _rfc3339(found: Found, parent: Element, name: str, article_id: str = "") -> datetime | None:
    return _date(found, parent, name, article_id, _DATE_TIME, datetime.fromisoformat)


def _rfc822(found: Found, parent: Element, name: str, article_id: str = "") -> datetime | None:
    return _date(found, parent, name, article_id, _RFC_822, parsedate_to_datetime)


def _date(
    found: Found,
    parent: Element,
    name: str,
    article_id: str,
    pattern: re.Pattern[str],
    read: Callable[[str], datetime],
) -> datetime | None:
    """The date in the element *name*, which has to have a zone; None where there is none."""
    written = _text(parent, name)
    if not written:
        return None
    try:
        if pattern.fullmatch(written):
            return read(written)
    except (ValueError, OverflowError):
        pass
    found.error("date", f"its {_local(name)} is {written!r}, which is no date with a time and a zone", article_id)
    return None
