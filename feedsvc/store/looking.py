"""A SQLite store that is only looked at: nothing is made, upgraded or written, not even beside it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from feedsvc.errors import StoreError, StoreUnavailable
from feedsvc.store import schema
from feedsvc.store.questions import Copied

WAIT_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFile:
    """The file of a SQLite store as it is found.

    *revision* of its schema is empty where it is no store, *current* is the one that this version makes, *fits* says
    whether it works on the schema as it is. *damage* is the first thing that SQLite finds wrong with it, empty if
    nothing. *size* and *wal* (what is still to be moved into the file) are in bytes.
    """

    path: Path
    revision: str
    current: str
    fits: bool
    damage: str
    size: int
    wal: int


class LookedAtDatabase:
    """The SQLite store at *path*, opened so that it cannot be changed.

    Raises StoreUnavailable where there is no store of this version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _reading(path), contextlib.closing(_connect(path)) as connection:
            if not _serves(connection):
                raise StoreUnavailable(f"there is no store of this version at {path}")
        # Each question has a connection of its own: what was nobody's a moment ago may be in use now, and be changed.
        self.reader = create_engine("sqlite://", creator=lambda: _connect(path), poolclass=NullPool)
        event.listen(self.reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        self.writer = self.reader  # and SQLite refuses

    def close(self) -> None:
        """Let go of all connections."""
        self.reader.dispose()

    def check(self, *, now: bool = True) -> None:
        """Nothing: it is looked at for a moment only."""

    def token(self) -> tuple[int, ...]:
        """It is looked at once; what was written since is not asked."""
        return ()

    def announce(self, connection: Connection) -> None:
        """Nothing: nothing is written."""

    def clock(self, connection: Connection) -> int:
        """The database's own time, in milliseconds."""
        query = text("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)")
        return int(connection.execute(query).scalar_one())

    def backup(self, target: Path, *, replace: bool, progress: Copied | None = None) -> int:
        """Not from here. Raises StoreError."""
        del replace, progress
        raise StoreError(f"{target}: a store that is only looked at makes no backups")


def examine(path: Path) -> StoreFile:
    """What is to be said of the file at *path*, its pages read through. Raises StoreUnavailable if it cannot be."""
    with _reading(path), contextlib.closing(_connect(path)) as connection:
        revision, damage = _revision(connection), ""
        if revision:
            try:
                damage = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            except sqlite3.DatabaseError as error:
                damage = str(error)
        wal = path.with_name(path.name + "-wal")
        return StoreFile(
            path=path,
            revision=revision,
            current=schema.HEAD,
            fits=bool(revision) and _serves(connection),
            damage="" if damage == "ok" else damage,
            size=path.stat().st_size,
            wal=wal.stat().st_size if wal.exists() else 0,
        )


def _revision(connection: sqlite3.Connection) -> str:
    """The revision of the schema; empty where it is no store."""
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") not in ("SQLITE_ERROR", "SQLITE_NOTADB", "SQLITE_CORRUPT"):
            raise
        return ""
    return str(found[0]) if found else ""


def _serves(connection: sqlite3.Connection) -> bool:
    """Whether this version can work on the schema of the store behind *connection*."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with engine.connect() as one:
            return schema.serves(one)
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and _revision(connection):
            raise error.orig from None
        return False


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"the store {path} cannot be read: {error}") from None


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that leaves no trace. Without a WAL nobody has the file open, and it needs no locks."""
    alone = not path.with_name(path.name + "-wal").exists()
    address = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if alone else ''}"
    connection = sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection
