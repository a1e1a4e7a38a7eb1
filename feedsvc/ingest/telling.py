"""What is told of taking files in besides the reports of passes: figures for metrics, and the orders of operators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from feedsvc.board import Board
from feedsvc.ingest.report import PassReport
from feedsvc.logs import get_logger
from feedsvc.store.base import Store

ORDERED = ("killed", "takedown lifted")
"""The events in the lives of articles that operators order."""
MOST_EVENTS = 1000
"""How many events are looked through for orders after a pass."""


class Telling:
    """Puts passes into the figures of *board*, and logs orders that were given by whichever way."""

    def __init__(self, store: Store, board: Board) -> None:
        self._store = store
        self._board = board
        self._heard = 0
        self._log = get_logger(__name__)

    def begin(self) -> None:
        """Take what was ordered until now for known. Raises StoreUnavailable."""
        self._heard = next((event.seq for event in self._store.history(limit=1)), 0)

    def passed(self, report: PassReport, *, full_at: datetime | None = None) -> None:
        """A pass ended well; a full one at *full_at*: then orders are looked for. Raises StoreUnavailable."""
        kind = "some" if full_at is None else "full"
        self._board.count("feedsvc_passes", kind)
        self._board.observe("feedsvc_pass_seconds", [report.seconds], kind)
        if full_at is not None:
            self._board.set("feedsvc_last_pass_timestamp_seconds", full_at.timestamp())
            self._listen()

    def share(self, *, leads: bool, failures: Mapping[str, int]) -> None:
        """Share the figures with the processes that are asked for them; *leads* where this one takes files in."""
        self._board.set("feedsvc_lease_held", int(leads))
        for kind, count in failures.items():
            self._board.set("feedsvc_scheduler_failures", count, kind)
        self._board.share()

    def _listen(self) -> None:
        events = self._store.history(after=self._heard, limit=MOST_EVENTS)
        for event in reversed(events):
            if event.kind in ORDERED:
                self._log.warning("ordered", kind=event.kind, article=event.article_id, reason=event.detail)
        self._heard = max((event.seq for event in events), default=self._heard)
