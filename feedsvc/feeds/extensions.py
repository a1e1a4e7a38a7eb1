"""Our feedgen extensions, and the elements that RSS and Atom share.

feedgen writes the few elements that it insists upon, then calls its extensions. Ours hand the tree to the
functions in ``rss`` and ``atom``, which write everything else in the wanted order. An extension needs only
the methods below; so feedgen is not imported here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from feedsvc.dates import rfc3339
from feedsvc.feeds.shown import ShownEntry, ShownFeed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    Write = Callable[[Element], None]

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "webfeeds": "http://webfeeds.org/rss/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
"""Every prefix that a document may declare, in the order in which it declares them."""

ATOM, CONTENT, DC, DCTERMS, MEDIA, SY, WEBFEEDS, FH, AT, ITUNES, PODCAST = (f"{{{uri}}}" for uri in NAMESPACES.values())
XML = "{http://www.w3.org/XML/1998/namespace}"


class FeedExtension:
    """Lets ``write`` complete the channel or the Atom feed."""

    write: Write

    def extend_ns(self) -> dict[str, str]:
        """All prefixes; those that the document does not use are taken out again at the end."""
        return dict(NAMESPACES)

    def extend_rss(self, root: Element) -> Element:
        """Complete the channel of *root*, the ``rss`` element."""
        self.write(root[0])
        return root

    def extend_atom(self, root: Element) -> Element:
        """Complete *root*, the ``feed`` element."""
        self.write(root)
        return root


class EntryExtension:
    """Lets ``write`` complete one item or entry."""

    write: Write

    def extend_rss(self, item: Element) -> Element:
        """Complete *item*."""
        self.write(item)
        return item

    def extend_atom(self, entry: Element) -> Element:
        """Complete *entry*."""
        self.write(entry)
        return entry


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A new last child of *parent*; attributes with an empty value are left out."""
    element = parent.makeelement(name, {key: value for key, value in attributes.items() if value})
    if text:
        element.text = text
    parent.append(element)
    return element


def add_media(parent: Element, entry: ShownEntry) -> None:
    """``media:content`` for each medium, with its alt text as title, its caption as description, its credit.

    Never in a ``media:group``, which Media RSS keeps for renditions of one and the same medium. In podcasts it leaves
    out the enclosure and pictures, which stand in ``itunes:image``: some apps take all that is here for sounds.
    """
    for one in entry.enclosures:
        if entry.episode is not None and (one == entry.enclosure or one.type.startswith("image/")):
            continue
        kind = one.type.partition("/")[0]
        medium = add(
            parent,
            MEDIA + "content",
            url=one.url,
            fileSize=positive(one.length),
            type=one.type,
            medium=kind if kind in ("image", "audio", "video") else "document",
            duration=positive(one.duration),
            height=positive(one.height),
            width=positive(one.width),
        )
        for name, text in (("title", one.alt), ("description", one.caption), ("credit", one.credit)):
            if text:
                add(medium, MEDIA + name, text)
    picture = entry.picture
    if picture is not None:  # for readers that look for one small picture and nothing else
        width, height = positive(picture.width), positive(picture.height)
        add(parent, MEDIA + "thumbnail", url=picture.url, height=height, width=width)


def add_archive_links(parent: Element, feed: ShownFeed, name: str) -> None:
    """The links of an archive (RFC 5005 section 4) as elements *name*: to pages beside it, and to the feed."""
    for rel, href in (("prev-archive", feed.older), ("next-archive", feed.newer), ("current", feed.current)):
        if href:
            add(parent, name, href=href, rel=rel)


def add_history(parent: Element, feed: ShownFeed) -> None:
    """``fh:archive`` in an archive page, ``fh:complete`` in a feed without one (RFC 5005 sections 2 and 4)."""
    if feed.current:
        add(parent, FH + "archive")
    if feed.complete:
        add(parent, FH + "complete")


def add_expiry(parent: Element, moment: datetime | None) -> None:
    """``dcterms:valid`` as a DCMI Period that ends at *moment*; nothing where the article does not expire."""
    if moment is not None:
        add(parent, DCTERMS + "valid", f"end={rfc3339(moment)};scheme=W3C-DTF")


def positive(number: int) -> str:
    """*number* as text; empty where it is 0, which stands for unknown."""
    return str(number) if number > 0 else ""
