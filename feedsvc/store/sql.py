"""The store on a SQL database: leases, transactions, and the questions that the rest of the house asks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from feedsvc.errors import LeaseLost, StoreUnavailable
from feedsvc.model import (
    Change,
    Entry,
    Placed,
    Section,
    SourceRecord,
    SourceState,
    Stored,
    Tombstone,
    Version,
    Window,
)
from feedsvc.store import rows
from feedsvc.store.base import ALL, Lease
from feedsvc.store.tables import (
    articles,
    changes,
    claims,
    feeds,
    holds,
    leases,
    moment,
    ms,
    placements,
    runs,
    sources,
    takedowns,
)
from feedsvc.store.writer import SqlWriter, get, source_at

TOMBSTONE_LIFE = timedelta(days=30)
TOMBSTONES = 200
"""How many tombstones a feed carries at most, the newest."""
SPARE = 20
"""How many entries beyond its limit a window holds, to move up when others expire."""
UPCOMING = 50
"""How many scheduled entries a window holds; the store is asked again long before they are used up."""
KEPT_PASSES = 100


class Database(Protocol):
    """What differs between databases."""

    writer: Engine
    reader: Engine

    def close(self) -> None:
        """Let go of all connections."""

    def check(self, *, now: bool = True) -> None:
        """Raise StoreUnavailable if the database is lost; with *now* False, look only now and then."""

    def token(self) -> tuple[int, ...]:
        """Differs from the last one if anything was written since."""

    def clock(self, connection: Connection) -> int:
        """The database's own time, in milliseconds."""


class SqlStore:
    """A ``Store`` on a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """Let go of all connections."""
        self._database.close()

    # ------------------------------------------------------------------ leases and transactions
    def lease(self, name: str, holder: str, *, ttl: timedelta, displacing: str = "") -> Lease | None:
        """Take or renew the lease *name* for *ttl*; None while another holder has it."""
        with self._transaction() as connection:
            now = self._database.clock(connection)
            until = now + ttl // timedelta(milliseconds=1)
            known = connection.execute(select(leases).where(leases.c.name == name).with_for_update()).one_or_none()
            if known is None:
                connection.execute(insert(leases).values(name=name, holder=holder, token=1, until=until))
                return Lease(name=name, holder=holder, token=1)
            # A lease "until" far ahead was written before the clock was set back.
            running = now < known.until <= now + 2 * (ttl // timedelta(milliseconds=1))
            if known.holder not in (holder, displacing, "") and running:
                return None
            token = known.token if known.holder == holder else known.token + 1
            values = {"holder": holder, "token": token, "until": until}
            connection.execute(update(leases).where(leases.c.name == name).values(values))
            return Lease(name=name, holder=holder, token=token)

    def release(self, lease: Lease) -> None:
        """Give the lease back."""
        with self._transaction() as connection:
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
        with self._transaction() as connection:
            self._fence(connection, lease)
            yield SqlWriter(connection, at=at, late=late)

    # ------------------------------------------------------------------ what readers see
    def changes_token(self) -> Any:
        """A value that differs from the last one if anything was written since by anybody."""
        return self._database.token()

    def versions(self) -> Mapping[str, Version]:
        """The state of every feed, by name."""
        with self._reading() as connection:
            return {row.feed: rows.version(row) for row in connection.execute(select(feeds))}

    def window(self, feed: str, now: datetime, *, limit: int) -> Window | None:
        """The window of *feed*; None for a feed that never was."""
        at = ms(now)
        with self._reading() as connection:
            row = connection.execute(select(feeds).where(feeds.c.feed == feed)).one_or_none()
            if row is None:
                return None
            here = placements.c.feed == feed
            expired = here & (placements.c.expires <= at)
            released = here & (placements.c.released <= at)
            newest = _joined().where(released, _unexpired(at)).order_by(*_NEWEST).limit(limit + SPARE)
            upcoming = _joined().where(here, placements.c.released > at).order_by(placements.c.released).limit(UPCOMING)
            placed = [
                Placed(entry=rows.entry(found), released=moment(found.shown_from))
                for query in (newest, upcoming)
                for found in connection.execute(query)
            ]
            last_release = connection.execute(select(func.max(placements.c.released)).where(released)).scalar()
            last_expiry = connection.execute(select(func.max(placements.c.expires)).where(expired)).scalar()
            return Window(
                version=rows.version(row),
                placed=tuple(placed),
                tombstones=_tombstones(connection, feed, at),
                last_release=None if last_release is None else moment(last_release),
                last_expiry=None if last_expiry is None else moment(last_expiry),
            )

    def listing(self, feed: str, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Entry]:
        """The public articles of *feed*, newest first, for pages."""
        at = ms(now)
        query = _joined().where(placements.c.feed == feed, placements.c.released <= at, _unexpired(at))
        with self._reading() as connection:
            return [rows.entry(row) for row in connection.execute(query.order_by(*_NEWEST).limit(limit).offset(offset))]

    def sections(self, now: datetime) -> Sequence[Section]:
        """Every section that ever held a public article, by path."""
        at = ms(now)
        shown = (placements.c.released <= at) & _unexpired(at)
        count = func.count(placements.c.article_id)
        query = (
            select(
                feeds.c.feed,
                feeds.c.title,
                feeds.c.seq,
                count.label("public"),
                func.max(placements.c.released).label("newest"),
            )
            .outerjoin(placements, (placements.c.feed == feeds.c.feed) & shown)
            .where(feeds.c.feed != ALL)
            .group_by(feeds.c.feed, feeds.c.title, feeds.c.seq)
            .order_by(feeds.c.feed)
        )
        with self._reading() as connection:
            return [
                Section(
                    path=row.feed,
                    title=row.title,
                    count=row.public,
                    newest=None if row.newest is None else moment(row.newest),
                )
                for row in connection.execute(query)
                if row.seq or row.public
            ]

    def find(self, key: str) -> Stored | None:
        """The article with that key in its address."""
        with self._reading() as connection:
            article_id = connection.execute(select(articles.c.id).where(articles.c.key == key)).scalar()
            return None if article_id is None else get(connection, article_id)

    def get(self, article_id: str) -> Stored | None:
        """The article with that id."""
        with self._reading() as connection:
            return get(connection, article_id)

    # ------------------------------------------------------------------ what ingest needs
    def sources(self, states: Collection[SourceState] = ()) -> Mapping[str, SourceRecord]:
        """The known files, by path; of *states* only, if given."""
        query = select(sources).order_by(sources.c.path)
        if states:
            query = query.where(sources.c.state.in_([state.value for state in states]))
        with self._reading() as connection:
            return {row.path: rows.source(row) for row in connection.execute(query)}

    def source(self, path: str) -> SourceRecord | None:
        """One known file."""
        with self._reading() as connection:
            return source_at(connection, path)

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
            return [rows.stored(row, row.reason) for row in connection.execute(query)]

    def configure(self, digests: Mapping[str, str], *, now: datetime, lease: Lease) -> Sequence[str]:
        """Count feeds as changed whose documents now depend on something else; answers their names."""
        changed = []
        with self._transaction() as connection:
            self._fence(connection, lease)
            known = {row.feed: row for row in connection.execute(select(feeds))}
            for name in sorted({*known, *digests} - {"*"}):
                digest = digests.get(name, digests.get("*", ""))
                row = known.get(name)
                if row is None:
                    connection.execute(insert(feeds).values(rows.new_feed(name) | {"digest": digest}))
                    continue
                if row.digest == digest:
                    continue
                values: dict[str, Any] = {"digest": digest, "generation": row.generation + 1}
                if row.digest:
                    event = {
                        "feed": name,
                        "article_id": "",
                        "kind": "configured",
                        "at": ms(now),
                        "detail": "",
                    }
                    done = connection.execute(insert(changes).values(event))
                    values |= {"changed": max(row.changed, ms(now)), "updated": max(row.updated, ms(now))}
                    values["seq"] = done.inserted_primary_key[0] if done.inserted_primary_key else row.seq
                    changed.append(name)
                connection.execute(update(feeds).where(feeds.c.feed == name).values(values))
        return changed

    def prune(self, before: datetime, *, now: datetime, lease: Lease) -> None:
        """Drop changes, tombstones and expired placements older than *before*; the life of articles stays."""
        old = (changes.c.feed != "") & (changes.c.at < ms(before))
        expired = placements.c.expires < ms(before)
        with self._transaction() as connection:
            self._fence(connection, lease)
            # A tombstone that goes changes the bytes of its feed.
            touched = set(connection.execute(select(placements.c.feed).where(expired).distinct()).scalars())
            told = select(changes.c.feed).where(old, changes.c.kind == "withdrawn").distinct()
            touched.update(connection.execute(told).scalars())
            connection.execute(delete(changes).where(old))
            connection.execute(delete(placements).where(expired))
            for feed in sorted(touched):
                event = {"feed": feed, "article_id": "", "kind": "pruned", "at": ms(now), "detail": ""}
                done = connection.execute(insert(changes).values(event))
                values: dict[str, Any] = {"generation": feeds.c.generation + 1, "changed": ms(now)}
                values["seq"] = done.inserted_primary_key[0] if done.inserted_primary_key else feeds.c.seq
                connection.execute(update(feeds).where(feeds.c.feed == feed).values(values))

    # ------------------------------------------------------------------ what operators ask
    def history(self, *, article_id: str = "", limit: int = 100) -> Sequence[Change]:
        """The life of one article, or the newest events of all; newest first."""
        query = select(changes).where(changes.c.feed == "").order_by(changes.c.seq.desc()).limit(limit)
        if article_id:
            query = query.where(changes.c.article_id == article_id)
        with self._reading() as connection:
            return [rows.change(row) for row in connection.execute(query)]

    def counts(self) -> Mapping[str, int]:
        """How many files are in each state."""
        query = select(sources.c.state, func.count()).group_by(sources.c.state)
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def record_pass(self, report: Mapping[str, Any], *, started: datetime, finished: datetime) -> None:
        """Keep the report of a pass; the newest hundred stay."""
        values = {
            "started": ms(started),
            "finished": ms(finished),
            "report": json.dumps(report, ensure_ascii=False),
        }
        with self._transaction() as connection:
            done = connection.execute(insert(runs).values(values))
            newest = done.inserted_primary_key[0] if done.inserted_primary_key else 0
            connection.execute(delete(runs).where(runs.c.id <= newest - KEPT_PASSES))

    def passes(self, limit: int = 1) -> Sequence[Mapping[str, Any]]:
        """The newest reports, with ``started`` and ``finished``."""
        with self._reading() as connection:
            found = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).all()
        return [
            {**json.loads(row.report), "started": moment(row.started), "finished": moment(row.finished)}
            for row in found
        ]

    def hold(self, name: str, detail: Mapping[str, Any] | None, *, now: datetime) -> None:
        """Note that something waits for the operator's word; None ends it."""
        with self._transaction() as connection:
            known = connection.execute(select(holds).where(holds.c.name == name)).one_or_none()
            if detail is None:
                connection.execute(delete(holds).where(holds.c.name == name))
            elif known is None:
                values = {"name": name, "since": ms(now), "detail": json.dumps(detail)}
                connection.execute(insert(holds).values(values))
            else:
                connection.execute(update(holds).where(holds.c.name == name).values(detail=json.dumps(detail)))

    def holds(self) -> Mapping[str, Mapping[str, Any]]:
        """What waits for the operator's word: name to detail, with ``since`` and ``accepted``."""
        with self._reading() as connection:
            return {
                row.name: {
                    **json.loads(row.detail),
                    "since": moment(row.since),
                    "accepted": None if row.accepted is None else moment(row.accepted),
                }
                for row in connection.execute(select(holds))
            }

    def accept(self, name: str, *, now: datetime) -> bool:
        """Let go what waits under *name*; False if nothing does."""
        with self._transaction() as connection:
            query = update(holds).where(holds.c.name == name).values(accepted=ms(now))
            return bool(connection.execute(query).rowcount)

    # ------------------------------------------------------------------ how it is done
    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        self._database.check(now=False)
        with _translated(), self._database.reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        self._database.check()
        with _translated(), self._database.writer.begin() as connection:
            yield connection

    def _fence(self, connection: Connection, lease: Lease | None) -> None:
        if lease is None:
            return
        query = select(leases.c.token).where(leases.c.name == lease.name).with_for_update()
        token = connection.execute(query).scalar()
        if token != lease.token:
            raise LeaseLost(f"the lease {lease.name!r} was taken over (token {token}, ours was {lease.token})")


_NEWEST = (placements.c.released.desc(), placements.c.published.desc(), placements.c.article_id.desc())


def _unexpired(at: int) -> Any:
    return placements.c.expires.is_(None) | (placements.c.expires > at)


def _joined() -> Select[Any]:
    """Placements with their articles. ``released`` is the article's; ``shown_from`` decides its place in the feed."""
    return select(articles, placements.c.released.label("shown_from")).join(
        articles, articles.c.id == placements.c.article_id
    )


def _tombstones(connection: Connection, feed: str, at: int) -> tuple[Tombstone, ...]:
    """What left *feed* in the last thirty days and is not shown again: withdrawn by a change, or expired."""
    since = at - TOMBSTONE_LIFE // timedelta(milliseconds=1)
    shown = select(placements.c.article_id).where(
        placements.c.feed == feed, placements.c.released <= at, _unexpired(at)
    )
    left = (
        select(changes.c.article_id, func.max(changes.c.at).label("at"))
        .where(changes.c.feed == feed, changes.c.kind == "withdrawn", changes.c.at > since)
        .where(changes.c.article_id.not_in(shown))
        .group_by(changes.c.article_id)
    )
    gone = select(placements.c.article_id, placements.c.expires.label("at")).where(
        placements.c.feed == feed, placements.c.expires > since, placements.c.expires <= at
    )
    when: dict[str, int] = {}
    for query in (left, gone):
        for row in connection.execute(query):
            when[row.article_id] = max(row.at, when.get(row.article_id, 0))
    newest = sorted(when.items(), key=lambda item: (-item[1], item[0]))[:TOMBSTONES]
    return tuple(Tombstone(id=article_id, when=moment(at)) for article_id, at in newest)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The database's own errors as ours, so that nobody above knows which database it is."""
    try:
        yield
    except DBAPIError as error:
        raise StoreUnavailable(f"the store did not answer: {error.orig}") from error
    except InvalidRequestError as error:
        raise StoreUnavailable(f"the store did not answer: {error}") from error
