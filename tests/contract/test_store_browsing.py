"""What the desk asks of any store: lists to page through, requests to the scheduler, signs of life."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOON, make_article
from stores import Room
from waiting import until

from feedsvc.model import Medium, PubStatus, Signature, SourceRecord, SourceState
from feedsvc.store.base import Claim
from feedsvc.store.questions import RESCAN, RETRY, Life

SIGNATURE = Signature(size=1, mtime_ns=0, ctime_ns=0, inode=0)
HOUR = timedelta(hours=1)


def remember(room: Room, path: str, state: SourceState = SourceState.ACCEPTED, *, hours: int = 0) -> None:
    record = SourceRecord(
        path=path, signature=SIGNATURE, first_seen=NOON, seen=NOON + HOUR * hours, state=state, reading="rules"
    )
    room.write(lambda writer: writer.remember(record))


def test_files_by_name_by_time_by_state_and_by_the_beginning_of_their_path(room: Room) -> None:
    remember(room, "b/1.md", hours=3)
    remember(room, "a/2.md", SourceState.REFUSED, hours=1)
    remember(room, "b/3.md", SourceState.REFUSED, hours=2)
    remember(room, "Ä/4.md", hours=2)

    def paths(**asked: object) -> list[str]:
        return [record.path for record in room.store.files(**{"limit": 10, **asked})]  # type: ignore[arg-type]

    assert paths() == ["a/2.md", "b/3.md", "Ä/4.md", "b/1.md"]
    assert paths(backwards=True) == ["b/1.md", "Ä/4.md", "b/3.md", "a/2.md"]
    assert paths(by_name=True) == ["a/2.md", "b/1.md", "b/3.md", "Ä/4.md"]
    assert paths(state=SourceState.REFUSED, backwards=True) == ["b/3.md", "a/2.md"]
    assert paths(prefix="b/", by_name=True) == ["b/1.md", "b/3.md"]
    assert paths(prefix="Ä") == ["Ä/4.md"]
    assert paths(prefix="b/", state=SourceState.REFUSED) == ["b/3.md"]
    assert paths(limit=2, offset=1) == ["b/3.md", "Ä/4.md"]
    assert paths(prefix="%") == paths(prefix="c") == paths(offset=9) == []


def test_articles_by_their_life(room: Room) -> None:
    gone, killed = make_article("gone"), make_article("killed", published=NOON - 2 * HOUR)
    over = make_article("over", expires=NOON + HOUR)
    for article in (
        make_article("old", published=NOON - 9 * HOUR), make_article("new"), gone, killed, over,
        make_article("soon", embargo=NOON + 3 * HOUR), make_article("later", embargo=NOON + 5 * HOUR),
        make_article("draft", pubstatus=PubStatus.WITHHELD), make_article("town", sections=("town",)),
    ):  # fmt: skip
        room.put(article, cold=True)
    room.withdraw(gone)
    room.takedown(killed)
    room.wait(hours=2)

    def names(life: Life, **asked: object) -> list[str]:
        found = room.store.lives(life, room.now, **{"limit": 20, **asked})  # type: ignore[arg-type]
        return [one.article.id.rpartition(":")[2] for one in found]

    assert names(Life.PUBLIC)[-1] == "old"
    assert set(names(Life.PUBLIC)) == {"old", "new", "town"}
    assert names(Life.PUBLIC, feed="harbour", backwards=True) == ["old", "new"]
    assert names(Life.SCHEDULED) == ["soon", "later"]
    assert names(Life.SCHEDULED, backwards=True) == ["later", "soon"]
    assert names(Life.EXPIRED) == ["over"]
    assert names(Life.HELD_BACK) == ["draft"]
    assert names(Life.WITHDRAWN) == ["gone"]
    assert names(Life.TAKEN_DOWN) == ["killed"]
    assert len(names(Life.ANY)) == 9
    assert names(Life.ANY, limit=3, offset=2) == names(Life.ANY)[2:5]
    assert names(Life.ANY, backwards=True) == names(Life.ANY)[::-1]


@pytest.mark.parametrize("picked", [0, 10_000])
def test_articles_by_words_of_their_title(room: Room, monkeypatch: pytest.MonkeyPatch, picked: int) -> None:
    """However many titles have the words."""
    monkeypatch.setattr("feedsvc.store.naming.MOST_PICKED", picked)
    titles = ("The FERRY sails again", "Ferryman's 100% day", "Über den Fluss", "ferry_times")
    for number, title in enumerate(titles):
        room.put(make_article(f"n{number}", title=title, published=NOON - HOUR * number), cold=True)
    room.put(make_article("soon", title="A ferry to come", embargo=NOON + HOUR))

    def found(title: str, life: Life = Life.PUBLIC, **asked: int) -> list[str]:
        lives = room.store.lives(life, NOON, title=title, **{"limit": 9, **asked})
        return [one.article.id.rpartition(":")[2] for one in lives]

    assert found("ferry") == ["n0", "n1", "n3"]
    assert found(" again  ferry ") == ["n0"]
    assert found("FLUSS über") == ["n2"]
    assert found("100%") == ["n1"]
    assert found("y_t") == ["n3"]
    assert found("%") == ["n1"]
    assert found("'; drop") == []
    assert found("ferry", limit=1, offset=1) == ["n1"]
    assert found("ferry", Life.SCHEDULED) == ["soon"]
    assert set(found("ferry", Life.ANY)) == {"n0", "n1", "n3", "soon"}
    assert found("STRASSE über") == []
    room.put(make_article("n2", title="Über die Straße", published=NOON - HOUR * 2))
    assert found("STRASSE über") == ["n2"]
    assert found("fluss") == []  # it is not called so any more
    room.takedown(make_article("n1"))
    assert set(found("ferry", Life.ANY)) == {"n0", "n3", "soon"}


def test_when_the_articles_of_a_feed_were_released(room: Room) -> None:
    for number in range(5):
        room.put(make_article(f"n{number}", published=NOON - HOUR * number), cold=True)
    room.put(make_article("soon", embargo=NOON + HOUR))
    assert room.store.releases("harbour", NOON, limit=3) == [NOON, NOON - HOUR, NOON - 2 * HOUR]
    assert room.store.releases("nowhere", NOON, limit=3) == []


def test_who_claims_what(room: Room) -> None:
    held = [Claim(path=path, article_id="urn:x", state=SourceState.DUPLICATE, version=2) for path in ("b.md", "a.md")]
    for claim in held:
        room.write(lambda writer, claim=claim: writer.claim(claim))
    assert room.store.claims(article_id="urn:x") == held[::-1]
    assert room.store.claims(path="b.md") == held[:1]
    assert room.store.claims(path="c.md") == []


def test_media_that_are_not_there(room: Room) -> None:
    there = Medium(path="x.png", hash="aa")
    room.write(lambda writer: writer.illustrate("a.md", [there, Medium(path="y.png")]))
    assert room.store.absent_media(limit=5) == [("a.md", "y.png")]


def test_requests_stand_until_they_are_answered(room: Room) -> None:
    room.store.request(RETRY, "a.md", now=NOON)
    room.store.request(RESCAN, now=NOON)
    asked = room.store.requests()
    assert [(one.kind, one.subject, one.at) for one in asked] == [(RETRY, "a.md", NOON), (RESCAN, "", NOON)]
    room.store.request(RETRY, "b.md", now=NOON)
    room.store.answered(asked)
    assert [one.subject for one in room.store.requests()] == ["b.md"]
    room.store.answered([])
    assert len(room.store.requests()) == 1


def test_a_request_is_noticed_without_a_query(room: Room) -> None:
    before = room.store.changes_token()
    room.store.request(RESCAN, now=NOON)
    until(lambda: room.store.changes_token() != before)


def test_the_last_sign_of_life_of_each_job(room: Room) -> None:
    room.store.beat("scan", {"files": 1}, now=NOON)
    room.store.beat("scan", {"files": 2, "waiting": ["ä.md"]}, now=NOON + HOUR)
    room.store.beat("backup", {}, now=NOON)
    assert room.store.beats() == {
        "scan": {"files": 2, "waiting": ["ä.md"], "at": NOON + HOUR}, "backup": {"at": NOON},
    }  # fmt: skip


@pytest.mark.parametrize("paths", [[], ["a.md"], ["a.md", "nowhere.md"]])
def test_files_are_to_be_read_again(room: Room, paths: list[str]) -> None:
    remember(room, "a.md")
    room.write(lambda writer: writer.reread(paths))
    record = room.store.source("a.md")
    assert record is not None
    assert record.reading == ("" if paths else "rules")


def test_the_life_of_one_article_holds_no_events_of_feeds(room: Room) -> None:
    room.put(make_article())
    room.put(make_article("wall"))
    found = room.store.history(article_id=make_article().id)
    assert [(one.kind, one.feed) for one in found] == [("published", "")]
