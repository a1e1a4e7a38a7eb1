"""All feeds as one OPML 2.0 document (opml.org/spec2.opml): a reader takes it in and has subscribed to the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from feedsvc import links as paths
from feedsvc.config import Settings
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.publish.outline import Listing, Node
from feedsvc.publish.settings import feed_title
from feedsvc.store.base import ALL
from feedsvc.text import one_line, xml_safe

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MEDIA_TYPE = "text/x-opml; charset=utf-8"
"""The type that validators and readers know; there is no registered one."""
_PREFERRED = ("rss", "atom")


def opml(listing: Listing, settings: Settings, renderers: Mapping[str, Renderer], links: Links) -> bytes:
    """The feed of everything, then the tree of sections: each feed once, in the format that most readers take.

    A section with others below it is a folder that begins with its own feed: readers show an outline either as a
    folder or as a feed. The bytes depend on which sections there are, and on no article.
    """
    from lxml import etree

    suffix = next((one for one in _PREFERRED if one in renderers), next(iter(renderers), ""))
    root = etree.Element("opml", {"version": "2.0"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _clean(settings.site.title)
    body = etree.SubElement(root, "body")

    def feed(parent: Element, name: str, *, title: str, description: str, page: str) -> None:
        shown = {"type": "rss", "text": _clean(title), "title": _clean(title), "description": _clean(description)}
        addresses = {"xmlUrl": links.absolute(paths.feed(name, suffix)), "htmlUrl": links.absolute(page)}
        etree.SubElement(parent, "outline", {key: value for key, value in (shown | addresses).items() if value})

    def add(parent: Element, nodes: Iterable[Node]) -> None:
        for node in nodes:
            place = etree.SubElement(parent, "outline", {"text": _clean(node.title)}) if node.children else parent
            if node.feed:
                title = feed_title(settings, node.path, node.title)
                feed(place, node.path, title=title, description=node.description, page=paths.section(node.path))
            add(place, node.children)

    feed(body, ALL, title=feed_title(settings, ALL), description=settings.site.description, page=paths.index())
    add(body, listing.top)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _clean(text: str) -> str:
    return one_line(xml_safe(text))
