"""Polls counted: little on their way, all the rest in a thread of the worker.

Polls that are alike (one client, one document, one kind of answer) share a counter in a bounded table. The thread takes
the table away twice a second, reads what they say of themselves, hashes addresses with the salt of the day, and adds
them up; once a minute it writes what there is into the store. While that does not answer, it keeps counting and tries
again.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from multiprocessing.util import Finalize
from typing import Any

from feedsvc.board import Board
from feedsvc.config import Settings
from feedsvc.errors import StoreError
from feedsvc.logs import get_logger
from feedsvc.numbers.agents import LONGEST, Agents
from feedsvc.numbers.tally import Poll, Tally, day_of, milliseconds
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.document import Document, Outcome
from feedsvc.publish.press import Timed
from feedsvc.store.base import AUTHORS, TAGS, Store
from feedsvc.web import standing
from feedsvc.web.budget import client

TURN_SECONDS = 0.5
SHARE_SECONDS = 2.0
FLUSH_SECONDS = 60.0
MOST_KINDS = 20_000
"""How many kinds of polls may wait for the thread; of more the newest are not counted."""
TIMED = 15
"""Of polls that are alike those are timed whose number shares no bit with this: one in sixteen."""
LONGEST_FORWARDED = 200
AHEAD = timedelta(hours=2)
"""How long before a day begins its salt is fetched, so that it is there if the store is not."""
MOST_LABELS = 300
"""How many feeds have a label of their own in metrics."""
POLLED = "feedsvc.polled"
"""Where a view leaves in the environ which document it answered with: name, suffix, document."""
UNKNOWN = "unknown"
"""The name of a feed that there is not."""

_Seen = tuple[tuple[str, str], "Document | None", Outcome, str, str, str]


class Counting:
    """Counts the polls of one worker. :meth:`saw` takes about a microsecond; :meth:`start` starts the thread."""

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
        self._evictions = 0
        self._proxies = tuple(ipaddress.ip_network(one, strict=False) for one in settings.server.trusted_proxies)
        self._seen: dict[_Seen, Iterator[int]] = {}
        self._overflowed = False
        self._times: deque[float] = deque(maxlen=MOST_KINDS)
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
        """Takes how many seconds a poll took; see ``TIMED``."""

    def saw(
        self,
        environ: Mapping[str, Any],
        place: tuple[str, str],
        document: Document | None,
        outcome: Outcome,
    ) -> int:
        """Note with which *outcome* the request *environ* for the feed at *place*, its name and suffix, was answered.

        Answers how many of its kind were noted before, in this half-second.
        """
        get = environ.get
        kind = (
            place,
            document,
            outcome,
            get("HTTP_USER_AGENT", "")[:LONGEST],
            get("REMOTE_ADDR", ""),
            get("HTTP_X_FORWARDED_FOR", "")[-LONGEST_FORWARDED:] if self._proxies else "",
        )
        seen = self._seen
        number = seen.get(kind)
        if number is None:
            if len(seen) >= MOST_KINDS:
                self._overflowed = True
                return 0
            number = seen.setdefault(kind, itertools.count())
        return next(number)  # in one step of the interpreter: no other thread comes between

    def start(self) -> None:
        """Start the thread, and see to it that the last minute is written when the process ends in order."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="counting", daemon=True)
            self._thread.start()
            Finalize(None, self.stop, exitpriority=10)  # a process that multiprocessing started runs no atexit

    def stop(self) -> None:
        """Stop the thread, and write what was counted."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            thread.join(timeout=2)
            self.flush()
            self._board.share()

    def work_out(self) -> None:
        """Count what waits."""
        with self._turn:
            seen, self._seen = self._seen, {}
            if self._overflowed:
                self._overflowed = False
                self._board.count("feedsvc_counting_overflows")
            self._board.observe("feedsvc_poll_seconds", [self._times.popleft() for _ in range(len(self._times))])
            if seen:
                at = milliseconds(self._clock())
                salt = self._salt(at)
                for one, number in list(seen.items()):
                    self._count(one, next(number), at, salt)

    def flush(self) -> bool:
        """Write what was counted into the store; False if it does not answer: then it is kept for the next time."""
        self.work_out()
        with self._turn:
            for day in list(self._lent):
                self._fetch(day)
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

    def share(self) -> None:
        """Set what is measured of this worker, and share it with the other processes."""
        self._board.set("feedsvc_workers", 1)
        cache = self._cache
        if cache is not None:
            self._board.set("feedsvc_cache_bytes", cache.size)
            self._board.set("feedsvc_cache_limit_bytes", cache.max_bytes)
            evictions = cache.evictions
            self._board.count("feedsvc_cache_evictions", by=evictions - self._evictions)
            self._evictions = evictions
            self._board.set("feedsvc_validity_troubles", len(cache.troubles))
            self._board.set("feedsvc_store_up", int(cache.ready()))
            standing.tell(self._board, cache)
        self._board.share()

    # ------------------------------------------------------------------ the thread
    def _run(self) -> None:
        share, flush = 0.0, time.monotonic() + FLUSH_SECONDS
        while not self._stopping.wait(TURN_SECONDS):
            try:
                self.work_out()
                if time.monotonic() >= share:
                    self.share()
                    if self._cache is not None:
                        self._cache.archives.keep()  # here, for the thread of the cache never waits to write
                    share = time.monotonic() + SHARE_SECONDS
                if time.monotonic() >= flush:
                    flush = time.monotonic() + FLUSH_SECONDS
                    self.flush()
            except Exception:
                self._log.exception("counting failed and goes on")

    # ------------------------------------------------------------------ how it is done
    def _salt(self, at: int) -> bytes:
        """The salt of the day of *at*; one of our own while the store does not tell the one that all share."""
        today, ahead = day_of(at), day_of(at + AHEAD // timedelta(milliseconds=1))
        for day in (today, ahead):
            if day not in self._salts:
                self._fetch(day)
        return self._salts[today]

    def _fetch(self, day: int) -> None:
        today, offered = day_of(milliseconds(self._clock())), secrets.token_hex(16)
        try:
            self._salts[day] = self._store.salt(day, offered, today=today).encode("ascii")
            self._lent.discard(day)
        except StoreError:
            self._salts.setdefault(day, offered.encode("ascii"))
            self._lent.add(day)
        self._salts = {known: salt for known, salt in self._salts.items() if known >= today}
        self._lent = {known for known in self._lent if known >= today}

    def _count(self, seen: _Seen, count: int, at: int, salt: bytes) -> None:
        (name, suffix), document, (told, coding, sent, conditional), said, peer, forwarded = seen
        agent = self._agents.read(said)
        address = client({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, self._proxies)
        whose = f"{address}\0{agent.name}".encode("utf-8", "replace")
        hashed = int.from_bytes(hashlib.blake2b(whose, key=salt, digest_size=8).digest(), "big") >> 1
        status, spared, squeezed = int(told[:3]), 0, 0
        if document is not None and status in (304, 226):
            spared = max(0, document.weight(coding) - sent)
        elif document is not None and status == 200 and coding and sent:
            squeezed = max(0, len(document.identity) - sent)
        feed, shown = (name, suffix) if document is not None else ("", "")
        poll = Poll(feed, shown, status, conditional, coding, sent, spared, squeezed, agent, hashed)
        self._tally.add(poll, count, at=at)
        if name:
            labels = (self._label(name), shown, str(status), coding or "identity")
            self._board.count("feedsvc_polls", *labels, by=count)
            self._board.count("feedsvc_poll_sent_bytes", by=count * sent)
            self._board.count("feedsvc_poll_saved_bytes", "unchanged", by=count * spared)
            self._board.count("feedsvc_poll_saved_bytes", "compression", by=count * squeezed)

    def _label(self, feed: str) -> str:
        """The feed as a label: tags and authors are one each, and so are those beyond the first few hundred."""
        for prefix in (TAGS, AUTHORS):
            if feed.startswith(prefix):
                return f"{prefix}*"
        if feed not in self._labels and len(self._labels) >= MOST_LABELS:
            return "other"
        self._labels.add(feed)
        return feed


def timed(board: Board) -> Timed:
    """What notes in *board* how long making a document of a format took, and whether it came to be."""

    @contextlib.contextmanager
    def around(suffix: str) -> Iterator[None]:
        began, outcome = time.perf_counter(), "failed"
        try:
            yield
            outcome = "made"
        finally:
            board.count("feedsvc_documents_rendered", suffix, outcome)
            board.observe("feedsvc_render_seconds", [time.perf_counter() - began], suffix)

    return around
