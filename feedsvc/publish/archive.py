"""Archives of feeds (RFC 5005 section 4): all that a feed showed since it began, in pages whose addresses never lie.

The public articles of a feed stand in the order of their release and are cut into pages of as many as the feed shows,
counted from the oldest: so a page that is full stays as it is when articles come. Its mark holds a hash of what it
shows, of the settings that it is written by, and of the page before it. When an article in a page changes or goes,
this page and all behind it have other addresses, and nothing answers at the old ones.

What is kept of an archive is its marks. They are made when a feed is first asked for, which reads a row for each of its
articles, and then only from the first page on that something happened to: for new articles that is the last one. Those
of long archives are kept in the store as well, so that a process that starts has to go on from there only.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from feedsvc.config import Settings
from feedsvc.errors import StoreError
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.model import Entry, Window
from feedsvc.publish import keeping
from feedsvc.publish.document import Document
from feedsvc.publish.pages import Chain, Page
from feedsvc.publish.press import most_bytes
from feedsvc.publish.rendering import rendered
from feedsvc.publish.settings import Plan, feed_digest, is_section
from feedsvc.publish.window import NEVER, Shown, framed
from feedsvc.store.base import ALL, Mark, Store
from feedsvc.store.tables import ms

MAX_AGE = 24 * 3600
"""For how many seconds caches may keep a page. It never changes, but what is in it may have to go from everywhere."""
MOST_PAGES = 100_000
"""How many pages are known of all archives together; those of the feeds asked for longest ago go first."""
TRUSTED = timedelta(days=7)
"""How old marks may be and still be made good: far less than what happened is remembered for."""
SKEW = timedelta(minutes=1)
"""How far apart the clocks of nodes may be: what one schedules may be released by the clock of another, unnoticed."""
_AT_ONCE = 5000


class Archives:
    """The marks of the archives of one site. Thread-safe, for calls about different feeds."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._chains: OrderedDict[str, Chain] = OrderedDict()
        self._kept: dict[str, Chain] = {}  # what the store has of them, or should have
        self._lock = threading.Lock()

    def attached(
        self, window: Window, plan: Plan, now: datetime, *, between: Callable[[], None] = lambda: None
    ) -> Window:
        """*window* with the state of its feed's archive at *now*, if it has one. Raises StoreUnavailable.

        *between* is called every now and then: a million marks take some seconds.
        """
        if not has_archive(plan.name):
            return window
        seed = _hashed(feed_digest(self._settings, plan.name), window.version.title)
        known = self._chains.get(plan.name) or self._found(plan.name)
        chain = extended(known, self._store, window, plan, now, seed=seed, between=between)
        with self._lock:
            self._chains[plan.name] = chain
            self._chains.move_to_end(plan.name)
            while len(self._chains) > 1 and sum(len(one.pages) for one in self._chains.values()) > MOST_PAGES:
                self._chains.popitem(last=False)
        return dataclasses.replace(window, archive=chain.state)

    def _found(self, name: str) -> Chain | None:
        found = keeping.read(self._store.kept_marks(name))
        if found is not None:
            self._kept[name] = found
        return found

    def keep(self) -> None:
        """Keep the marks of long archives in the store, for processes that start later.

        What cannot be written is tried again an hour later: a node that only answers polls may have to do without.
        """
        with self._lock:
            chains = list(self._chains.items())
        with contextlib.suppress(StoreError):
            for name, chain in chains:
                if keeping.due(chain, self._kept.get(name)):
                    self._kept[name] = chain
                    self._store.keep_marks(name, keeping.written(chain), seq=chain.seq)

    def chain(self, name: str) -> Chain | None:
        """The archive of the feed *name* as it was last seen; None if that is not known any more."""
        return self._chains.get(name)


def has_archive(name: str) -> bool:
    """Whether the feed *name* has an archive: that of everything and those of sections have."""
    return name == ALL or is_section(name)


def extended(
    known: Chain | None,
    store: Store,
    window: Window,
    plan: Plan,
    now: datetime,
    *,
    seed: str,
    between: Callable[[], None] = lambda: None,
) -> Chain:
    """The archive of the feed of *window* at *now*, made of as much of *known* as still holds."""
    kept: list[Page] = []
    version = window.version
    if (
        known is not None
        and (known.seed, known.size) == (seed, plan.limit)
        and known.at <= now < known.at + TRUSTED
        and known.seq <= version.seq  # else it is of a store in whose place there is another one now
    ):
        disturbed = store.disturbed(plan.name, seq=known.seq, since=known.at, now=now)
        until = ms(known.at - SKEW if disturbed is None else min(disturbed, known.at - SKEW))
        kept = [page for page in known.pages[: known.full] if page.last.released < until]
    last = kept[-1] if kept else None
    pages = kept + list(_cut(store, plan.name, now, size=plan.limit, seed=seed, last=last, between=between))
    return Chain(seed=seed, size=plan.limit, seq=version.seq, at=now, pages=tuple(pages))


def _cut(
    store: Store,
    name: str,
    now: datetime,
    *,
    size: int,
    seed: str,
    last: Page | None,
    between: Callable[[], None],
) -> Iterator[Page]:
    """The pages behind *last*, the last of them perhaps not full."""
    held: list[Mark] = []
    after = None if last is None else last.last
    while True:
        found = store.marks(name, now, after=held[-1] if held else after, limit=max(size, _AT_ONCE))
        held += found
        done = len(found) < max(size, _AT_ONCE)
        start = 0
        while len(held) - start >= size or (done and start < len(held)):
            marks = held[start : start + size]
            last = Page(
                number=1 if last is None else last.number + 1,
                digest=_digest(seed if last is None else last.digest, marks),
                after=after,
                last=marks[-1],
                count=len(marks),
            )
            yield last
            after = marks[-1]
            start += len(marks)
        if done:
            return
        del held[:start]
        between()


def page_document(
    store: Store,
    settings: Settings,
    window: Window,
    plan: Plan,
    chain: Chain,
    page: Page,
    renderer: Renderer,
    *,
    now: datetime,
) -> Document | None:
    """The archive *page* in the format of *renderer*; None where it does not stand so at *now*.

    Raises StoreUnavailable, and RenderError where it cannot be written.
    """
    entries = store.archived(plan.name, now, after=page.after, limit=page.count)
    marks = store.marks(plan.name, now, after=page.after, limit=page.count)
    before = chain.seed if page.number == 1 else chain.pages[page.number - 2].digest
    if _digest(before, marks) != page.digest or _told(entries) != [(mark.article_id, mark.updated) for mark in marks]:
        return None
    links = Links(settings.site.base_url)
    shown = _shown(settings, window, plan, chain, page, entries)
    made = rendered(shown, renderer, links, most_bytes=most_bytes(settings))
    return Document(
        made.identity,
        media_type=renderer.media_type,
        valid_until=min((entry.article.expires for entry in entries if entry.article.expires), default=NEVER),
        max_age=MAX_AGE,
        immutable=True,
        extra=(
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "ETag, Link, Retry-After"),
            ("X-Content-Type-Options", "nosniff"),
        ),
        shows=made.shows,
    )


def _shown(settings: Settings, window: Window, plan: Plan, chain: Chain, page: Page, entries: Sequence[Entry]) -> Shown:
    # What is too much for a reader even without markup is shown in summaries: the articles' own pages have it all.
    size = sum(len(entry.article.content.encode()) for entry in entries)
    plan = dataclasses.replace(plan, full_text=plan.full_text and 2 * size <= most_bytes(settings))
    updated = max(max(entry.article.updated, entry.article.visible_from) for entry in entries)
    feed = framed(
        plan,
        settings,
        window.version.title,
        updated=updated,
        entries=tuple(sorted(entries, key=lambda entry: (entry.article.published, entry.article.id), reverse=True)),
    )
    feed = dataclasses.replace(feed, archive=page.mark, older=chain.older(page), newer=str(page.number + 1))
    return Shown(feed=feed, seq=0, last_modified=updated)


def _digest(before: str, marks: Sequence[Mark]) -> str:
    """What tells a page from all others: what it shows, and the page before it."""
    return _hashed(before, *(" ".join(map(str, (*mark[3:], mark.published, mark.article_id))) for mark in marks))


def _hashed(*parts: str) -> str:
    return base64.b32encode(hashlib.sha256("\n".join(parts).encode()).digest()).decode().lower().rstrip("=")


def _told(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    return [(entry.article.id, ms(entry.article.updated)) for entry in entries]
