"""How often one address may fetch feeds in full: a bound for those who poll without end and without validators.

Off unless ``[server] poll_budget`` is set. Only an answer with a whole document to a request without validators counts:
whoever asks whether anything changed is never turned away. Each worker counts for itself.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from feedsvc.config import Settings
from feedsvc.values import rate

MOST_ADDRESSES = 10_000
"""How many addresses are remembered; the one heard of longest ago goes first, and begins anew."""
_LONGEST_FORWARDED = 2000
BODY = b"Too many full downloads from your address. Please send If-None-Match, and come back later.\n"

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PollBudget:
    """*count* full answers for each address in *seconds*, saved up while it does not ask. Thread-safe."""

    def __init__(
        self,
        count: int,
        seconds: float,
        *,
        proxies: Iterable[str] = (),
        most: int = MOST_ADDRESSES,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._count = count
        self._seconds_each = seconds / count
        self._proxies = tuple(ipaddress.ip_network(proxy, strict=False) for proxy in proxies)
        self._most = most
        self._tick = tick
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, environ: Mapping[str, Any]) -> int:
        """Take one answer from the budget of whoever sent *environ*: 0 if it had one, else the seconds until it has."""
        address = client(environ, self._proxies)
        now = self._tick()
        with self._lock:
            left, at = self._left.pop(address, (float(self._count), now))
            left = min(self._count, left + (now - at) / self._seconds_each)
            enough = left >= 1
            self._left[address] = (left - 1 if enough else left, now)
            if len(self._left) > self._most:
                self._left.popitem(last=False)
        return 0 if enough else math.ceil((1 - left) * self._seconds_each)


def poll_budget(settings: Settings) -> PollBudget | None:
    """The budget that *settings* ask for; None where they ask for none."""
    if not settings.server.poll_budget:
        return None
    count, seconds = rate(settings.server.poll_budget)
    return PollBudget(count, seconds, proxies=settings.server.trusted_proxies)


def counts(environ: Mapping[str, Any], *, method: str, status: int) -> bool:
    """Whether an answer of *status* to the request is one that the budget is for."""
    return (
        status == 200
        and method == "GET"
        and "HTTP_IF_NONE_MATCH" not in environ
        and "HTTP_IF_MODIFIED_SINCE" not in environ
    )


def refusal(wait: int) -> list[tuple[str, str]]:
    """The headers of a 429 (RFC 6585 section 4) that tells to come back in *wait* seconds; its body is ``BODY``."""
    return [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(BODY))),
        ("Retry-After", str(wait)),
        ("Cache-Control", "no-store"),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "ETag, Link, Retry-After"),
        ("X-Content-Type-Options", "nosniff"),
    ]


def client(environ: Mapping[str, Any], proxies: Iterable[_Network]) -> str:
    """The address that the request came from: the last one that no trusted proxy of *proxies* has.

    ``X-Forwarded-For`` is read from its end, where the nearest proxy wrote; what stands before the first untrusted
    address could be anybody's invention. A house has a /64 network of IPv6: that counts as one address. A peer without
    an address, behind a Unix socket, is trusted where any proxy is.
    """
    trusted = tuple(proxies)
    peer = _address(str(environ.get("REMOTE_ADDR", "")))
    if trusted and (peer is None or any(peer in network for network in trusted)):
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))[-_LONGEST_FORWARDED:]
        for written in reversed(forwarded.split(",")):
            found = _address(written)
            if found is None:
                break
            peer = found
            if not any(found in network for network in trusted):
                break
    if peer is None:
        return ""
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(peer) >> 64 << 64, 64)))
    return str(peer)


def _address(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as proxies write it: with a port, in brackets, quoted; None where it is none."""
    written = written.strip().strip('"')
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        found = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return found if mapped is None else mapped
