"""How often a section publishes, and whether it has gone strangely quiet, by its own history alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

LOOKED_AT = 100
"""How many of the newest releases the rhythm is taken from: enough to hold a weekend or two."""
LEAST = 8
"""With fewer releases a section has no rhythm yet."""
_LONGER = 1.25
_TIMES_USUAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The rhythm of a section: *usual* and *longest* pause between its newest *count* releases, and the silence now.

    *usual* and *longest* are None where there is no rhythm yet.
    """

    count: int
    newest: datetime | None
    silence: timedelta
    usual: timedelta | None
    longest: timedelta | None
    quiet: bool


def cadence(releases: Sequence[datetime], now: datetime) -> Cadence:
    """The rhythm of a section whose newest *releases* are these, newest first.

    It is strangely quiet when the silence is clearly longer than the longest of its own pauses, and several times as
    long as a usual one: so a section of weekdays may rest on a Sunday, and a yearly column for a year.
    """
    newest = releases[0] if releases else None
    silence = max(now - newest, timedelta()) if newest is not None else timedelta()
    pauses = [later - earlier for later, earlier in pairwise(releases)]
    if len(releases) < LEAST:
        return Cadence(count=len(releases), newest=newest, silence=silence, usual=None, longest=None, quiet=False)
    usual, longest = timedelta(seconds=median(pause.total_seconds() for pause in pauses)), max(pauses)
    quiet = silence > _LONGER * longest and silence > _TIMES_USUAL * usual and silence >= timedelta(hours=1)
    return Cadence(count=len(releases), newest=newest, silence=silence, usual=usual, longest=longest, quiet=quiet)
