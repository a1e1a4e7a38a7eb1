"""Brings the schema of a store up to date. Alembic is imported only when something is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, inspect, select, text

from feedsvc.errors import MigrationError
from feedsvc.store.tables import compatibility, metadata

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

HEAD = "0004"
"""The newest migration; a test compares it with the files in ``migrations/versions``."""


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
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationError(f"the store has schema {known}, which feedsvc does not know: {error}") from None
    _say_who_may_go_on(connection, ScriptDirectory.from_config(config))
    if connection.dialect.name == "postgresql":
        _order_by_code_point(connection)


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


def _say_who_may_go_on(connection: Connection, scripts: ScriptDirectory) -> None:
    """Write down from which revision on programs may work on the schema: what the strictest migration says.

    Not a migration of its own makes the table: programs of every revision have to find it.
    """
    strictest = max(getattr(one.module, "compatible_from", one.revision) for one in scripts.walk_revisions())
    compatibility.create(connection, checkfirst=True)
    connection.execute(delete(compatibility))
    connection.execute(insert(compatibility).values(revision=HEAD, since=strictest))
