"""Brings the schema of a store up to date. Alembic is imported only where an older one is to be changed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
    text,
)

from feedsvc.errors import MigrationError
from feedsvc.store.tables import compatibility, metadata

HEAD = "0006"
"""The newest migration; a test compares it with the files in ``migrations/versions``."""
OLDEST = "0001"
"""From which revision on programs may work on the schema of ``HEAD``: what the strictest migration says, and a test."""
_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own, as it makes it."""


def revision(connection: Connection) -> str:
    """The revision of the schema; empty for a database without one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def serves(connection: Connection) -> bool:
    """Whether this version can work on the schema as it is: it is ours, or a newer one that says so.

    A newer version may bring the schema up to date while this one is at work, as long as it only adds to it.
    """
    known = revision(connection)
    return known == HEAD or (known > HEAD and _oldest(connection, known) <= HEAD)


def _oldest(connection: Connection, known: str) -> str:
    """The oldest revision whose programs may work on the schema *known*: itself, where nothing is said of it."""
    if not inspect(connection).has_table(compatibility.name):
        return known
    said = select(compatibility.c.since).where(compatibility.c.revision == known)
    return str(connection.execute(said).scalar() or known)


def upgrade(connection: Connection) -> None:
    """Bring the schema to ``HEAD`` within the transaction of *connection*.

    Raises MigrationError if it is not one that this version of feedsvc made or knows.
    """
    known = revision(connection)
    if serves(connection):
        return
    if known > HEAD:
        raise MigrationError(
            f"the store has schema {known}, made by a newer feedsvc; this one knows {HEAD}: upgrade it"
        )
    if not known and inspect(connection).get_table_names():
        raise MigrationError("[store] url names a database of something else: it has tables that feedsvc did not make")
    if known:
        _migrate(connection, known)
    else:
        _make(connection)
    # Not a migration of its own makes the table: programs of every revision have to find it.
    compatibility.create(connection, checkfirst=True)
    connection.execute(delete(compatibility))
    connection.execute(insert(compatibility).values(revision=HEAD, since=OLDEST))
    if connection.dialect.name == "postgresql":
        _order_by_code_point(connection)


def _make(connection: Connection) -> None:
    """Make all tables in an empty database, as the migrations would one after the other."""
    metadata.create_all(connection, checkfirst=False)
    _VERSION.create(connection, checkfirst=False)
    connection.execute(insert(_VERSION).values(version_num=HEAD))


def _migrate(connection: Connection, known: str) -> None:
    """Bring the schema from the revision *known* to ``HEAD``."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationError(f"the store has schema {known}, which feedsvc does not know: {error}") from None


def _order_by_code_point(connection: Connection) -> None:
    """Let every text of our tables compare as SQLite and Python do, whatever the language of the database.

    The order of ids decides what a feed shows, and the names of feeds are asked for by ranges.
    """
    found = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' ORDER BY table_name, ordinal_position"
        )
    )
    columns: dict[str, list[str]] = {}
    for table, column in found:
        columns.setdefault(table, []).append(column)
    for table, names in columns.items():
        if table in metadata.tables:
            changed = ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE "C"' for name in names)
            connection.execute(text(f'ALTER TABLE "{table}" {changed}'))
