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
from feedsvc.digest import digest_of, neutral
from feedsvc.medianames import fitting_name
from feedsvc.podcasts import Episode, Podcast


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
class Medium:
    """A picture, sound or film that lies below ``content/`` and is served from there.

    *path* is its name on disk. *hash* is of its bytes, so that its address may be kept for ever; empty while there is
    no such file. *length* in bytes, *width* and *height* in pixels, *duration* in seconds, 0 where unknown; the store
    keeps the duration with the articles alone.
    """

    path: str
    hash: str = ""
    type: str = ""
    length: int = 0
    width: int = 0
    height: int = 0
    mtime_ns: int = 0
    duration: int = 0

    @property
    def name(self) -> str:
        """Its name in its address: that of the file, with a suffix that says what it is."""
        return fitting_name(self.path.rpartition("/")[2], self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, normalised: the only form in which the store, the feeds and the pages know it.

    ``id`` is an absolute URI that never changes. ``content`` is sanitised HTML in which our own addresses are
    root-relative and all others absolute. ``sections`` are section paths; the first is the article's home.
    ``link`` is the canonical address elsewhere, if the file names one. ``agency`` is the wire the text came
    from. ``episode`` is what podcasts show of it besides. ``published`` has the precision that ``precision`` states;
    as an instant, a day is noon in the site's zone.
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
    episode: Episode | None = None
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

    @property
    def digest(self) -> str:
        """A hash of what the article says, to tell an editorial change from any other.

        Empty values are left out, so that a new field changes no digest. Left out as well is what is no part of
        the text: id, source, version and dates, the address, and what only decides when it may be seen.
        """
        return digest_of(neutral(self))

    def visible(self, now: datetime) -> bool:
        """Whether a reader may see the article at *now*: usable, released, and not yet expired."""
        return (
            self.pubstatus is PubStatus.USABLE
            and self.visible_from <= now
            and (self.expires is None or now < self.expires)
        )


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
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

    *id* is a URI that never changes, whatever becomes of the site's address (RFC 4287 section 4.2.6).

    *name* is the feed's path below ``/feeds/`` without suffix (``all``, ``international/europe-americas``).
    *entries* stand in the order in which they are shown, newest first. *updated* is the last change that a
    reader can see in the document; it goes into the bytes. *ttl* is in seconds. *page* is the root-relative
    address of the section's HTML page. *icon* (small, square) and *logo* are addresses of pictures, absolute or
    root-relative; *accent* is the site's colour, as ``#rrggbb``. *archive* is the mark of an archive page (RFC 5005
    section 4), empty in the document that goes on changing; *older* and *newer* are those of the pages beside it.
    *complete* says that there is nothing but the entries (section 2). *podcast* is there if the feed is one.
    """

    name: str
    title: str
    page: str
    updated: datetime
    id: str = ""
    description: str = ""
    language: str = ""
    rights: str = ""
    site_title: str = ""
    ttl: int = 60
    full_text: bool = True
    hubs: tuple[str, ...] = ()
    icon: str = ""
    logo: str = ""
    accent: str = ""
    entries: tuple[Entry, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    archive: str = ""
    older: str = ""
    newer: str = ""
    complete: bool = False
    podcast: Podcast | None = None


class SourceState(enum.StrEnum):
    """What became of a file below ``content/``."""

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
    IGNORED = "ignored"
    """Its name is one that the configuration leaves out."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article with all that the store knows of it.

    *day* (in the site's zone) and *slug* of its address are those of its first acceptance. *withdrawn* is when it
    left the public, None while its file stands. *takedown* is the reason of an operator's order, if one is in
    force. *digest* is of its content in neutral form.
    """

    article: Article
    key: str
    path: str
    released: datetime | None
    withdrawn: datetime | None = None
    takedown: str | None = None
    digest: str = ""

    def public(self, now: datetime) -> bool:
        """Whether a reader may see the article at *now*."""
        return self.withdrawn is None and self.takedown is None and self.article.visible(now)

    def was_public(self, now: datetime) -> bool:
        """Whether a reader may ever have seen the article, up to *now*."""
        return self.released is not None and self.released <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The state of one feed: whatever changes its documents changes this.

    *seq* counts the changes that readers can see, *generation* also those that they cannot see yet. *changed* is
    the time of the last visible change. *updated* is the same for the bytes of the documents; after a first pass
    over a content folder it is that of the newest article, so that the same content gives the same bytes.
    """

    feed: str
    seq: int
    generation: int
    changed: datetime
    updated: datetime
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry with its place in a feed: *released* decides whether it is in the window."""

    entry: Entry
    released: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """How the archive of a feed stood *at* a moment, when the feed had *count* public articles.

    *newest* is the mark of its newest full page, behind which *beyond* articles are left; *rest* is that of a page of
    these. Both are empty where there is no such page.
    """

    at: datetime
    count: int
    beyond: int
    newest: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a worker keeps of a feed, so that releases and expiries need neither a job nor the store.

    *placed* holds the newest entries, some more that would move up, and the next to be released. *last_release*
    and *last_expiry* are the newest such moments up to the time of loading, over the whole feed; *next_expiry* is the
    next one. *archive* is filled in where the feed has one.
    """

    version: Version
    placed: tuple[Placed, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    last_release: datetime | None = None
    last_expiry: datetime | None = None
    next_expiry: datetime | None = None
    archive: Archive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section as pages list it: *count* public articles now, in it and below it; *newest* of their releases."""

    path: str
    title: str
    count: int
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One event in the life of an article, or in a feed where *feed* is not empty."""

    seq: int
    feed: str
    article_id: str
    kind: str
    at: datetime
    detail: str = ""
