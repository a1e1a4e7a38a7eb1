"""What every output format is: a renderer from a ``Feed`` to bytes."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from feedsvc.links import Links
from feedsvc.model import Feed

RENDER = 4
"""Raised by hand with every change to a renderer that changes bytes: feeds then count as changed."""


@runtime_checkable
class Renderer(Protocol):
    """An output format. The same feed and links give the same bytes, in every process and at any time."""

    @property
    def name(self) -> str:
        """The format's name for people: "RSS"."""

    @property
    def suffix(self) -> str:
        """The suffix in addresses, without a dot: "rss"."""

    @property
    def media_type(self) -> str:
        """The full ``Content-Type`` value: "application/rss+xml; charset=utf-8"."""

    def render(self, feed: Feed, links: Links) -> bytes:
        """Write *feed*. Raises RenderError naming the article that cannot be written."""
