"""A SQLite store that is locked, lost, replaced, or whose writer is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import make_article
from stores import MINUTE, Room

from feedsvc.errors import ConfigError, MigrationError, StoreUnavailable
from feedsvc.store import sqlite
from feedsvc.store.base import INGEST, Store
from feedsvc.store.opening import open_store

FERRY = make_article()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "store.db"


@pytest.fixture
def room(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A store with one article, that waits for nobody and looks at its file with each question."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(sqlite, "LOOK_SECONDS", 0.0)
    store = open_store(f"sqlite:///{path}")
    room = Room(store)
    room.put(FERRY)
    yield room
    store.close()


def every_kind_of_use(room: Room) -> list[Callable[[], object]]:
    store = room.store
    return [
        store.changes_token,
        store.versions,
        lambda: store.window("all", room.now, limit=9),
        lambda: store.listing("all", room.now, limit=9),
        lambda: store.sections(room.now),
        lambda: store.find("key"),
        lambda: store.get(FERRY.id),
        store.sources,
        lambda: store.source("a.md"),
        store.homes,
        lambda: store.articles_of("a.md"),
        store.history,
        store.counts,
        store.passes,
        store.holds,
        lambda: store.lease_holder(INGEST),
        *every_kind_of_write(room),
    ]


def every_kind_of_write(room: Room) -> list[Callable[[], object]]:
    store, lease = room.store, room.lease

    def write() -> None:
        with store.writing(lease, at=room.now) as writer:
            writer.put(make_article("new"), now=room.now, day=room.now.date(), spellings={})

    return [
        write,
        lambda: store.lease(INGEST, "other", ttl=MINUTE),
        lambda: store.release(lease),
        lambda: store.configure({"all": "x"}, now=room.now, lease=lease),
        lambda: store.prune(room.now, now=room.now, lease=lease),
        lambda: store.record_pass({}, started=room.now, finished=room.now),
        lambda: store.hold("missing", {}, now=room.now),
        lambda: store.accept("missing", now=room.now),
        lambda: room.takedown(FERRY),
        lambda: room.restore(FERRY),
    ]


def all_unavailable(uses: list[Callable[[], object]], match: str) -> None:
    for use in uses:
        with pytest.raises(StoreUnavailable, match=match):
            use()


def content(path: Path) -> list[tuple[object, ...]]:
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [(table, *row) for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608


# ---------------------------------------------------------------- locked
def test_a_locked_store_is_read_and_not_written(room: Room, path: Path) -> None:
    writes, before = every_kind_of_write(room), content(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        all_unavailable(writes, "locked")
        assert room.shown() == [FERRY.id]
        other.execute("ROLLBACK")
    assert content(path) == before
    writes[0]()
    assert len(room.shown()) == 2


# ---------------------------------------------------------------- lost
def test_a_store_that_vanished_is_told_of_and_never_made_anew(room: Room, path: Path) -> None:
    uses = every_kind_of_use(room)
    aside = path.with_name("aside.db")
    path.rename(aside)
    all_unavailable(uses, "is gone; put it back")
    assert not path.exists()
    aside.rename(path)
    assert room.shown() == [FERRY.id]
    assert room.put(make_article("second")) == "published"
    assert content(path) != []


def test_a_store_that_was_deleted_stays_deleted(room: Room, path: Path) -> None:
    uses = every_kind_of_use(room)
    path.unlink()
    all_unavailable(uses, "is gone")
    assert not path.exists()


def test_a_reader_looks_at_the_file_once_a_while_only(room: Room, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room.store.versions()
    monkeypatch.setattr(sqlite, "LOOK_SECONDS", 3600.0)
    lease = room.lease
    path.rename(path.with_name("aside.db"))
    room.store.versions()
    with pytest.raises(StoreUnavailable), room.store.writing(lease, at=room.now):
        pytest.fail("the block must not be entered")


# ---------------------------------------------------------------- replaced
def test_another_store_in_its_place_is_gone_over_to(room: Room, path: Path, tmp_path: Path) -> None:
    before = room.store.changes_token()
    other = Room(open_store(f"sqlite:///{tmp_path}/other.db"))
    other.put(make_article("other"))
    other.store.close()
    (tmp_path / "other.db").replace(path)
    assert room.shown() == [make_article("other").id]
    assert room.store.changes_token() != before
    assert room.put(make_article("third")) == "published"
    assert len(room.shown()) == 2


def test_a_backup_in_its_place_is_written_in_wal_mode_too(room: Room, path: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    room.put(make_article("after the backup"))
    (tmp_path / "backup.db").replace(path)
    assert room.shown() == [FERRY.id]
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("kind", ["text", "empty", "folder", "foreign", "older"])
def test_what_is_no_store_is_not_gone_over_to(room: Room, path: Path, tmp_path: Path, kind: str) -> None:
    uses, other = every_kind_of_use(room), tmp_path / "other"
    if kind == "folder":
        other.mkdir()
    elif kind in ("text", "empty"):
        other.write_text("no database" * 1000 if kind == "text" else "")
    else:
        with contextlib.closing(sqlite3.connect(other)) as connection:
            name = "alembic_version" if kind == "older" else "something"
            connection.execute(f"CREATE TABLE {name} (version_num TEXT)")
    aside = path.with_name("aside.db")
    path.rename(aside)
    other.rename(path)
    all_unavailable(uses, "no store")
    if kind != "folder":
        aside.replace(path)
        assert room.shown() == [FERRY.id]


# ---------------------------------------------------------------- opening
@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:", "mysql://localhost/x", "store.db"])
def test_an_url_that_is_no_store_is_a_matter_of_the_config(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store\.url") as caught:
        open_store(url)
    assert caught.value.key == "store.url"


def test_the_folder_of_a_new_store_is_made(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    assert path.is_file()


def test_a_name_with_signs_that_mean_something_in_an_address(tmp_path: Path) -> None:
    path = tmp_path / "100% news?mode=memory#1" / "store.db"
    for _ in range(2):
        store = open_store(f"sqlite:///{path}")
        Room(store).put(FERRY)
        store.close()
    assert path.is_file()


def test_a_store_below_a_file_or_in_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "store.db", Path("/proc/store.db"), tmp_path):
        with pytest.raises(StoreUnavailable, match=f"{place} cannot be opened"):
            open_store(f"sqlite:///{place}")


def test_a_read_only_folder_is_told_of(unprivileged: None, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnavailable, match=f"{tmp_path}/store.db cannot be opened"):
        open_store(f"sqlite:///{tmp_path}/store.db")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database\n" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_text() == "not a database\n" * 100


def test_the_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE feeds (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(MigrationError, match="something else"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_two_connections_write_in_turn(path: Path) -> None:
    rooms = [Room(open_store(f"sqlite:///{path}")) for _ in range(2)]
    for number in range(4):
        with rooms[number % 2].store.writing(None, at=rooms[0].now) as writer:
            writer.put(make_article(str(number)), now=rooms[0].now, day=rooms[0].now.date(), spellings={})
    for room in rooms:
        assert len(room.shown()) == 4
        room.store.close()


# ---------------------------------------------------------------- killed
WRITER = """
import sys
import tempfile
from fakes import NOON, make_article
from feedsvc.model import Signature, SourceRecord, SourceState
from feedsvc.store.base import Claim
from feedsvc.store.opening import open_store

store, batch = open_store(sys.argv[1]), 0
while True:
    with store.writing(None, at=NOON) as writer:
        for number in range(10):
            article = make_article(f"n{batch}-{number}", content="<p>" + "word " * 2000 + "</p>")
            with writer.savepoint():
                signature = Signature(size=1, mtime_ns=1, ctime_ns=1, inode=1)
                record = SourceRecord(path=article.source, signature=signature, first_seen=NOON, seen=NOON)
                writer.remember(record, [Claim(path=article.source, article_id=article.id, state=record.state)])
                writer.put(article, now=NOON, day=NOON.date(), spellings={})
        if batch % 3 == 2:
            print(batch, flush=True)  # in the middle of a transaction
    batch += 1
"""


@pytest.mark.parametrize("lines", [1, 3])
def test_a_writer_that_is_killed_leaves_whole_transactions_only(path: Path, lines: int) -> None:
    open_store(f"sqlite:///{path}").close()
    tests = Path(__file__).parents[2]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, f"sqlite:///{path}"], stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        assert process.stdout is not None
        last = [int(process.stdout.readline()) for _ in range(lines)][-1]
        process.send_signal(signal.SIGKILL)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (written,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        assert written % 10 == 0
        assert written >= last * 10
        tables = ("sources", "claims", "changes WHERE feed = ''", "placements WHERE feed = 'all'")
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608
    assert counts == dict.fromkeys(tables, written)
    store: Store = open_store(f"sqlite:///{path}")
    room = Room(store)
    assert room.put(FERRY) == "published"
    assert room.version().generation == written + 1
    store.close()
