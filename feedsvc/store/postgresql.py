"""PostgreSQL as the database of a store: its connections and their limits, its signs of change, how it is found lost.

Nothing here needs a session of its own for longer than a transaction, and no statement is prepared: so it works
through PgBouncer in transaction mode as well, with looks in the place of notifications.
"""

from __future__ import annotations

import contextlib
import select
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from feedsvc.errors import ConfigError, StoreError, StoreUnavailable
from feedsvc.store import schema
from feedsvc.store.questions import Copied

LOOK_SECONDS = 1.0
LOOK_UNHEARD_SECONDS = 0.4
"""How often it is looked whether anything was written: where notifications come as well, and where they cannot."""
LOOK_SILENCE = 2.0
LOST_SECONDS = 0.5
"""How long it takes from one try to the next to reach a database that did not answer."""
POOL_SECONDS = 5.0
READERS = 6
WRITERS = 2
"""How many connections a process has at most for each purpose, besides the one that listens."""
_CHANNEL = "feedsvc"
_TURN = 0x66656564
"""The advisory lock that every writer takes for its transaction: they take turns, as they do with SQLite."""
_CONNECTING = {
    "connect_timeout": "3",
    "application_name": "feedsvc",
    "client_encoding": "UTF8",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""What libpq is told where the address says nothing else. A host that is gone is noticed within twenty seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """How long a statement, the wait for a lock and a pause within a transaction may last, in milliseconds.

    The server sees to these. *silence*, in seconds, is ours: how long it may say nothing, frozen or cut off.
    """

    statement: int
    lock: int
    idle: int
    silence: float

    @property
    def settings(self) -> str:
        """The statements that set them for one transaction."""
        return (
            f"SET LOCAL statement_timeout = {self.statement}; SET LOCAL lock_timeout = {self.lock}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {self.idle}; SET LOCAL jit = off"
        )


_READING = _Limits(statement=60_000, lock=5_000, idle=60_000, silence=5.0)
# A holder of the ingest that freezes within a transaction gives way after ten seconds: before its lease runs out.
_WRITING = _Limits(statement=60_000, lock=5_000, idle=10_000, silence=20.0)
_MAKING = _Limits(statement=0, lock=60_000, idle=60_000, silence=3600.0)


_STANDING = b"""
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %(turn)s AND datname = current_database()
AND state LIKE 'idle in transaction%%' AND state_change < clock_timestamp() - %(idle)s * interval '1 ms'
"""


class Silent(psycopg.OperationalError):
    """The server said nothing for too long."""


class _Bounded(psycopg.Connection[Any]):
    """A connection on which nothing is waited for without end: a server that is frozen says nothing, and stays up."""

    silence = LOOK_SILENCE

    def wait(self, gen: Any, *arguments: Any, **named: Any) -> Any:
        """As usual; Silent, and the end of the connection, when the server says nothing for too long."""
        return super().wait(self._within(gen), *arguments, **named)

    def _within(self, gen: Any) -> Generator[Any, Any, Any]:
        try:
            waiting, heard = next(gen), time.monotonic()
            while True:
                ready = yield waiting
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > self.silence:
                    self.close()
                    raise Silent(f"the database said nothing for {self.silence:g} s")
                waiting = gen.send(ready)
        except StopIteration as done:
            return done.value


class PostgresDatabase:
    """One PostgreSQL database; with *looking* nothing in it is made, upgraded or written.

    While it is lost, a thread tries to reach it again; all others are told so at once, so that a web worker's threads
    do not wait one behind the other.
    """

    def __init__(self, url: str, *, looking: bool = False) -> None:
        self._conninfo, self.name = _address(url)
        self._lock = threading.Lock()
        self._trouble = ""
        self._seeking: threading.Thread | None = None
        self._closed = threading.Event()
        self._closed.set()
        self._listening = threading.Lock()
        self._ear: _Bounded | None = None
        self._pooled = False
        self._connected, self._snapshot, self._looked = 0, "", 0.0
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        self.reader = self._engine(begin, _READING, READERS)
        turn = f"BEGIN; {{}}; SELECT pg_advisory_xact_lock({_TURN})"
        self.writer = self.reader if looking else self._engine(turn, _WRITING, WRITERS)
        try:
            with self._opening():
                self._begin(turn, looking=looking)
        except BaseException:
            self.close()
            raise
        self._closed.clear()

    def _begin(self, turn: str, *, looking: bool) -> None:
        with self.reader.connect() as connection:
            current = schema.serves(connection)
        if looking and not current:
            raise StoreUnavailable(f"there is no store of this version at {self.name}")
        if not current:
            maker = self._engine(turn, _MAKING, 1)
            try:
                with maker.begin() as connection:
                    encoding = str(connection.execute(text("SHOW server_encoding")).scalar_one())
                    if encoding != "UTF8":
                        raise ConfigError(
                            f"store.url: the database {self.name} is encoded in {encoding}; "
                            "make it with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                            key="store.url",
                        )
                    schema.upgrade(connection)
            finally:
                maker.dispose()

    def _engine(self, begin: str, limits: _Limits, most: int) -> Engine:
        """An engine that begins its transactions with *begin*, with *limits* at the end of it or in the place of {}."""
        engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: self._connect(limits.silence),
            poolclass=QueuePool,
            pool_size=min(2, most),
            max_overflow=most - min(2, most),
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,
            use_native_hstore=False,
        )
        first = begin.format(limits.settings) if "{}" in begin else f"{begin}; {limits.settings}"
        # The driver begins no transactions: so all of this is one question to the server.
        plain = {"no_parameters": True}
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(first, execution_options=plain))
        event.listen(engine, "handle_error", self._failed)
        return engine

    def _connect(self, silence: float) -> _Bounded:
        connection = _Bounded.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        connection.silence = silence
        connection.adapters.register_dumper(str, _TextDumper)
        return connection

    @contextlib.contextmanager
    def _opening(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, psycopg.Error) as error:
            raise StoreUnavailable(f"the store {self.name} cannot be opened: {in_one_line(error)}") from None

    def close(self) -> None:
        """Let go of all connections."""
        self._closed.set()
        with self._listening:
            self._hang_up()
        self.writer.dispose()
        self.reader.dispose()

    # ------------------------------------------------------------------ lost and found
    def check(self, *, now: bool = True) -> None:
        """Raise StoreUnavailable while the database is lost."""
        del now
        if trouble := self._trouble:
            raise StoreUnavailable(trouble)

    def _failed(self, context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, psycopg.errors.LockNotAvailable):
            self._clear_the_way()
        if isinstance(error, psycopg.OperationalError) and error.sqlstate is None and not context.is_disconnect:
            # The driver says so, and not the server: a session that was cut short cannot even be rolled back.
            context.is_disconnect, context.invalidate_pool_on_disconnect = True, False
        # A session that was ended says nothing of the database: the next one may well be had.
        refused = context.connection is None and not context.is_pre_ping
        if refused or isinstance(error, Silent):
            self._lost(error)

    def _clear_the_way(self) -> None:
        """End the session whose turn it is, if it has stood idle in its transaction for too long.

        The server does that by itself, except after a batch of statements: the driver's last word then stops its timer.
        """
        values = {"turn": _TURN, "idle": _WRITING.idle}
        with contextlib.suppress(psycopg.Error), contextlib.closing(self._connect(LOOK_SILENCE)) as connection:
            connection.execute(_STANDING, values)

    def _lost(self, error: BaseException) -> str:
        """From now on everybody is told so, until the database is found again; answers what they are told."""
        told = f"the store {self.name} does not answer: {in_one_line(error)}"
        with self._lock:
            if not self._closed.is_set() and self._seeking is None:
                self._trouble = told
                self._seeking = threading.Thread(target=self._seek, name="seeking", daemon=True)
                self._seeking.start()
        return told

    def _seek(self) -> None:
        """Try to reach the database until it answers."""
        while not self._closed.wait(LOST_SECONDS):
            with contextlib.suppress(psycopg.Error), contextlib.closing(self._connect(LOOK_SILENCE)) as connection:
                _one(connection, "SELECT 1")
                break
        with self._lock:
            self._trouble, self._seeking = "", None

    # ------------------------------------------------------------------ signs of change
    def token(self) -> tuple[int | str, ...]:
        """Differs from the last one if anything was written before the last second, or a notification came since.

        It is the snapshot that a transaction would see now: as long as it reads the same, nothing became visible.
        Asks the server once a second only (``LOOK_SECONDS``), or when it has said something. Any other database of
        the same server may move it too.
        """
        self.check()
        with self._listening:
            every = LOOK_UNHEARD_SECONDS if self._pooled else LOOK_SECONDS
            if self._ear is None or time.monotonic() - self._looked >= every or _spoke(self._ear):
                self._look()
            return self._connected, self._snapshot

    def _look(self) -> None:
        """Ask the server; once more, if only the session was ended. Raises StoreUnavailable."""
        former = self._ear
        try:
            self._ask()
        except psycopg.Error as error:
            self._hang_up()
            if former is None or isinstance(error, Silent):
                raise StoreUnavailable(self._lost(error)) from None
            self._look()

    def _ask(self) -> None:
        if self._ear is None:
            self._ear = self._connect(LOOK_SILENCE)
            self._connected += 1
            (backend,) = _one(self._ear, "SELECT pg_backend_pid()")
            # A pooler gives its clients numbers of its own. What is said to one of its servers reaches nobody.
            self._pooled = backend != self._ear.info.backend_pid
            if not self._pooled and not _one(self._ear, "SELECT pg_is_in_recovery()")[0]:
                self._ear.add_notify_handler(lambda _: None)
                self._ear.execute(f"LISTEN {_CHANNEL}".encode())
        (self._snapshot,) = _one(self._ear, "SELECT pg_current_snapshot()::text")
        self._looked = time.monotonic()

    def _hang_up(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None

    def announce(self, connection: Connection) -> None:
        """Tell all that listen, when the transaction of *connection* is committed, that something was written."""
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")

    # ------------------------------------------------------------------ what else differs
    def clock(self, connection: Connection) -> int:
        """The database's own time, in milliseconds, at this moment and not when the transaction began."""
        query = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")
        return int(connection.execute(query).scalar_one())

    def backup(self, target: Path, *, replace: bool, progress: Copied | None = None) -> int:
        """Not from here: the database has tools of its own. Raises StoreError."""
        del replace, progress
        raise StoreError(
            f"{target}: the store is in PostgreSQL; back it up with pg_dump, "
            "or make a portable copy with `feedsvc store copy`"
        )


class _TextDumper(psycopg.types.string.StrDumper):
    """PostgreSQL keeps no NUL in a text. Articles hold none; the message of an error may."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def _address(url: str) -> tuple[str, str]:
    """What libpq is to be told for *url*, and a name for messages, which holds no password. Raises ConfigError."""
    try:
        given = conninfo_to_dict(f"postgresql:{url.partition(':')[2]}")
    except psycopg.Error:
        raise ConfigError(
            "store.url: this is no address of a PostgreSQL database; write it as "
            "'postgresql://user:password@host:5432/database', with %40 for an @ in the password",
            key="store.url",
        ) from None
    user, host, port = (str(given.get(part, "")) for part in ("user", "host", "port"))
    place = f"{host}:{port}" if port else host
    name = f"postgresql://{f'{user}@' if user else ''}{place}/{given.get('dbname', '')}"
    told: dict[str, Any] = {**_CONNECTING, **given}
    return make_conninfo(**told), name


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection to the database at *url*, to ask a few questions. Raises ConfigError, psycopg.Error."""
    return _Bounded.connect(_address(url)[0], autocommit=True, prepare_threshold=None)


def in_one_line(error: BaseException) -> str:
    """What the database or the driver said, in one line."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(said).split())


def _spoke(connection: _Bounded) -> bool:
    """Whether there is something to be read: a notification, or that the connection has ended."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _one(connection: _Bounded, query: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] | None = connection.execute(query.encode()).fetchone()
    return found or (None,)
