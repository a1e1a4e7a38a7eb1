"""Dates as files really write them: parsed with their precision, and whether a zone was written."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo


class Precision(enum.StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date as written: its day, its time of day if one was written, its zone if one was written.

    *ambiguous* is True where day and month could be exchanged ("03/04/2016") and one reading was chosen.
    """

    day: date
    time: time | None = None
    zone: tzinfo | None = None
    ambiguous: bool = False

    @property
    def precision(self) -> Precision:
        """``DAY`` where no time of day was written."""
        return Precision.DAY if self.time is None else Precision.INSTANT

    def instant(self, zone: tzinfo, *, at: time = time(12)) -> datetime:
        """The moment in UTC, whole milliseconds; *zone* where none was written, *at* where no time was."""
        moment = datetime.combine(self.day, at if self.time is None else self.time)
        return moment.replace(tzinfo=self.zone or zone).astimezone(UTC)


def parse(text: str) -> Stamp | None:
    """Read a date in any of the shapes that article files carry; None where *text* is no date."""
    raise NotImplementedError


def find_day(text: str) -> date | None:
    """The day that a file name or a path carries ("2015-07-15-title.md", "2015/07/15/title"), if any."""
    raise NotImplementedError


def rfc3339(moment: datetime) -> str:
    """Write *moment* as RFC 3339 section 5.6 in UTC with ``Z``; milliseconds only where they are not zero.

    Raises ValueError if *moment* is naive.
    """
    raise NotImplementedError
