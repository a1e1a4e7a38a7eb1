"""The types that both wings of the house share: what an article is, and what a feed shows of it.

All times are aware, in UTC and whole milliseconds. Everything here is frozen; only ``normalise`` makes an
``Article`` out of raw input.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedsvc.dates import Precision


class PubStatus(enum.StrEnum):
    """The publishing status of an article, in the words of IPTC NewsML-G2 (``pubStatus``)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person or desk that signed the article (RFC 4287 section 3.2)."""

    name: str
    uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A tag or subject (RFC 4287 section 4.2.2): *term* for machines, *label* for people."""

    term: str
    label: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A picture, sound or film that belongs to the article.

    *url* is absolute, or root-relative where the medium is our own. *length* is in bytes, *width* and
    *height* in pixels, *duration* in seconds; 0 where unknown.
    """

    url: str
    type: str
    length: int = 0
    width: int = 0
    height: int = 0
    duration: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, normalised: the only form in which the store, the feeds and the pages know it.

    ``id`` is an absolute URI that never changes. ``content`` is sanitised HTML in which our own addresses are
    root-relative and all others absolute. ``sections`` are section paths; the first is the article's home.
    ``link`` is the canonical address elsewhere, if the file names one. ``agency`` is the wire the text came
    from. ``published`` has the precision that ``precision`` states; as an instant, a day is noon in the site's
    zone.
    """

    id: str
    source: str
    sections: tuple[str, ...]
    slug: str
    title: str
    content: str
    summary: str = ""
    standfirst: str = ""
    byline: str = ""
    agency: str = ""
    dateline: str = ""
    language: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    link: str = ""
    rights: str = ""
    urgency: int = 0
    version: int = 0
    published: datetime
    precision: Precision
    updated: datetime
    embargo: datetime | None = None
    expires: datetime | None = None
    pubstatus: PubStatus = PubStatus.USABLE

    @property
    def visible_from(self) -> datetime:
        """The first moment at which a usable article may be seen."""
        return self.published if self.embargo is None else max(self.published, self.embargo)

    def visible(self, now: datetime) -> bool:
        """Whether a reader may see the article at *now*: usable, released, and not yet expired."""
        return (
            self.pubstatus is PubStatus.USABLE
            and self.visible_from <= now
            and (self.expires is None or now < self.expires)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a feed or a page shows it, with what only the store knows of it.

    *path* is its own root-relative address. *released* is when it first became public.
    """

    article: Article
    path: str
    released: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of an article that a feed no longer shows (``at:deleted-entry``, RFC 6721 section 3)."""

    id: str
    when: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed, ready to be rendered in any format: metadata, its entries and its tombstones.

    *name* is the feed's path below ``/feeds/`` without suffix (``all``, ``international/europe-americas``).
    *entries* stand in the order in which they are shown, newest first. *updated* is the last change that a
    reader can see in the document; it goes into the bytes. *ttl* is in seconds. *page* is the root-relative
    address of the section's HTML page.
    """

    name: str
    title: str
    page: str
    updated: datetime
    description: str = ""
    language: str = ""
    rights: str = ""
    site_title: str = ""
    ttl: int = 60
    full_text: bool = True
    hubs: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()


class SourceState(enum.StrEnum):
    """What became of a file below ``content/``."""

    WAITING = "waiting"
    """It may still be written to; it is looked at again."""
    ACCEPTED = "accepted"
    """Its articles are in the store (public, scheduled or withheld: that is the article's own state)."""
    DUPLICATE = "duplicate"
    """A byte-identical copy of another file; it lends the article its own folder's section."""
    SUPERSEDED = "superseded"
    """Another file holds the same id in a version that is not lower."""
    CONFLICT = "conflict"
    """Another file holds the same id in the same version with other bytes."""
    REFUSED = "refused"
    """It could not become an article; the last good version stays."""
    MISSING = "missing"
    """It was absent at the last full scan; a second absence withdraws its articles."""
    GONE = "gone"
    """It was absent for good; its articles are withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What stat(2) says of a file, to tell whether it changed. *size* in bytes, the times in nanoseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A file below ``content/`` as the store remembers it.

    *path* is POSIX, NFC and relative to ``content/``. *sha256* is in hex. *error* and *line* say why it was
    refused. *origin* tells for each field of each article (by article id) where it came from, *notes* what was
    guessed. *reading* names the rules by which it was read: a file read by other rules is read again.
    """

    path: str
    signature: Signature
    first_seen: datetime
    seen: datetime
    sha256: str = ""
    state: SourceState = SourceState.ACCEPTED
    error: str = ""
    line: int = 0
    articles: tuple[str, ...] = ()
    origin: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reading: str = ""
