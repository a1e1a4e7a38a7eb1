"""What readers may see otherwise than at some earlier time: for whoever keeps copies of what they see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from feedsvc.store import rows
from feedsvc.store.base import ALL, Touched
from feedsvc.store.connections import Connections
from feedsvc.store.tables import articles, changes, feeds, ms, placements

_AT_ONCE = 5000
_OVERTAKEN = 5000
_OVERTAKING = timedelta(seconds=10)
_PATH: tuple[Any, ...] = (articles.c.day, articles.c.slug, articles.c.key)


class Touches(Connections):
    """What was touched in a store on a SQL database."""

    def names(self) -> Sequence[str]:
        """The names of all feeds that ever were, those of tags and authors included, in order."""
        with self._reading() as connection:
            return list(connection.execute(select(feeds.c.feed).order_by(feeds.c.feed)).scalars())

    def departed(self, now: datetime) -> Sequence[str]:
        """The paths of the articles that were public once and are not any more."""
        at = ms(now)
        shown = select(placements.c.article_id).where(
            placements.c.feed == ALL,
            placements.c.released <= at,
            (placements.c.expires > at) | placements.c.expires.is_(None),
        )
        query = select(*_PATH).where(articles.c.released <= at, articles.c.id.not_in(shown))
        with self._reading() as connection:
            return [rows.path_of(row) for row in connection.execute(query.order_by(articles.c.key))]

    def touched(self, mark: str, *, since: datetime | None, now: datetime) -> Touched | None:
        """What was written behind *mark*, or was released or expired after *since* and up to *now*.

        With *since* None it only tells the mark of now. None where *mark* is none of this store, or too old.
        """
        newest = select(changes.c.seq, changes.c.at).order_by(changes.c.seq.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(newest).one_or_none()
            told = "0-0" if row is None else f"{row.seq}-{row.at}"
            if since is None:
                return Touched(mark=told, feeds=frozenset(), paths=())
            seq, _, at = mark.partition("-")
            known = select(changes.c.at).where(changes.c.seq == int(seq))
            if seq != "0" and str(connection.execute(known).scalar()) != at:
                return None
            # Of two writers the one with the higher number may be done first: the last seconds are told of again.
            recent = (changes.c.seq > int(seq) - _OVERTAKEN) & (changes.c.at > ms(since - _OVERTAKING))
            behind = (changes.c.seq > int(seq)) | recent
            written = select(changes.c.feed, changes.c.article_id).where(behind).distinct()
            names: set[str] = set()
            ids: set[str] = set()
            for name, article_id in connection.execute(written):
                names.add(name)
                ids.add(article_id)
            moved: set[str] = set()
            for column in (placements.c.released, placements.c.expires):
                passed = (column > ms(since)) & (column <= ms(now))
                moved |= set(
                    connection.execute(
                        select(placements.c.article_id).where(placements.c.feed == ALL, passed)
                    ).scalars()
                )
            for some in _parts(ids | moved):  # one that is to come makes a feed as well
                query = select(placements.c.feed).where(placements.c.article_id.in_(some)).distinct()
                names |= set(connection.execute(query).scalars())
            found = [
                rows.path_of(row)
                for some in _parts(ids | moved)
                for row in connection.execute(
                    select(*_PATH)
                    .where(articles.c.id.in_(some), articles.c.released <= ms(now))
                    .order_by(articles.c.key)
                )
            ]
            return Touched(mark=told, feeds=frozenset(names - {""}), paths=tuple(found))


def _parts(ids: Set[str]) -> Iterator[list[str]]:
    ordered = sorted(ids - {""})
    for at in range(0, len(ordered), _AT_ONCE):
        yield ordered[at : at + _AT_ONCE]
