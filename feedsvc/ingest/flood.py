"""The flood brake: articles that readers know already must not come back to them under other ids, all at once.

It happens when an export numbers its files anew, or ``authority`` is changed: every reader would be shown everything
once more. A few such articles are an editor's business; many in one pass wait for the operator's word.
"""

from __future__ import annotations

from collections import Counter
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


@dataclass(slots=True)
class Brake:
    """The files of one pass that give known articles other ids: put off to its end, then let through or held.

    *limit* is how many such articles a feed may get in one pass. *passed* are the paths that are let through.
    """

    limit: int
    passed: frozenset[str] = frozenset()
    put_off: dict[str, tuple[Found, SourceRecord | None]] = field(default_factory=dict)
    _feeds: Counter[str] = field(default_factory=Counter)

    def put(self, found: Found, record: SourceRecord | None, feeds: Collection[str]) -> None:
        """Put one file off."""
        if found.source not in self.put_off:
            self.put_off[found.source] = (found, record)
            self._feeds.update(feeds)

    def release(self, held: Mapping[str, Any]) -> str:
        """Let through what was put off, if it is little or accepted in *held*; else why it waits."""
        accepted = held.get("accepted") and set(self.put_off) <= set(held.get("paths", ()))
        feed, count = max(self._feeds.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if count > self.limit and not accepted:
            return f"readers of the feed {feed!r} would be shown {count} articles that they know anew, under other ids"
        self.passed = frozenset(self.put_off)
        return ""
