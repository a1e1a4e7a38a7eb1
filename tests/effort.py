"""How much work something may be: in processor time, whatever else the machine does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fails the test if this process spends more than *seconds* of a processor on the block."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < seconds, f"it took {spent:.1f} s of a processor"
