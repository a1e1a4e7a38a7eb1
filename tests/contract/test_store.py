"""Every Store through the same tests, first part: leases, transactions, and what becomes of an article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fakes import NOON, make_article
from stores import MINUTE, Room
from waiting import until

from feedsvc import links
from feedsvc.errors import LeaseLost
from feedsvc.model import Author, PubStatus
from feedsvc.store.base import ALL, INGEST, Lease, Store, Writer

HOUR = timedelta(hours=1)
NOTHING = timedelta()


# ---------------------------------------------------------------- leases
def test_a_lease_is_one_holders_until_it_is_given_back(store: Store) -> None:
    first = store.lease(INGEST, "one", ttl=MINUTE)
    assert first == Lease(name=INGEST, holder="one", token=1)
    assert store.lease(INGEST, "two", ttl=MINUTE) is None
    assert store.lease_holder(INGEST) == "one"
    assert store.lease("another name", "two", ttl=MINUTE) is not None
    store.release(first)
    assert store.lease_holder(INGEST) == ""
    second = store.lease(INGEST, "two", ttl=MINUTE)
    assert second is not None
    assert second.token > first.token


def test_nobody_holds_a_lease_that_was_never_taken(store: Store) -> None:
    assert store.lease_holder(INGEST) == ""


def test_a_lease_renewed_keeps_its_token(store: Store) -> None:
    first = store.lease(INGEST, "one", ttl=MINUTE)
    assert store.lease(INGEST, "one", ttl=MINUTE) == first


def test_an_expired_lease_goes_to_the_next_holder_with_a_higher_token(store: Store) -> None:
    first = store.lease(INGEST, "one", ttl=NOTHING)
    assert first is not None
    assert store.lease_holder(INGEST) == ""
    second = store.lease(INGEST, "two", ttl=MINUTE)
    assert second is not None
    assert second.token == first.token + 1
    assert store.lease(INGEST, "one", ttl=MINUTE) is None


def test_a_lease_that_lapsed_and_that_nobody_took_is_still_its_holders(store: Store) -> None:
    first = store.lease(INGEST, "one", ttl=NOTHING)
    assert store.lease(INGEST, "one", ttl=MINUTE) == first


def test_a_lease_from_before_the_clock_was_set_back_does_not_block_for_ever(store: Store) -> None:
    assert store.lease(INGEST, "one", ttl=HOUR)
    assert store.lease(INGEST, "two", ttl=MINUTE) is not None


def test_a_dead_holder_is_displaced_at_once(store: Store) -> None:
    first = store.lease(INGEST, "dead", ttl=MINUTE)
    assert first is not None
    assert store.lease(INGEST, "two", ttl=MINUTE, displacing="somebody else") is None
    second = store.lease(INGEST, "two", ttl=MINUTE, displacing="dead")
    assert second is not None
    assert second.token > first.token


def test_giving_back_a_lease_that_was_taken_over_takes_it_from_nobody(store: Store) -> None:
    first = store.lease(INGEST, "one", ttl=NOTHING)
    assert store.lease(INGEST, "two", ttl=MINUTE)
    assert first is not None
    store.release(first)
    assert store.lease_holder(INGEST) == "two"


def test_an_old_holder_that_wakes_up_writes_nothing(room: Room) -> None:
    old = room.store.lease(INGEST, "old", ttl=NOTHING)
    assert room.store.lease(INGEST, "new", ttl=MINUTE)
    with pytest.raises(LeaseLost, match="taken over"), room.store.writing(old, at=room.now):
        pytest.fail("the block must not be entered")
    with pytest.raises(LeaseLost):
        room.store.configure({"all": "x"}, now=room.now, lease=old or room.lease)
    with pytest.raises(LeaseLost):
        room.store.prune(room.now, now=room.now, lease=old or room.lease)


def test_who_gave_the_lease_back_writes_no_more(room: Room) -> None:
    lease = room.lease
    room.store.release(lease)
    with pytest.raises(LeaseLost), room.store.writing(lease, at=room.now):
        pass


def test_a_lease_that_was_never_given_out_writes_nothing(room: Room) -> None:
    with pytest.raises(LeaseLost), room.store.writing(Lease(name="x", holder="x", token=1), at=room.now):
        pass


# ---------------------------------------------------------------- transactions
def test_an_error_undoes_the_whole_transaction(room: Room) -> None:
    def work(writer: Writer) -> None:
        writer.put(make_article(), now=room.now, day=room.now.date(), spellings={})
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        room.write(work)
    assert room.store.get(make_article().id) is None
    assert room.store.versions() == {}


def test_a_savepoint_undoes_one_file_and_no_other(room: Room) -> None:
    def one_file(writer: Writer, name: str, section: str) -> None:
        with writer.savepoint():
            writer.put(make_article(name, sections=(section,)), now=room.now, day=room.now.date(), spellings={})
            if name == "bad":
                raise RuntimeError("a bad file")

    with room.store.writing(room.lease, at=room.now) as writer:
        one_file(writer, "first", "harbour")
        with pytest.raises(RuntimeError):
            one_file(writer, "bad", "town")
        one_file(writer, "third", "harbour")
    assert sorted(room.shown()) == [make_article("first").id, make_article("third").id]
    assert set(room.store.versions()) == {"all", "harbour"}


def test_a_file_that_is_undone_does_not_change_the_feed_of_others(room: Room) -> None:
    room.put(make_article("first"))
    before = room.version()
    room.wait(minutes=1)

    def work(writer: Writer) -> None:
        with writer.savepoint():
            writer.put(make_article("second"), now=room.now, day=room.now.date(), spellings={})
            raise RuntimeError("a bad file")

    def caught(writer: Writer) -> None:
        with pytest.raises(RuntimeError):
            work(writer)

    room.write(caught)
    assert room.version() == before


def test_a_transaction_sees_what_it_wrote_and_others_see_it_when_it_ends(room: Room) -> None:
    with room.store.writing(room.lease, at=room.now) as writer:
        writer.put(make_article(), now=room.now, day=room.now.date(), spellings={})
        assert writer.get(make_article().id) is not None
        assert room.store.get(make_article().id) is None
    assert room.store.get(make_article().id) is not None


def test_another_connection_sees_by_the_token_that_something_was_written(
    store: Store, open_again: Callable[[], Store]
) -> None:
    other = open_again()
    before = _resting(other)
    Room(store).put(make_article())
    until(lambda: other.changes_token() != before)
    _resting(other)
    assert other.get(make_article().id) == store.get(make_article().id)


def _resting(store: Store) -> Any:
    """What the token is while nothing is written. Other databases of the same server may move it once or twice."""
    for _ in range(100):
        token = store.changes_token()
        if store.changes_token() == token:
            return token
    raise AssertionError("it moves all the time")


def test_what_was_written_is_there_when_the_store_is_opened_again(
    store: Store, open_again: Callable[[], Store]
) -> None:
    room = Room(store)
    room.put(make_article())
    known, versions = room.stored(make_article()), store.versions()
    store.close()
    other = open_again()
    assert other.get(make_article().id) == known
    assert other.versions() == versions


# ---------------------------------------------------------------- what becomes of an article
def test_outcomes_of_new_articles(room: Room) -> None:
    later = room.now + HOUR
    assert room.put(make_article("a")) == "published"
    assert room.put(make_article("b", embargo=later)) == "scheduled"
    assert room.put(make_article("c", published=later)) == "scheduled"
    assert room.put(make_article("d", pubstatus=PubStatus.WITHHELD)) == "withheld"
    assert room.put(make_article("e", pubstatus=PubStatus.CANCELED)) == "canceled"
    assert room.put(make_article("f", expires=room.now)) == "expired"
    assert room.shown() == [make_article("a").id]
    assert room.buried() == []


def test_outcomes_of_edits(room: Room) -> None:
    article = make_article()
    room.put(article)
    assert room.put(article) == "unchanged"
    room.wait(minutes=1)
    edited = replace(article, title="The ferry stays in port", updated=room.now)
    assert room.put(edited) == "updated"
    assert room.put(edited) == "unchanged"
    assert room.put(replace(edited, source="harbour/renamed.md")) == "moved"
    assert room.put(replace(edited, source="town/renamed.md", sections=("town",))) == "moved"
    assert room.outcomes(article) == ["published", "updated", "moved", "moved"]


@pytest.mark.parametrize(
    ("field", "value", "outcome"),
    [
        ("embargo", NOON + HOUR, "scheduled"),
        ("pubstatus", PubStatus.WITHHELD, "withheld"),
        ("pubstatus", PubStatus.CANCELED, "canceled"),
    ],
)
def test_outcomes_of_what_changes_no_word_of_a_public_article(
    room: Room, field: str, value: object, outcome: str
) -> None:
    article = make_article()
    room.put(article)
    changed = replace(article, **{field: value})  # type: ignore[arg-type]
    assert room.put(changed) == outcome
    assert room.shown() == []
    assert room.buried() == [article.id]
    assert room.put(changed) == "unchanged"
    room.wait(minutes=1)
    assert room.put(article) == "updated"
    assert room.shown() == [article.id]
    assert room.buried() == []
    assert room.outcomes(article) == ["published", outcome, "updated"]


def test_a_scheduled_article_that_is_released_by_an_edit_is_published(room: Room) -> None:
    article = make_article(embargo=room.now + HOUR)
    assert room.put(article) == "scheduled"
    room.wait(minutes=1)
    assert room.put(replace(article, embargo=None)) == "published"
    assert room.stored(article).released == room.now


def test_a_withdrawn_article_is_restored_under_its_own_address(room: Room) -> None:
    article = make_article()
    room.put(article)
    before = room.stored(article)
    room.wait(minutes=1)
    assert room.withdraw(article, source=article.source) is True
    assert room.withdraw(article) is False
    assert room.stored(article).withdrawn == room.now
    assert not room.stored(article).public(room.now)
    room.wait(days=3)
    assert room.put(article, day=room.now.date()) == "restored"
    assert room.stored(article) == before
    assert room.outcomes(article) == ["published", "withdrawn", "restored"]
    (_, gone, _) = room.store.history(article_id=article.id)
    assert gone.detail == f"the file was removed ({article.source})"
    assert gone.at == room.now - timedelta(days=3)


def test_what_is_not_there_is_neither_withdrawn_nor_taken_down_nor_restored(room: Room) -> None:
    assert room.withdraw(make_article()) is False
    assert room.takedown(make_article()) is False
    assert room.restore(make_article()) is False
    assert room.store.get(make_article().id) is None
    assert room.store.find("abcdefgh") is None


# ---------------------------------------------------------------- takedown
def test_a_takedown_leaves_nothing_of_the_text_and_outlives_the_file(room: Room) -> None:
    article = make_article(
        authors=(Author(name="Ada Quill"),), byline="Ada Quill", standfirst="All aboard", link="https://other.example/x"
    )
    room.put(article)
    address = room.stored(article).path
    room.wait(minutes=1)
    assert room.takedown(article) is True
    blank = room.stored(article)
    assert blank.takedown == "court order"
    assert blank.path == address
    assert blank.was_public(room.now)
    assert not blank.public(room.now)
    said = blank.article
    assert (said.title, said.content, said.summary, said.byline, said.standfirst) == ("", "", "", "", "")
    assert (said.authors, said.link, said.slug) == ((), "", "")
    assert room.shown() == []
    assert room.buried() == room.buried("harbour") == [article.id]

    room.wait(minutes=1)
    version = room.version()
    assert room.put(replace(article, title="Another title", updated=room.now)) == "taken down"
    assert room.stored(article).article.title == ""
    assert room.version() == version
    room.withdraw(article)
    room.put(article)
    assert room.stored(article).takedown == "court order"
    assert room.shown() == []


def test_a_takedown_lifted_shows_the_article_again_when_its_file_is_read(room: Room) -> None:
    article = make_article()
    room.put(article)
    released = room.stored(article).released
    room.wait(minutes=1)
    room.takedown(article)
    room.wait(minutes=1)
    assert room.restore(article) is True
    assert room.restore(article) is False
    assert room.stored(article).takedown is None
    room.put(article)
    assert room.stored(article).article == article
    assert room.stored(article).released == released
    assert room.shown() == [article.id]
    assert room.buried() == []
    assert room.outcomes(article)[1:3] == ["killed", "takedown lifted"]


def test_a_takedown_of_what_was_never_public_leaves_no_trace_for_readers(room: Room) -> None:
    article = make_article(embargo=room.now + HOUR)
    room.put(article)
    room.takedown(article)
    room.wait(hours=2)
    assert not room.stored(article).was_public(room.now)
    room.put(article)
    assert not room.stored(article).was_public(room.now)
    assert room.buried() == room.shown() == []


def test_the_reason_of_a_takedown_can_be_given_anew(room: Room) -> None:
    room.put(make_article())
    room.takedown(make_article())
    assert room.takedown(make_article(), "complaint 12") is True
    assert room.stored(make_article()).takedown == "complaint 12"


# ---------------------------------------------------------------- addresses
def test_the_address_is_that_of_the_first_acceptance(room: Room) -> None:
    article = make_article()
    room.put(article, day=date(2026, 3, 14))
    path = room.stored(article).path
    key = links.key(article.id)
    assert path == f"/articles/2026/03/14/ferry-{key}"
    room.put(replace(article, slug="boat", title="A boat", updated=room.wait(minutes=1)), day=date(2027, 1, 1))
    assert room.stored(article).path == path
    found = room.store.find(key)
    assert found == room.stored(article)
    assert room.store.find(key[:-1]) is None


def test_two_articles_whose_keys_begin_alike_have_two_addresses(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    real = links.key
    monkeypatch.setattr(links, "key", lambda article_id, length=8: ("samesame" + real(article_id))[:length])
    room.put(make_article("a"))
    room.put(make_article("b"))
    keys = [room.stored(make_article(name)).key for name in "ab"]
    assert keys[0] == "samesame"
    assert keys[1] == "samesame" + real(make_article("b").id)[0]
    for name, key in zip("ab", keys, strict=True):
        found = room.store.find(key)
        assert found is not None
        assert found.article.id == make_article(name).id


def test_the_feed_of_everything_is_named_all(room: Room) -> None:
    room.put(make_article(sections=("world/asia", "harbour")))
    assert set(room.store.versions()) == {ALL, "world", "world/asia", "harbour"}
