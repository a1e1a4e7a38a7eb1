"""The store on a SQL database: leases, transactions, and what the ingest asks; with what readers and operators ask."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from feedsvc.model import Medium, SourceRecord, SourceState, Stored
from feedsvc.store import naming, rows
from feedsvc.store.archiving import Archiving
from feedsvc.store.base import Lease
from feedsvc.store.browsing import Browsing
from feedsvc.store.counting import Counting
from feedsvc.store.files import source_at
from feedsvc.store.journal import Journal, Note
from feedsvc.store.operators import Operators
from feedsvc.store.readers import Readers
from feedsvc.store.tables import articles, changes, claims, feeds, leases, media, ms, placements, sources, takedowns
from feedsvc.store.touched import Touches
from feedsvc.store.writer import SqlWriter

_MILLISECOND = timedelta(milliseconds=1)


class SqlStore(Readers, Archiving, Browsing, Touches, Operators, Counting):
    """A ``Store`` on a SQL database."""

    # ------------------------------------------------------------------ leases and transactions
    def lease(self, name: str, holder: str, *, ttl: timedelta, displacing: str = "") -> Lease | None:
        """Take or renew the lease *name* for *ttl*; None while another holder has it."""
        with self._transaction(quiet=True) as connection:
            known = connection.execute(select(leases).where(leases.c.name == name).with_for_update()).one_or_none()
            now = self._database.clock(connection)  # the row may have been waited for
            until = now + ttl // _MILLISECOND
            if known is None:
                connection.execute(insert(leases).values(name=name, holder=holder, token=1, until=until))
                return Lease(name=name, holder=holder, token=1)
            # A lease "until" far ahead was written before the clock was set back.
            running = now < known.until <= now + 2 * (ttl // _MILLISECOND)
            if known.holder not in (holder, displacing, "") and running:
                return None
            token = known.token if known.holder == holder else known.token + 1
            values = {"holder": holder, "token": token, "until": until}
            connection.execute(update(leases).where(leases.c.name == name).values(values))
            return Lease(name=name, holder=holder, token=token)

    def release(self, lease: Lease) -> None:
        """Give the lease back."""
        with self._transaction(quiet=True) as connection:
            held = (leases.c.name == lease.name) & (leases.c.token == lease.token)
            connection.execute(update(leases).where(held).values(holder="", until=0))

    def lease_holder(self, name: str) -> str:
        """Who holds the lease *name* now; empty if nobody does."""
        with self._reading() as connection:
            held = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
            return "" if held is None or held.until <= self._database.clock(connection) else str(held.holder)

    @contextlib.contextmanager
    def writing(self, lease: Lease | None, *, at: datetime, late: timedelta = timedelta()) -> Iterator[SqlWriter]:
        """One transaction under *lease*. Raises LeaseLost; then nothing was written."""
        with self._transaction(lease) as connection:
            writer = SqlWriter(connection, at=at, late=late)
            yield writer
            writer.close()

    # ------------------------------------------------------------------ what ingest needs
    def sources(
        self, states: Collection[SourceState] = (), *, between: Callable[[], None] = lambda: None
    ) -> rows.KnownFiles:
        """The known files, by path; of *states* only, if given. *between* is called between two of them."""
        query = select(sources)
        if states:
            query = query.where(sources.c.state.in_([state.value for state in states]))
        with self._reading() as connection:
            return rows.KnownFiles(_interruptible(connection.execute(query), between))

    def source(self, path: str) -> SourceRecord | None:
        """One known file."""
        with self._reading() as connection:
            return source_at(connection, path)

    def media(self) -> Mapping[str, Sequence[Medium]]:
        """The media that files name, by the path of the file."""
        named: dict[str, list[Medium]] = {}
        with self._reading() as connection:
            for row in connection.execute(select(media).order_by(media.c.source, media.c.path)):
                named.setdefault(row.source, []).append(rows.medium(row))
        return named

    def homes(self) -> Mapping[str, str]:
        """The home section of every file that gives an article, by path."""
        query = select(claims.c.path, claims.c.sections).where(claims.c.state == SourceState.ACCEPTED.value)
        with self._reading() as connection:
            return {path: next(iter(json.loads(named)), "") for path, named in connection.execute(query)}

    def articles_of(self, path: str) -> Sequence[Stored]:
        """The articles that were last read from *path*, withdrawn ones included."""
        query = (
            select(articles, takedowns.c.reason)
            .outerjoin(takedowns, takedowns.c.article_id == articles.c.id)
            .where(articles.c.source == path)
            .order_by(articles.c.id)
        )
        with self._reading() as connection:
            return [rows.stored(row) for row in connection.execute(query)]

    def configure(self, digests: Mapping[str, str], *, now: datetime, lease: Lease) -> Sequence[str]:
        """Count feeds as changed whose documents now depend on something else; answers their names."""
        changed = []
        with self._transaction(lease) as connection:
            journal = Journal(connection, at=now)
            known = {row.feed: row for row in connection.execute(select(feeds))}
            for name in sorted({*known, *digests} - {"*"}):
                digest, row = digests.get(name, digests.get("*", "")), known.get(name)
                if row is None:
                    connection.execute(insert(feeds).values(rows.new_feed(name) | {"digest": digest}))
                elif row.digest != digest:
                    connection.execute(update(feeds).where(feeds.c.feed == name).values(digest=digest))
                    journal.touch(name, seen=bool(row.digest), updated=now)
                    if row.digest:
                        changed.append(name)
                    if row.digest and row.seq:
                        # A feed that nobody has seen yet stays one: its first number would betray its section.
                        journal.note([Note(feed=name, article_id="", kind="configured", at=now)])
            journal.close()
        return changed

    def prune(self, before: datetime, *, now: datetime, lease: Lease) -> None:
        """Drop changes, tombstones and expired placements older than *before*; the life of articles stays."""
        old = (changes.c.feed != "") & (changes.c.at < ms(before))
        expired = placements.c.expires < ms(before)
        with self._transaction(lease) as connection:
            journal = Journal(connection, at=now)
            # A tombstone that goes changes the bytes of its feed.
            touched = set(connection.execute(select(placements.c.feed).where(expired).distinct()).scalars())
            told = select(changes.c.feed).where(old, changes.c.kind == "withdrawn").distinct()
            touched.update(connection.execute(told).scalars())
            connection.execute(delete(changes).where(old))
            connection.execute(delete(placements).where(expired))
            naming.mend(connection)
            for feed in sorted(touched):
                journal.note([Note(feed=feed, article_id="", kind="pruned", at=now)])
                journal.touch(feed, seen=True)
            journal.close()


def _interruptible(found: Iterable[Row[Any]], between: Callable[[], None]) -> Iterator[tuple[Any, ...]]:
    for row in found:
        between()
        yield tuple(row)
