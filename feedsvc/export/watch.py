"""Keeps an export as the service is: looks for changes as the web workers do, and knows the moments to come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from wsgiref.types import WSGIApplication

from feedsvc.config import Settings
from feedsvc.errors import ExportError, StoreError
from feedsvc.export.addresses import Routes
from feedsvc.export.run import Progress, Report, Round
from feedsvc.export.tree import Tree
from feedsvc.logs import get_logger
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.base import ALL, Store

LOOK_SECONDS = 0.1
"""How often it asks whether anything was written: a look takes some microseconds."""
LOST_SECONDS = 1.0
REST_SECONDS = 0.5
"""How long it rests after a round, so that a long ingest is not followed file by file."""
AT_LEAST = timedelta(minutes=1)
"""How often there is a round in any case: some lists change by growing old."""

Application = Callable[[Store, Callable[[], datetime], DocumentCache], WSGIApplication]
"""Makes the application that is asked, of a store, a clock and documents: one a round, which remembers no page."""


class _Heard:
    """A store that notes when it did not answer: the application helps itself with what it had, and says nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)

        def asked(*arguments: Any, **named: Any) -> Any:
            try:
                return found(*arguments, **named)
            except StoreError:
                self.lost = True
                raise

        return asked


class Export:
    """The export of one site into *folder*. Raises ExportError where that is not ours to write."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        store: Store,
        application: Application,
        routes: Routes,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings, self._routes, self._clock = settings, routes, clock
        self._heard = _Heard(store)
        self._store = cast("Store", self._heard)
        self._application = application
        self._now = clock()
        self._cache = DocumentCache(self._store, settings, lambda: self._now)
        self._tree = Tree(folder)
        self._log = get_logger(__name__)

    def close(self) -> None:
        """Let another process have the folder."""
        self._tree.close()

    def once(self, *, full: bool = False, progress: Progress | None = None) -> Report:
        """One round; *full* asks for everything, whatever is known. Raises StoreUnavailable, ExportError."""
        # One moment for all: it does not go back when the clock does, for released is released.
        now = self._clock()
        self._now = now
        self._heard.lost = False
        application = self._application(self._store, lambda: now, self._cache)
        one = Round(
            self._tree, self._settings, self._store, self._cache, application, self._routes,
            now=now, progress=progress, doubtful=lambda: self._heard.lost,
        )  # fmt: skip
        return one.run(full=full)

    def keep(self, stopping: threading.Event) -> Iterator[Report]:
        """Round after round, each as soon as there is something to do, until *stopping* is set.

        While the store does not answer or the disk is full, what was written stays.
        """
        token: object = None
        due = self._clock()
        lost = False
        while not stopping.is_set():
            pause = LOOK_SECONDS
            try:
                found, now = self._store.changes_token(), self._clock()
                if found != token or now >= due or due - now > AT_LEAST:
                    report = self.once()
                    token = found
                    due = self._due(now)
                    pause = REST_SECONDS
                    yield report
                if lost:
                    self._log.info("the export goes on")
                lost = False
            except (StoreError, ExportError) as error:
                if not lost:
                    self._log.warning("the export cannot go on now; what stands stays", error=str(error))
                lost, pause = True, LOST_SECONDS
            stopping.wait(min(pause, max(0.0, (due - self._clock()).total_seconds()) or LOOK_SECONDS))

    def _due(self, now: datetime) -> datetime:
        """When there has to be a round, whether anything is written or not."""
        moment = self._store.moments(ALL, now)[1]
        return min(now + AT_LEAST, moment or now + AT_LEAST)
