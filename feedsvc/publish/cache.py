"""The Documents of a worker: rendered off the request path, swapped by the clock, kept when the store is lost.

A poll that hits reads two attributes and the clock. Everything else happens in one background thread: it learns
that feeds changed, loads and renders them again, and prepares the document of the next moment. Requests meanwhile
get the old bytes, for two seconds at most while the store answers, and until they cease to be valid when it does
not. Bytes past that moment are never served: the next ones are made of what is kept, with or without the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from feedsvc.config import Settings
from feedsvc.errors import StoreError, StoreUnavailable
from feedsvc.feeds.base import Renderer
from feedsvc.feeds.registry import renderers as registered
from feedsvc.logs import get_logger
from feedsvc.model import Version, Window
from feedsvc.publish.archive import Archives, has_archive
from feedsvc.publish.document import Document
from feedsvc.publish.kept import Kept, Wish
from feedsvc.publish.pages import Chain
from feedsvc.publish.press import Edition, Press, Timed, untimed
from feedsvc.publish.settings import Plan, is_section, offered, plan
from feedsvc.publish.window import Shown, exists, show
from feedsvc.store.base import Store

LOOK_SECONDS = 0.01
"""How often the thread asks whether anything was written, unless it is told so: a look takes some microseconds."""
LOST_SECONDS = 0.5
"""How often it asks while the store does not answer."""
MAX_STALE = timedelta(seconds=2)
REST = timedelta(milliseconds=300)
"""How long a feed is left alone at least after it was loaded: a long ingest does not render it for each batch."""
_TIMES_AS_LONG = 4
"""How much longer feeds rest than making them anew takes, as long as none gets ``_OLD``: who does it answers polls."""
_OLD = MAX_STALE * 3 / 4
AHEAD = timedelta(seconds=5)
"""How long before its moment the next document is prepared."""
PATIENCE_SECONDS = 0.5
FIRST_PATIENCE_SECONDS = 3.0
"""How long a request waits for the thread, where there are old bytes and where there is nothing yet."""
MAX_BYTES = 128 * 2**20
MOST_UNKNOWN = 1000
"""How many tags and authors that there are not are remembered, until something is written."""


class DocumentCache:
    """Every feed's documents, by name and suffix. Thread-safe.

    Without :meth:`start` it looks at the store with each question instead, which suits a command and a test.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        renderers: Mapping[str, Renderer] | None = None,
        max_bytes: int = MAX_BYTES,
        timed: Timed = untimed,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._renderers = offered(settings, registered() if renderers is None else renderers)
        self.archives = Archives(store, settings)
        self._press = Press(settings, self._renderers, timed=timed)
        self.max_bytes = max_bytes
        self.size = self.evictions = 0  # bytes of memory that all feeds take; feeds let go for lack of room
        self._kept: dict[str, Kept] = {}
        self._versions: Mapping[str, Version] | None = None
        self._unknown: set[str] = set()
        self._token: object = None
        self._lost = False
        self._slow = False
        self._rest = REST
        self._wishes: dict[str, Wish] = {}
        self._long = ""  # the feed whose loading is interrupted
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._log = get_logger(__name__)

    @property
    def formats(self) -> Mapping[str, Renderer]:
        """The formats that feeds are offered in, by suffix."""
        return self._renderers

    def start(self) -> None:
        """Start the thread. To be called in the process that serves, after any fork."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="documents", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Let the thread look now whether anything was written."""
        self._wake.set()

    def stop(self) -> None:
        """Stop the thread; documents can still be had."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            self._wake.set()
            thread.join(timeout=2)

    def standing(self, name: str, suffix: str, now: datetime) -> Document | None:
        """The document that stands ready at *now*, without any waiting; None where :meth:`get` has to be asked."""
        kept = self._kept.get(name)
        if kept is None or kept.plan.moved or self._thread is None:
            return None
        if kept.stale is not None and abs(now - kept.stale) > MAX_STALE:
            return None
        document = kept.edition.documents.get(suffix)
        if document is None or not document.valid_from <= now < document.valid_until:
            return None
        kept.used = now
        return document

    def get(self, name: str, suffix: str) -> Document | None:
        """The document of the feed *name* in the format with *suffix*, as it stands now; None if there is none.

        Raises StoreUnavailable if the store does not answer and nothing good is known.
        """
        now = self._clock()
        if self._thread is None:
            self._look_alone(now)
        if suffix not in self._renderers:
            return None
        kept = self._find(name, now)
        return None if kept is None else self._document(kept, suffix, now)

    def shown(self, name: str) -> Shown | None:
        """What the feed *name* shows now, whatever the format; None if there is no such feed.

        Raises StoreUnavailable as :meth:`get` does.
        """
        now = self._clock()
        kept = self._find(name, now)
        return None if kept is None or not exists(kept.window, kept.plan, now) else self._edition(kept, now).shown

    def next_change(self, name: str) -> datetime | None:
        """When the feed *name* will change by itself, if nothing is written; None if there is no such feed.

        Raises StoreUnavailable as :meth:`get` does.
        """
        now = self._clock()
        if self._thread is None:
            self._look_alone(now)
        kept = self._find(name, now)
        return None if kept is None else self._edition(kept, now).shown.valid_until

    def archive(self, name: str) -> tuple[Window, Plan, Chain] | None:
        """What is known of the archive of the feed *name*, as fresh as its documents are; None if it has none.

        Raises StoreUnavailable as :meth:`get` does.
        """
        now = self._clock()
        if self._thread is None:
            self._look_alone(now)
        kept = self._find(name, now) if has_archive(name) else None
        if kept is None or not exists(kept.window, kept.plan, now):
            return None
        chain = self.archives.chain(name)
        if chain is None:
            kept.stale = kept.stale or now  # it was pushed out by those of other feeds
            kept = self._fetch(name, patience=FIRST_PATIENCE_SECONDS)
            chain = self.archives.chain(name)
        return None if kept is None or chain is None else (kept.window, kept.plan, chain)

    def ready(self) -> bool:
        """Whether the store has answered, and still did when it was last asked."""
        if self._thread is None:
            self._look_alone(self._clock())
        return self._versions is not None and not self._lost and not self._slow

    @property
    def troubles(self) -> Mapping[tuple[str, str], str]:
        """What keeps a new document from going out, by the feed's name and the format's suffix."""
        return self._press.troubles

    def sizes(self) -> Mapping[tuple[str, str], int]:
        """How many bytes the documents that it holds have, by the feed's name and the format's suffix; those of the
        feeds that were asked for last come first.
        """
        kept = sorted(self._kept.items(), key=lambda item: item[1].used, reverse=True)
        return {
            (name, suffix): len(document.identity)
            for name, one in kept
            for suffix, document in list(one.edition.documents.items())
        }

    # ------------------------------------------------------------------ on the way of a request
    def _find(self, name: str, now: datetime) -> Kept | None:
        """What is kept of the feed, loaded first if need be; None if there is no such feed."""
        kept = self._kept.get(name)
        if kept is not None:
            kept.used = now
            if kept.stale is not None and abs(now - kept.stale) > MAX_STALE:
                try:
                    return self._fetch(name, patience=PATIENCE_SECONDS)
                except StoreError:
                    return kept
            return kept
        if self._versions is not None and name not in self._versions and (is_section(name) or name in self._unknown):
            return None
        return self._fetch(name, patience=FIRST_PATIENCE_SECONDS)

    def _fetch(self, name: str, *, patience: float) -> Kept | None:
        """Have the feed loaded by the thread, or do it here if there is none. Raises StoreUnavailable."""
        if self._thread is None:
            with self._lock:
                kept = self._kept.get(name)
                return self._load(name) if kept is None or kept.stale is not None else kept
        if self._lost:  # the thread may be busy finding out whether it is back
            raise StoreUnavailable("the store does not answer")
        with self._lock:
            wish = self._wishes.setdefault(name, Wish())
        self._wake.set()
        if self._slow or not wish.done.wait(patience):
            self._slow = True  # until the thread is heard of again nobody waits for it
            raise StoreUnavailable("the store did not answer in time")
        if wish.error is not None:
            raise StoreUnavailable(str(wish.error)) from wish.error
        return wish.kept

    def _document(self, kept: Kept, suffix: str, now: datetime) -> Document | None:
        edition = self._edition(kept, now)
        if not exists(kept.window, kept.plan, now):
            return None
        document = edition.documents.get(suffix)
        if document is None:
            with edition.lock:
                document = self._press.document(edition, suffix)
            self._evict()
        return document

    def _edition(self, kept: Kept, now: datetime) -> Edition:
        """The edition of *now*: the one that stands, the one prepared, or one made here."""
        with kept.lock:
            if not kept.edition.shown.valid(now):
                prepared = kept.upcoming
                if prepared is not None and prepared.shown.valid(now):
                    kept.edition = prepared
                else:
                    kept.edition = Edition(show(kept.window, self._settings, kept.plan, now), kept.edition)
                kept.upcoming = None
            return kept.edition

    def _look_alone(self, now: datetime) -> None:
        """What the thread would do, for as much of it as one question needs."""
        with self._lock:
            try:
                self._look()
                for name, kept in list(self._kept.items()):
                    if kept.stale is not None or now >= kept.outrun_at:
                        self._load(name)
                self._lost = False
            except StoreError:
                self._lost = True

    # ------------------------------------------------------------------ the thread
    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except Exception:
                self._log.exception("the cache of documents failed and goes on")
            self._slow = False
            self._wake.wait(LOST_SECONDS if self._lost else LOOK_SECONDS)
            self._wake.clear()  # before anything is looked at: what comes from now on wakes it again

    def _step(self) -> None:
        """One turn of the thread: wishes, news, what has to be loaded again, what comes next."""
        self._grant()
        try:
            self._look()
            began = self._clock()
            if due := self._due():
                for name in due:
                    self._grant()
                    self._load(name)
                taken = abs(self._clock() - began)
                self._rest = max(REST, min(_TIMES_AS_LONG * taken, _OLD - taken))
        except StoreError as error:
            if not self._lost:
                self._log.warning("the store does not answer; the last good documents are served", error=str(error))
            self._lost = True
        else:
            if self._lost:
                self._log.info("the store answers again")
            self._lost = False
        self._prepare()

    def _grant(self) -> None:
        """Load what requests are waiting for."""
        while True:
            with self._lock:
                name = next((name for name in self._wishes if name != self._long), None)
                if name is None:
                    return
                wish = self._wishes[name]
            try:
                kept = self._kept.get(name)
                wish.kept = self._load(name) if kept is None or kept.stale is not None else kept
            except Exception as error:
                wish.error = error
            with self._lock:
                del self._wishes[name]
            wish.done.set()

    def _meanwhile(self, name: str) -> None:
        """Load what requests are waiting for, in the midst of loading the feed *name*; not one within the other."""
        if not self._long:
            self._long, self._slow = name, False
            try:
                self._grant()
            finally:
                self._long = ""

    def _look(self) -> None:
        """Learn which feeds have changed, if anything was written."""
        token = self._store.changes_token()
        if self._versions is not None and token == self._token:
            return
        versions = self._store.versions(also=list(self._kept))
        now = self._clock()
        for name, kept in list(self._kept.items()):
            version = versions.get(name)
            if kept.stale is None and (version is None or version.generation != kept.window.version.generation):
                kept.stale = now
        self._versions, self._token = versions, token
        self._unknown.clear()

    def _due(self) -> list[str]:
        """The feeds that have to be loaded again, those first that were asked for last."""
        now = self._clock()
        due = [
            (kept.used, name)
            for name, kept in list(self._kept.items())
            if (kept.stale is not None or now >= kept.outrun_at) and abs(now - kept.loaded) >= self._rest
        ]
        return [name for _used, name in sorted(due, reverse=True)]

    def _prepare(self) -> None:
        """Render what will stand after the next moment, a little before it."""
        now = self._clock()
        for kept in list(self._kept.values()):
            until = kept.edition.shown.valid_until
            if kept.upcoming is None and now < until <= now + AHEAD:
                edition = Edition(show(kept.window, self._settings, kept.plan, until), kept.edition)
                self._press.fill(edition, kept.edition)
                kept.upcoming = edition
                self._press.warm(edition, kept.edition)

    # ------------------------------------------------------------------ loading and rendering
    def _load(self, name: str) -> Kept | None:
        """Load the feed, render what was asked for of it before, and put it in the place of the old one."""
        now = self._clock()
        chosen = plan(self._settings, name)
        window = self._store.window(name, now, limit=chosen.limit)
        old = self._kept.get(name)
        if window is not None:
            window = self.archives.attached(window, chosen, now, between=partial(self._meanwhile, name))
        if window is None:
            self._kept.pop(name, None)
            if len(self._unknown) < MOST_UNKNOWN:
                self._unknown.add(name)
            return None
        edition = Edition(show(window, self._settings, chosen, now), None if old is None else old.edition)
        kept = Kept(window, chosen, edition, loaded=now, used=now if old is None else old.used)
        if old is not None:
            if old.edition.shown == edition.shown:
                kept.edition = edition = old.edition
            else:
                self._press.fill(edition, old.edition)
        self._kept[name] = kept
        if old is not None:
            self._press.warm(edition, old.edition)
        self._evict()
        return kept

    def _evict(self) -> None:
        """Let go of the feeds that were asked for longest ago while all take more than the bound; one stays."""
        with self._lock:
            sizes = {name: kept.size for name, kept in self._kept.items()}
            self.size = sum(sizes.values())
            for name in sorted(sizes, key=lambda name: self._kept[name].used)[:-1]:
                if self.size <= self.max_bytes:
                    return
                self.size -= sizes[name]
                del self._kept[name]
                self.evictions += 1
