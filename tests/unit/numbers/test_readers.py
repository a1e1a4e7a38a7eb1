"""Readers of a feed: the latest of each declared count added up, and the pollers of the better day."""

from __future__ import annotations

from typing import Any

from feedsvc.numbers.readers import HEARD_WITHIN, DeclaredRow, PollRow, readers, subscribers_at
from feedsvc.numbers.tally import DAY, HOUR

NOW = 20_000 * DAY + 9 * HOUR
TODAY = NOW - NOW % DAY


def declared(service: str = "Feedbin", count: int = 5, *, at: int = NOW, **fields: Any) -> DeclaredRow:
    values = {"feed": "all", "format": "rss", "feed_id": "", "day": at - at % DAY}
    return DeclaredRow(service=service, declared=count, at=at, **{**values, **fields})


def row(start: int = TODAY, polls: int = 10, pollers: int = 0, **fields: Any) -> PollRow:
    values = {
        "feed": "all",
        "format": "rss",
        "conditional": 4,
        "unchanged": 3,
        "sent": 70,
        "spared": 30,
        "squeezed": 20,
    }
    return PollRow(start=start, polls=polls, pollers=pollers, **{**values, **fields})


def test_each_id_format_and_feed_is_a_count_of_its_own_and_its_latest_stands() -> None:
    rows = [
        declared(count=5, at=NOW - DAY, feed_id="a"),
        declared(count=6, feed_id="a"),
        declared(count=7, feed_id="b"),
        declared(count=11, feed_id="a", format="atom"),
        declared("Feedly", 16),
        declared("Gone", 99, at=NOW - HEARD_WITHIN),
    ]
    assert subscribers_at(rows, NOW) == {"Feedbin": 24, "Feedly": 16}


def test_a_feed_in_figures() -> None:
    rows = [row(TODAY - DAY, pollers=8), row(pollers=2), row(pollers=1, format="atom"), row(feed="town", pollers=90)]
    town, everything = readers(rows, [declared(count=40)], now=NOW)
    assert (town.feed, town.readers) == ("town", 90)
    assert (everything.subscribers, everything.pollers, everything.readers) == (40, 8, 48)
    assert everything.polls == 30
    assert everything.share(everything.unchanged) == 0.3
    assert everything.saved == 150
    assert everything.services == (("Feedbin", 40),)
    assert everything.per_day == ((TODAY - DAY, 0, 8), (TODAY, 40, 3))


def test_a_feed_that_nobody_polled_has_no_shares() -> None:
    (feed,) = readers([], [declared()], now=NOW)
    assert feed.share(feed.unchanged) == 0
