"""Brings the schema of a store up to date. Alembic is imported only when something is to be done."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from feedsvc.errors import MigrationError

HEAD = "0004"
"""The newest migration; a test compares it with the files in ``migrations/versions``."""


def revision(connection: Connection) -> str:
    """The revision of the schema; empty for a database without one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def upgrade(connection: Connection) -> None:
    """Bring the schema to ``HEAD`` within the transaction of *connection*.

    Raises MigrationError if it is not one that this version of feedsvc made or knows.
    """
    known = revision(connection)
    if known == HEAD:
        return
    if known > HEAD:
        raise MigrationError(
            f"the store has schema {known}, made by a newer feedsvc; this one knows {HEAD}: upgrade it"
        )
    if not known and inspect(connection).get_table_names():
        raise MigrationError("[store] url names a database of something else: it has tables that feedsvc did not make")
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
