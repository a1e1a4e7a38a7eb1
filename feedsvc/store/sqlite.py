"""SQLite as the database of a store: its connections, its signs of change, and how a lost file is noticed."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from feedsvc.errors import ConfigError, StoreUnavailable
from feedsvc.store import schema

BUSY_SECONDS = 5
"""How long a writer waits for another one before it gives up."""
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
        self._looked = 0.0
        self._open()

    def _open(self) -> None:
        try:
            if not self._path.exists():
                self._path.parent.mkdir(parents=True, exist_ok=True)
                _connect(self._path, create=True).close()
            raw = _connect(self._path)
            raw.execute("PRAGMA journal_mode=WAL")
            raw.close()
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"the store {self._path} cannot be opened: {error}") from None
        self._identity = self._look()
        self.writer = create_engine("sqlite://", creator=lambda: _connect(self._path), poolclass=QueuePool, pool_size=1)
        event.listen(self.writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self.reader = create_engine(
            "sqlite://",
            creator=lambda: _connect(self._path, read_only=True),
            poolclass=QueuePool,
            max_overflow=16,
        )
        event.listen(self.reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        try:
            with self.reader.connect() as connection:
                current = schema.revision(connection) == schema.HEAD
            if not current:
                with self.writer.begin() as connection:
                    schema.upgrade(connection)
        except DBAPIError as error:
            raise StoreUnavailable(f"the store {self._path} cannot be read: {error.orig}") from None

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
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
        if found == self._identity:
            return
        with self._lock:
            if found == self._identity:
                return
            raw = _connect(self._path, read_only=True)
            try:
                known = raw.execute("SELECT version_num FROM alembic_version").fetchone()
            except sqlite3.Error:
                known = None
            finally:
                raw.close()
            if known is None or known[0] != schema.HEAD:
                raise StoreUnavailable(f"what stands at {self._path} now is no store; put it back, or restore a backup")
            self.writer.dispose()
            self.reader.dispose()
            if self._watch is not None:
                self._watch.close()
                self._watch = None
            self._identity = found

    def token(self) -> tuple[int, ...]:
        """Differs from the last one if any connection wrote since (``PRAGMA data_version``). About 3 µs."""
        self.check(now=False)
        try:
            with self._lock:
                if self._watch is None:
                    self._watch = _connect(self._path, read_only=True)
                (number,) = self._watch.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the store {self._path} cannot be read: {error}") from None
        return (*self._identity, number)

    def clock(self, connection: Connection) -> int:
        """The database's own time, in milliseconds."""
        query = text("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)")
        return int(connection.execute(query).scalar_one())

    def _look(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError as error:
            raise StoreUnavailable(
                f"the store {self._path} is gone ({error.strerror}); put it back, or restore a backup"
            ) from None
        self._looked = time.monotonic()
        return found.st_dev, found.st_ino


def _path(url: str) -> Path:
    name = url.partition("///")[2]
    if not name or name == ":memory:":
        raise ConfigError("store.url: a store needs a file, such as 'sqlite:///var/feedsvc.db'", key="store.url")
    return Path(name)


def _connect(path: Path, *, create: bool = False, read_only: bool = False) -> sqlite3.Connection:
    """A connection on which SQLAlchemy, not the driver, begins transactions."""
    address = f"file:{quote(str(path))}?mode={'rwc' if create else 'rw'}"
    connection: Any = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    return connection  # type: ignore[no-any-return]
