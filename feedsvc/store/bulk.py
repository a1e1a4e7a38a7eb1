"""Many rows of one table in one statement, as the driver takes them: its way with parameters is asked for here only."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert


def insert_rows(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]], *, skip: str = "") -> None:
    """Insert *rows*, whose values stand in the order of the table's columns; the database fills in the column *skip*.

    SQLAlchemy would turn each row into a mapping and back, which takes longer than SQLite does to write it.
    """
    found = list(rows)
    if not found:
        return
    dialect = connection.dialect
    statement, names = _statement(dialect, table, skip)
    if dialect.positional:
        connection.exec_driver_sql(statement, found)
    else:
        connection.exec_driver_sql(statement, [dict(zip(names, row, strict=True)) for row in found])


@functools.lru_cache(maxsize=100)
def _statement(dialect: Dialect, table: Table, skip: str) -> tuple[str, tuple[str, ...]]:
    """The text of the insert in the words of *dialect*, and the names of its parameters in their order."""
    names = tuple(column.name for column in table.columns if column.name != skip)
    return str(insert(table).compile(dialect=dialect, column_keys=list(names))), names
