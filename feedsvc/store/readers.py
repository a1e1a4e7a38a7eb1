"""What readers see: the window of each feed, lists for pages, sections, single articles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Connection, Row, Select, case, func, literal, select, tuple_

from feedsvc import links
from feedsvc.model import Entry, Medium, Placed, Section, Stored, Tombstone, Version, Window
from feedsvc.store import rows
from feedsvc.store.base import ALL, AUTHORS, TAGS, Address, Mark, Place, Since
from feedsvc.store.connections import Connections, Database
from feedsvc.store.tables import articles, changes, feeds, media, moment, ms, placements
from feedsvc.store.writer import article_at

TOMBSTONES = 200
"""How many tombstones a feed carries at most, the newest."""
SPARE = 20
"""How many entries beyond its limit a window holds, to move up when others expire."""
UPCOMING = 50
"""How many scheduled entries a window holds; the store is asked again long before they are used up."""


class Readers(Connections):
    """What readers see of a store on a SQL database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._entries: WeakValueDictionary[tuple[Any, ...], Entry] = WeakValueDictionary()

    def _entry(self, row: Row[Any]) -> Entry:
        """The entry of *row*: the same object for the same row, for as long as anybody holds it.

        To read an article takes twenty times as long as to hash it, and whoever made something of an entry finds it
        again by the object.
        """
        key = (blake2b(row.document.encode()).digest(), row.day, row.slug, row.key, row.released)
        known = self._entries.get(key)
        if known is None:
            known = self._entries[key] = rows.entry(row)
        return known

    def changes_token(self) -> Any:
        """A value that differs from the last one if anything was written since by anybody."""
        return self._database.token()

    def versions(self, *, also: Collection[str] = ()) -> Mapping[str, Version]:
        """The state of the feeds of everything and of sections, and of those in *also* that there are, by name."""
        others = [name for name in also if name.startswith((TAGS, AUTHORS))]
        chosen = [_SECTIONS, *(feeds.c.feed.in_(others[at : at + _AT_ONCE]) for at in range(0, len(others), _AT_ONCE))]
        with self._reading() as connection:
            return {
                row.feed: rows.version(row) for some in chosen for row in connection.execute(select(feeds).where(some))
            }

    def window(self, feed: str, now: datetime, *, limit: int) -> Window | None:
        """The window of *feed*; None for a feed that never was."""
        at = ms(now)
        with self._reading() as connection:
            row = connection.execute(select(feeds).where(feeds.c.feed == feed)).one_or_none()
            if row is None:
                return None
            here = placements.c.feed == feed
            released = here & (placements.c.released <= at)
            expired = here & (placements.c.expires <= at)
            newest = _joined().where(released, _unexpired(at)).order_by(*_NEWEST).limit(limit + SPARE)
            upcoming = _joined().where(here, placements.c.released > at).order_by(*_SOONEST).limit(UPCOMING)
            placed = [
                Placed(entry=self._entry(found), released=moment(found.shown_from))
                for query in (newest, upcoming)
                for found in connection.execute(query)
            ]
            last_release = connection.execute(select(func.max(placements.c.released)).where(released)).scalar()
            last_expiry = connection.execute(select(func.max(placements.c.expires)).where(expired)).scalar()
            lasting = select(func.min(placements.c.expires)).where(here, placements.c.expires > at)
            next_expiry = connection.execute(lasting).scalar()
            return Window(
                version=rows.version(row),
                placed=tuple(placed),
                tombstones=_tombstones(connection, feed, at),
                last_release=None if last_release is None else moment(last_release),
                last_expiry=None if last_expiry is None else moment(last_expiry),
                next_expiry=None if next_expiry is None else moment(next_expiry),
            )

    def listing(self, feed: str, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Entry]:
        """The public articles of *feed*, newest first, for pages."""
        at = ms(now)
        query = _joined().where(placements.c.feed == feed, placements.c.released <= at, _unexpired(at))
        with self._reading() as connection:
            found = connection.execute(query.order_by(*_NEWEST).limit(limit).offset(offset))
            return [self._entry(row) for row in found]

    def marks(self, feed: str, now: datetime, *, after: Mark | None = None, limit: int) -> Sequence[Mark]:
        """What an archive tells public articles of *feed* by, oldest release first, from behind *after*."""
        chosen = _behind_mark(feed, ms(now), after).limit(limit).subquery()
        order = (chosen.c.released, chosen.c.published, chosen.c.article_id)
        query = (
            select(*order, articles.c.updated, func.coalesce(chosen.c.expires, 0), articles.c.digest)
            .join(articles, articles.c.id == chosen.c.article_id)
            .order_by(*order)
        )
        with self._reading() as connection:
            return [Mark(*row) for row in connection.execute(query)]

    def archived(self, feed: str, now: datetime, *, after: Mark | None = None, limit: int) -> Sequence[Entry]:
        """The same articles whole."""
        chosen = _behind_mark(feed, ms(now), after).limit(limit).subquery()
        query = (
            select(articles)
            .join(chosen, articles.c.id == chosen.c.article_id)
            .order_by(chosen.c.released, chosen.c.published, chosen.c.article_id)
        )
        with self._reading() as connection:
            return [self._entry(row) for row in connection.execute(query)]

    def disturbed(self, feed: str, *, seq: int, since: datetime, now: datetime) -> datetime | None:
        """A moment before which the order of releases of *feed* is as it was at *seq* and *since*; None if all is."""
        # An article is never shown before its own release, which is fixed once it has been public.
        changed = (
            select(func.min(articles.c.released))
            .join(changes, changes.c.article_id == articles.c.id)
            .where(changes.c.feed == feed, changes.c.seq > seq)
        )
        ended = (placements.c.expires > ms(since)) & (placements.c.expires <= ms(now))
        expired = select(func.min(placements.c.released)).where(placements.c.feed == feed, ended)
        with self._reading() as connection:
            found = [connection.execute(query).scalar() for query in (changed, expired)]
        return min((moment(one) for one in found if one is not None), default=None)

    def since(self, feed: str, seq: int) -> Since | None:
        """What readers could see happen in *feed* since the change *seq*; None where that is not known any more."""
        here = changes.c.feed == feed
        later = select(changes.c.at).where(here, changes.c.seq > seq).order_by(changes.c.seq).limit(1)
        told = select(changes.c.article_id).where(here, changes.c.seq > seq).distinct()
        with self._reading() as connection:
            at = connection.execute(select(changes.c.at).where(here, changes.c.seq == seq)).scalar()
            # Within one pass several changes have the same time; readers may have seen the last of them alone.
            if at is None or at == connection.execute(later).scalar():
                return None
            return Since(at=moment(at), changed=frozenset(connection.execute(told).scalars()))

    def sections(self, now: datetime, *, counted: Collection[str] | None = None) -> Sequence[Section]:
        """Every section that ever held a public article, by path; with counts for those in *counted* only, if given."""
        at = ms(now)
        past = (placements.c.feed == feeds.c.feed) & (placements.c.released <= at)
        public = select(placements.c.released).where(past, _unexpired(at)).correlate(feeds)
        count: Any = public.with_only_columns(func.count()).scalar_subquery()
        if counted is not None:
            count = case((feeds.c.feed.in_(list(counted)), count), else_=0)
        query = (
            select(
                feeds.c.feed,
                feeds.c.title,
                feeds.c.seq,
                count.label("public"),
                public.order_by(placements.c.released.desc()).limit(1).scalar_subquery().label("newest"),
                select(placements.c.feed).where(past).correlate(feeds).exists().label("ever"),
            )
            .where(feeds.c.feed != ALL, _SECTIONS)
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
                if row.seq or row.ever
            ]

    def moments(self, feed: str, now: datetime) -> tuple[datetime | None, datetime | None]:
        """When *feed* last came to show something else by itself, up to *now*, and when it will do so next."""
        here, columns = placements.c.feed == feed, (placements.c.released, placements.c.expires)
        with self._reading() as connection:
            past = [connection.execute(select(func.max(one)).where(here, one <= ms(now))).scalar() for one in columns]
            next_ = [connection.execute(select(func.min(one)).where(here, one > ms(now))).scalar() for one in columns]
        return (
            max((moment(one) for one in past if one is not None), default=None),
            min((moment(one) for one in next_ if one is not None), default=None),
        )

    def addresses(self, now: datetime, *, after: Place | None = None, skip: int = 0, limit: int) -> Sequence[Address]:
        """The addresses of public articles, oldest release first, from behind *after* and *skip* more."""
        at = ms(now)
        here = select(placements).where(placements.c.feed == ALL, placements.c.released <= at, _unexpired(at))
        if after is not None:
            behind = (ms(after.released), ms(after.published), after.article_id)
            here = here.where(tuple_(*_SOONEST) > tuple_(*map(literal, behind)))
        chosen = here.order_by(*_SOONEST).limit(limit).offset(skip).subquery()
        columns = (chosen.c.released, chosen.c.published, chosen.c.article_id)
        query = (
            select(*columns, articles.c.day, articles.c.slug, articles.c.key, articles.c.updated)
            .join(articles, articles.c.id == chosen.c.article_id)
            .order_by(*columns)
        )
        with self._reading() as connection:
            return [rows.address(row) for row in connection.execute(query)]

    def medium(self, content_hash: str, now: datetime) -> Medium | None:
        """A picture, sound or film by the hash in its address, if an article that is public at *now* shows it."""
        at = ms(now)
        address = links.medium(content_hash, "")
        query = (
            select(media)
            .join(articles, articles.c.source == media.c.source)
            .join(placements, placements.c.article_id == articles.c.id)
            .where(placements.c.feed == ALL, placements.c.released <= at, _unexpired(at), media.c.hash == content_hash)
            .where(articles.c.document.contains(address, autoescape=True))  # its file may hold others, not public
            .order_by(media.c.source, media.c.path)
            .limit(1)
        )
        with self._reading() as connection:
            row = connection.execute(query).one_or_none() if content_hash else None
        return None if row is None else rows.medium(row)

    def find(self, key: str) -> Stored | None:
        """The article with that key in its address."""
        with self._reading() as connection:
            article_id = connection.execute(select(articles.c.id).where(articles.c.key == key)).scalar()
            return None if article_id is None else article_at(connection, article_id)

    def get(self, article_id: str) -> Stored | None:
        """The article with that id."""
        with self._reading() as connection:
            return article_at(connection, article_id)


def _behind(prefix: str) -> str:
    """The first text behind all that begin with *prefix*."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


_AT_ONCE = 5000
# Ranges, not patterns: of thousands of tags no row is looked at.
_SECTIONS = (
    (feeds.c.feed < AUTHORS)
    | ((feeds.c.feed >= _behind(AUTHORS)) & (feeds.c.feed < TAGS))
    | (feeds.c.feed >= _behind(TAGS))
)
_NEWEST = (placements.c.released.desc(), placements.c.published.desc(), placements.c.article_id.desc())
_SOONEST = (placements.c.released, placements.c.published, placements.c.article_id)


def _unexpired(at: int) -> Any:
    return placements.c.expires.is_(None) | (placements.c.expires > at)


def _behind_mark(feed: str, at: int, after: Mark | None) -> Select[Any]:
    """The placements of *feed* that are public, in the order of releases, from behind *after*."""
    here = select(placements).where(placements.c.feed == feed, placements.c.released <= at, _unexpired(at))
    if after is not None:
        here = here.where(tuple_(*_SOONEST) > tuple_(*map(literal, after[:3])))
    return here.order_by(*_SOONEST)


def _joined() -> Select[Any]:
    """Placements with their articles. ``released`` is the article's; ``shown_from`` decides its place in the feed."""
    return select(articles, placements.c.released.label("shown_from")).join(
        articles, articles.c.id == placements.c.article_id
    )


def _tombstones(connection: Connection, feed: str, at: int) -> tuple[Tombstone, ...]:
    """What left *feed* and is not shown again: withdrawn by a change, or expired.

    It is told of until it is pruned, not by its age at the moment of asking: so two workers that ask at different
    times write the same document.
    """
    shown = select(placements.c.article_id).where(
        placements.c.feed == feed, placements.c.released <= at, _unexpired(at)
    )
    left = (
        select(changes.c.article_id, func.max(changes.c.at).label("at"))
        .where(changes.c.feed == feed, changes.c.kind == "withdrawn", changes.c.article_id.not_in(shown))
        .group_by(changes.c.article_id)
    )
    gone = select(placements.c.article_id, placements.c.expires.label("at")).where(
        placements.c.feed == feed, placements.c.expires <= at
    )
    when: dict[str, int] = {}
    for query in (left, gone):
        for row in connection.execute(query):
            when[row.article_id] = max(row.at, when.get(row.article_id, 0))
    newest = sorted(when.items(), key=lambda item: (-item[1], item[0]))[:TOMBSTONES]
    return tuple(Tombstone(id=article_id, when=moment(at)) for article_id, at in newest)
