"""Which files are complete: a file that may still be written to waits for a second look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedsvc.ingest.scan import Found
from feedsvc.model import Signature

_EPOCH_SECONDS = 1_000_000_000


@dataclass(slots=True)
class Looks:
    """First looks at files that changed lately. Kept by the scheduler from pass to pass.

    A writer can set a file's mtime but not its ctime, so one look is enough at a file whose ctime is at least
    *settle* old and not ahead of the clock. Any other waits for a second look that is equal in size, mtime, ctime
    and inode, *settle* later by the monotonic clock. Files go by their names on disk, by which they are looked up.
    """

    settle: timedelta
    _first: dict[str, tuple[Signature, float]] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)

    def settled(self, found: Found, *, now: datetime, tick: float) -> bool:
        """Whether *found* is complete at *now*; *tick* is the monotonic clock in seconds."""
        age = now.timestamp() - found.signature.ctime_ns / _EPOCH_SECONDS
        known = self._first.get(found.name)
        if known is None and age >= self.settle.total_seconds():
            return True
        if known is not None and known[0] == found.signature:
            return tick - known[1] >= self.settle.total_seconds()
        self.again(found, tick=tick)
        return False

    def again(self, found: Found, *, tick: float) -> None:
        """Begin anew with *found*: somebody has it open for writing."""
        self._first[found.name] = (found.signature, tick)
        self._began.setdefault(found.name, tick)

    def done(self, names: Collection[str]) -> None:
        """Forget files that were read, or are no longer there."""
        for name in names:
            self._first.pop(name, None)
            self._began.pop(name, None)

    def pending(self, tick: float) -> Sequence[tuple[str, float, float]]:
        """The files that wait, by their names on disk: since how many seconds, and in how many they are looked at."""
        settle = self.settle.total_seconds()
        return [
            (name, tick - self._began.get(name, started), max(0.0, started + settle - tick))
            for name, (_, started) in sorted(self._first.items())
        ]

    @property
    def waiting(self) -> Collection[str]:
        """The names on disk of the files that wait for their second look."""
        return tuple(self._first)

    def due(self, tick: float) -> float | None:
        """Seconds until the first of them can be settled; None if none waits."""
        if not self._first:
            return None
        first = min(started for _, started in self._first.values())
        return max(0.0, first + self.settle.total_seconds() - tick)
