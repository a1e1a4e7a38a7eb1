"""The only maker of public addresses, always from the configured ``base_url``.

A *path* is root-relative: it starts with ``/`` and counts from the site's base, percent-encoded. A path in the
store or in a page stays right when ``base_url`` changes; an absolute address is made of it as late as possible.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

KEY_LENGTH = 8
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one site. *base_url* is ``http(s)://host[:port][/prefix]``, a last ``/`` is ignored."""

    base_url: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a path."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def prefix(self) -> str:
        """The path of ``base_url`` without a last ``/``; empty for a site at the root of its host."""
        return urlsplit(self.base_url).path.rstrip("/")

    def absolute(self, path: str) -> str:
        """The absolute address of the root-relative *path*."""
        return self.base_url.rstrip("/") + path

    def href(self, path: str) -> str:
        """*path* as a page of this site links to it: without the host, with the prefix."""
        return self.prefix + path


def key(article_id: str, *, length: int = KEY_LENGTH) -> str:
    """The part of an article's address that is looked up: base32 characters of SHA-256 of its id.

    Eight of them, 40 bits; the store asks for more where another article has the same.
    """
    digest = hashlib.sha256(article_id.encode()).digest()
    bits = int.from_bytes(digest) >> (8 * len(digest) - 5 * length)
    return "".join([_BASE32[bits >> at & 31] for at in range(5 * (length - 1), -1, -5)])


def index() -> str:
    """The path of the index page."""
    return "/"


def section(path: str) -> str:
    """The path of a section's page."""
    return f"/sections/{quote(path)}"


def named(name: str) -> str:
    """The path of the page of a tag or an author, by the name of its feed (``tags/ferries``)."""
    return f"/{quote(name)}"


def numbered(path: str, number: int) -> str:
    """The address of the page with that *number* of the list at *path*; it counts from 1."""
    return path + (f"?page={number}" if number > 1 else "")


def feed(name: str, suffix: str) -> str:
    """The path of the feed *name* (``all``, ``world/asia``) in the format with *suffix* (``rss``)."""
    return f"/feeds/{quote(name)}.{suffix}"


def archive(name: str, mark: str, suffix: str) -> str:
    """The path of an archive page of the feed *name*; *mark* is its number, with its hash behind a ``-``."""
    return f"/archive/{quote(name)}/{mark}.{suffix}"


def opml() -> str:
    """The path of the list of all feeds."""
    return "/feeds.opml"


def sitemap(name: str = "") -> str:
    """The path of one sitemap, by its name or number; of their index, where it has none."""
    return f"/sitemaps/{name}.xml" if name else "/sitemap.xml"


def article(day: date, slug: str, article_key: str) -> str:
    """The path of an article's page. Only *article_key* is looked up; *day* and *slug* are for people."""
    name = f"{slug}-{article_key}" if slug else article_key
    return f"/articles/{day.isoformat().replace('-', '/')}/{quote(name)}"


def medium(content_hash: str, name: str) -> str:
    """The path of a picture, sound or film of our own. Only *content_hash* is looked up; *name* is for people."""
    return f"/media/{content_hash}/{quote(name)}"
