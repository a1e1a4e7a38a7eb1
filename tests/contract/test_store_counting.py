"""What a store keeps of polls: added up over workers, forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fakes import NOON
from stores import Room

from feedsvc.numbers.agents import Agent
from feedsvc.numbers.tally import DAY, Poll, Tally, day_of, milliseconds
from feedsvc.store.base import Store

AT = milliseconds(NOON)
TODAY = day_of(AT)
READER = Agent("Reader", "app")


def tally(*clients: int, agent: Agent = READER, feed: str = "all", at: int = AT) -> Tally:
    counted = Tally()
    for client in clients:
        counted.add(Poll(feed, "rss", 304, True, "gzip", 0, 200, 0, agent, client), 1, at=at)
    return counted


def test_workers_add_up_and_count_a_client_once(open_again: Callable[[], Store]) -> None:
    ours, theirs = open_again(), open_again()
    ours.add_tally(tally(1, 2, 3))
    theirs.add_tally(tally(2, 3, 4))
    (day,) = ours.polls(hours=False, since=NOON - timedelta(days=1))
    assert (day.polls, day.unchanged, day.spared, day.pollers) == (6, 6, 1200, 4)
    (hour,) = ours.polls(hours=True, since=NOON - timedelta(hours=1))
    assert (hour.start, hour.polls, hour.pollers) == (AT, 6, 0)
    (client,) = ours.clients(since=NOON - timedelta(days=1))
    assert (client.name, client.polls, client.conditional, client.clients) == ("Reader", 6, 6, 4)


def test_the_latest_declared_count_of_the_day_stands(store: Store) -> None:
    store.add_tally(tally(1, agent=Agent("Feedly", "service", 16), at=AT + 5))
    store.add_tally(tally(1, agent=Agent("Feedly", "service", 15), at=AT))  # a worker that was late with it
    store.add_tally(tally(1, agent=Agent("Feedbin", "service", 3, "77"), at=AT))
    found = store.declared(since=NOON - timedelta(days=1))
    assert [(row.service, row.feed_id, row.declared) for row in found] == [("Feedbin", "77", 3), ("Feedly", "", 16)]
    assert store.declared(since=NOON - timedelta(days=1), feed="town") == []


def test_polls_of_one_feed(store: Store) -> None:
    store.add_tally(tally(1, feed="all"))
    store.add_tally(tally(1, feed="town"))
    assert [row.feed for row in store.polls(hours=False, since=NOON - timedelta(days=1))] == ["all", "town"]
    assert [row.feed for row in store.polls(hours=False, since=NOON - timedelta(days=1), feed="town")] == ["town"]


def test_one_salt_a_day_for_all_and_none_of_days_that_are_over(open_again: Callable[[], Store]) -> None:
    ours, theirs = open_again(), open_again()
    assert ours.salt(TODAY, "a" * 32, today=TODAY) == "a" * 32
    assert theirs.salt(TODAY, "b" * 32, today=TODAY) == "a" * 32
    assert theirs.salt(TODAY + DAY, "c" * 32, today=TODAY) == "c" * 32, "fetched before its day begins"
    assert ours.salt(TODAY, "d" * 32, today=TODAY) == "a" * 32
    assert ours.salt(TODAY + DAY, "e" * 32, today=TODAY + DAY) == "c" * 32
    assert ours.salt(TODAY, "f" * 32, today=TODAY) == "f" * 32, "the former one is nowhere"


def test_what_is_too_old_goes_and_days_that_are_over_tell_nobody_apart(room: Room) -> None:
    room.store.add_tally(tally(1, 2, 3))
    room.wait(days=2)
    room.store.prune_counts(room.now, lease=room.lease)
    room.store.add_tally(tally(1))
    (day,) = room.store.polls(hours=False, since=NOON - timedelta(days=1))
    assert (day.polls, day.pollers) == (4, 1), "what was seen of that day is not known any more"
    room.wait(days=8)
    room.store.prune_counts(room.now, lease=room.lease)
    assert room.store.polls(hours=True, since=NOON - timedelta(days=1)) == []
    assert len(room.store.polls(hours=False, since=NOON - timedelta(days=1))) == 1
    room.wait(days=400)
    room.store.prune_counts(room.now, lease=room.lease)
    assert room.store.polls(hours=False, since=NOON - timedelta(days=1)) == []
    assert room.store.clients(since=NOON - timedelta(days=1)) == []
    assert room.store.declared(since=NOON - timedelta(days=1)) == []


def test_the_salt_goes_with_its_day_though_nobody_polls(room: Room) -> None:
    assert room.store.salt(TODAY, "a" * 32, today=TODAY) == "a" * 32
    room.store.prune_counts(room.now, lease=room.lease)
    assert room.store.salt(TODAY, "b" * 32, today=TODAY) == "a" * 32
    room.store.prune_counts(room.wait(days=1), lease=room.lease)
    assert room.store.salt(TODAY, "b" * 32, today=TODAY) == "b" * 32


def test_articles_by_status(room: Room) -> None:
    from fakes import make_article

    room.put(make_article("out"))
    room.put(make_article("later", embargo=NOON + timedelta(hours=1)))
    room.put(make_article("over", expires=NOON - timedelta(minutes=1)))
    withdrawn, killed = make_article("gone"), make_article("killed")
    for article in (withdrawn, killed):
        room.put(article)
    room.withdraw(withdrawn)
    room.takedown(killed)
    assert room.store.articles_by_status(room.now) == {
        "public": 1, "scheduled": 1, "expired": 1, "withdrawn": 1, "taken down": 1
    }  # fmt: skip


def test_history_behind_an_event(room: Room) -> None:
    from fakes import make_article

    room.put(make_article("first"))
    (first,) = room.store.history()
    room.put(make_article("second"))
    assert [event.article_id for event in room.store.history(after=first.seq)] == ["tag:news.example.org,2026:second"]
