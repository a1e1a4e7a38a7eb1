"""The tree of sections, and how rarely the store is asked for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOON, Newsroom, make_article, make_settings

from feedsvc.errors import StoreUnavailable
from feedsvc.model import Section
from feedsvc.web.directory import Directory, Node, arrange


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
