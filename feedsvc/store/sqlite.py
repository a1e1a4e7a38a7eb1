"""SQLite as the database of a store: its connections, its signs of change, and how a lost file is noticed."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from feedsvc.errors import ConfigError, StoreUnavailable
from feedsvc.store import schema
from feedsvc.store.questions import Copied
from feedsvc.store.sqlitecopy import copy_store

BUSY_SECONDS = 5
"""How long a writer waits for another one before it gives up."""
UPGRADE_SECONDS = 60
"""How long whoever opens a store waits for another one that brings it up to date: all articles may be read for that."""
LOOK_SECONDS = 1.0
"""How often, at most, a reader looks whether the file behind the path is still the open one."""


class SqliteDatabase:
    """One SQLite file in WAL mode.

    Writes into an unlinked file succeed, so a store that vanishes would not be noticed by itself: device and inode
    of the path are compared with those of the open file before each transaction that writes, and once a second
    otherwise. Once the file exists it is never made anew: an empty store would withdraw and re-date everything.
    """

    def __init__(self, url: str) -> None:
        self._path = _path(url)
        self._lock = threading.Lock()
        self._watch: sqlite3.Connection | None = None
        if not self._path.exists():
            self._make()
        self.writer = create_engine("sqlite://", creator=lambda: _connect(self._path), poolclass=QueuePool, pool_size=1)
        event.listen(self.writer, "begin", _at_once)
        self.reader = create_engine(
            "sqlite://",
            creator=lambda: _connect(self._path, read_only=True),
            poolclass=QueuePool,
            max_overflow=16,
        )
        event.listen(self.reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        try:
            with self._opening():
                self._upgrade()
                self._adopt(self._look())
        except BaseException:
            self.close()
            raise

    def _make(self) -> None:
        with self._opening():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _connect(self._path, create=True).close()

    def _upgrade(self) -> None:
        with self.reader.connect() as connection:
            current = schema.serves(connection)
        if not current:
            maker = create_engine(
                "sqlite://", creator=lambda: _connect(self._path, patience=UPGRADE_SECONDS), poolclass=NullPool
            )
            event.listen(maker, "begin", _at_once)
            with maker.begin() as connection:
                schema.upgrade(connection)

    def _adopt(self, identity: tuple[int, int]) -> None:
        """Take the store that stands at the path now for ours. A connection to it stays open, and so does its WAL."""
        with contextlib.closing(_connect(self._path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        self._watch = _connect(self._path, read_only=True)
        self._watch.execute("SELECT version_num FROM alembic_version").fetchone()
        self._identity, self._wal = identity, _identity(self._beside("-wal"))
        self._looked = time.monotonic()

    @contextlib.contextmanager
    def _opening(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, DBAPIError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise StoreUnavailable(f"the store {self._path} cannot be opened: {reason}") from None

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self.writer.dispose()
        self.reader.dispose()

    def check(self, *, now: bool = True) -> None:
        """Raise StoreUnavailable if the file is gone; go over to the file that stands in its place if it is a store.

        With *now* False it looks once a second only.
        """
        if not now and time.monotonic() - self._looked < LOOK_SECONDS:
            return
        found = self._look()
        with self._lock:
            if found != self._identity:
                self._go_over(found)
            self._looked = time.monotonic()

    def _go_over(self, found: tuple[int, int]) -> None:
        if not _serves(self._path):
            raise StoreUnavailable(f"what stands at {self._path} now is no store; put it back, or restore a backup")
        self._let_go()
        if self._wal is not None and _identity(self._beside("-wal")) == self._wal:
            # It belongs to the former file, and SQLite would write it into this one.
            self._beside("-wal").unlink(missing_ok=True)
            self._beside("-shm").unlink(missing_ok=True)
        with self._opening():
            self._adopt(found)

    def token(self) -> tuple[int, ...]:
        """Differs from the last one if any connection wrote since (``PRAGMA data_version``). About 3 µs."""
        self.check(now=False)
        try:
            with self._lock:
                if self._watch is None:
                    raise StoreUnavailable(f"the store {self._path} was closed")
                (number,) = self._watch.execute("PRAGMA data_version").fetchone()
                return (*self._identity, number)
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the store {self._path} cannot be read: {error}") from None

    def announce(self, connection: Connection) -> None:
        """Nothing: who waits for changes sees them by ``token``."""

    def clock(self, connection: Connection) -> int:
        """The database's own time, in milliseconds."""
        query = text("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)")
        return int(connection.execute(query).scalar_one())

    def backup(self, target: Path, *, replace: bool, progress: Copied | None = None) -> int:
        """Copy the store into the file *target* while it is in use; answers its size. Raises StoreError."""
        self.check()
        with self._opening(), contextlib.closing(_connect(self._path, read_only=True)) as connection:
            return copy_store(connection, self._path, target, replace=replace, progress=progress)

    def _look(self) -> tuple[int, int]:
        found = _identity(self._path)
        if found is None:
            raise StoreUnavailable(f"the store {self._path} is gone; put it back, or restore a backup")
        return found

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(self._path.name + suffix)


def _path(url: str) -> Path:
    name = url.partition("///")[2]
    if not name or name == ":memory:":
        raise ConfigError("store.url: a store needs a file, such as 'sqlite:///var/feedsvc.db'", key="store.url")
    return Path(name)


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file at *path*; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _serves(path: Path) -> bool:
    """Whether the file at *path* is a store for us, taken by itself: without a WAL that may be another's."""
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    )
    try:
        with engine.connect() as connection:
            return schema.serves(connection)
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def _at_once(connection: Connection) -> None:
    """Begin as a writer, and wait for another one before anything is read."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _connect(
    path: Path, *, create: bool = False, read_only: bool = False, patience: float | None = None
) -> sqlite3.Connection:
    """A connection on which SQLAlchemy, not the driver, begins transactions."""
    address = f"file:{quote(str(path))}?mode={'rwc' if create else 'rw'}"
    timeout = BUSY_SECONDS if patience is None else patience
    connection = sqlite3.connect(address, uri=True, timeout=timeout, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
