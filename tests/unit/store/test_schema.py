"""The schema: the tables in code, the migrations, and what becomes of a store that does not fit."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import postgres
import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fakes import make_article
from sqlalchemy import create_engine, event, text
from stores import Room

from feedsvc.errors import MigrationError, StoreUnavailable
from feedsvc.store import naming, schema
from feedsvc.store.looking import examine
from feedsvc.store.opening import look_at_store, open_store
from feedsvc.store.questions import Life
from feedsvc.store.sql import SqlStore
from feedsvc.store.sqlite import SqliteDatabase
from feedsvc.store.tables import metadata


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@contextlib.contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def described(path: Path) -> list[tuple[str, str]]:
    """Tables and indexes, as the database itself describes them."""
    with raw(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return sorted((name, "".join(sql.replace('"', "").split())) for name, sql in found)


def migrated(url: str, to: str = "head") -> None:
    """Let the migrations make a store, one after the other."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    engine.dispose()


def test_a_new_store_is_as_the_migrations_make_it(path: Path, tmp_path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    other = tmp_path / "migrated.db"
    migrated(f"sqlite:///{other}", "0001")
    open_store(f"sqlite:///{other}").close()
    assert described(path) == described(other)
    assert {"articles", "placements", "ix_placements_expiry", "ix_changes_feed"} <= {
        name for name, _ in described(path)
    }


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_the_oldest_program_that_may_go_on_is_what_the_strictest_migration_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert max(getattr(one.module, "compatible_from", one.revision) for one in scripts) == schema.OLDEST


@pytest.mark.parametrize("state", ["new", "up to date"])
def test_a_store_that_is_not_to_be_migrated_does_without_alembic(path: Path, state: str) -> None:
    if state == "up to date":
        open_store(f"sqlite:///{path}").close()
    program = (
        "import sys; from feedsvc.store.opening import open_store; open_store(sys.argv[1]).close();"
        "assert 'sqlalchemy' in sys.modules; assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, f"sqlite:///{path}"], check=True)


def test_a_new_store_that_dies_half_way_is_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(schema, "insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_store(f"sqlite:///{path}")
    assert described(path) == []
    open_store(f"sqlite:///{path}").close()
    assert described(path) != []


def test_a_migration_that_dies_half_way_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrated(f"sqlite:///{path}", "0001")
    before = described(path)
    made: list[str] = []

    def create_index(name: str, *arguments: Any, **named: Any) -> None:
        made.append(name)
        if len(made) == 3:
            raise RuntimeError("the power fails")

    with monkeypatch.context() as patched:
        patched.setattr(op, "create_index", create_index)
        with pytest.raises(RuntimeError, match="power"):
            open_store(f"sqlite:///{path}")
    assert len(made) == 3
    assert described(path) == before
    open_store(f"sqlite:///{path}").close()
    assert described(path) != before


def test_the_schema_of_a_newer_version_is_not_touched(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = described(path)
    with pytest.raises(MigrationError, match=r"9999, made by a newer feedsvc.*upgrade"):
        open_store(f"sqlite:///{path}")
    assert described(path) == before


def test_a_schema_that_nobody_knows_is_not_touched(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    before = described(path)
    with pytest.raises(MigrationError, match="0000, which feedsvc does not know"):
        open_store(f"sqlite:///{path}")
    assert described(path) == before


def ahead(path: Path, since: str) -> None:
    """Let the store be as a newer version left it, which says from which revision on programs may go on."""
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("DELETE FROM compatibility")
        connection.execute("INSERT INTO compatibility VALUES ('9999', ?)", (since,))
        connection.execute("ALTER TABLE articles ADD COLUMN mood TEXT NOT NULL DEFAULT ''")


def test_a_newer_schema_that_only_adds_is_worked_on(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    ahead(path, schema.HEAD)
    store = open_store(f"sqlite:///{path}")
    assert store.lease("ingest", "us", ttl=timedelta(seconds=9)) is not None
    store.close()
    with contextlib.closing(look_at_store(f"sqlite:///{path}")) as looked:
        assert looked.counts() == {}
    assert examine(path).fits
    with raw(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_newer_schema_that_takes_away_is_not(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    ahead(path, "9998")
    with pytest.raises(MigrationError, match="made by a newer feedsvc"):
        open_store(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable):
        look_at_store(f"sqlite:///{path}")
    assert not examine(path).fits


def test_a_running_store_goes_over_to_a_newer_schema_that_only_adds(path: Path, tmp_path: Path) -> None:
    for since, fits in ((schema.HEAD, True), ("9998", False)):
        other = tmp_path / f"other-{since}.db"
        open_store(f"sqlite:///{other}").close()
        ahead(other, since)
        with contextlib.closing(open_store(f"sqlite:///{path}")) as store:
            other.replace(path)
            if fits:
                assert store.lease("ingest", "us", ttl=timedelta(seconds=9)) is not None
            else:
                with pytest.raises(StoreUnavailable, match="is no store"):
                    store.lease("ingest", "us", ttl=timedelta(seconds=9))


def test_a_store_made_before_anything_was_said_of_it(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    with raw(path) as connection:
        connection.execute("DROP TABLE compatibility")
    open_store(f"sqlite:///{path}").close()
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError, match="made by a newer feedsvc"):
        open_store(f"sqlite:///{path}")


def test_every_migration_says_from_where_on_programs_may_go_on() -> None:
    """All but the first, before which there was nothing: 0001 of what only adds, its own number of what takes away."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    for one in ScriptDirectory.from_config(config).walk_revisions():
        said = getattr(one.module, "compatible_from", "")
        assert one.revision == "0001" or "0001" <= said <= one.revision, f"{one.revision} says {said!r}"


# ---------------------------------------------------------------- PostgreSQL
@pytest.fixture
def database() -> str:
    """The name of an empty PostgreSQL database."""
    if postgres.lacking():
        pytest.skip(postgres.lacking())
    return postgres.shared().database()


def tables_of(database: str) -> list[tuple[object, ...]]:
    """Tables, columns and indexes, as the database itself describes them."""
    columns = (
        "SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    indexes = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
    return [*postgres.shared().sql(columns, database=database), *postgres.shared().sql(indexes, database=database)]


def test_a_new_store_is_as_the_migrations_make_it_on_postgresql(database: str) -> None:
    open_store(postgres.shared().url(database)).close()
    other = postgres.shared().database()
    migrated(postgres.shared().url(other), "0001")
    open_store(postgres.shared().url(other)).close()
    assert tables_of(database) == tables_of(other)


def test_a_migration_that_dies_half_way_leaves_nothing_behind_on_postgresql(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated(postgres.shared().url(database), "0001")
    before = tables_of(database)
    with monkeypatch.context() as patched:
        patched.setattr(op, "create_index", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_store(postgres.shared().url(database))
    assert tables_of(database) == before
    open_store(postgres.shared().url(database)).close()
    assert tables_of(database) != before


def test_a_new_store_that_dies_half_way_is_none_on_postgresql(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(schema, "insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_store(postgres.shared().url(database))
    assert tables_of(database) == []


def revisions() -> list[str]:
    """All revisions of the schema, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    return found[::-1]


@pytest.mark.parametrize("former", revisions()[:-1])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_of_each_former_version_is_brought_up_to_date(
    path: Path, kind: str, former: str, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{path}"
    if kind == "postgresql":
        url = postgres.shared().url(request.getfixturevalue("database"))
    migrated(url, former)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO takedowns (article_id, at, reason) VALUES ('tag:news.example.org,2026:a', 1, 'order')")
        )
    engine.dispose()
    store = open_store(url)
    room = Room(store)
    assert room.put(make_article("a")) == "published"
    store.close()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert schema.revision(connection) == schema.HEAD
        assert connection.execute(text("SELECT reason FROM takedowns")).scalars().all() == ["order"]
    engine.dispose()


def test_titles_are_found_in_a_store_of_before_there_was_a_table_of_them(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    room = Room(store)
    room.put(make_article("n1", title="Die Straße"))
    room.put(make_article("n2", title="The quay"))
    store.close()
    with raw(path) as connection:
        connection.execute("DROP TABLE titles")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    store = open_store(f"sqlite:///{path}")
    assert [one.article.title for one in store.lives(Life.ANY, room.now, title="STRASSE", limit=9)] == ["Die Straße"]
    store.close()


def test_titles_that_a_former_version_wrote_meanwhile_are_brought_in_line(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    room = Room(store)
    room.put(make_article("n1", title="The quay"))
    room.put(make_article("n2", title="The mole"))
    room.takedown(make_article("n2"))
    with raw(path) as connection:
        connection.execute("DELETE FROM titles WHERE title = 'the quay'")
        connection.execute("UPDATE titles SET title = 'the mole'")
    assert not store.lives(Life.ANY, room.now, title="quay", limit=9)
    store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    assert [one.article.title for one in store.lives(Life.ANY, room.now, title="quay", limit=9)] == ["The quay"]
    with raw(path) as connection:
        assert sorted(connection.execute("SELECT title FROM titles")) == [("",), ("the quay",)]
    store.close()


def test_where_all_titles_are_known_no_article_is_read_to_bring_them_in_line(path: Path) -> None:
    """It is done every hour, and a million articles are gigabytes."""
    database = SqliteDatabase(f"sqlite:///{path}")
    room = Room(SqlStore(database))
    room.put(make_article("n1", title="The quay"))
    asked: list[str] = []
    with database.writer.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        naming.mend(connection)
    assert asked
    assert not [statement for statement in asked if "document" in statement]
    room.store.close()


def test_titles_of_many_articles_are_brought_in_line_piece_by_piece(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_TOGETHER", 2)
    store = open_store(f"sqlite:///{path}")
    room = Room(store)
    for number in range(5):
        room.put(make_article(f"n{number}", title=f"Number {number}"))
    with raw(path) as connection:
        connection.execute("DELETE FROM titles WHERE title <> 'number 2'")
    store.prune(room.now - timedelta(days=30), now=room.now, lease=room.lease)
    with raw(path) as connection:
        assert sorted(connection.execute("SELECT title FROM titles")) == [(f"number {n}",) for n in range(5)]
    store.close()


def test_whoever_starts_waits_for_the_one_that_brings_the_store_up_to_date(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than writers wait for one another: a large store takes its time."""
    open_store(f"sqlite:///{path}").close()
    monkeypatch.setattr("feedsvc.store.sqlite.BUSY_SECONDS", 0)
    with raw(path) as connection, ThreadPoolExecutor() as beside:
        connection.execute("DROP TABLE titles")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
        connection.execute("BEGIN IMMEDIATE")
        opened = beside.submit(open_store, f"sqlite:///{path}")
        waits = not futures.wait([opened], timeout=0.3).done
        connection.execute("COMMIT")
        opened.result(60).close()
    assert waits
