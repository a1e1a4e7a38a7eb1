"""Whose turn it is to work with the folder: a long look at all of it gives way to a single file that is complete."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WAIT_SECONDS = 1.0


class _GivesWay(Exception):
    """What has the turn breaks off."""


class Turn:
    """One thread at a time has the turn, in ``with``; what is urgent makes patient work break off and begin anew."""

    def __init__(self) -> None:
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
        try:
            self._lock.acquire()
        finally:
            self._calm.set()
        try:
            yield
        finally:
            self._lock.release()

    def patiently(self, work: Callable[[Callable[[], None], int], None], *, most: int) -> None:
        """Do *work*, which is told how often it was begun, with the turn.

        It is to call what it is given as often as it may be broken off. It is *most* times at most, so that it comes
        to its end however much is urgent.
        """
        for begun in range(1, most + 1):
            try:
                with self:
                    work(self._give_way, begun)
            except _GivesWay:
                self._calm.wait(_WAIT_SECONDS)  # whoever waits has to come before us
            else:
                return
        with self:
            work(lambda: None, most + 1)

    def _give_way(self) -> None:
        if not self._calm.is_set():
            raise _GivesWay
