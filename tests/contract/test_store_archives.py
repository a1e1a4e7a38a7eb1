"""Every Store through the same tests: what archives and answers with changes only are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import make_article
from stores import Room

from feedsvc.model import Article

HOUR = timedelta(hours=1)


def articles(room: Room, count: int) -> list[Article]:
    found = [make_article(f"n{n:02}", published=room.now - HOUR * (count - n)) for n in range(count)]
    with room.store.writing(room.lease, at=room.now) as writer:
        for article in found:
            writer.put(article, now=room.now, day=article.published.date(), spellings={}, cold=True)
    return found


def test_public_articles_from_the_oldest_release_on(room: Room) -> None:
    found = articles(room, 7)
    room.put(make_article("later", embargo=room.now + HOUR))
    room.withdraw(found[2])
    ids = [article.id for article in found if article is not found[2]]
    marks = room.store.marks("all", room.now, limit=99)
    assert [mark.article_id for mark in marks] == ids
    assert [entry.article.id for entry in room.store.archived("all", room.now, limit=99)] == ids
    assert [mark.article_id for mark in room.store.marks("all", room.now, after=marks[1], limit=2)] == ids[2:4]
    assert [one.article.id for one in room.store.archived("all", room.now, after=marks[1], limit=2)] == ids[2:4]
    assert room.store.marks("all", room.now, after=marks[-1], limit=9) == []
    assert room.store.marks("nowhere", room.now, limit=9) == []
    assert marks[0].digest == found[0].digest
    assert marks[0].expires == 0


def test_what_comes_at_the_end_disturbs_nothing(room: Room) -> None:
    articles(room, 5)
    seq, since = room.version().seq, room.now
    room.wait(minutes=1)
    room.put(make_article("new", published=room.now))
    disturbed = room.store.disturbed("all", seq=seq, since=since, now=room.now)
    assert disturbed is not None
    assert disturbed > since
    assert room.store.disturbed("all", seq=room.version().seq, since=room.now, now=room.now) is None


@pytest.mark.parametrize("how", ["edit", "withdraw", "takedown", "move", "embargo", "expiry"])
def test_what_happens_to_an_old_article_disturbs_from_its_release_on(room: Room, how: str) -> None:
    found = articles(room, 5)
    victim = found[2]
    if how == "expiry":
        room.put(replace(victim, expires=room.now + HOUR))
    seq, since = room.version("harbour").seq, room.now
    room.wait(hours=2)
    if how == "edit":
        room.put(replace(victim, title="Corrected", updated=room.now))
    elif how == "withdraw":
        room.withdraw(victim)
    elif how == "takedown":
        room.takedown(victim)
    elif how == "move":
        room.put(replace(victim, source="town/a.md", sections=("town",)))
    elif how == "embargo":
        room.put(replace(victim, embargo=room.now + HOUR))
    disturbed = room.store.disturbed("harbour", seq=seq, since=since, now=room.now)
    assert disturbed == victim.published


def test_what_happened_since_a_change(room: Room) -> None:
    found = articles(room, 5)
    seq, at = room.version().seq, room.now
    nothing = room.store.since("all", seq)
    assert nothing is not None
    assert (nothing.at, nothing.changed) == (at, frozenset())
    room.wait(minutes=1)
    room.put(replace(found[1], title="Corrected", updated=room.now))
    room.withdraw(found[2])
    since = room.store.since("all", seq)
    assert since is not None
    assert (since.at, since.changed) == (at, {found[1].id, found[2].id})


def test_a_number_that_never_was_that_of_the_feed_is_not_known(room: Room) -> None:
    articles(room, 5)
    last = room.version().seq
    assert room.store.since("all", 0) is None
    assert room.store.since("all", last + 1) is None
    assert room.store.since("harbour", last) is None or last == room.version("harbour").seq
    assert [seq for seq in range(1, last + 1) if room.store.since("all", seq) is not None] == [last]


def test_marks_that_are_kept(room: Room) -> None:
    articles(room, 2)
    seq = room.version().seq
    assert room.store.kept_marks("all") == ""
    room.store.keep_marks("all", "[1]", seq=seq - 1)
    room.store.keep_marks("harbour", "[2]", seq=room.version("harbour").seq)
    assert [room.store.kept_marks(name) for name in ("all", "harbour", "town")] == ["[1]", "[2]", ""]
    room.store.keep_marks("all", "[3]", seq=seq)
    assert room.store.kept_marks("all") == "[3]"


def test_marks_of_a_store_that_was_further_are_not_kept(room: Room) -> None:
    articles(room, 2)
    room.store.keep_marks("all", "[1]", seq=room.version().seq + 1)
    room.store.keep_marks("nowhere", "[1]", seq=1)
    assert [room.store.kept_marks(name) for name in ("all", "nowhere")] == ["", ""]


def test_what_is_pruned_is_not_known(room: Room) -> None:
    articles(room, 2)
    seq = room.version().seq
    room.wait(days=31)
    room.put(make_article("new", published=room.now))
    room.store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    assert room.store.since("all", seq) is None
    assert room.store.since("all", room.version().seq) is not None
