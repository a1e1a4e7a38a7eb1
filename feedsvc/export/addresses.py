"""Which addresses a site has: all of them, or those where readers see something else after a change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from feedsvc import links
from feedsvc.config import Settings
from feedsvc.publish.outline import Listing, arrange
from feedsvc.publish.settings import page_of
from feedsvc.store.base import Place, Store

_AT_ONCE = 1000
_LOCATION = re.compile(rb"<loc>([^<]+)</loc>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """What the application answers besides what the store tells of.

    *fixed* are its addresses without a placeholder, and its static files; *sectional* those with one for a section,
    which is written ``{section}``.
    """

    fixed: tuple[str, ...]
    sectional: tuple[str, ...] = ()


def listing(store: Store, settings: Settings, now: datetime) -> Listing:
    """The tree of sections, uncounted. Raises StoreUnavailable."""
    return arrange(store.sections(now, counted=()), settings)


def shape(found: Listing) -> str:
    """A hash of what all pages show of the sections."""
    told = [(node.path, node.title, node.description, node.feed) for node in found.by_path.values()]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def articles(store: Store, now: datetime) -> Iterator[str]:
    """The pages of all public articles, and of those that were public once."""
    after: Place | None = None
    while found := store.addresses(now, after=after, limit=_AT_ONCE):
        yield from (one.path for one in found)
        after = found[-1].place
    yield from store.departed(now)


def feeds(names: Iterable[str], suffixes: Collection[str]) -> Iterator[str]:
    """The feeds *names* in all formats."""
    for name in names:
        yield from (links.feed(name, suffix) for suffix in suffixes)


def lists(names: Iterable[str], found: Listing) -> Iterator[str]:
    """The pages that list what the feeds *names* show, and those of the sections that hold them."""
    pages = dict.fromkeys(page_of(name) for name in names)
    for name in names:
        node = found.by_path.get(name)
        pages.update((page_of(parent), None) for parent in (() if node is None else node.parents))
    yield from pages


def former(settings: Settings, found: Listing, suffixes: Sequence[str], routes: Routes) -> Iterator[str]:
    """The addresses under which readers of other systems, or of former sections, look for what there is."""
    paths = [path for path, node in found.by_path.items() if node.feed]
    moved = {
        before + path[len(section) :]
        for section, table in settings.sections.items()
        for before in table.moved_from
        for path in (*found.by_path, section)
        if path == section or path.startswith(f"{section}/")
    }
    for path in (*paths, *sorted(moved)):
        yield from (pattern.replace("{section}", quote(path)) for pattern in routes.sectional)
    for path in sorted(moved):
        yield links.section(path)
        yield from (links.feed(path, suffix) for suffix in suffixes)


def located(sitemap: bytes, site: links.Links) -> list[str]:
    """The addresses of our own that a *sitemap* names, root-relative."""
    base = site.base_url.rstrip("/")
    found = [one.decode().replace("&amp;", "&") for one in _LOCATION.findall(sitemap)]
    return [one[len(base) :] for one in found if one.startswith(f"{base}/")]
