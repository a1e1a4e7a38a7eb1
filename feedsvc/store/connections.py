"""Connections to a SQL database: reading, writing under a lease, and the database's own errors as ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from feedsvc.errors import LeaseLost, StoreUnavailable
from feedsvc.store.base import Lease
from feedsvc.store.questions import Copied
from feedsvc.store.tables import leases


class Database(Protocol):
    """What differs between databases."""

    writer: Engine
    reader: Engine

    def close(self) -> None:
        """Let go of all connections."""

    def check(self, *, now: bool = True) -> None:
        """Raise StoreUnavailable if the database is lost; with *now* False, look only now and then."""

    def token(self) -> tuple[int | str, ...]:
        """Differs from the last one if anything was written since."""

    def announce(self, connection: Connection) -> None:
        """Let those that wait for changes know, as soon as the transaction of *connection* is committed."""

    def clock(self, connection: Connection) -> int:
        """The database's own time, in milliseconds."""

    def backup(self, target: Path, *, replace: bool, progress: Copied | None = None) -> int:
        """Copy the database into the file *target* while it is in use; answers its size. Raises StoreError."""


class Connections:
    """What every part of a store on a SQL database works with."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """Let go of all connections."""
        self._database.close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection that sees the store as it is at its first question."""
        self._database.check(now=False)
        with _translated(), self._database.reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def _transaction(self, lease: Lease | None = None, *, quiet: bool = False) -> Iterator[Connection]:
        """All or nothing, and under *lease*, if one is given. Raises LeaseLost.

        *quiet* says that nothing is written that anybody waits for.
        """
        self._database.check()
        with _translated(), self._database.writer.begin() as connection:
            if lease is not None:
                _fence(connection, lease)
            yield connection
            if not quiet:
                self._database.announce(connection)


def _fence(connection: Connection, lease: Lease) -> None:
    """Keep out a holder that gave the lease back, or froze and does not know that another one took over."""
    query = select(leases.c.token, leases.c.holder).where(leases.c.name == lease.name).with_for_update()
    found = connection.execute(query).one_or_none()
    if found is None or (found.token, found.holder) != (lease.token, lease.holder):
        raise LeaseLost(f"the lease {lease.name!r} of {lease.holder} was taken over or given back; nothing was written")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The database's own errors as ours, so that nobody above knows which database it is."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"the store did not answer: {reason}; what was asked of it is not done") from error
