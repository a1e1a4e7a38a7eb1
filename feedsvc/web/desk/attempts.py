"""How often an address may be wrong about the token before it has to wait."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from feedsvc.web.budget import client

COUNT = 5
"""So many wrong attempts an address has, and one more every ``EACH_SECONDS``."""
EACH_SECONDS = 60.0
MOST_ADDRESSES = 10_000


class Attempts:
    """The wrong attempts of each address, by the monotonic clock. Thread-safe; each worker counts for itself.

    *proxies* are the networks whose word for the address of a client is taken.
    """

    def __init__(self, proxies: Iterable[str] = (), *, tick: Callable[[], float] = time.monotonic) -> None:
        self._proxies = tuple(ipaddress.ip_network(proxy, strict=False) for proxy in proxies)
        self._tick = tick
        self._wrong: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, environ: Mapping[str, Any]) -> int:
        """How many seconds whoever sent *environ* has to wait before the next attempt; 0 if not at all."""
        now = self._tick()
        with self._lock:
            count = self._count(client(environ, self._proxies), now)
        return 0 if count <= COUNT - 1 else math.ceil((count - COUNT + 1) * EACH_SECONDS)

    def failed(self, environ: Mapping[str, Any]) -> None:
        """Count a wrong attempt of whoever sent *environ*."""
        address, now = client(environ, self._proxies), self._tick()
        with self._lock:
            self._wrong[address] = (self._count(address, now) + 1, now)
            self._wrong.move_to_end(address)
            if len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)

    def _count(self, address: str, now: float) -> float:
        """The wrong attempts of *address* that are not forgiven yet."""
        count, at = self._wrong.get(address, (0.0, now))
        return max(0.0, count - (now - at) / EACH_SECONDS)
