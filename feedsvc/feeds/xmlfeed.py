"""feedgen 1.0, with its traps shut in. No other module imports it.

feedgen makes the frame: the root with its namespaces, and the elements that it insists upon, which come first
in our order too (RSS title, link, description, self link, guid; Atom id, title, updated, links). All else is
written by our extensions. The traps:

* It would write "now" as ``updated`` and ``lastBuildDate``, and switch the locale of the whole process for
  each RSS date. So no RSS date reaches it, and every Atom date does.
* The channel's ``link`` is the last one that it was given: self goes first, the page last, no other to it.
* Atom entries lose rel, type and length of their links: it gets one plain link, all others are written by us.
* ``add_entry`` prepends, and one bad entry spoils the feed: entries are built one by one and appended here.
* It does not escape an RSS description, drops an author without an e-mail address, writes content in wrong
  types and pictures in groups of one: none of these is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from feedsvc import __version__
from feedsvc.feeds.extensions import NAMESPACES, EntryExtension, FeedExtension
from feedsvc.feeds.pieces import Joined, Piece
from feedsvc.feeds.shown import ShownEntry, ShownFeed, naming

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    WriteFeed = Callable[[Element, ShownFeed], None]
    WriteEntry = Callable[[Element, ShownEntry], None]

GENERATOR = "feedsvc"
MAJOR = __version__.partition(".")[0]
"""The major version only: a release must not change every feed."""

_EXTENSION = "feedsvc"
_RSS_END, _ATOM_END = b"  </channel>\n</rss>\n", b"</feed>\n"
"""What closes a document, behind the last entry."""
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


class _Unwritten(datetime):
    """A date that feedgen takes and does not write, for it counts as none set."""

    def __bool__(self) -> bool:
        return False


def rss(feed: ShownFeed, pieces: Sequence[Piece], *, channel: WriteFeed) -> Joined:
    """RSS 2.0 of items from :func:`rss_item`: *channel* goes on where feedgen stops. Raises RenderError."""
    generator = _generator(feed, channel, media_type="application/rss+xml")
    generator.description(feed.description or feed.title)
    generator.updated(_Unwritten(1, 1, 1, tzinfo=UTC))
    # The style sheet and the namespaces need the tree.
    return _document(generator._create_rss()[0], feed, pieces, end=_RSS_END)


def atom(feed: ShownFeed, pieces: Sequence[Piece], *, head: WriteFeed) -> Joined:
    """Atom 1.0 of entries from :func:`atom_entry`: *head* goes on where feedgen stops. Raises RenderError."""
    generator = _generator(feed, head, media_type="application/atom+xml")
    generator.language(feed.language)
    generator.updated(feed.updated)
    return _document(generator._create_atom()[0], feed, pieces, end=_ATOM_END)


def rss_item(entry: ShownEntry, write: WriteEntry) -> Piece:
    """An item of RSS: *write* goes on where feedgen stops. Raises RenderError."""
    from lxml import etree

    with naming(entry.article.id):
        root = etree.Element("rss", nsmap=NAMESPACES)
        return _piece(etree.SubElement(root, "channel"), _entry(entry, write).rss_entry(), end=_RSS_END)


def atom_entry(entry: ShownEntry, write: WriteEntry) -> Piece:
    """An entry of Atom: *write* goes on where feedgen stops. Raises RenderError."""
    from lxml import etree

    with naming(entry.article.id):
        root = etree.Element("feed", nsmap=NAMESPACES)
        return _piece(root, _entry(entry, write).atom_entry(), end=_ATOM_END)


def _generator(feed: ShownFeed, write: WriteFeed, *, media_type: str) -> Any:
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.id(feed.id)
    generator.title(feed.title)
    generator.link(href=feed.url, rel="self", type=media_type)
    generator.link(href=feed.page, rel="alternate", type="text/html")
    generator.generator("")  # left to the extension, as is docs: feedgen would put them in other places
    generator.docs("")
    generator.register_extension(_EXTENSION, FeedExtension)
    generator.feedsvc.write = lambda element: write(element, feed)
    return generator


def _entry(entry: ShownEntry, write: WriteEntry) -> Any:
    from feedgen.entry import FeedEntry

    made = FeedEntry()
    made.id(entry.article.id)
    made.title(entry.article.title)
    made.link(href=entry.url)
    made.updated(entry.updated)
    made.register_extension(_EXTENSION, EntryExtension)
    made.feedsvc.write = lambda element: write(element, entry)
    return made


def _piece(parent: Element, element: Element, *, end: bytes) -> Piece:
    """*element* as it is written where it is the only child of *parent*, in a document that closes with *end*."""
    from lxml import etree

    parent.append(element)
    names = [name for one in element.iter() for name in (one.tag, *one.attrib)]
    used = {name[1:].partition("}")[0] for name in map(str, names) if name.startswith("{")}
    document = etree.tostring(parent.getroottree(), encoding="UTF-8", pretty_print=True)
    beginning = document.index(f">\n{' ' * (end.count(b'</') * 2)}<".encode()) + 2
    return Piece(document[beginning : -len(end)], frozenset(_PREFIXES[uri] for uri in used if uri in _PREFIXES))


def _document(root: Element, feed: ShownFeed, pieces: Sequence[Piece], *, end: bytes) -> Joined:
    """The document: only the namespaces in use are declared, the style sheet stands before the root."""
    from lxml import etree

    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(frozenset[str]().union(*(one.uses for one in pieces))))
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{feed.stylesheet}"'))
    frame = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, pretty_print=True)
    head = frame.removesuffix(end)
    return Joined.of(pieces, lambda chosen: b"".join((head, *(one.written for one in chosen), end)))
