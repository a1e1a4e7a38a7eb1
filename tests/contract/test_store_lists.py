"""Every Store through the same tests, third part: lists of everything, and the moments at which feeds change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes import NOON, make_article
from stores import Room

MINUTE = timedelta(minutes=1)


def names(room: Room, **asked: object) -> list[str]:
    """Slugs of the addresses, in their order."""
    found = room.store.addresses(room.now, **{"limit": 100, **asked})  # type: ignore[arg-type]
    return [one.path.rpartition("/")[2].rpartition("-")[0] for one in found]


def test_addresses_are_those_of_public_articles_oldest_release_first(room: Room) -> None:
    gone, killed = make_article("gone"), make_article("killed")
    room.put(make_article("old", published=NOON - 3 * MINUTE), late=timedelta())
    room.put(make_article("new", published=NOON - MINUTE), late=timedelta())
    room.put(make_article("middle", published=NOON - 2 * MINUTE, sections=("a/b", "c")), late=timedelta())
    room.put(make_article("later", embargo=NOON + MINUTE))
    room.put(make_article("brief", expires=NOON + MINUTE, published=NOON - 4 * MINUTE), late=timedelta())
    room.put(gone)
    room.put(killed)
    room.withdraw(gone)
    room.takedown(killed)
    assert names(room) == ["brief", "old", "middle", "new"]
    room.wait(minutes=1)
    assert names(room) == ["old", "middle", "new", "later"]


def test_an_address_is_that_of_the_page_and_tells_of_the_last_change(room: Room) -> None:
    ferry = make_article("ferry")
    room.put(ferry, late=timedelta())
    (address,) = room.store.addresses(room.now, limit=1)
    assert address.path == room.stored(ferry).path
    assert address.changed == ferry.updated
    room.put(replace(ferry, title="The ferry sinks", updated=NOON + MINUTE))
    (address,) = room.store.addresses(room.now, limit=1)
    assert address.changed == NOON + MINUTE
    crane = make_article("crane", embargo=NOON + 5 * MINUTE)
    room.put(crane)
    room.wait(minutes=5)
    assert room.store.addresses(room.now, limit=2)[1].changed == NOON + 5 * MINUTE, "nobody saw it before"


def test_addresses_are_had_in_parts(room: Room) -> None:
    # Two of each moment, so that the id decides between them.
    for number in range(10):
        room.put(make_article(f"n{number}", published=NOON - (10 - number // 2) * MINUTE), late=timedelta())
    whole = names(room)
    assert len(whole) == 10
    assert [names(room, skip=start, limit=3) for start in (0, 3, 6, 9, 12)] == [
        whole[:3], whole[3:6], whole[6:9], whole[9:], [],
    ]  # fmt: skip
    for number, address in enumerate(room.store.addresses(room.now, limit=100)):
        assert names(room, after=address.place) == whole[number + 1 :]
        assert names(room, after=address.place, skip=2, limit=1) == whole[number + 3 : number + 4]


def test_the_moments_at_which_a_feed_changes_by_itself(room: Room) -> None:
    assert room.store.moments("all", room.now) == (None, None)
    room.put(make_article("one"), late=timedelta())
    room.put(make_article("two", embargo=NOON + 2 * MINUTE, expires=NOON + 4 * MINUTE))
    room.put(make_article("three", sections=("town",), embargo=NOON + 3 * MINUTE))
    released = make_article().published
    assert room.store.moments("all", room.now) == (released, NOON + 2 * MINUTE)
    assert room.store.moments("harbour", room.wait(minutes=2)) == (NOON + 2 * MINUTE, NOON + 4 * MINUTE)
    assert room.store.moments("all", room.now) == (NOON + 2 * MINUTE, NOON + 3 * MINUTE)
    assert room.store.moments("all", room.wait(minutes=2)) == (NOON + 4 * MINUTE, None)
    assert room.store.moments("town", room.now) == (NOON + 3 * MINUTE, None)
    assert room.store.moments("nowhere", room.now) == (None, None)


def test_sections_are_counted_where_that_is_asked(room: Room) -> None:
    room.put(make_article("one", sections=("a/b",)))
    room.put(make_article("two", sections=("a",)))
    room.put(make_article("three", sections=("c",), embargo=NOON + MINUTE))
    every = {section.path: section.count for section in room.store.sections(room.now)}
    assert every == {"a": 2, "a/b": 1}
    some = {section.path: section.count for section in room.store.sections(room.now, counted=["a", "c", "x"])}
    assert some == {"a": 2, "a/b": 0}
    none = room.store.sections(room.now, counted=())
    assert [(section.path, section.count, section.newest) for section in none] == [("a", 0, NOON), ("a/b", 0, NOON)]
