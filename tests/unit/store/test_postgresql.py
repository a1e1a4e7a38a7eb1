"""A PostgreSQL store: its address, its limits, its signs of change, and what it does when the database is lost."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import postgres
import pytest
from fakes import make_article
from sqlalchemy import text
from stores import MINUTE, NOTHING, Room
from waiting import until

from feedsvc.errors import ConfigError, LeaseLost, MigrationError, StoreError, StoreUnavailable
from feedsvc.store.base import INGEST, Lease, Store
from feedsvc.store.opening import look_at_store, open_store
from feedsvc.store.sql import SqlStore

if postgres.lacking():
    pytest.skip(postgres.lacking(), allow_module_level=True)

from feedsvc.store import postgresql
from feedsvc.store.postgresql import PostgresDatabase

FERRY = make_article()


@pytest.fixture
def url() -> str:
    """A database with an empty store in it."""
    return postgres.shared().url(postgres.shared().database(postgres.template()))


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Room]]:
    """Opens the store once more, as another process would."""
    with contextlib.ExitStack() as closing:

        def open_() -> Room:
            store = open_store(url)
            closing.callback(store.close)
            return Room(store)

        yield open_


def limited(monkeypatch: pytest.MonkeyPatch, name: str, **limits: float) -> None:
    """Let the limits of a kind of connection be so, for stores that are opened from now on."""
    monkeypatch.setattr(postgresql, name, dataclasses.replace(getattr(postgresql, name), **limits))  # type: ignore[arg-type]


# ---------------------------------------------------------------- the address
def test_both_ways_to_write_the_address(url: str) -> None:
    Room(store := open_store(url)).put(FERRY)
    store.close()
    again = open_store(url.replace("postgresql://", "postgresql+psycopg://"))
    assert again.get(FERRY.id) is not None
    again.close()


@pytest.mark.parametrize("kind", ["postgresql", "postgresql+psycopg"])
def test_no_message_tells_the_password(kind: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened") as caught:
        open_store(f"{kind}://paper:s3cret%40x@127.0.0.1:1/feeds?connect_timeout=2")
    assert "s3cret" not in str(caught.value)
    assert "postgresql://paper@127.0.0.1:1/feeds" in str(caught.value)
    with pytest.raises(ConfigError) as wrong:
        open_store(f"{kind}://paper:s3cret@127.0.0.1/feeds?no_such_thing=1")
    assert "s3cret" not in str(wrong.value)


@pytest.mark.parametrize("url", ["postgres://localhost/x", "postgresql:feeds", "mysql://localhost/x"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="begin it with sqlite:/// or postgresql://"):
        open_store(url)


def test_a_database_that_is_not_there_or_not_ours_is_told_of() -> None:
    with pytest.raises(StoreUnavailable, match='database "nothing_here" does not exist'):
        open_store(postgres.shared().url("nothing_here"))
    name = postgres.shared().database()
    postgres.shared().sql("CREATE TABLE paper (id int)", database=name)
    with pytest.raises(MigrationError, match="something else"):
        open_store(postgres.shared().url(name))


def test_a_database_in_another_encoding_is_refused() -> None:
    name = f"{postgres.shared().database()}_ascii"
    postgres.shared().sql(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(ConfigError, match="encoded in SQL_ASCII"):
        open_store(postgres.shared().url(name))


def test_texts_compare_by_code_point(url: str) -> None:
    query = (
        "SELECT DISTINCT collation_name FROM information_schema.columns WHERE data_type = 'text' AND table_name = %s"
    )
    name = url.rpartition("/")[2]
    for table in ("articles", "placements", "feeds", "sources"):
        assert postgres.shared().sql(query, table, database=name) == [("C",)]


def test_who_may_only_read_can_read_and_hear(url: str, opened: Callable[[], Room]) -> None:
    name = url.rpartition("/")[2]
    postgres.shared().sql(f"CREATE ROLE {name} LOGIN")
    postgres.shared().sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}", database=name)
    store = open_store(url.replace("postgres@", f"{name}@"))
    reader, writer = Room(store), opened()
    before = store.changes_token()
    writer.put(FERRY)
    until(lambda: store.changes_token() != before)
    assert reader.shown() == [FERRY.id]
    with pytest.raises(StoreUnavailable, match="permission denied"):
        reader.takedown(FERRY)
    store.close()


def test_a_store_that_is_looked_at_is_not_made_or_written(url: str, opened: Callable[[], Room]) -> None:
    opened().put(FERRY)
    store = look_at_store(url)
    assert store.get(FERRY.id) is not None
    with pytest.raises(StoreUnavailable, match="read-only"):
        Room(store).takedown(FERRY)
    store.close()
    name = postgres.shared().database()
    with pytest.raises(StoreUnavailable, match="no store of this version"):
        look_at_store(postgres.shared().url(name))
    assert postgres.shared().sql("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", database=name) == []


def test_many_that_open_an_empty_database_make_one_store() -> None:
    url = postgres.shared().url(postgres.shared().database())
    failed: list[BaseException] = []

    def open_() -> None:
        try:
            open_store(url).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=open_) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_a_nul_in_a_message_is_kept_as_a_sign(opened: Callable[[], Room]) -> None:
    room = opened()
    room.put(FERRY)
    room.takedown(FERRY, reason="a\0b")
    assert room.stored(FERRY).takedown == "a\ufffdb"


# ---------------------------------------------------------------- writers take turns
def test_nobody_takes_over_between_the_look_at_the_lease_and_the_end(
    opened: Callable[[], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, "_WRITING", lock=100)
    holder, other = opened(), opened()
    lease = holder.store.lease(INGEST, "one", ttl=NOTHING)  # it has run out already
    with holder.store.writing(lease, at=holder.now) as writer:
        writer.put(FERRY, now=holder.now, day=holder.now.date(), spellings={})
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            other.store.lease(INGEST, "two", ttl=MINUTE)
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            other.takedown(FERRY)
    assert other.store.lease(INGEST, "two", ttl=MINUTE)
    with pytest.raises(LeaseLost), holder.store.writing(lease, at=holder.now):
        pytest.fail("the block must not be entered")
    assert other.shown() == [FERRY.id]


@pytest.mark.parametrize("batch", [False, True])
def test_a_transaction_that_its_holder_leaves_standing_is_ended(
    opened: Callable[[], Room], monkeypatch: pytest.MonkeyPatch, batch: bool
) -> None:
    limited(monkeypatch, "_WRITING", idle=1000, lock=2000)  # longer than the holder rests between two statements
    holder, other = opened(), opened()
    lease = holder.store.lease(INGEST, "one", ttl=NOTHING)
    taken: list[Lease | None] = []

    def others_turn() -> bool:
        with contextlib.suppress(StoreUnavailable):
            taken.append(other.store.lease(INGEST, "two", ttl=MINUTE))
        return bool(taken)

    def write() -> None:
        with holder.store.writing(lease, at=holder.now) as writer:
            writer.put(FERRY, now=holder.now, day=holder.now.date(), spellings={})
            if not batch:  # the last statement is one by itself
                writer.get(FERRY.id)
            until(others_turn)
            writer.put(make_article("late"), now=holder.now, day=holder.now.date(), spellings={})

    with pytest.raises(StoreUnavailable, match="terminating connection"):
        write()
    assert taken[0] is not None
    assert other.shown() == []
    with pytest.raises(LeaseLost), holder.store.writing(lease, at=holder.now):
        pytest.fail("the block must not be entered")


def test_a_server_that_says_nothing_is_given_up(opened: Callable[[], Room], monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, "_READING", silence=0.3)
    store = opened().store
    assert isinstance(store, SqlStore)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="said nothing"), store._reading() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    assert time.monotonic() - began < 25
    until(lambda: _answers(store))


def test_one_that_goes_on_talking_is_not(opened: Callable[[], Room], monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, "_READING", silence=1.5)
    store = opened().store
    assert isinstance(store, SqlStore)
    rows = "SELECT repeat('x', 10000), pg_sleep(0.02) FROM generate_series(1, 100)"
    with store._reading() as connection:
        assert len(connection.execute(text(rows)).all()) == 100


# ---------------------------------------------------------------- signs of change
def test_a_change_is_announced(opened: Callable[[], Room], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "LOOK_SECONDS", 3600.0)
    listener, writer = opened().store, opened()
    before = listener.changes_token()
    writer.put(FERRY)
    until(lambda: listener.changes_token() != before)


def test_what_was_not_announced_is_found_by_looking(
    opened: Callable[[], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(PostgresDatabase, "announce", lambda *_: None)
    listener, writer = opened().store, opened()
    before = listener.changes_token()
    writer.put(FERRY)
    assert listener.changes_token() != before


def test_a_session_that_was_ended_is_replaced_at_once(url: str, opened: Callable[[], Room]) -> None:
    room = opened()
    before = room.store.changes_token()
    room.put(FERRY)
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    assert len(postgres.shared().sql(kill, url.rpartition("/")[2])) >= 3
    assert room.shown() == [FERRY.id]
    assert room.put(make_article("second")) == "published"
    until(lambda: room.store.changes_token() != before)


# ---------------------------------------------------------------- lost and found
def test_a_database_that_is_lost_is_told_of_at_once_and_found_again() -> None:
    with postgres.own() as server:
        room = Room(open_store(server.url(server.database())))
        store = room.store
        room.put(FERRY)
        store.changes_token()
        server.down()
        uses: list[Callable[[], Any]] = [
            store.changes_token, store.versions, store.sources, store.counts, store.holds,
            lambda: store.window("all", room.now, limit=9), lambda: store.lease_holder(INGEST), lambda: room.lease,
            lambda: room.takedown(FERRY),
        ]  # fmt: skip
        with pytest.raises(StoreUnavailable):
            store.versions()
        for use in uses:
            began = time.monotonic()
            with pytest.raises(StoreUnavailable, match="does not answer"):
                use()
            assert time.monotonic() - began < 10
        server.up()
        until(lambda: _answers(store))
        assert room.shown() == [FERRY.id]
        assert room.put(make_article("second")) == "published"
        server.freeze()
        began = time.monotonic()
        until(lambda: not _answers(store))
        assert time.monotonic() - began < 30
        server.thaw()
        until(lambda: _answers(store))
        store.close()


def _answers(store: Store) -> bool:
    try:
        store.changes_token()
        store.versions()
    except StoreUnavailable:
        return False
    return True


def test_it_makes_no_backup_of_a_file(opened: Callable[[], Room], tmp_path: Any) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        opened().store.backup(tmp_path / "copy.db")
