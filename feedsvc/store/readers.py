"""What readers see: the window of each feed, lists for pages, sections, single articles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
)

from feedsvc import links
from feedsvc.model import Entry, Medium, Placed, Section, Stored, Tombstone, Version, Window
from feedsvc.store import rows
from feedsvc.store.base import ALL, AUTHORS, TAGS, Address, Mark, Place, Since
from feedsvc.store.connections import Connections, Database
from feedsvc.store.tables import LEFT, articles, changes, feeds, media, moment, ms, placements
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
        key = (sha256(row.document.encode()).digest(), row.day, row.slug, row.key, row.released)
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
        with self._reading() as connection:
            found = list(connection.execute(_STATES))
            for at in range(0, len(others), _AT_ONCE):
                found += connection.execute(_STATES_OF, {"names": others[at : at + _AT_ONCE]})
            return {row.feed: rows.version(row) for row in found}

    def window(self, feed: str, now: datetime, *, limit: int) -> Window | None:
        """The window of *feed*; None for a feed that never was."""
        here = {"feed": feed, "at": ms(now)}
        with self._reading() as connection:
            row = connection.execute(_STATE, here).one_or_none()
            if row is None:
                return None
            found = list(connection.execute(_SHOWN, {**here, "most": limit + SPARE}))
            found += connection.execute(_UPCOMING, {**here, "most": UPCOMING})
            return Window(
                version=rows.version(row),
                placed=tuple(Placed(entry=self._entry(one), released=moment(one.shown_from)) for one in found),
                tombstones=_tombstones(connection, here),
                last_release=None if row.last_release is None else moment(row.last_release),
                last_expiry=None if row.last_expiry is None else moment(row.last_expiry),
                next_expiry=None if row.next_expiry is None else moment(row.next_expiry),
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
        here = {"feed": feed, "at": ms(now), "most": limit}
        with self._reading() as connection:
            if after is None:
                found = connection.execute(_MARKS, here)
            else:
                behind = zip(("after_released", "after_published", "after_id"), after, strict=False)
                found = connection.execute(_MARKS_BEHIND, {**here, **dict(behind)})
            return [Mark(*row) for row in found]

    def archived(self, feed: str, now: datetime, *, after: Mark | None = None, limit: int) -> Sequence[Entry]:
        """The same articles whole."""
        behind = None if after is None else tuple(map(literal, after[:3]))
        chosen = _behind_mark(feed, ms(now), behind).limit(limit).subquery()
        query = (
            select(articles)
            .join(chosen, articles.c.id == chosen.c.article_id)
            .order_by(chosen.c.released, chosen.c.published, chosen.c.article_id)
        )
        with self._reading() as connection:
            return [self._entry(row) for row in connection.execute(query)]

    def disturbed(self, feed: str, *, seq: int, since: datetime, now: datetime) -> datetime | None:
        """A moment before which the order of releases of *feed* is as it was at *seq* and *since*; None if all is."""
        here = {"feed": feed, "seq": seq, "since": ms(since), "at": ms(now)}
        with self._reading() as connection:
            found = connection.execute(_DISTURBED, here).one()
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

    def medium(self, content_hash: str, now: datetime, name: str = "") -> Medium | None:
        """A picture, sound or film by the hash in its address, if an article that is public at *now* shows it.

        With *name* only if one shows it by that name: copies of a file may have others.
        """
        at = ms(now)
        address = links.medium(content_hash, name)
        query = (
            select(media)
            .join(articles, articles.c.source == media.c.source)
            .join(placements, placements.c.article_id == articles.c.id)
            .where(placements.c.feed == ALL, placements.c.released <= at, _unexpired(at), media.c.hash == content_hash)
            .where(articles.c.document.contains(address, autoescape=True))  # its file may hold others, not public
            .order_by(media.c.source, media.c.path)
            .limit(_ALIKE if name else 1)
        )
        with self._reading() as connection:
            found = [rows.medium(row) for row in connection.execute(query)] if content_hash else []
        return next((one for one in found if one.name == name or not name), None)

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
_ALIKE = 20
"""How many media are looked at whose addresses begin alike."""
# Ranges, not patterns: of thousands of tags no row is looked at.
_SECTIONS = (
    (feeds.c.feed < AUTHORS)
    | ((feeds.c.feed >= _behind(AUTHORS)) & (feeds.c.feed < TAGS))
    | (feeds.c.feed >= _behind(TAGS))
)
_NEWEST = (placements.c.released.desc(), placements.c.published.desc(), placements.c.article_id.desc())
_SOONEST = (placements.c.released, placements.c.published, placements.c.article_id)


def _unexpired(at: Any) -> Any:
    return placements.c.expires.is_(None) | (placements.c.expires > at)


def _behind_mark(feed: Any, at: Any, after: Sequence[Any] | None) -> Select[Any]:
    """The placements of *feed* that are public, in the order of releases, from behind *after*."""
    here = select(placements).where(placements.c.feed == feed, placements.c.released <= at, _unexpired(at))
    if after is not None:
        here = here.where(tuple_(*_SOONEST) > tuple_(*after))
    return here.order_by(*_SOONEST)


def _marks(after: Sequence[Any] | None) -> Select[Any]:
    chosen = _behind_mark(_FEED, _AT, after).limit(_MOST).subquery()
    order = (chosen.c.released, chosen.c.published, chosen.c.article_id)
    return (
        select(*order, articles.c.updated, func.coalesce(chosen.c.expires, 0), articles.c.digest)
        .join(articles, articles.c.id == chosen.c.article_id)
        .order_by(*order)
    )


def _joined() -> Select[Any]:
    """Placements with their articles. ``released`` is the article's; ``shown_from`` decides its place in the feed."""
    told = (articles.c.document, articles.c.day, articles.c.slug, articles.c.key, articles.c.released)
    return select(*told, placements.c.released.label("shown_from")).join(
        articles, articles.c.id == placements.c.article_id
    )


def _tombstones(connection: Connection, here: Mapping[str, Any]) -> tuple[Tombstone, ...]:
    """What left the feed *here* and is not shown again: withdrawn by a change, or expired.

    It is told of until it is pruned, not by its age at the moment of asking: so two workers that ask at different
    times write the same document.
    """
    when: dict[str, int] = {}
    for row in connection.execute(_LEFT, here):
        when[row.article_id] = max(row.at, when.get(row.article_id, 0))
    newest = sorted(when.items(), key=lambda item: (-item[1], item[0]))[:TOMBSTONES]
    return tuple(Tombstone(id=article_id, when=moment(at)) for article_id, at in newest)


# What a feed is loaded by is made once: that takes SQLAlchemy longer than it takes the database to answer.
_FEED, _AT, _MOST = bindparam("feed", type_=Text), bindparam("at", type_=BigInteger), bindparam("most", type_=Integer)
_HERE = placements.c.feed == _FEED
_RELEASED = _HERE & (placements.c.released <= _AT)
_EXPIRED = _HERE & (placements.c.expires <= _AT)
_STATES = select(feeds).where(_SECTIONS)
_STATES_OF = select(feeds).where(feeds.c.feed.in_(bindparam("names", expanding=True)))
_STATE = select(
    feeds,
    select(func.max(placements.c.released)).where(_RELEASED).scalar_subquery().label("last_release"),
    select(func.max(placements.c.expires)).where(_EXPIRED).scalar_subquery().label("last_expiry"),
    select(func.min(placements.c.expires))
    .where(_HERE, placements.c.expires > _AT)
    .scalar_subquery()
    .label("next_expiry"),
).where(feeds.c.feed == _FEED)
_SHOWN = _joined().where(_RELEASED, _unexpired(_AT)).order_by(*_NEWEST).limit(_MOST)
_UPCOMING = _joined().where(_HERE, placements.c.released > _AT).order_by(*_SOONEST).limit(_MOST)
_LEFT = (
    select(changes.c.article_id, func.max(changes.c.at).label("at"))
    .where(
        changes.c.feed == _FEED,
        LEFT,
        ~select(placements.c.article_id)
        .where(placements.c.article_id == changes.c.article_id, _RELEASED, _unexpired(_AT))
        .correlate(changes)
        .exists(),
    )
    .group_by(changes.c.article_id)
    .union_all(select(placements.c.article_id, placements.c.expires.label("at")).where(_EXPIRED))
)
_MARKS = _marks(None)
_MARKS_BEHIND = _marks(
    (
        bindparam("after_released", type_=BigInteger),
        bindparam("after_published", type_=BigInteger),
        bindparam("after_id", type_=Text),
    )
)
# An article is never shown before its own release, which is fixed once it has been public.
_DISTURBED = select(
    select(func.min(articles.c.released))
    .join(changes, changes.c.article_id == articles.c.id)
    .where(changes.c.feed == _FEED, changes.c.seq > bindparam("seq", type_=BigInteger))
    .scalar_subquery(),
    select(func.min(placements.c.released))
    .where(_HERE, placements.c.expires > bindparam("since", type_=BigInteger), placements.c.expires <= _AT)
    .scalar_subquery(),
)
