"""Readers: how many each feed has, how they poll, what that saves, and which clients waste."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Response, request

from feedsvc.errors import StoreError
from feedsvc.numbers import readers as figures
from feedsvc.numbers.faults import wasteful
from feedsvc.numbers.readers import FeedReaders
from feedsvc.numbers.tally import DAY, HOUR, milliseconds
from feedsvc.web.context import Context
from feedsvc.web.desk import frame
from feedsvc.web.desk.plots import Plot, plot

DAYS, HOURS = timedelta(days=30), timedelta(days=8)
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


def _one(context: Context, one: FeedReaders, now: datetime) -> Response:
    hours = context.store.polls(hours=True, since=now - HOURS, feed=one.feed)
    by_hour: dict[int, list[int]] = {}
    for row in hours:
        sums = by_hour.setdefault(row.start, [0, 0])
        sums[0] += row.polls
        sums[1] += row.unchanged
    last = milliseconds(now) - milliseconds(now) % HOUR
    starts = range(min(by_hour, default=last), last + HOUR, HOUR)
    polls = [by_hour.get(start, [0, 0])[0] for start in starts]
    return frame.page(
        context,
        "reader.html",
        one=one,
        days=_per_day(one, spark=False),
        per_day=[(_moment(day), subscribers, pollers) for day, subscribers, pollers in reversed(one.per_day)],
        hours=plot(polls, words=f"Polls in each of the last {len(polls)} hours: {max(polls)} at most."),
        per_hour=[(_moment(start), *sums) for start, sums in sorted(by_hour.items(), reverse=True)],
    )


def _per_day(one: FeedReaders, *, spark: bool) -> Plot:
    """The readers of each day without gaps."""
    told = {day: subscribers + pollers for day, subscribers, pollers in one.per_day}
    first, last = min(told, default=0), max(told, default=0)
    values = [told.get(day, 0) for day in range(first, last + DAY, DAY)]
    words = f"Readers on each of {len(values)} days: {values[0]:,} on the first, {values[-1]:,} on the last."
    return plot(values, words=words, spark=spark)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
