"""Readers: how many each feed has, how they poll, what that saves, and which clients waste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, request

from feedsvc.errors import StoreError
from feedsvc.numbers import readers as figures
from feedsvc.numbers.faults import wasteful
from feedsvc.numbers.readers import FeedReaders, PollRow
from feedsvc.numbers.tally import DAY, HOUR, milliseconds
from feedsvc.store.base import ALL, Store
from feedsvc.web.context import Context
from feedsvc.web.desk import frame
from feedsvc.web.desk.plots import Plot, plot
from feedsvc.web.desk.wording import number

DAYS, HOURS, LATELY = timedelta(days=30), timedelta(days=8), timedelta(days=2)
REST = timedelta(minutes=1)
MOST_FEEDS = 200
_LONGEST = 1000


def readers(context: Context) -> Response:
    """All feeds in figures; with ``feed`` in the query one of them, day by day and hour by hour."""
    name, now = request.args.get("feed", "")[:_LONGEST], context.clock()
    store, since = context.store, now - DAYS
    try:
        rows = store.polls(hours=False, since=since, feed=name)
        found = figures.readers(rows, store.declared(since=since, feed=name), now=milliseconds(now))
        if name:
            return (
                _one(context, found[0], now) if found else frame.absent(context, f"feed {name!r} that anybody polled")
            )
        clients = store.clients(since=now - timedelta(days=2))
    except StoreError as error:
        return frame.page(context, "readers.html", feeds=[], lost=str(error))
    return frame.page(
        context,
        "readers.html",
        lost="",
        feeds=[(one, _per_day(one, spark=True)) for one in found[:MOST_FEEDS]],
        more=max(0, len(found) - MOST_FEEDS),
        wasteful=wasteful(clients, context.settings.feeds.max_age, now=now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The feed of everything in a few figures, and the plot of its polls in the hours of ``LATELY``."""

    readers: int
    polls: int
    unchanged: float
    plot: Plot


class Glances:
    """The readers for the first page. Thread-safe; looked for once a minute, as often as they are counted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[datetime, Glance | None] | None = None

    def glance(self, now: datetime) -> Glance | None:
        """That of *now*, or of less than a minute ago; None if nobody has polled. Raises StoreUnavailable."""
        known = self._known
        if known is None or abs(now - known[0]) >= REST:
            known = self._known = (now, self._found(now))
        return known[1]

    def _found(self, now: datetime) -> Glance | None:
        since = now - LATELY
        days = self._store.polls(hours=False, since=now - DAYS, feed=ALL)
        found = figures.readers(days, self._store.declared(since=now - DAYS, feed=ALL), now=milliseconds(now))
        by_hour = _by_hour(self._store.polls(hours=True, since=since, feed=ALL))
        if not found or not by_hour:
            return None
        total = sum(polls for polls, _unchanged in by_hour.values())
        hours = _without_gaps({milliseconds(since) - milliseconds(since) % HOUR: [0], **by_hour}, now)
        words = f"Polls of the feed of everything in each of the last {len(hours)} hours: {max(hours):,} at most."
        return Glance(
            readers=found[0].readers,
            polls=total,
            unchanged=sum(unchanged for _polls, unchanged in by_hour.values()) / total if total else 0.0,
            plot=plot(hours, words=words, spark=True),
        )


def _one(context: Context, one: FeedReaders, now: datetime) -> Response:
    by_hour = _by_hour(context.store.polls(hours=True, since=now - HOURS, feed=one.feed))
    polls = _without_gaps(by_hour, now)
    return frame.page(
        context,
        "reader.html",
        one=one,
        days=_per_day(one, spark=False),
        per_day=[(_moment(day), subscribers, pollers) for day, subscribers, pollers in reversed(one.per_day)],
        hours=plot(polls, words=f"Polls in each of the last {number(len(polls), 'hour')}: {max(polls):,} at most."),
        per_hour=[(_moment(start), *sums) for start, sums in sorted(by_hour.items(), reverse=True)],
    )


def _by_hour(rows: Iterable[PollRow]) -> dict[int, list[int]]:
    """The polls of each hour, and how many of them were answered 304."""
    sums: dict[int, list[int]] = {}
    for row in rows:
        hour = sums.setdefault(row.start, [0, 0])
        hour[0] += row.polls
        hour[1] += row.unchanged
    return sums


def _without_gaps(by_hour: Mapping[int, Sequence[int]], now: datetime) -> list[int]:
    """The polls of every hour from the first of *by_hour* until *now*."""
    last = milliseconds(now) - milliseconds(now) % HOUR
    return [by_hour.get(start, [0])[0] for start in range(min(by_hour, default=last), last + HOUR, HOUR)]


def _per_day(one: FeedReaders, *, spark: bool) -> Plot:
    """The readers of each day without gaps."""
    told = {day: subscribers + pollers for day, subscribers, pollers in one.per_day}
    first, last = min(told, default=0), max(told, default=0)
    values = [told.get(day, 0) for day in range(first, last + DAY, DAY)]
    if len(values) == 1:
        words = f"Readers on the one day that was counted so far: {values[0]:,}."
    else:
        words = f"Readers on each of {len(values)} days: {values[0]:,} on the first, {values[-1]:,} on the last, "
        words += f"{max(values):,} at most."
    return plot(values, words=words, spark=spark)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
