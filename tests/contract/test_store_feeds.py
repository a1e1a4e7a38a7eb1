"""Every Store through the same tests, second part: what the readers of each feed see, and when it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import make_article
from stores import Room

from feedsvc.model import Section

HOUR = timedelta(hours=1)
FERRY = make_article()


def ids(*names: str) -> list[str]:
    return [make_article(name).id for name in names]


# ---------------------------------------------------------------- placements
def test_an_article_stands_in_its_sections_their_ancestors_and_the_feed_of_everything(room: Room) -> None:
    room.put(make_article(sections=("world/asia/japan", "world/europe", "harbour")))
    feeds = ["all", "harbour", "world", "world/asia", "world/asia/japan", "world/europe"]
    assert sorted(room.store.versions()) == feeds
    for feed in feeds:
        assert room.shown(feed) == [FERRY.id]


def test_a_feed_that_never_was_has_no_window(room: Room) -> None:
    room.put(FERRY)
    assert room.store.window("nowhere", room.now, limit=50) is None
    assert room.store.listing("nowhere", room.now, limit=50) == []


def test_a_move_to_another_section_leaves_no_tombstone(room: Room) -> None:
    room.put(FERRY)
    room.wait(minutes=1)
    room.put(replace(FERRY, source="town/ferry.md", sections=("town",)))
    assert room.shown("harbour") == room.buried("harbour") == room.buried() == []
    assert room.shown("town") == room.shown() == [FERRY.id]


def test_an_article_that_comes_back_elsewhere_leaves_no_tombstone_where_it_was(room: Room) -> None:
    room.put(FERRY)
    room.wait(minutes=1)
    room.withdraw(FERRY)
    assert room.buried("harbour") == [FERRY.id]
    before = room.version("harbour")
    room.wait(minutes=1)
    room.put(replace(FERRY, source="town/ferry.md", sections=("town",)))
    assert room.shown("town") == [FERRY.id]
    assert room.buried("harbour") == []
    assert room.version("harbour").seq > before.seq


# ---------------------------------------------------------------- versions
def test_the_same_article_again_changes_nothing(room: Room) -> None:
    room.put(FERRY)
    before, window = room.store.versions(), room.window()
    room.wait(minutes=1)
    assert room.put(FERRY) == "unchanged"
    assert room.store.versions() == before
    assert room.window() == window


def test_seq_counts_what_readers_see_and_generation_what_is_to_come_too(room: Room) -> None:
    room.put(FERRY)
    first = room.version()
    room.wait(minutes=1)
    room.put(make_article("ghost", embargo=room.now + HOUR))
    second = room.version()
    assert (second.seq, second.changed, second.updated) == (first.seq, first.changed, first.updated)
    assert second.generation > first.generation
    room.wait(minutes=1)
    room.put(replace(FERRY, title="Another", updated=room.now))
    third = room.version()
    assert third.seq > second.seq
    assert third.generation > second.generation
    assert third.changed == third.updated == room.now


def test_a_change_in_one_section_is_none_in_another(room: Room) -> None:
    room.put(FERRY)
    room.put(make_article("mayor", sections=("town",)))
    before = room.version("town")
    room.put(replace(FERRY, title="Another", updated=room.wait(minutes=1)))
    assert room.version("town") == before
    assert room.version("all").seq > before.seq


def test_a_feed_with_nothing_but_a_scheduled_article_is_dated_by_nothing(room: Room) -> None:
    room.put(make_article(embargo=room.now + HOUR))
    version = room.version("harbour")
    assert version.seq == 0
    assert version.changed == version.updated
    assert version.changed < room.now - timedelta(days=10_000)


def test_a_first_pass_dates_feeds_by_their_articles(room: Room) -> None:
    old = make_article("old", published=room.now - timedelta(days=400))
    room.put(FERRY, cold=True)
    room.put(old, cold=True)
    version = room.version()
    assert version.updated == FERRY.updated
    assert version.changed == room.now


def test_the_title_of_a_section_is_its_first_spelling(room: Room) -> None:
    room.put(make_article("a", sections=("world/asia",)), spellings={"world/asia": "Asia & Pacific", "world": "World"})
    room.put(make_article("b", sections=("world/asia",)), spellings={"world/asia": "ASIA"})
    assert {name: version.title for name, version in room.store.versions().items()} == {
        "world/asia": "Asia & Pacific",
        "world": "World",
        "all": "",
    }


# ---------------------------------------------------------------- the window
def test_the_window_holds_the_newest_by_release_then_publication_then_id(room: Room) -> None:
    day = timedelta(days=1)
    room.put(make_article("b", published=room.now - 9 * day))
    room.put(make_article("c", published=room.now - 9 * day))
    room.put(make_article("a", published=room.now - 8 * day))
    room.put(make_article("late", published=room.now - 2 * day))
    assert room.shown() == ids("late", "a", "c", "b")
    assert [entry.article.id for entry in room.store.listing("all", room.now, limit=9)] == ids("late", "a", "c", "b")
    assert [entry.article.id for entry in room.store.listing("all", room.now, limit=2, offset=1)] == ids("a", "c")


def test_the_window_holds_some_more_than_its_limit_to_move_up_and_the_next_to_come(room: Room) -> None:
    with room.store.writing(room.lease, at=room.now) as writer:
        for number in range(100):
            for name, moment in (("past", room.now - number * HOUR), ("next", room.now + (1 + number // 2) * HOUR)):
                article = make_article(f"{name}{number:02}", published=moment)
                writer.put(article, now=room.now, day=moment.date(), spellings={})
    window = room.window(limit=10)
    past = [one.entry.article.id for one in window.placed if one.released <= room.now]
    upcoming = [one.entry.article.id for one in window.placed if one.released > room.now]
    assert 10 < len(past) < 40
    assert past == ids(*(f"past{number:02}" for number in range(len(past))))
    assert 30 < len(upcoming) < 60
    assert upcoming == ids(*(f"next{number:02}" for number in range(len(upcoming))))
    assert len(room.shown(limit=10)) == len(past)


def test_an_entry_has_its_address_and_its_release(room: Room) -> None:
    room.put(FERRY)
    (placed,) = room.window().placed
    stored = room.stored(FERRY)
    assert placed.entry.path == stored.path
    assert placed.entry.released == placed.released == stored.released
    assert placed.entry.article == FERRY


# ---------------------------------------------------------------- release
def test_what_comes_late_counts_from_its_pick_up_and_what_is_old_does_not(room: Room) -> None:
    wire = make_article("wire", published=room.now - timedelta(days=6))
    archive = make_article("archive", published=room.now - timedelta(days=8))
    room.put(wire)
    room.put(archive)
    assert room.stored(wire).released == room.now
    assert room.stored(archive).released == archive.published
    assert room.shown() == ids("wire", "archive")


def test_a_first_pass_keeps_every_date(room: Room) -> None:
    wire = make_article("wire", published=room.now - timedelta(days=6))
    room.put(wire, cold=True)
    assert room.stored(wire).released == wire.published
    assert room.window().last_release == wire.published


def test_the_release_is_fixed_once_the_article_was_public(room: Room) -> None:
    room.put(FERRY)
    released = room.stored(FERRY).released
    room.wait(days=2)
    room.put(replace(FERRY, embargo=room.now - HOUR, title="Another", updated=room.now))
    assert room.stored(FERRY).released == released


def test_the_release_of_what_is_to_come_follows_its_file(room: Room) -> None:
    article = make_article(embargo=room.now + HOUR)
    room.put(article)
    assert room.stored(article).released == room.now + HOUR
    room.put(replace(article, embargo=room.now + 3 * HOUR))
    assert room.stored(article).released == room.now + 3 * HOUR
    assert not room.stored(article).was_public(room.wait(hours=2))
    room.put(replace(article, embargo=room.now + 3 * HOUR, published=room.now))
    assert room.shown() == []


def test_what_was_withdrawn_before_anybody_saw_it_never_was_public(room: Room) -> None:
    article = make_article(embargo=room.now + HOUR)
    room.put(article)
    room.withdraw(article)
    room.wait(hours=2)
    assert not room.stored(article).was_public(room.now)
    assert room.buried() == []
    room.put(article)
    assert room.stored(article).released == room.now


# ---------------------------------------------------------------- embargo and expiry
def test_an_embargo_opens_by_the_clock_alone(room: Room) -> None:
    article = make_article(embargo=room.now + HOUR)
    room.put(article)
    version = room.version()
    assert room.shown() == []
    assert room.store.listing("all", room.now, limit=9) == []
    room.wait(minutes=59, seconds=59, milliseconds=999)
    assert room.shown() == []
    room.wait(milliseconds=1)
    assert room.shown() == [article.id]
    assert len(room.store.listing("all", room.now, limit=9)) == 1
    assert room.window().last_release == room.now
    assert room.version() == version


def test_an_embargo_set_on_a_public_article_withholds_it_until_then(room: Room) -> None:
    room.put(FERRY)
    released = room.stored(FERRY).released
    room.wait(minutes=1)
    room.put(replace(FERRY, embargo=room.now + HOUR))
    assert room.shown() == []
    assert room.buried() == room.buried("harbour") == [FERRY.id]
    room.wait(hours=1)
    assert room.shown() == [FERRY.id]
    assert room.buried() == []
    assert room.stored(FERRY).released == released
    (placed,) = room.window().placed
    assert placed.released == room.now


def test_an_expiry_closes_by_the_clock_alone_and_leaves_a_tombstone(room: Room) -> None:
    article = make_article(expires=room.now + HOUR)
    room.put(article)
    version = room.version()
    room.wait(minutes=59, seconds=59, milliseconds=999)
    assert room.shown() == [article.id]
    assert room.buried() == []
    room.wait(milliseconds=1)
    assert room.shown() == []
    assert [(stone.id, stone.when) for stone in room.window().tombstones] == [(article.id, room.now)]
    assert room.store.listing("all", room.now, limit=9) == []
    assert room.window().last_expiry == room.now
    assert room.version() == version


def test_an_expired_article_whose_file_is_removed_has_been_gone_since_it_expired(room: Room) -> None:
    article = make_article(expires=room.now + HOUR)
    room.put(article)
    room.wait(hours=2)
    before = room.window("harbour").tombstones
    room.withdraw(article)
    assert room.window("harbour").tombstones == before
    assert room.buried() == [article.id]


def test_an_expiry_that_is_put_off_shows_the_article_again(room: Room) -> None:
    article = make_article(expires=room.now + HOUR)
    room.put(article)
    room.wait(hours=2)
    room.put(replace(article, expires=room.now + HOUR, updated=room.now))
    assert room.shown() == [article.id]
    assert room.buried() == []


def test_what_expired_before_anybody_saw_it_is_in_no_feed(room: Room) -> None:
    room.put(make_article("gone", expires=room.now - timedelta(minutes=1)))
    room.put(make_article("never", embargo=room.now + HOUR, expires=room.now + HOUR))
    room.wait(hours=2)
    assert room.shown() == room.buried() == []


# ---------------------------------------------------------------- tombstones
def test_a_tombstone_stays_until_it_is_pruned(room: Room) -> None:
    room.put(FERRY)
    room.put(make_article("expiring", expires=room.now + HOUR))
    gone = room.wait(hours=2)
    room.withdraw(FERRY)
    stones = room.window("harbour").tombstones
    assert [(stone.id, stone.when) for stone in stones] == [
        (FERRY.id, gone),
        (make_article("expiring").id, gone - HOUR),
    ]
    room.wait(days=29)
    before = room.version("harbour")
    room.store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    assert room.window("harbour").tombstones == stones
    assert room.version("harbour") == before
    room.wait(days=2)
    # The same state of the store is the same document, however late it is looked at.
    assert room.window("harbour").tombstones == stones
    room.store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    assert room.buried("harbour") == room.buried() == []
    after = room.version("harbour")
    assert after.seq > before.seq
    assert after.generation > before.generation
    assert after.changed == room.now
    room.store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    assert room.version("harbour") == after


def test_pruning_leaves_the_life_of_an_article_and_its_address(room: Room) -> None:
    room.put(FERRY)
    room.withdraw(FERRY)
    room.wait(days=100)
    room.store.prune(room.now, now=room.now, lease=room.lease)
    assert room.outcomes(FERRY) == ["published", "withdrawn"]
    assert room.store.find(room.stored(FERRY).key) is not None


def test_an_article_whose_expiry_was_pruned_does_not_come_back(room: Room) -> None:
    article = make_article(expires=room.now + HOUR)
    room.put(article)
    room.wait(days=40)
    room.store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    room.put(replace(article, title="Another", updated=room.now))
    assert room.shown() == room.buried() == []


# ---------------------------------------------------------------- sections
def test_sections_are_those_that_ever_held_a_public_article(room: Room) -> None:
    room.put(make_article("a", sections=("world/asia",)), spellings={"world": "World"})
    room.put(make_article("b", sections=("world",), published=room.now - timedelta(days=10)))
    room.put(make_article("c", sections=("town",), expires=room.now + HOUR))
    room.put(make_article("d", sections=("secret",), embargo=room.now + 2 * HOUR))
    room.put(make_article("e", sections=("brief",), embargo=room.now + 3 * HOUR, expires=room.now + 4 * HOUR))
    released = room.now
    assert room.store.sections(room.now) == [
        Section(path="town", title="", count=1, newest=released),
        Section(path="world", title="World", count=2, newest=released),
        Section(path="world/asia", title="", count=1, newest=released),
    ]
    room.wait(hours=1)
    assert room.store.sections(room.now)[0] == Section(path="town", title="", count=0, newest=None)
    room.wait(hours=1)
    assert [section.path for section in room.store.sections(room.now)] == ["secret", "town", "world", "world/asia"]
    room.withdraw(make_article("d"))
    assert room.store.sections(room.now)[0] == Section(path="secret", title="", count=0, newest=None)
    room.wait(hours=2)
    assert room.store.sections(room.now)[0] == Section(path="brief", title="", count=0, newest=None)


# ---------------------------------------------------------------- settings
def test_settings_count_as_a_change_from_the_second_time_on(room: Room) -> None:
    room.put(FERRY)
    first = room.store.versions()
    room.wait(minutes=1)
    assert room.store.configure({"all": "1", "*": "1"}, now=room.now, lease=room.lease) == []
    second = room.store.versions()
    assert {name: version.seq for name, version in second.items()} == {
        name: version.seq for name, version in first.items()
    }
    assert second["all"].generation > first["all"].generation
    assert room.store.configure({"all": "1", "*": "1"}, now=room.now, lease=room.lease) == []
    assert room.store.versions() == second
    room.wait(minutes=1)
    assert room.store.configure({"all": "1", "*": "2"}, now=room.now, lease=room.lease) == ["harbour"]
    third = room.store.versions()
    assert third["all"] == second["all"]
    assert third["harbour"].seq > second["harbour"].seq
    assert third["harbour"].changed == third["harbour"].updated == room.now


def test_a_configured_section_is_there_before_its_first_article(room: Room) -> None:
    room.store.configure({"all": "1", "town": "1", "*": "1"}, now=room.now, lease=room.lease)
    window = room.window("town")
    assert not window.placed
    assert not window.tombstones
    assert window.version.seq == 0
    assert room.store.sections(room.now) == []


def test_new_settings_do_not_betray_a_section_that_nobody_has_seen(room: Room) -> None:
    room.put(make_article(sections=("secret",), embargo=room.now + HOUR))
    room.store.configure({"*": "1"}, now=room.now, lease=room.lease)
    before = room.version("secret")
    room.store.configure({"*": "2"}, now=room.now, lease=room.lease)
    assert room.version("secret").seq == 0
    assert room.version("secret").generation > before.generation
    assert room.store.sections(room.now) == []


@pytest.mark.parametrize("feed", ["all", "harbour"])
def test_what_is_withdrawn_is_told_in_every_feed_that_showed_it(room: Room, feed: str) -> None:
    room.put(FERRY)
    before = room.version(feed)
    room.wait(minutes=1)
    room.withdraw(FERRY)
    assert room.shown(feed) == []
    assert room.buried(feed) == [FERRY.id]
    assert room.version(feed).seq > before.seq
    assert room.version(feed).changed == room.now
