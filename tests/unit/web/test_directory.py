"""The tree of sections, and how rarely the store is asked for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOON, Newsroom, make_article, make_settings

from feedsvc.errors import StoreUnavailable
from feedsvc.model import Section
from feedsvc.publish.outline import Node, arrange
from feedsvc.web.directory import REST, Directory


def section(path: str, title: str = "", count: int = 1) -> Section:
    return Section(path=path, title=title, count=count, newest=NOON)


def shape(nodes: tuple[Node, ...]) -> list[object]:
    return [[node.title, *shape(node.children)] for node in nodes]


def test_configured_sections_stand_first_in_their_own_order_then_by_title() -> None:
    settings = make_settings(sections={"sport": {"title": "Sport"}, "economy": {"title": "Money"}})
    listing = arrange([section("zoo"), section("arts", "Ärts"), section("sport"), section("bees", "bees")], settings)
    assert shape(listing.top) == [["Sport"], ["Money"], ["Bees"], ["Zoo"], ["Ärts"]]
    assert listing.by_path["economy"].count == 0


def test_levels_between_are_there_even_if_nothing_names_them() -> None:
    listing = arrange([section("world/asia/south-east", count=3), section("tags/ferry")], make_settings())
    assert shape(listing.top) == [["World", ["Asia", ["South east"]]]]
    assert listing.by_path["world/asia/south-east"].parents == ("world", "world/asia")
    assert listing.count == 3


def test_the_store_is_asked_once_a_second_and_may_be_lost(room: Newsroom) -> None:
    directory = Directory(room.store, make_settings())
    room.store.lost = True
    with pytest.raises(StoreUnavailable):
        directory.listing(room.clock())
    room.store.lost = False
    room.put(make_article())
    first = directory.listing(room.clock())
    assert set(first.by_path) == {"harbour"}
    room.put(make_article("bee", sections=("bees",)))
    assert directory.listing(room.clock()) is first
    room.clock.now += timedelta(seconds=1)
    second = directory.listing(room.clock())
    assert "bees" in second.by_path
    room.store.lost = True
    room.clock.now += timedelta(hours=1)
    assert directory.listing(room.clock()) is second


class Slow:
    """A watch by which every look at it takes a second longer."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


def counts(directory: Directory, room: Newsroom) -> dict[str, int]:
    room.clock.move(seconds=1)
    return {path: node.count for path, node in directory.listing(room.clock()).by_path.items()}


def test_nothing_is_asked_while_nothing_happens(room: Newsroom) -> None:
    directory = Directory(room.store, make_settings(), tick=lambda: 0.0)
    room.put(make_article(), make_article("later", embargo=room.clock() + timedelta(minutes=1)))
    assert counts(directory, room) == {"harbour": 1}
    room.store.asked.clear()
    for _ in range(58):
        assert counts(directory, room) == {"harbour": 1}
    assert set(room.store.asked) == {"changes_token"}
    assert counts(directory, room) == {"harbour": 2}, "an embargo's end needs nobody to write"


def test_a_write_that_changes_no_feed_counts_nothing(room: Newsroom) -> None:
    directory = Directory(room.store, make_settings())
    room.put(make_article())
    counts(directory, room)
    room.store.store.hold("x", {"reason": "y"}, now=room.clock())
    room.store.asked.clear()
    counts(directory, room)
    assert room.store.asked == ["changes_token", "versions"]
    counts(directory, room)
    assert room.store.asked[2:] == ["changes_token"]


def test_counting_rests_but_new_sections_are_there_at_once(room: Newsroom) -> None:
    watch = Slow()
    directory = Directory(room.store, make_settings(), tick=watch)
    room.put(make_article("one"))
    assert counts(directory, room) == {"harbour": 1}
    room.put(make_article("two"), make_article("bee", sections=("bees",)))
    assert counts(directory, room) == {"harbour": 1, "bees": 1}
    room.withdraw(make_article("one"))
    room.put(make_article("three"), make_article("four"))
    assert counts(directory, room) == {"harbour": 1, "bees": 1}
    watch.seconds += REST
    assert counts(directory, room) == {"harbour": 3, "bees": 1}


def test_a_moment_that_comes_while_counting_rests_is_counted_later(room: Newsroom) -> None:
    watch = Slow()
    directory = Directory(room.store, make_settings(), tick=watch)
    room.put(make_article(), make_article("later", embargo=room.clock() + timedelta(seconds=2)))
    assert counts(directory, room) == {"harbour": 1}
    assert counts(directory, room) == {"harbour": 1}
    watch.seconds += REST
    assert counts(directory, room) == {"harbour": 2}
