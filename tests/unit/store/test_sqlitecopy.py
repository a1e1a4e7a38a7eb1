"""Copies of a store that is in use: of one moment, whole, and put back they give the same bytes."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import Newsroom, make_article, make_settings

from feedsvc.errors import StoreError, StoreUnavailable
from feedsvc.publish.cache import DocumentCache
from feedsvc.store import sqlitecopy
from feedsvc.store.opening import open_store

SETTINGS = make_settings()


@pytest.fixture
def room(room: Newsroom) -> Newsroom:
    room.put(*(make_article(f"ferry-{number}") for number in range(20)))
    return room


def documents(folder: Path, room: Newsroom) -> dict[tuple[str, str], tuple[bytes, str, str | None]]:
    """Every document of the store in *folder*, with its validators."""
    store = open_store(f"sqlite:///{folder}/store.db")
    try:
        cache = DocumentCache(store, SETTINGS, room.clock)
        found = {}
        for name in ("all", "harbour"):
            for suffix in cache.formats:
                document = cache.get(name, suffix)
                assert document is not None
                headers = dict(document.headers("gzip", room.clock()))
                found[name, suffix] = (document.body(), headers["ETag"], headers.get("Last-Modified"))
        return found
    finally:
        store.close()


def test_a_restored_store_gives_the_same_bytes_and_validators(room: Newsroom, tmp_path: Path) -> None:
    room.clock.move(minutes=5)
    room.edit(make_article("ferry-3"), title="The ferry is late")
    room.withdraw(make_article("ferry-4"))
    room.clock.move(minutes=5)
    before = documents(tmp_path, room)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    size = room.store.store.backup(elsewhere / "store.db")
    assert size == (elsewhere / "store.db").stat().st_size > 10_000
    assert list(elsewhere.iterdir()) == [elsewhere / "store.db"]  # one file, nothing beside it
    room.edit(make_article("ferry-5"), title="Changed after the backup")
    assert documents(tmp_path, room) != before
    assert documents(elsewhere, room) == before
    assert b"The ferry is late" in before["all", "rss"][0]
    restored = open_store(f"sqlite:///{elsewhere}/store.db")
    try:
        for number in range(20):
            stored = restored.get(make_article(f"ferry-{number}").id)
            assert stored is not None
            assert (stored.withdrawn is not None) is (number == 4)
        assert restored.history() != []
    finally:
        restored.close()


def test_what_is_written_meanwhile_is_wholly_in_the_copy_or_not_at_all(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlitecopy, "PAGES", 1)
    stopping, written = threading.Event(), [0]

    def write() -> None:
        while not stopping.is_set():
            number = written[0]
            # Two articles in one transaction: either both are in a copy or neither.
            room.put(make_article(f"left-{number}"), make_article(f"right-{number}"))
            written[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            goal = written[0] + 2
            room.store.store.backup(tmp_path / f"copy-{number}.db")
            while written[0] < goal:  # the writer was not kept out
                stopping.wait(0.01)
    finally:
        stopping.set()
        thread.join()
    counts = []
    for number in range(5):
        with sqlite3.connect(tmp_path / f"copy-{number}.db") as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ids = {row[0].rpartition(":")[2] for row in copy.execute("SELECT id FROM articles")}
            left = {name.partition("-")[2] for name in ids if name.startswith("left")}
            right = {name.partition("-")[2] for name in ids if name.startswith("right")}
            assert left == right
            counts.append(len(left))
        copy.close()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_a_copy_is_as_private_as_the_store(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "store.db").chmod(0o640)
    room.store.store.backup(tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o640


def test_nothing_is_replaced_unasked(room: Newsroom, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("precious")
    with pytest.raises(StoreError, match="is there already; name another file, or let it be replaced with --force"):
        room.store.store.backup(copy)
    assert copy.read_text() == "precious"
    room.store.store.backup(copy, replace=True)
    assert copy.read_bytes().startswith(b"SQLite format 3")
    dangling = tmp_path / "dangling.db"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="is there already"):
        room.store.store.backup(dangling)


@pytest.mark.parametrize("name", ["store.db", "store.db-wal", "store.db-shm", "linked.db", "hard.db"])
def test_the_store_itself_is_never_the_target(room: Newsroom, tmp_path: Path, name: str) -> None:
    (tmp_path / "linked.db").symlink_to(tmp_path / "store.db")
    os.link(tmp_path / "store.db", tmp_path / "hard.db")
    before = (tmp_path / "store.db").read_bytes()
    with pytest.raises(StoreError, match="belongs to the store itself"):
        room.store.store.backup(tmp_path / name, replace=True)
    assert (tmp_path / "store.db").read_bytes() == before


def test_a_place_that_cannot_be_written(room: Newsroom, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        room.store.store.backup(tmp_path / "missing" / "copy.db")
    with pytest.raises(StoreError, match="is a folder; name a file in it"):
        room.store.store.backup(tmp_path)


def test_no_room_for_the_copy(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    old = folder / "copy.db"
    old.write_text("the last backup")
    code = (
        "import resource, sys; from pathlib import Path; from feedsvc.store.opening import open_store\n"
        "store = open_store(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "store.backup(Path(sys.argv[2]), replace=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{tmp_path}/store.db", str(old)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "StoreError: the backup" in done.stderr, done.stderr
    assert "cannot be written" in done.stderr
    assert old.read_text() == "the last backup"
    assert list(folder.iterdir()) == [old]  # no half copy is left


def test_a_damaged_store_makes_no_backup(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.put(*(make_article(f"ferry-{number}", content=f"<p>{'Long. ' * 2000}</p>") for number in range(20)))
    room.close()
    path = tmp_path / "store.db"
    whole = bytearray(path.read_bytes())
    with sqlite3.connect(path) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()[0]
    connection.close()
    start = (root - 1) * 4096
    whole[start : start + 4096] = b"\x55" * 4096
    path.write_bytes(bytes(whole))
    store = open_store(f"sqlite:///{path}")
    try:
        with pytest.raises((StoreError, StoreUnavailable), match=r"damaged|malformed"):
            store.backup(tmp_path / "copy.db")
    finally:
        store.close()
    assert not (tmp_path / "copy.db").exists()
    assert not list(tmp_path.glob(".copy*"))


def test_a_store_that_is_gone_makes_no_backup(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "store.db").unlink()
    with pytest.raises(StoreUnavailable, match="is gone"):
        room.store.store.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_put_back_beneath_a_running_store(room: Newsroom, tmp_path: Path) -> None:
    """Against the instructions, but it happens: the store goes over to the file that stands there now."""
    before = documents(tmp_path, room)
    room.store.store.backup(tmp_path / "copy.db")
    room.edit(make_article("ferry-5"), title="Changed after the backup")
    (tmp_path / "copy.db").replace(tmp_path / "store.db")
    room.store.store.lease("other", "x", ttl=timedelta(seconds=1))  # a write looks at the file first
    assert documents(tmp_path, room) == before
