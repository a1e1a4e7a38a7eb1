"""Moves everything that a store knows into another, empty one, of whatever kind: ids, history and validators stay."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from feedsvc.errors import StoreError, StoreUnavailable
from feedsvc.store.connections import Database
from feedsvc.store.tables import compatibility, feeds, leases, metadata

BATCH = 1000
"""How many rows go over at a time."""
Progress = Callable[[str, int, int], None]
"""Told the table, how many of its rows are over, and how many it has."""


def transfer(
    source: Database, target: Database, *, progress: Progress, between: Callable[[], object]
) -> dict[str, int]:
    """Copy every row of *source*, as of one moment, into *target*, in one transaction; answers how many by table.

    *between* is called between batches. Leases come over as given back, with their tokens. Raises StoreError where
    *target* holds anything or the numbers of rows differ at the end: then nothing of it was written;
    StoreUnavailable.
    """
    copied: dict[str, int] = {}
    with (
        _naming("the store that is read"),
        source.reader.connect() as reading,
        _naming("the store that is written"),
        target.writer.begin() as writing,
    ):
        _refuse(writing)
        for table in _tables():
            of = _count(reading, table)
            copied[table.name] = 0
            progress(table.name, 0, of)
            with _batches(reading, table) as batches:
                for rows in batches:
                    writing.execute(insert(table), [dict(row) for row in rows])
                    copied[table.name] += len(rows)
                    progress(table.name, copied[table.name], of)
                    between()
            there = _count(writing, table)
            if not of == copied[table.name] == there:
                raise StoreError(
                    f"{table.name}: {of} rows were there, {copied[table.name]} were read and {there} arrived; "
                    "nothing was written. Try again; if it happens again, report it"
                )
        writing.execute(update(leases).values(holder="", until=0))
        for table, column in _numbered():
            _go_on_from(writing, table, column, _last(reading, table, column))
        target.announce(writing)
    return copied


def _tables() -> Sequence[Table]:
    """What goes over: all but what a store says of its own schema."""
    return [table for table in metadata.sorted_tables if table is not compatibility]


def _refuse(target: Connection) -> None:
    full = [table.name for table in _tables() if target.execute(select(table).limit(1)).first()]
    if full:
        raise StoreError(
            f"the target is not empty: there are rows in {', '.join(full)}. "
            "Name a new file or a new database; nothing was written"
        )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@contextlib.contextmanager
def _batches(reading: Connection, table: Table) -> Iterator[Iterator[Sequence[RowMapping]]]:
    with reading.execute(select(table), execution_options={"yield_per": BATCH}) as found:
        yield found.mappings().partitions()


def _numbered() -> Iterator[tuple[Table, Column[Any]]]:
    """The tables whose rows the database numbers, each with the column of the number."""
    for table in _tables():
        column = table.autoincrement_column
        if column is not None and column.autoincrement is True:
            yield table, column


def _last(connection: Connection, table: Table, column: Column[Any]) -> int:
    """The highest number that was ever given, also to a row that is gone: a later one has to be higher.

    What a feed has reached counts as well, for its number is one of a change.
    """
    if connection.dialect.name == "postgresql":
        name = connection.execute(_SEQUENCE, {"table": table.name, "column": column.name}).scalar_one()
        given = connection.execute(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}")).scalar()  # noqa: S608
    else:
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        given = connection.execute(query, {"table": table.name}).scalar()
    there = connection.execute(select(func.max(column))).scalar()
    reached = connection.execute(select(func.max(feeds.c.seq))).scalar() if table.name == "changes" else 0
    return max(given or 0, there or 0, reached or 0)


def _go_on_from(connection: Connection, table: Table, column: Column[Any], last: int) -> None:
    """Let the next row of *table* have a higher number than *last*."""
    if not last:
        return
    if connection.dialect.name == "postgresql":
        name = connection.execute(_SEQUENCE, {"table": table.name, "column": column.name}).scalar_one()
        connection.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": last})
        return
    known = {"table": table.name, "last": last}
    if not connection.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = :table"), known).rowcount:
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), known)


_SEQUENCE = text("SELECT pg_get_serial_sequence(:table, :column)")


@contextlib.contextmanager
def _naming(which: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise StoreUnavailable(f"{which} did not answer: {reason}; nothing was written") from None
