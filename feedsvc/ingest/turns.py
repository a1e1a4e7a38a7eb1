"""Whose turn it is to work with the folder: a long look at all of it lets a single file that is complete go first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WAIT_SECONDS = 1.0


class Turn:
    """One thread at a time has the turn, in ``with``; it may let another one with something urgent go first.

    *tick* gives a monotonic time in seconds; *given* is for how many of them others went first.
    """

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self.given = 0.0
        self._lock = threading.Lock()
        self._calm = threading.Event()  # nobody waits with something urgent
        self._calm.set()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *raised: object) -> None:
        self._lock.release()

    @contextmanager
    def urgently(self) -> Iterator[None]:
        """Have the turn as soon as may be. For one thread."""
        self._calm.clear()
        self._lock.acquire()
        self._calm.set()
        try:
            yield
        finally:
            self._lock.release()

    def give_way(self) -> None:
        """Let go of the turn until what is urgent is done. In ``with``; nearly free where nothing is urgent."""
        if not self._calm.is_set():
            began = self._tick()
            self._lock.release()
            self._calm.wait(_WAIT_SECONDS)  # a lock alone would be ours again before the other thread wakes up
            self._lock.acquire()
            self.given += self._tick() - began
