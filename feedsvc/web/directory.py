"""The sections as pages show them: looked up as seldom as may be, counted more seldom still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from feedsvc.config import Settings
from feedsvc.errors import StoreUnavailable
from feedsvc.publish.outline import Listing, arrange
from feedsvc.publish.window import ALWAYS, NEVER
from feedsvc.store.base import ALL, Store

FRESH = timedelta(seconds=1)
"""How old the list may be before the store is asked whether it still holds."""
REST = 200
"""How many times as long as it took to count nothing is counted again: counting takes at most 0.5 % of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A list of the sections, the time of the last change of any feed, and when one will change by itself.

    The rest is what the list was made of: *looked* is when it was last seen to hold, *counted* tells for each feed at
    which of its changes it was counted.
    """

    listing: Listing
    changed: datetime
    until: datetime
    looked: datetime
    made: datetime
    token: Any
    changes: Mapping[str, int]
    counts: Mapping[str, int]
    counted: Mapping[str, int]


class Directory:
    """The sections of one site. Thread-safe.

    As long as nothing is written and no embargo or expiry comes due, the store is not asked. A new section is there at
    once; the number of articles in a large archive follows when it has rested from counting.
    """

    def __init__(self, store: Store, settings: Settings, *, tick: Callable[[], float] = time.perf_counter) -> None:
        self._store = store
        self._settings = settings
        self._tick = tick
        self._lock = threading.Lock()
        self._known: Standing | None = None
        self._count_from = -1.0

    def listing(self, now: datetime) -> Listing:
        """All sections that readers may know of at *now*. Raises StoreUnavailable as :meth:`standing` does."""
        return self.standing(now).listing

    def standing(self, now: datetime) -> Standing:
        """All sections that readers may know of at *now*; the last known ones while the store is lost.

        Raises StoreUnavailable if none are known yet.
        """
        known = self._known
        if known is not None and abs(now - known.looked) < FRESH and now < known.until:
            return known
        with self._lock:
            try:
                known = self._known = self._look(self._known, now)
            except StoreUnavailable:
                if self._known is None:
                    raise
                return self._known
            return known

    def _look(self, known: Standing | None, now: datetime) -> Standing:
        """What holds at *now*: *known* where nothing happened since, else made anew."""
        token = self._store.changes_token()
        lasting = known is not None and known.made <= now < known.until and known.counted == known.changes
        if known is not None and lasting and token == known.token:
            return replace(known, looked=now)
        versions = self._store.versions()
        changes = {name: version.generation for name, version in versions.items() if name != ALL}
        if known is not None and lasting and changes == known.changes:
            return replace(known, looked=now, token=token)
        written = max((version.changed for version in versions.values() if version.seq), default=ALWAYS)
        return self._make(known, now, token=token, changes=changes, written=written)

    def _make(
        self, known: Standing | None, now: datetime, *, token: Any, changes: Mapping[str, int], written: datetime
    ) -> Standing:
        due = known is not None and not known.made <= now < known.until
        counts = {} if known is None else {name: count for name, count in known.counts.items() if name in changes}
        counted = {} if known is None or due else {name: at for name, at in known.counted.items() if name in changes}
        started = self._tick()
        # While it rests only those are counted that never were: they are new, and small.
        resting = started < self._count_from
        counting = [name for name in changes if counted.get(name) != changes[name] and not (resting and name in counts)]
        sections = self._store.sections(now, counted=counting)
        last, until = self._store.moments(ALL, now)
        if counting and not resting:
            ended = self._tick()
            rest = REST * (ended - started)
            self._count_from = ended + (rest if rest > FRESH.total_seconds() else 0)
        counted |= {name: changes[name] for name in counting}
        found = {section.path: section.count for section in sections}
        counts |= {name: found.get(name, 0) for name in counting}
        shown = [replace(section, count=counts.get(section.path, 0)) for section in sections]
        return Standing(
            listing=arrange(shown, self._settings),
            changed=max(written, last or ALWAYS),
            looked=now,
            made=now,
            until=NEVER if until is None else until,
            token=token,
            changes=changes,
            counts=counts,
            counted=counted,
        )
