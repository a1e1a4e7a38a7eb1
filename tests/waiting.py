"""Waiting for what must come, and what a promise in seconds means on a machine that has other things to do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

_Found = TypeVar("_Found")

PATIENCE = 30.0
"""How long, in seconds, a test waits for what should come at once: machines that run tests are slow now and then."""


def until(condition: Callable[[], _Found], seconds: float = PATIENCE, *, every: float = 0.04, what: str = "") -> _Found:
    """What *condition* gives, as soon as that is true. Fails the test after *seconds*."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what or condition}; at last it gave {found!r}")
        time.sleep(every)


def allowed(seconds: float) -> float:
    """What *seconds* are on this machine now: more, where more programs than it has processors want one."""
    return seconds * (1 + os.getloadavg()[0] / (os.cpu_count() or 1))
