"""Every Store through the same tests: the feeds of tags and of authors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import make_article
from stores import Room

from feedsvc.model import Author, Category

HOUR = timedelta(hours=1)
SHIPS = Category(term="ships", label="Ships & boats")
FERRY = make_article(authors=(Author(name="Ines Holm"),), categories=(SHIPS,))


def test_an_article_stands_in_the_feeds_of_its_tags_and_authors(room: Room) -> None:
    room.put(FERRY)
    for feed in ("tags/ships-boats", "authors/ines-holm"):
        assert room.shown(feed) == [FERRY.id]
        assert room.store.listing(feed, room.now, limit=9)[0].article == FERRY


def test_they_are_told_of_by_name_only_and_are_no_sections(room: Room) -> None:
    room.put(FERRY)
    assert set(room.store.versions()) == {"all", "harbour"}
    asked = ["tags/ships-boats", "authors/ines-holm", "tags/nothing", "harbour"]
    found = room.store.versions(also=asked)
    assert set(found) == {"all", "harbour", "tags/ships-boats", "authors/ines-holm"}
    assert [section.path for section in room.store.sections(room.now)] == ["harbour"]


@pytest.mark.parametrize("path", ["authority", "tagsu", "tag", "author", "zoo", "authors-and-tags"])
def test_sections_with_names_like_theirs_are_sections(room: Room, path: str) -> None:
    room.put(replace(FERRY, sections=(path,)))
    assert set(room.store.versions()) == {"all", path}
    assert [section.path for section in room.store.sections(room.now)] == [path]


def test_the_title_is_the_first_spelling(room: Room) -> None:
    room.put(FERRY)
    room.put(replace(make_article("b"), categories=(Category(term="SHIPS: Boats"), SHIPS)))
    assert set(room.shown("tags/ships-boats")) == {FERRY.id, make_article("b").id}
    assert room.store.versions(also=["tags/ships-boats"])["tags/ships-boats"].title == "Ships & boats"


def test_other_tags_and_authors_move_an_article_to_other_feeds(room: Room) -> None:
    room.put(FERRY)
    before = room.store.versions(also=["tags/ships-boats", "authors/ines-holm"])
    room.wait(minutes=1)
    room.put(replace(FERRY, categories=(Category(term="ports"),), updated=room.now))
    assert room.shown("tags/ships-boats") == room.buried("tags/ships-boats") == []
    assert room.shown("tags/ports") == room.shown("authors/ines-holm") == [FERRY.id]
    after = room.store.versions(also=["tags/ships-boats", "authors/ines-holm"])
    assert all(after[name].seq > before[name].seq for name in ("tags/ships-boats", "authors/ines-holm"))


def test_what_is_withdrawn_leaves_them_too(room: Room) -> None:
    room.put(FERRY)
    room.wait(minutes=1)
    room.withdraw(FERRY)
    assert room.shown("tags/ships-boats") == room.shown("authors/ines-holm") == []
    assert room.buried("tags/ships-boats") == room.buried("authors/ines-holm") == [FERRY.id]


def test_a_takedown_leaves_no_article_in_any_of_them(room: Room) -> None:
    room.put(FERRY)
    room.takedown(FERRY)
    assert room.shown("tags/ships-boats") == room.shown("authors/ines-holm") == []


def test_there_are_bounds(room: Room) -> None:
    tags = tuple(Category(term=f"tag {number}") for number in range(30))
    room.put(replace(FERRY, categories=tags, authors=tuple(Author(name=f"author {number}") for number in range(30))))
    names = [f"{kind}-{number}" for kind in ("tags/tag", "authors/author") for number in range(30)]
    found = room.store.versions(also=names)
    assert [name for name in names if name in found] == [
        *(f"tags/tag-{number}" for number in range(20)),
        *(f"authors/author-{number}" for number in range(10)),
    ]


def test_a_name_without_letters_has_no_feed_and_a_long_one_is_cut(room: Room) -> None:
    room.put(
        replace(FERRY, categories=(Category(term="!!!"), Category(term="word " * 100)), authors=(Author(name="…"),))
    )
    long = "tags/" + "-".join(["word"] * 16)
    assert set(room.store.versions(also=[long, "tags/", "authors/"])) == {"all", "harbour", long}


def test_one_transaction_may_bring_more_tags_than_a_statement_has_places(room: Room) -> None:
    with room.store.writing(room.lease, at=room.now) as writer:
        for number in range(300):
            tags = tuple(Category(term=f"t{number}x{one}") for one in range(20))
            article = make_article(f"a{number}", categories=tags)
            writer.put(article, now=room.now, day=article.published.date(), spellings={})
    names = [f"tags/t{number}x{one}" for number in range(300) for one in range(20)]
    assert len(room.store.versions(also=names)) == 2 + 6000


def test_new_settings_reach_them(room: Room) -> None:
    room.put(FERRY)
    room.store.configure({"all": "1", "*": "1"}, now=room.now, lease=room.lease)
    changed = room.store.configure({"all": "1", "*": "2"}, now=room.now, lease=room.lease)
    assert set(changed) == {"harbour", "tags/ships-boats", "authors/ines-holm"}


def test_a_tag_with_nothing_but_a_scheduled_article_is_seen_by_nobody(room: Room) -> None:
    room.put(replace(FERRY, embargo=room.now + HOUR))
    assert room.shown("tags/ships-boats") == []
    assert room.store.versions(also=["tags/ships-boats"])["tags/ships-boats"].seq == 0
