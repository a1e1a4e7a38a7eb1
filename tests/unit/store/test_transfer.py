"""Moving a store over: every row, the numbers that go on, and nothing by halves."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import make_article
from sqlalchemy import select
from stores import FACTORIES, MINUTE, NOTHING, Room

from feedsvc.errors import StoreError
from feedsvc.model import Signature, SourceRecord
from feedsvc.store import transfer as module
from feedsvc.store.base import INGEST, Claim
from feedsvc.store.connections import Database
from feedsvc.store.sql import SqlStore
from feedsvc.store.tables import compatibility, metadata
from feedsvc.store.transfer import transfer

KINDS = [(one, other) for one in FACTORIES for other in FACTORIES]


@pytest.fixture(params=KINDS, ids="-to-".join)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Room, Room]]:
    """A store with a past, and an empty one."""
    with contextlib.ExitStack() as closing:
        rooms = []
        for number, kind in enumerate(request.param):
            (folder := tmp_path / str(number)).mkdir()
            rooms.append(Room(FACTORIES[kind](folder)))
            closing.callback(rooms[-1].store.close)
        live(rooms[0])
        yield rooms[0], rooms[1]


def live(room: Room) -> None:
    """Some weeks in the life of a newsroom."""
    for number in range(7):
        article = make_article(f"n{number}", title=f"Número {number} – “ő” 𝄞")
        signature = Signature(size=1, mtime_ns=2**62, ctime_ns=1, inode=2**63, device=5)
        record = SourceRecord(path=article.source, signature=signature, first_seen=room.now, seen=room.now)
        room.write(
            lambda writer, record=record, article=article: writer.remember(  # type: ignore[misc]
                record, [Claim(path=record.path, article_id=article.id, state=record.state)]
            )
        )
        room.put(article)
        room.wait(hours=1)
    room.withdraw(make_article("n1"))
    room.takedown(make_article("n2"))
    room.store.configure({"all": "x", "*": "y"}, now=room.now, lease=room.lease)
    room.store.record_pass({"files": 7}, started=room.now, finished=room.now)
    room.store.hold("missing", {"paths": ["a.md"]}, now=room.now)
    room.wait(days=40)
    room.store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)


def database(room: Room) -> Database:
    assert isinstance(room.store, SqlStore)
    return room.store._database


def content(room: Room) -> Mapping[str, list[Any]]:
    with database(room).reader.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
            if table is not compatibility  # each store's own
        }


def move(source: Room, target: Room, between: Callable[[], object] = lambda: None) -> dict[str, int]:
    return transfer(database(source), database(target), progress=lambda *_: None, between=between)


def test_every_row_comes_over(pair: tuple[Room, Room], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    source, target = pair
    before = content(source)
    told: list[tuple[str, int, int]] = []
    copied = transfer(
        database(source), database(target), progress=lambda *step: told.append(step), between=lambda: None
    )
    after = content(target)
    assert {name: rows for name, rows in after.items() if name != "leases"} == {
        name: rows for name, rows in before.items() if name != "leases"
    }
    assert content(source) == before
    assert copied == {name: len(rows) for name, rows in before.items()}
    assert copied["changes"] > 7
    assert told[-1][1] == told[-1][2]
    assert ("articles", 3, 7) in told
    target.now = source.now
    assert target.window() == source.window()
    assert target.store.history() == source.store.history()


def test_the_lease_comes_over_as_given_back_and_its_numbers_go_on(pair: tuple[Room, Room]) -> None:
    source, target = pair
    token = source.lease.token
    move(source, target)
    assert target.store.lease_holder(INGEST) == ""
    lease = target.store.lease(INGEST, "another", ttl=MINUTE)
    assert lease is not None
    assert lease.token > token


def test_the_numbers_of_changes_go_on_though_the_last_ones_are_gone(pair: tuple[Room, Room]) -> None:
    source, target = pair
    late = make_article("late")
    source.put(late)
    reached = source.version().seq
    with database(source).writer.begin() as connection:
        changes = metadata.tables["changes"]
        connection.execute(changes.delete().where(changes.c.seq >= reached - 2))
    move(source, target)
    target.now = source.wait(hours=1)
    target.put(make_article("after"))
    source.put(make_article("after"))
    assert target.version().seq == source.version().seq > reached
    assert target.store.passes(1) == source.store.passes(1)
    target.store.record_pass({"files": 8}, started=target.now, finished=target.now)
    assert target.store.passes(1)[0]["files"] == 8


def test_a_target_that_holds_anything_is_refused(pair: tuple[Room, Room]) -> None:
    source, target = pair
    target.put(make_article("mine"))
    before = content(target)
    with pytest.raises(StoreError, match="not empty: there are rows in articles"):
        move(source, target)
    assert content(target) == before


def test_what_fails_half_way_leaves_nothing_behind(pair: tuple[Room, Room]) -> None:
    source, target = pair
    steps = []

    def between() -> None:
        steps.append(1)
        if len(steps) == 4:
            raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        move(source, target, between)
    assert not any(content(target).values())
    move(source, target)
    assert target.store.lease(INGEST, "any", ttl=NOTHING)
