"""What a worker keeps of each feed between polls, and a request's wish for a feed that it does not keep yet."""

from __future__ import annotations

import threading
from datetime import datetime

from feedsvc.model import Window
from feedsvc.publish.press import Edition
from feedsvc.publish.settings import Plan
from feedsvc.publish.window import NEVER, moments

_ENTRY_BYTES = 2000
_TIMES_KEPT = 4
"""The text of an entry is kept by itself, and once as each of the three formats writes it (``feeds.pieces``)."""


class Kept:
    """What is kept of one feed. Replaced as a whole when it is loaded again; *lock* is for its editions.

    *stale* is when the store was seen to hold something newer. *used* is when it was last asked for.
    """

    __slots__ = ("edition", "loaded", "lock", "outrun_at", "plan", "stale", "upcoming", "used", "weight", "window")

    def __init__(self, window: Window, plan: Plan, edition: Edition, *, loaded: datetime, used: datetime) -> None:
        self.window = window
        self.plan = plan
        self.edition = edition
        self.upcoming: Edition | None = None
        self.loaded = loaded
        self.used = used
        self.stale: datetime | None = None
        self.lock = threading.Lock()
        # After the first moment since loading, the window lacks what comes after the moments that it holds.
        self.outrun_at = min((moment for moment in moments(window) if moment > loaded), default=NEVER)
        articles = (placed.entry.article for placed in window.placed)
        texts = (len(article.content) + len(article.summary) for article in articles)
        self.weight = sum(_ENTRY_BYTES + _TIMES_KEPT * text for text in texts)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        editions = [self.edition] if self.upcoming is None else [self.edition, self.upcoming]
        held = {one.tag: one.size for edition in editions for one in edition.held}
        return self.weight + sum(held.values())


class Wish:
    """A request's wish that a feed be loaded, and what came of it."""

    __slots__ = ("done", "error", "kept")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.kept: Kept | None = None
        self.error: Exception | None = None
