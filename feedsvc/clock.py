"""The one place that reads the clock. Only the top of the house calls it; everything below is told the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

GRAIN_SECONDS = 0.001
"""As exact as :func:`utc_now` is."""


def utc_now() -> datetime:
    """The time, in UTC and whole milliseconds."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


def grained(clock: Callable[[], datetime], grain: float) -> Callable[[float], datetime]:
    """*clock* for whoever asks it many thousand times a second: it is read anew *grain* seconds after it was read last.

    What is returned takes the reading of a monotonic clock in seconds, and gives the time.
    """
    read: tuple[datetime | None, float] = (None, 0.0)

    def at(tick: float) -> datetime:
        nonlocal read
        now, until = read
        if now is None or tick >= until:
            now = clock()
            read = (now, tick + grain)  # in one step: what a thread brings that was held up is over at once
        return now

    return at
