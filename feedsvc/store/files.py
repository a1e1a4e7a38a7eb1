"""What became of each file, and which articles it claims: the half of a ``Writer`` that knows nothing of readers."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from feedsvc.model import Medium, SourceRecord, SourceState
from feedsvc.store import rows
from feedsvc.store.base import Claim
from feedsvc.store.tables import claims, media, ms, sources

_SOURCE = select(sources).where(sources.c.path == bindparam("at_path"))
_SAME_BYTES = select(sources).where(sources.c.sha256 == bindparam("bytes")).order_by(sources.c.path)
_CLAIMS_ON = select(claims).where(claims.c.article_id == bindparam("on")).order_by(claims.c.path)
_CLAIMS_BY = select(claims).where(claims.c.path == bindparam("at_path")).order_by(claims.c.article_id)
_CLAIM = insert(claims)
_UNCLAIM = delete(claims).where(claims.c.path == bindparam("at_path"))
_LENT = insert(media)
_LENT_TO = select(media).where(media.c.source == bindparam("at_path")).order_by(media.c.path)
_TAKEN_BACK = delete(media).where(media.c.source == bindparam("at_path"))
_REREAD = update(sources).where(sources.c.path == bindparam("at_path")).values(reading="")
_FORGET = delete(sources).where(sources.c.path == bindparam("at_path"))


class FileWriter:
    """The files of one writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claims(self, article_id: str) -> Sequence[Claim]:
        """The files that claim the article, by path, as this transaction sees them."""
        return [rows.claim(row) for row in self._connection.execute(_CLAIMS_ON, {"on": article_id})]

    def claims_by(self, path: str) -> Sequence[Claim]:
        """The claims that one file has, by article id, as this transaction sees them."""
        return [rows.claim(row) for row in self._connection.execute(_CLAIMS_BY, {"at_path": path})]

    def source(self, path: str) -> SourceRecord | None:
        """One known file, as this transaction sees it."""
        return source_at(self._connection, path)

    def sources_with(self, sha256: str) -> Sequence[SourceRecord]:
        """The known files with these bytes, by path; those that are gone included."""
        return [rows.source(row) for row in self._connection.execute(_SAME_BYTES, {"bytes": sha256})]

    def remember(self, record: SourceRecord, holds: Sequence[Claim] | None = None) -> None:
        """Store what became of a file, and replace its claims by *holds*, if given."""
        self._upsert(sources, rows.source_values(record))
        if holds is None:
            return
        self._connection.execute(_UNCLAIM, {"at_path": record.path})
        if holds:
            self._connection.execute(_CLAIM, [rows.claim_values(claim) for claim in holds])

    def claim(self, held: Claim) -> None:
        """Set what one file's claim on one article is, and with it the state of the file."""
        self._upsert(claims, rows.claim_values(held))
        query = update(sources).where(sources.c.path == held.path)
        self._connection.execute(query.values(state=held.state.value))

    def illustrations(self, path: str) -> Sequence[Medium]:
        """The media that the file at *path* names, as this transaction sees them."""
        return [rows.medium(row) for row in self._connection.execute(_LENT_TO, {"at_path": path})]

    def illustrate(self, path: str, named: Sequence[Medium]) -> None:
        """Replace the media that the file at *path* names; one without a hash is not there yet."""
        self._connection.execute(_TAKEN_BACK, {"at_path": path})
        if named:
            self._connection.execute(_LENT, [rows.medium_values(path, medium) for medium in named])

    def reread(self, paths: Collection[str]) -> None:
        """Have files read again at the next pass, although they have not changed."""
        if paths:
            self._connection.execute(_REREAD, [{"at_path": path} for path in paths])

    def forget(self, paths: Collection[str]) -> None:
        """Drop files that left nothing behind."""
        if paths:
            chosen = [{"at_path": path} for path in paths]
            self._connection.execute(_UNCLAIM, chosen)
            self._connection.execute(_FORGET, chosen)

    def mark(self, paths: Collection[str], state: SourceState, *, now: datetime, error: str | None = None) -> None:
        """Set state and ``seen`` of files, and the error where one is given."""
        values: dict[str, Any] = {"state": state.value, "seen": ms(now)}
        if error is not None:
            values["error"] = error
        if paths:
            query = update(sources).where(sources.c.path == bindparam("at_path")).values(values)
            self._connection.execute(query, [{"at_path": path} for path in paths])

    def _upsert(self, table: Table, values: dict[str, Any]) -> None:
        self._connection.execute(_upsert(self._connection.dialect.name, table), values)


def source_at(connection: Connection, path: str) -> SourceRecord | None:
    """The file known under *path*, on any connection."""
    row = connection.execute(_SOURCE, {"at_path": path}).one_or_none()
    return None if row is None else rows.source(row)


@functools.cache
def _upsert(dialect: str, table: Table) -> Any:
    """The statement that inserts a row, or replaces the one with its key: the two dialects say it alike."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        added: Any = postgresql.insert(table)
    else:
        from sqlalchemy.dialects import sqlite

        added = sqlite.insert(table)
    others = {column.name: added.excluded[column.name] for column in table.c if not column.primary_key}
    return added.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=others)
