"""Opens the store that ``[store] url`` names."""

from __future__ import annotations

from pathlib import Path

from feedsvc.errors import ConfigError
from feedsvc.store.base import Store
from feedsvc.store.connections import Database
from feedsvc.store.sql import SqlStore

_POSTGRESQL = ("postgresql", "postgresql+psycopg")


def open_store(url: str) -> Store:
    """The store at *url*, its schema up to date; a SQLite file is made if there is none yet.

    Raises ConfigError for a database that is not supported, StoreUnavailable, MigrationError.
    """
    return SqlStore(open_database(url))


def open_database(url: str) -> Database:
    """The database of the store at *url*; the same, for those who need to know that it is one."""
    if url.startswith("sqlite:///"):
        from feedsvc.store.sqlite import SqliteDatabase

        return SqliteDatabase(url)
    if is_postgresql(url):
        return _postgresql(url, looking=False)
    raise ConfigError(
        f"store.url: {url.partition(':')[0]!r} is no database that feedsvc knows; "
        "begin it with sqlite:/// or postgresql://",
        key="store.url",
    )


def is_postgresql(url: str) -> bool:
    """Whether *url* names a PostgreSQL database."""
    kind, found, _ = url.partition("://")
    return bool(found) and kind in _POSTGRESQL


def _postgresql(url: str, *, looking: bool) -> Database:
    try:
        from feedsvc.store.postgresql import PostgresDatabase
    except ImportError as error:
        raise ConfigError(
            f"store.url: PostgreSQL cannot be reached, for its driver cannot be loaded ({error}); "
            "install it with: pip install 'psycopg[binary]>=3.2'",
            key="store.url",
        ) from None
    return PostgresDatabase(url, looking=looking)


def look_at_store(url: str) -> Store:
    """The store at *url* as it stands, to be read and for a moment: nothing is made, upgraded or written.

    Raises ConfigError for a database that is not supported, StoreUnavailable where there is no store of this version.
    """
    if is_postgresql(url):
        return SqlStore(_postgresql(url, looking=True))
    from feedsvc.store.looking import LookedAtDatabase

    return SqlStore(LookedAtDatabase(store_file(url)))


def store_file(url: str) -> Path:
    """The file of the SQLite store at *url*. Raises ConfigError for any other database."""
    kind, _, path = url.partition(":///")
    if kind != "sqlite":
        raise ConfigError(f"store.url: {kind!r} is no database that can be looked at", key="store.url")
    return Path(path)
