"""Ways to subscribe to a feed with one click: its address to copy, and the readers that take it from a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from feedsvc import links as paths
from feedsvc.web.context import Context
from feedsvc.web.views import Link, feed_links

READERS: Mapping[str, str] = {
    # where each takes the address of a feed
    "Feedly": "https://feedly.com/i/subscription/feed%2F{}",
    "Inoreader": "https://www.inoreader.com/?add_feed={}",
    "NewsBlur": "https://www.newsblur.com/?url={}",
    "The Old Reader": "https://theoldreader.com/feeds/subscribe?url={}",
    "Feedbin": "https://feedbin.com/?subscribe={}",
}
_PREFERRED = ("rss", "atom")
"""The formats that every reader takes, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """How a reader subscribes to the feed *of* something: its *address*, in its *formats*, and in which *readers*.

    *app* is what the system hands to the reader app on the device.
    """

    of: str
    address: str
    app: str
    readers: tuple[Link, ...]
    formats: tuple[Link, ...]


def subscription(name: str, of: str, context: Context) -> Subscription:
    """The ways to subscribe to the feed *name*, which is that *of* a section, a tag, an author, or of everything."""
    formats = feed_links(name, context)
    offered = [link.kind for link in formats]
    suffix = next((suffix for suffix in _PREFERRED if suffix in offered), next(iter(offered), "rss"))
    address = context.links.absolute(paths.feed(name, suffix))
    written = quote(address, safe="")
    return Subscription(
        of=of,
        address=address,
        app=f"feed:{address}",
        readers=tuple(Link(href=taken.format(written), text=reader) for reader, taken in READERS.items()),
        formats=tuple(formats),
    )
