"""A PostgreSQL store that is only looked at: what an operator should know of the database, and what may go wrong."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import psycopg

from feedsvc.errors import StoreUnavailable
from feedsvc.store import schema
from feedsvc.store.postgresql import READERS, WRITERS, connect, in_one_line
from feedsvc.store.tables import metadata

PER_WORKER = READERS + 1
PER_SCHEDULER = READERS + WRITERS
"""How many connections a web worker and a scheduler may have open at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDatabase:
    """The database of a PostgreSQL store as it is found.

    *revision* of its schema is empty where it holds no store, *current* is the one that this version makes. *writes*
    says that this user may change what is in the store, *makes* that it may make tables. *replica* is a copy that can
    only be read, *pooled* that a pooler stands before it. *clock* is its time, in seconds since 1970, *most* how many
    connections it allows, *others* are its tables that are none of ours.
    """

    version: str
    revision: str
    current: str
    encoding: str
    size: int
    writes: bool
    makes: bool
    replica: bool
    pooled: bool
    clock: float
    most: int
    others: tuple[str, ...]


def examine_database(url: str) -> FoundDatabase:
    """What is to be said of the database at *url*. Raises ConfigError, StoreUnavailable if it cannot be asked."""
    try:
        # In a transaction, as everything else that is asked of it: a pooler may know none.
        with contextlib.closing(connect(url)) as connection, connection.transaction():
            return _examined(connection)
    except psycopg.Error as error:
        raise StoreUnavailable(f"the database does not answer: {in_one_line(error)}") from None


def _examined(connection: psycopg.Connection[Any]) -> FoundDatabase:
    def one(query: str) -> Any:
        return connection.execute(query.encode()).fetchone()

    tables = {name for (name,) in connection.execute(_TABLES)}
    (revision,) = one("SELECT version_num FROM alembic_version") or ("",) if "alembic_version" in tables else ("",)
    ours = sorted(tables & set(metadata.tables))
    rights = connection.execute(_RIGHTS, {"tables": ours}).fetchone() or (None,)
    (backend,) = one("SELECT pg_backend_pid()")
    version, encoding, size, makes, replica, clock, most = connection.execute(_FACTS).fetchall()[0]
    return FoundDatabase(
        version=str(version).partition(" ")[0],
        revision=str(revision),
        current=schema.HEAD,
        encoding=str(encoding),
        size=int(size),
        writes=bool(rights[0]),
        makes=bool(makes),
        replica=bool(replica),
        pooled=backend != connection.info.backend_pid,
        clock=float(clock),
        most=int(most),
        others=tuple(sorted(tables - set(metadata.tables) - {"alembic_version"})),
    )


_TABLES = b"SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
_RIGHTS = (
    b"SELECT coalesce(bool_and(has_table_privilege(quote_ident(name), 'SELECT, INSERT') AND"
    b" has_table_privilege(quote_ident(name), 'UPDATE') AND has_table_privilege(quote_ident(name), 'DELETE')), false)"
    b" FROM unnest(CAST(%(tables)s AS text[])) AS name"
)
_FACTS = (
    b"SELECT current_setting('server_version'), current_setting('server_encoding'),"
    b" pg_database_size(current_database()), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),"
    b" pg_is_in_recovery(), extract(epoch FROM clock_timestamp()), current_setting('max_connections')"
)
