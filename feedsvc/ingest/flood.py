"""The flood brake: articles that readers know already must not come back to them under other ids, all at once.

It happens when an export numbers its files anew, or ``authority`` is changed: every reader would be shown everything
once more. A few such articles are an editor's business; many in one pass wait for the operator's word.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from feedsvc.ingest.scan import Found
from feedsvc.model import SourceRecord

HOLD = "flood"
"""The name under which such a change waits for the operator's word."""


class Reidentified(Exception):
    """A file gives articles that are known already other ids. *feeds* would show them anew."""

    def __init__(self, feeds: Collection[str]) -> None:
        super().__init__(feeds)
        self.feeds = feeds


MEMORY_SECONDS = 600.0
"""Files come in by many small passes as they are written: for so long those let through count with the next."""


@dataclass(slots=True)
class Recent:
    """The articles that were let through lately, by the monotonic clock and the feeds that show them anew."""

    _passed: deque[tuple[float, Collection[str]]] = field(default_factory=deque)

    def add(self, tick: float, feeds: Collection[str]) -> None:
        """Count one more."""
        self._passed.append((tick, feeds))

    def count(self, tick: float) -> Counter[str]:
        """How many there were lately, by feed."""
        while self._passed and tick - self._passed[0][0] > MEMORY_SECONDS:
            self._passed.popleft()
        return Counter(feed for _, feeds in self._passed for feed in feeds)


@dataclass(slots=True)
class Brake:
    """The files of one pass that give known articles other ids: put off to its end, then let through or held.

    *limit* is how many such articles a feed may get at a time, those of *recent* included. *passed* are the paths
    that are let through.
    """

    limit: int
    recent: Recent = field(default_factory=Recent)
    passed: frozenset[str] = frozenset()
    put_off: dict[str, tuple[Found, SourceRecord | None]] = field(default_factory=dict)
    _feeds: list[Collection[str]] = field(default_factory=list)

    def put(self, found: Found, record: SourceRecord | None, feeds: Collection[str]) -> None:
        """Put one file off."""
        if found.source not in self.put_off:
            self.put_off[found.source] = (found, record)
            self._feeds.append(feeds)

    def release(self, held: Mapping[str, Any], *, tick: float) -> str:
        """Let through what was put off, if it is little or accepted in *held*; else why it waits."""
        accepted = held.get("accepted") and set(self.put_off) <= set(held.get("paths", ()))
        counted = self.recent.count(tick) + Counter(feed for feeds in self._feeds for feed in feeds)
        feed, count = max(counted.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if count > self.limit and not accepted:
            return f"readers of the feed {feed!r} would be shown {count} articles that they know anew, under other ids"
        if not accepted:
            for feeds in self._feeds:
                self.recent.add(tick, feeds)
        self.passed = frozenset(self.put_off)
        return ""
