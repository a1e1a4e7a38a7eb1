"""Polls counted: one line of work on their way, all the rest in a thread of the worker.

A poll leaves a tuple in a bounded queue. The thread takes them out twice a second, counts those that are alike at
once, reads what they say of themselves, hashes addresses with the salt of the day, and adds them up; once a minute it
writes what there is into the store. While that does not answer, it keeps counting and tries again.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import ipaddress
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from multiprocessing.util import Finalize
from typing import Any, NamedTuple

from feedsvc.board import Board
from feedsvc.config import Settings
from feedsvc.errors import StoreError
from feedsvc.logs import get_logger
from feedsvc.numbers.agents import LONGEST, Agents
from feedsvc.numbers.tally import DAY, Poll, Tally
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.document import Document
from feedsvc.store.base import AUTHORS, TAGS, Store
from feedsvc.store.tables import ms
from feedsvc.web.budget import client

TURN_SECONDS = 0.5
SHARE_SECONDS = 2.0
FLUSH_SECONDS = 60.0
MOST_WAITING = 20_000
"""How many polls may wait for the thread; of more the oldest are forgotten."""
LONGEST_FORWARDED = 200
AHEAD = timedelta(hours=2)
"""How long before a day begins its salt is fetched, so that it is there if the store is not."""
MOST_LABELS = 300
"""How many feeds have a label of their own in metrics."""


class Seen(NamedTuple):
    """One answered request as it is left for the thread. *sent* is the length of the body."""

    path: str
    document: Document | None
    status: str
    coding: str
    conditional: bool
    sent: int
    agent: str
    peer: str
    forwarded: str


class Counting:
    """Counts the polls of one worker. :meth:`saw` costs about a microsecond; :meth:`start` starts the thread."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        board: Board,
        cache: DocumentCache | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._board = board
        self._cache = cache
        self._proxies = tuple(ipaddress.ip_network(one, strict=False) for one in settings.server.trusted_proxies)
        self._waiting: deque[Seen] = deque(maxlen=MOST_WAITING)
        self._times: deque[float] = deque(maxlen=MOST_WAITING)
        self._agents = Agents()
        self._tally = Tally(self._agents.known)
        self._labels: set[str] = set()
        self._salts: dict[int, bytes] = {}
        self._lent: set[int] = set()
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lost = False
        self._log = get_logger(__name__)
        self.took = self._times.append
        """Takes how many seconds a poll took."""

    def saw(
        self, environ: Mapping[str, Any], path: str, document: Document | None, status: str, coding: str, sent: int
    ) -> None:
        """Note that the request *environ* for *path* was answered."""
        get = environ.get
        self._waiting.append(
            Seen(
                path,
                document,
                status,
                coding,
                "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ,
                sent,
                get("HTTP_USER_AGENT", "")[:LONGEST],
                get("REMOTE_ADDR", ""),
                get("HTTP_X_FORWARDED_FOR", "")[-LONGEST_FORWARDED:] if self._proxies else "",
            )
        )

    def start(self) -> None:
        """Start the thread, and see to it that the last minute is written when the process ends in order."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="counting", daemon=True)
            self._thread.start()
            Finalize(self, self.stop, exitpriority=10)  # a process that multiprocessing started runs no atexit
            atexit.register(self.stop)

    def stop(self) -> None:
        """Stop the thread, and write what was counted."""
        thread, self._thread = self._thread, None
        if thread is not None:
            atexit.unregister(self.stop)
            self._stopping.set()
            thread.join(timeout=2)
            self.flush()
            self._board.share()

    def work_out(self) -> None:
        """Count what waits."""
        with self._turn:
            waiting = len(self._waiting)
            if waiting == MOST_WAITING:
                self._board.count("feedsvc_polls_uncounted")
            seen = Counter(self._waiting.popleft() for _ in range(waiting))
            self._board.observe("feedsvc_poll_seconds", [self._times.popleft() for _ in range(len(self._times))])
            if seen:
                at = ms(self._clock())
                salt = self._salt(at - at % DAY)
                for one, count in seen.items():
                    self._count(one, count, at, salt)

    def flush(self) -> bool:
        """Write what was counted into the store; False if it does not answer: then it is kept for the next time."""
        self.work_out()
        with self._turn:
            parts = list(self._tally.take().parts())
            while parts:
                try:
                    self._store.add_tally(parts[0])
                except StoreError as error:
                    for part in parts:
                        self._tally.merge(part)
                    if not self._lost:
                        self._lost = True
                        self._log.warning("numbers wait for the store", error=str(error))
                    return False
                parts.pop(0)
            self._lost = False
            return True

    # ------------------------------------------------------------------ the thread
    def _run(self) -> None:
        share, flush = 0.0, time.monotonic() + FLUSH_SECONDS
        while not self._stopping.wait(TURN_SECONDS):
            try:
                self.work_out()
                if time.monotonic() >= share:
                    self.share()
                    share = time.monotonic() + SHARE_SECONDS
                if time.monotonic() >= flush:
                    flush = time.monotonic() + FLUSH_SECONDS
                    self.flush()
            except Exception:
                self._log.exception("counting failed and goes on")

    def share(self) -> None:
        """Set what is measured of this worker, and share it with the other processes."""
        self._board.set("feedsvc_workers", 1)
        if self._cache is not None:
            self._board.set("feedsvc_cache_bytes", self._cache.size)
            self._board.set("feedsvc_cache_limit_bytes", self._cache.max_bytes)
            self._board.set("feedsvc_validity_troubles", len(self._cache.troubles))
            self._board.set("feedsvc_store_up", int(self._cache.ready()))
        self._board.share()

    # ------------------------------------------------------------------ how it is done
    def _salt(self, day: int) -> bytes:
        """The salt of *day*; one of our own while the store does not tell the one that all share."""
        if day not in self._salts or day in self._lent:
            self._fetch(day)
        ahead = ms(self._clock() + AHEAD)
        if ahead - ahead % DAY > day and ahead - ahead % DAY not in self._salts:
            self._fetch(ahead - ahead % DAY)
        return self._salts[day]

    def _fetch(self, day: int) -> None:
        today = ms(self._clock())
        offered = secrets.token_hex(16)
        try:
            self._salts[day] = self._store.salt(min(day, today - today % DAY), offered, of=day).encode()
            self._lent.discard(day)
        except StoreError:
            self._salts.setdefault(day, offered.encode())
            self._lent.add(day)
        self._salts = {known: salt for known, salt in self._salts.items() if known >= today - today % DAY}

    def _count(self, seen: Seen, count: int, at: int, salt: bytes) -> None:
        agent = self._agents.read(seen.agent)
        environ = {"REMOTE_ADDR": seen.peer, "HTTP_X_FORWARDED_FOR": seen.forwarded}
        address = client(environ, self._proxies)
        hashed = hashlib.blake2b(f"{address}\0{agent.name}".encode("utf-8", "replace"), key=salt, digest_size=8)
        status, document = int(seen.status[:3]), seen.document
        feed, suffix, spared, squeezed = "", "", 0, 0
        if document is not None:
            feed, _dot, suffix = seen.path.rpartition(".")
            if status in (304, 226):
                spared = max(0, document.weight(seen.coding) - seen.sent)
            elif status == 200 and seen.coding and seen.sent:
                squeezed = max(0, len(document.identity) - seen.sent)
        poll = Poll(
            feed, suffix, status, seen.conditional, seen.coding, seen.sent, spared, squeezed,
            agent, int.from_bytes(hashed.digest()) >> 1,
        )  # fmt: skip
        self._tally.add(poll, count, at=at)
        self._board.count(
            "feedsvc_polls", self._label(feed), suffix, str(status), seen.coding or "identity", by=count
        )
        self._board.count("feedsvc_poll_sent_bytes", by=count * seen.sent)
        self._board.count("feedsvc_poll_saved_bytes", "unchanged", by=count * spared)
        self._board.count("feedsvc_poll_saved_bytes", "compression", by=count * squeezed)

    def _label(self, feed: str) -> str:
        """The feed as a label: tags and authors are one each, and so are those beyond the first few hundred."""
        for prefix in (TAGS, AUTHORS):
            if feed.startswith(prefix):
                return f"{prefix}*"
        if feed in self._labels:
            return feed
        if len(self._labels) >= MOST_LABELS:
            return "other"
        self._labels.add(feed)
        return feed


def timed(board: Board) -> Callable[[str, float, str], None]:
    """What notes in *board* that a document of a format took so many seconds, and its outcome."""

    def note(suffix: str, seconds: float, outcome: str) -> None:
        board.count("feedsvc_documents_rendered", suffix, outcome)
        board.observe("feedsvc_render_seconds", [seconds], suffix)

    return note


Rows = Sequence[Any]
_ = functools
