"""What machines other than feed readers ask for: the list of all feeds, ``robots.txt``, sitemaps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, request

from feedsvc import links as paths
from feedsvc.errors import StoreUnavailable
from feedsvc.model import Entry
from feedsvc.publish import opml, sitemap
from feedsvc.publish.document import Document
from feedsvc.publish.outline import Listing, Node
from feedsvc.publish.window import ALWAYS, NEVER
from feedsvc.store.base import ALL
from feedsvc.web.answers import UNKNOWN_MAX_AGE, answer, plain
from feedsvc.web.context import Context, bound
from feedsvc.web.pages import PageShelf

FRESH = timedelta(seconds=1)
"""How old a document may be before the store is asked whether it still holds."""
MAX_AGE = 300
_PAGE = 200
_EXTRA = (("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """The bytes of a document, and when they cease to hold, if that is before the next release or expiry."""

    identity: bytes
    until: datetime = NEVER


Make = Callable[[datetime], _Made | None]


class Catalogue:
    """The documents that tell of all articles: made anew only when something changed. Thread-safe.

    They are large and seldom asked for, so they are made one at a time, and few are kept.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shelf = PageShelf()
        self._looked: dict[str, tuple[int, datetime]] = {}
        self._outlines: dict[str, tuple[Listing, Document]] = {}
        self._lock = threading.Lock()

    def document(self, path: str, media_type: str, make: Make) -> Document | None:
        """The document at *path* as it stands now; None if *make*, given the time, makes none.

        Raises StoreUnavailable where the store is lost and no good one is kept.
        """
        now = self._context.clock()
        kept, (_generation, looked) = self._kept(path, now)
        if kept is not None and abs(now - looked) < FRESH:
            return kept
        with self._lock:
            try:
                return self._current(path, media_type, make, now)
            except StoreUnavailable:
                if kept is None:
                    raise
                return kept

    def outline(self, path: str, media_type: str, make: Callable[[Listing], bytes]) -> Document:
        """The document at *path* that *make* makes of the sections. Raises StoreUnavailable if none are known."""
        standing = self._context.directory.standing(self._context.clock())
        made, document = self._outlines.get(path, (None, None))
        if document is None or made is not standing.listing:
            document = _document(make(standing.listing), media_type, changed=standing.changed, until=standing.until)
            self._outlines[path] = (standing.listing, document)
        return document

    def _kept(self, path: str, now: datetime) -> tuple[Document | None, tuple[int, datetime]]:
        """The document that is kept, if its time has come and is not over, and what it was last seen to hold at."""
        kept = self._shelf.get(path, now)
        return (kept if kept is not None and kept.valid_from <= now else None), self._looked.get(path, (-1, ALWAYS))

    def _current(self, path: str, media_type: str, make: Make, now: datetime) -> Document | None:
        store = self._context.store
        version = store.versions().get(ALL)
        generation = 0 if version is None else version.generation
        kept, (known, _looked) = self._kept(path, now)
        if kept is None or known != generation:
            last, until = store.moments(ALL, now)
            made = make(now)
            if made is None:
                self._shelf.drop(path)
                self._looked.pop(path, None)
                return None
            changed = max(last or ALWAYS, version.changed if version is not None and version.seq else ALWAYS)
            ends = min(until or NEVER, made.until)
            document = _document(made.identity, media_type, changed=changed, since=last or ALWAYS, until=ends)
            kept = self._shelf.put(path, document, until=ends)
        self._looked[path] = (generation, now)
        return kept


def _document(
    identity: bytes, media_type: str, *, changed: datetime, since: datetime = ALWAYS, until: datetime
) -> Document:
    return Document(
        identity,
        media_type=media_type,
        last_modified=None if changed == ALWAYS else changed,
        valid_from=since,
        valid_until=until,
        max_age=MAX_AGE,
        extra=_EXTRA,
    )


def blueprint(context: Context) -> Blueprint:
    """The routes of what machines ask for."""
    routes = Blueprint("crawlers", __name__)
    catalogue = Catalogue(context)
    routes.add_url_rule(paths.opml(), view_func=bound(all_feeds, context), defaults={"catalogue": catalogue})
    routes.add_url_rule("/robots.txt", view_func=bound(robots, context))
    routes.add_url_rule(
        paths.sitemap(), "sitemap-index", bound(sitemaps, context), defaults={"name": "", "catalogue": catalogue}
    )
    routes.add_url_rule("/sitemaps/<name>.xml", "sitemap", bound(sitemaps, context), defaults={"catalogue": catalogue})
    return routes


def all_feeds(context: Context, catalogue: Catalogue) -> Response:
    """The tree of all feeds, for readers."""

    def make(listing: Listing) -> bytes:
        return opml.opml(listing, context.settings, context.formats, context.links)

    return _answer(context, catalogue.outline(paths.opml(), opml.MEDIA_TYPE, make))


def robots(context: Context) -> Response:
    """What may be read, and where the sitemaps are."""
    identity = sitemap.robots(context.links, (paths.sitemap(), paths.sitemap("news")))
    return _answer(context, Document(identity, media_type="text/plain; charset=utf-8", max_age=MAX_AGE, extra=_EXTRA))


def sitemaps(context: Context, name: str, catalogue: Catalogue) -> Response:
    """The sitemap with that name or number, or their index."""
    path = paths.sitemap(name)
    if name == "sections":
        return _answer(
            context, catalogue.outline(path, sitemap.MEDIA_TYPE, lambda listing: _sections(context, listing))
        )
    makers: dict[str, Callable[[Context, datetime], _Made]] = {"": _index, "news": _news}
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 6 and not name.startswith("0") else 0
    if name not in makers and not number:
        return _answer(context, None)

    def make(now: datetime) -> _Made | None:
        return makers[name](context, now) if name in makers else _chunk(context, now, number)

    return _answer(context, catalogue.document(path, sitemap.MEDIA_TYPE, make))


def _index(context: Context, now: datetime) -> _Made:
    """All sitemaps: as many numbered ones as the articles fill."""
    count, last = 0, context.store.addresses(now, limit=1)
    while last:
        count += 1
        last = context.store.addresses(now, after=last[0].place, skip=sitemap.CHUNK - 1, limit=1)
    names = ("sections", "news", *(str(number) for number in range(1, count + 1)))
    return _Made(identity=sitemap.index(map(paths.sitemap, names), context.links))


def _chunk(context: Context, now: datetime, number: int) -> _Made | None:
    """The articles of the sitemap with that number, in the order of their release: new ones come into the last."""
    found = context.store.addresses(now, skip=(number - 1) * sitemap.CHUNK, limit=sitemap.CHUNK)
    if not found:
        return None
    return _Made(identity=sitemap.urlset(((one.path, one.changed) for one in found), context.links))


def _sections(context: Context, listing: Listing) -> bytes:
    """The index page and the page of each section."""

    def walk(nodes: Iterable[Node]) -> Iterator[tuple[str, datetime | None]]:
        for node in nodes:
            yield paths.section(node.path), node.newest
            yield from walk(node.children)

    newest = max((node.newest for node in listing.top if node.newest is not None), default=None)
    return sitemap.urlset(((paths.index(), newest), *walk(listing.top)), context.links)


def _news(context: Context, now: datetime) -> _Made:
    """The articles that appeared in the last two days, the newest first."""
    since = now - sitemap.NEWS_AGE
    found: list[Entry] = []
    for offset in range(0, 2 * sitemap.NEWS_MOST, _PAGE):
        entries = context.store.listing(ALL, now, limit=_PAGE, offset=offset)
        found += [entry for entry in entries if entry.article.visible_from > since]
        if len(entries) < _PAGE or entries[-1].released <= since or len(found) >= sitemap.NEWS_MOST:
            break
    del found[sitemap.NEWS_MOST :]
    oldest = min((entry.article.visible_from for entry in found), default=NEVER - sitemap.NEWS_AGE)
    return _Made(identity=sitemap.news(found, context.settings, context.links), until=oldest + sitemap.NEWS_AGE)


def _answer(context: Context, document: Document | None) -> Response:
    if document is None:
        headers = {"Cache-Control": f"public, max-age={UNKNOWN_MAX_AGE}"}
        return plain("There is no such sitemap.\n", status=404, headers=headers)
    return answer(document, request, context.clock())
