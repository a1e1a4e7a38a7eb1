"""How many readers a feed has, from what was counted: declared subscribers and distinct pollers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedsvc.numbers.tally import DAY

HEARD_WITHIN = 3 * DAY
"""How long a declared count stands: a service that was not heard of for so long has no readers any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRow:
    """The polls of one feed in one format in the hour or day that began at *start*; as in ``FeedCounts``."""

    start: int
    feed: str
    format: str
    polls: int
    conditional: int
    unchanged: int
    sent: int
    spared: int
    squeezed: int
    pollers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRow:
    """What a *service* declared last on one *day*, *at* a time, for one of the feeds that it sees there."""

    day: int
    feed: str
    format: str
    service: str
    feed_id: str
    declared: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReaders:
    """One feed in figures.

    *subscribers* are declared by *services*, each with its sum; *pollers* are other clients, of the day that had most
    among the last two: today is not over. *per_day* are subscribers and pollers of each day, the oldest first.
    """

    feed: str
    subscribers: int
    pollers: int
    polls: int
    conditional: int
    unchanged: int
    sent: int
    spared: int
    squeezed: int
    services: tuple[tuple[str, int], ...]
    per_day: tuple[tuple[int, int, int], ...]

    @property
    def readers(self) -> int:
        """Subscribers and pollers together."""
        return self.subscribers + self.pollers

    @property
    def saved(self) -> int:
        """The bytes that needed not be sent."""
        return self.spared + self.squeezed

    def share(self, part: int) -> float:
        """*part* as a share of the polls, 0 to 1."""
        return part / self.polls if self.polls else 0.0


def readers(rows: Sequence[PollRow], declared: Sequence[DeclaredRow], *, now: int) -> list[FeedReaders]:
    """The feeds in figures, those with most readers first; *rows* and *declared* are of days, *now* in milliseconds."""
    by_feed: dict[str, tuple[list[PollRow], list[DeclaredRow]]] = {}
    for row in rows:
        by_feed.setdefault(row.feed, ([], []))[0].append(row)
    for told in declared:
        by_feed.setdefault(told.feed, ([], []))[1].append(told)
    found = [_feed(feed, mine, told, now=now) for feed, (mine, told) in by_feed.items()]
    return sorted(found, key=lambda one: (-one.readers, -one.polls, one.feed))


def subscribers_at(rows: Iterable[DeclaredRow], moment: int) -> dict[str, int]:
    """The subscribers that each service has at *moment*: the latest of each of its counts, added up."""
    latest: dict[tuple[str, str, str, str], DeclaredRow] = {}
    for row in rows:
        key = (row.service, row.feed_id, row.feed, row.format)
        if moment - HEARD_WITHIN < row.at <= moment and (key not in latest or row.at >= latest[key].at):
            latest[key] = row
    services: dict[str, int] = {}
    for row in latest.values():
        services[row.service] = services.get(row.service, 0) + row.declared
    return services


def _feed(feed: str, mine: Sequence[PollRow], told: Sequence[DeclaredRow], *, now: int) -> FeedReaders:
    pollers: dict[int, int] = {}
    for row in mine:
        pollers[row.start] = pollers.get(row.start, 0) + row.pollers
    services = subscribers_at(told, now)
    today = now - now % DAY
    days = sorted(pollers.keys() | {row.day for row in told})
    return FeedReaders(
        feed=feed,
        subscribers=sum(services.values()),
        pollers=max(pollers.get(today, 0), pollers.get(today - DAY, 0)),
        services=tuple(sorted(services.items(), key=lambda one: (-one[1], one[0]))),
        per_day=tuple(
            (day, sum(subscribers_at(told, min(now, day + DAY - 1)).values()), pollers.get(day, 0)) for day in days
        ),
        polls=sum(row.polls for row in mine),
        conditional=sum(row.conditional for row in mine),
        unchanged=sum(row.unchanged for row in mine),
        sent=sum(row.sent for row in mine),
        spared=sum(row.spared for row in mine),
        squeezed=sum(row.squeezed for row in mine),
    )
