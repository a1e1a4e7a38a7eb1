"""Polls added up: by hour, day, feed and client, in tables that nobody can make grow."""

from __future__ import annotations

from typing import Any

from feedsvc.numbers.agents import Agent
from feedsvc.numbers.tally import (
    DAY,
    HOUR,
    MOST_DECLARED,
    MOST_FEEDS,
    MOST_IDS,
    MOST_NAMES,
    OTHER,
    ClientCounts,
    Declared,
    Poll,
    Tally,
)

NOON = 20_000 * DAY + 12 * HOUR + 17
FEEDLY, READER = Agent("Feedly", "service", 16), Agent("Reader", "app")


def poll(agent: Agent = READER, **fields: Any) -> Poll:
    values = {"feed": "all", "format": "rss", "status": 200, "conditional": False, "coding": "gzip",
              "sent": 100, "spared": 0, "squeezed": 400, "client": 1}  # fmt: skip
    return Poll(agent=agent, **{**values, **fields})


def test_polls_are_counted_by_hour_and_by_day() -> None:
    tally = Tally()
    tally.add(poll(), 2, at=NOON)
    tally.add(poll(status=304, conditional=True, sent=0, spared=100, squeezed=0), 3, at=NOON + HOUR)
    hours = {start: counts for (span, start, *_), counts in tally.feeds.items() if span == HOUR}
    assert [one.polls for one in hours.values()] == [2, 3]
    (day,) = [counts for (span, *_), counts in tally.feeds.items() if span == DAY]
    assert day.numbers() == {
        "polls": 5, "conditional": 3, "unchanged": 3, "sent": 200, "spared": 300, "squeezed": 800
    }  # fmt: skip


def test_the_latest_count_of_each_feed_id_stands_and_services_are_no_pollers() -> None:
    tally = Tally()
    for feed_id, count in (("a", 5), ("b", 7), ("a", 6)):
        tally.add(poll(Agent("Feedbin", "service", count, feed_id)), 1, at=NOON)
    tally.add(poll(FEEDLY, client=9), 4, at=NOON)
    tally.add(poll(Agent("Google", "crawler"), client=8), 4, at=NOON)
    day = NOON - NOON % DAY
    assert {whose.feed_id: count for whose, (count, _at) in tally.declared.items() if whose.service == "Feedbin"} == {
        "a": 6,
        "b": 7,
    }
    assert tally.declared[Declared(day, "all", "rss", "Feedly", "")] == (16, NOON)
    assert not tally.pollers
    tally.add(poll(client=7), 4, at=NOON)
    tally.add(poll(client=7), 4, at=NOON)
    assert tally.pollers[day, "all", "rss"].count() == 1


def test_a_client_that_moves_stays_gone_or_is_refused() -> None:
    tally = Tally()
    for status in (200, 304, 308, 404, 410, 429):
        tally.add(poll(feed="" if status in (308, 404, 410) else "all", status=status, coding=""), 1, at=NOON)
    (client,) = tally.clients.values()
    assert client.numbers() == ClientCounts(polls=2, full=1, unchanged=1, plain=2, moved=1, gone=2, refused=1).numbers()
    (hour, _day) = tally.feeds.values()
    assert hour.polls == 2, "who is refused has not polled"


def test_what_clients_make_up_does_not_make_the_tables_grow() -> None:
    tally = Tally(frozenset({"Feedly"}))
    for number in range(3 * MOST_DECLARED):
        made_up = Agent(f"Bot {number}", "", number, f"id{number}")
        tally.add(poll(made_up, client=number, feed=f"tags/{number}"), 1, at=NOON)
        tally.add(poll(FEEDLY._replace(feed_id=str(number))), 1, at=NOON)
    tally.add(poll(FEEDLY), 1, at=NOON)
    assert len(tally.clients) == MOST_NAMES + 2, "and one for Feedly, and one for all others"
    assert tally.clients[NOON - NOON % DAY, OTHER].polls == 3 * MOST_DECLARED - MOST_NAMES
    assert len(tally.declared) <= MOST_DECLARED
    assert len([1 for whose in tally.declared if whose.service == "Feedly"]) <= MOST_IDS + 1
    assert len(tally.feeds) <= 2 * (MOST_FEEDS + 1)
    tally.take()
    for number in range(MOST_NAMES):
        tally.add(poll(Agent(f"Another {number}")), 1, at=NOON)
    assert len(tally.clients) == 1, "taking the tables out gives nobody a fresh start that day"
    tally.add(poll(Agent("Tomorrow")), 1, at=NOON + DAY)
    assert (NOON - NOON % DAY + DAY, "Tomorrow") in tally.clients


def test_what_could_not_be_written_is_merged_back() -> None:
    tally, same = Tally(), Tally()
    for client in range(10):
        tally.add(poll(client=client), 2, at=NOON)
        same.add(poll(client=client), 2, at=NOON)
    tally.add(poll(FEEDLY), 1, at=NOON)
    taken = tally.take()
    assert not tally
    tally.add(poll(FEEDLY._replace(subscribers=17)), 1, at=NOON + 5)
    same.add(poll(FEEDLY._replace(subscribers=17)), 2, at=NOON + 5)
    parts = list(taken.parts(3))
    assert len(parts) > 1
    for part in parts:
        tally.merge(part)
    assert tally.feeds == same.feeds
    assert tally.declared == same.declared, "the later count stands"
    assert [one.numbers() for one in tally.clients.values()] != []
    assert tally.pollers.keys() == same.pollers.keys()
    assert [sketch.count() for sketch in tally.pollers.values()] == [10]
