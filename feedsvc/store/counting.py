"""The numbers in the store: what web workers counted, added up, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from feedsvc.numbers.faults import ClientDay
from feedsvc.numbers.readers import DeclaredRow, PollRow
from feedsvc.numbers.sketch import Sketch
from feedsvc.numbers.tally import DAY, HOUR, MOST_PAIRS, MOST_POLLERS, OTHER, ClientCounts, FeedCounts, Tally
from feedsvc.store.base import Lease
from feedsvc.store.connections import Connections
from feedsvc.store.tables import clients, ms, pollers, polls, salts, subscribers

DAYS_KEPT, HOURS_KEPT = timedelta(days=400), timedelta(days=8)
MOST_A_DAY = 5000
"""How many rows of one table a day may have, whatever all workers and all their restarts bring."""
_ADDED = tuple(FeedCounts().numbers())
_CLIENT = tuple(ClientCounts().numbers())


class Counting(Connections):
    """What a store on a SQL database keeps of polls."""

    def salt(self, day: int, offered: str, *, today: int) -> str:
        """The salt of *day*: *offered*, if there was none yet. Those of days before *today* are destroyed."""
        with self._transaction() as connection:
            _destroy_salts(connection, today)
            return _salted(connection, day, offered)

    def add_tally(self, tally: Tally) -> None:
        """Add *tally* to what is kept, in one transaction: :meth:`Tally.parts` keeps it short."""
        with self._transaction() as connection:
            # One worker at a time reads and writes the rows of a day: the rows of the salts are the lock.
            connection.execute(select(salts.c.day).order_by(salts.c.day).with_for_update()).all()
            _count_feeds(connection, tally)
            _count_pollers(connection, tally)
            _count_declared(connection, tally)
            _count_clients(connection, tally)

    def polls(self, *, hours: bool, since: datetime, feed: str = "") -> Sequence[PollRow]:
        """The polls of every hour or every day that began at *since* or later, the oldest first."""
        span = HOUR if hours else DAY
        joined = (pollers.c.day == polls.c.start) & (pollers.c.feed == polls.c.feed)
        query = (
            select(polls, pollers.c.pollers)
            .outerjoin(pollers, joined & (pollers.c.format == polls.c.format) & (polls.c.span == DAY))
            .where(polls.c.span == span, polls.c.start >= ms(since))
            .order_by(polls.c.start, polls.c.feed, polls.c.format)
        )
        if feed:
            query = query.where(polls.c.feed == feed)
        with self._reading() as connection:
            return [
                PollRow(
                    start=row.start, feed=row.feed, format=row.format, pollers=row.pollers or 0,
                    **{name: row._mapping[name] for name in _ADDED},
                )
                for row in connection.execute(query)
            ]  # fmt: skip

    def declared(self, *, since: datetime, feed: str = "") -> Sequence[DeclaredRow]:
        """What services declared on every day that began at *since* or later, the oldest first."""
        query = select(subscribers).where(subscribers.c.day >= ms(since)).order_by(*subscribers.primary_key.columns)
        if feed:
            query = query.where(subscribers.c.feed == feed)
        with self._reading() as connection:
            return [DeclaredRow(**row._mapping) for row in connection.execute(query)]

    def clients(self, *, since: datetime) -> Sequence[ClientDay]:
        """The clients of every day that began at *since* or later, by day and name."""
        query = select(clients).where(clients.c.day >= ms(since)).order_by(clients.c.day, clients.c.name)
        with self._reading() as connection:
            return [
                ClientDay(
                    day=row.day, name=row.name, clients=row.clients, **{name: row._mapping[name] for name in _CLIENT}
                )
                for row in connection.execute(query)
            ]

    def prune_counts(self, now: datetime, *, lease: Lease) -> None:
        """Drop what is too old, and what would still tell the clients of a day that is over from each other."""
        today = ms(now) - ms(now) % DAY
        with self._transaction(lease) as connection:
            _destroy_salts(connection, today)
            for table in (pollers, clients):
                # A worker may still bring the last minute of yesterday.
                over = (table.c.day < today - DAY) & (table.c.sketch != "")
                connection.execute(update(table).where(over).values(sketch=""))
                connection.execute(delete(table).where(table.c.day < ms(now - DAYS_KEPT)))
            connection.execute(delete(subscribers).where(subscribers.c.day < ms(now - DAYS_KEPT)))
            connection.execute(delete(polls).where(polls.c.span == DAY, polls.c.start < ms(now - DAYS_KEPT)))
            connection.execute(delete(polls).where(polls.c.span == HOUR, polls.c.start < ms(now - HOURS_KEPT)))


# ---------------------------------------------------------------------- how it is done
def _destroy_salts(connection: Connection, today: int) -> None:
    """Write over the salts of days that are over: what is only deleted stays in the file for a while."""
    old = salts.c.day < today
    for known in connection.execute(select(salts).where(old)).all():
        connection.execute(update(salts).where(salts.c.day == known.day).values(salt="0" * len(known.salt)))
    connection.execute(delete(salts).where(old))


def _salted(connection: Connection, day: int, offered: str) -> str:
    query = select(salts.c.salt).where(salts.c.day == day)
    found = connection.execute(query).scalar()
    if found is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(salts).values(day=day, salt=offered))
        except IntegrityError:  # another worker was faster
            pass
        found = connection.execute(query).scalar_one()
    return str(found)


def _upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    added: Sequence[str] = (),
    newest: Sequence[str] = (),
) -> None:
    """Insert *rows*, or add the columns *added* to those that are there and put *newest* in place of theirs."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]
    statement = upsert(table)
    brought = statement.excluded
    values = {name: table.c[name] + brought[name] for name in added} | {name: brought[name] for name in newest}
    keys = [column.name for column in table.primary_key.columns]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def _count_feeds(connection: Connection, tally: Tally) -> None:
    rows = [
        {"span": span, "start": start, "feed": feed, "format": suffix, **counts.numbers()}
        for (span, start, feed, suffix), counts in tally.feeds.items()
    ]
    _upsert(connection, polls, rows, added=_ADDED)


def _count_pollers(connection: Connection, tally: Tally) -> None:
    keys = (pollers.c.day, pollers.c.feed, pollers.c.format)
    known = _known(connection, pollers, keys, tally.pollers)
    rows = []
    for key, brought in tally.pollers.items():
        sketch = Sketch.load(MOST_POLLERS, known.get(key, ""))
        sketch.merge(brought)
        rows.append(dict(zip(("day", "feed", "format"), key, strict=True)) | _shown("pollers", sketch))
    _upsert(connection, pollers, rows, newest=("pollers", "sketch"))


def _count_declared(connection: Connection, tally: Tally) -> None:
    names = list(subscribers.primary_key.columns)
    known = _known(connection, subscribers, names, tally.declared, shown=subscribers.c.at)
    full = _full(connection, subscribers, {whose.day for whose in tally.declared})
    rows = [
        {**whose._asdict(), "declared": count, "at": at}
        for whose, (count, at) in tally.declared.items()
        if at >= known.get(tuple(whose), 0) and (tuple(whose) in known or whose.day not in full)
    ]
    _upsert(connection, subscribers, rows, newest=("declared", "at"))


def _count_clients(connection: Connection, tally: Tally) -> None:
    known = _known(connection, clients, (clients.c.day, clients.c.name), tally.clients)
    full = _full(connection, clients, {day for day, _name in tally.clients})
    summed: dict[tuple[int, str], ClientCounts] = {}
    for (day, name), counts in tally.clients.items():
        fit = (day, name if (day, name) in known or day not in full else OTHER)
        into = summed.setdefault(fit, ClientCounts())
        into.add(counts)
        into.pairs.merge(counts.pairs)
    known |= _known(connection, clients, (clients.c.day, clients.c.name), summed)
    rows = []
    for (day, name), counts in summed.items():
        sketch = Sketch.load(MOST_PAIRS, known.get((day, name), ""))
        sketch.merge(counts.pairs)
        rows.append({"day": day, "name": name, **counts.numbers(), **_shown("clients", sketch)})
    _upsert(connection, clients, rows, added=_CLIENT, newest=("clients", "sketch"))


def _shown(name: str, sketch: Sketch) -> dict[str, Any]:
    return {name: sketch.count(), "sketch": sketch.dump()}


def _known(
    connection: Connection, table: Table, keys: Sequence[Any], wanted: Mapping[Any, Any], *, shown: Any = None
) -> dict[Any, Any]:
    """What stands in *shown*, by default the sketch, of the rows that are *wanted*, by their keys."""
    if not wanted:
        return {}
    column = table.c.sketch if shown is None else shown
    query = select(*keys, column).where(tuple_(*keys).in_([tuple(key) for key in wanted]))
    return {tuple(row[:-1]): row[-1] for row in connection.execute(query)}


def _full(connection: Connection, table: Table, days: set[int]) -> set[int]:
    """Those of *days* that have as many rows in *table* as a day may have."""
    query = select(table.c.day, func.count()).where(table.c.day.in_(days)).group_by(table.c.day)
    return {row[0] for row in connection.execute(query) if row[1] >= MOST_A_DAY}
