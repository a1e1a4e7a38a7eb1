"""What the doctor says of the store."""

from __future__ import annotations

import os
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedsvc.doctor import stores

Here = Any
_Usage = namedtuple("_Usage", "total used free")


def test_no_store_yet(here: Here) -> None:
    for path in here.store_file.parent.iterdir():
        path.unlink()
    assert here.troubles() == ["warning var/feedsvc.db: there is no store yet"]
    assert list(here.store_file.parent.iterdir()) == []


def test_no_store_and_no_place_for_one(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    for path in here.store_file.parent.iterdir():
        path.unlink()
    here.store_file.parent.rmdir()
    refused_access(here.folder, os.W_OK)
    assert f"error {here.folder}: the store cannot be made here" in here.troubles()


def test_what_is_no_store(here: Here) -> None:
    here.store_file.write_bytes(b"This is no database. " * 500)
    assert here.troubles() == ["error var/feedsvc.db: what stands here is no store of feedsvc"]
    here.store_file.unlink()
    here.store_file.mkdir()
    assert here.troubles() == ["error var/feedsvc.db: it is no regular file"]


def test_a_damaged_store(here: Here) -> None:
    for number in range(200):
        here.write(f"harbour/{number}.txt", f"Number {number} of many\n\nIt has one sentence. {'Long. ' * 500}\n")
    here.take_in()
    connection = sqlite3.connect(here.store_file)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with here.store_file.open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\x55" * (size - 8))
    (first, *_) = here.troubles()
    assert first.startswith("error var/feedsvc.db: the store is damaged: ")


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        ("9999", "error var/feedsvc.db: it was made by a newer feedsvc (schema 9999; this one knows {current})"),
        ("0000", "warning var/feedsvc.db: it has schema 0000; this feedsvc brings it to {current} when it starts"),
    ],
)
def test_a_store_of_another_version(here: Here, revision: str, told: str) -> None:
    connection = sqlite3.connect(here.store_file)
    (current,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.commit()
    connection.close()
    assert here.troubles() == [told.format(current=current)]


def test_a_store_that_cannot_be_written(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    refused_access(here.store_file, os.W_OK)
    assert here.troubles() == ["error var/feedsvc.db: the store cannot be written by this user"]
    refused_access(here.store_file.parent, os.W_OK)
    assert "error var: SQLite cannot write beside the store by this user" in here.troubles()


@pytest.mark.parametrize(
    ("free", "told"),
    [
        (10**9, []),
        (10**8, ["warning var: 100 MB are free on its disk"]),
        (10**6, ["error var: 1 MB are free on its disk"]),
    ],
)
def test_little_room(here: Here, monkeypatch: pytest.MonkeyPatch, free: int, told: list[str]) -> None:
    monkeypatch.setattr("feedsvc.doctor.stores.shutil.disk_usage", lambda _: _Usage(10**10, 0, free))
    assert here.troubles() == told


def test_a_remote_disk(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "file_system", lambda _: "nfs4")
    (told,) = here.troubles()
    assert told.startswith("error var/feedsvc.db: it lies on a nfs4 file system")


def test_a_store_of_two_names(here: Here) -> None:
    os.link(here.store_file, here.folder / "backup.db")
    assert here.troubles() == ["warning var/feedsvc.db: the file has 2 names (hard links)"]


def test_a_large_wal(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "LARGE_WAL", 1000)
    store = here.store()
    store.hold("x", {"reason": "y", "accepted": None}, now=here.now)
    store.hold("x", None, now=here.now)
    (told,) = here.troubles()
    store.close()
    assert "MB wait in feedsvc.db-wal to be moved into the store" in told


def test_a_store_that_was_replaced_under_the_service(here: Here) -> None:
    here.serve()
    store = here.store()  # this process has it open, as the service would
    copy = here.folder / "copy.db"
    store.backup(copy)
    assert here.troubles() == []
    copy.replace(here.store_file)
    for beside in ("-wal", "-shm"):
        here.store_file.with_name(here.store_file.name + beside).unlink(missing_ok=True)
    assert here.troubles() == [
        "error var/feedsvc.db: the service has another file open than the one that stands here now"
    ]
    store.close()
