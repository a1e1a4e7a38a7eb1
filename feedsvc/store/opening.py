"""Opens the store that ``[store] url`` names."""

from __future__ import annotations

from pathlib import Path

from feedsvc.errors import ConfigError
from feedsvc.store.base import Store
from feedsvc.store.sql import SqlStore


def open_store(url: str) -> Store:
    """The store at *url*, its schema up to date; a SQLite file is made if there is none yet.

    Raises ConfigError for a database that is not supported, StoreUnavailable, MigrationError.
    """
    if url.startswith("sqlite:///"):
        from feedsvc.store.sqlite import SqliteDatabase

        return SqlStore(SqliteDatabase(url))
    raise ConfigError(f"store.url: {url.partition(':')[0]!r} is no database that feedsvc knows", key="store.url")


def look_at_store(url: str) -> Store:
    """The store at *url* as it stands, to be read and for a moment: nothing is made, upgraded or written.

    Raises ConfigError for a database that is not supported, StoreUnavailable where there is no store of this version.
    """
    from feedsvc.store.looking import LookedAtDatabase

    return SqlStore(LookedAtDatabase(store_file(url)))


def store_file(url: str) -> Path:
    """The file of the SQLite store at *url*. Raises ConfigError for any other database."""
    kind, _, path = url.partition(":///")
    if kind != "sqlite":
        raise ConfigError(f"store.url: {kind!r} is no database that can be looked at", key="store.url")
    return Path(path)
