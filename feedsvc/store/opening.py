"""Opens the store that ``[store] url`` names."""

from __future__ import annotations

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
