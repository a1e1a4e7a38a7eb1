"""Lists that operators page through: files, articles by where they are in their life, and who claims what.

Each question is one range of an index, whatever the size of the archive; the rows are fetched for one page alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from feedsvc.model import SourceRecord, SourceState, Stored
from feedsvc.store import naming, rows
from feedsvc.store.base import ALL, Claim
from feedsvc.store.connections import Connections
from feedsvc.store.questions import Life
from feedsvc.store.tables import articles, claims, media, moment, ms, placements, sources, takedowns

_LAST = "\U0010ffff"
"""Sorts behind whatever may follow a prefix."""


class Browsing(Connections):
    """The lists of a store on a SQL database."""

    def files(
        self,
        *,
        state: SourceState | None = None,
        prefix: str = "",
        by_name: bool = False,
        backwards: bool = False,
        limit: int,
        offset: int = 0,
    ) -> Sequence[SourceRecord]:
        """The files whose path begins with *prefix*, in *state* if given, by name or by when they were last noted."""
        order = [sources.c.path] if by_name else [sources.c.seen, sources.c.path]
        chosen = select(sources.c.path).order_by(*(one.desc() if backwards else one for one in order))
        if state is not None:
            chosen = chosen.where(sources.c.state == state.value)
        if prefix:
            chosen = chosen.where(sources.c.path >= prefix, sources.c.path < prefix + _LAST)
        with self._reading() as connection:
            paths = connection.execute(chosen.limit(limit).offset(offset)).scalars().all()
            found = {row[0]: row for row in connection.execute(select(sources).where(sources.c.path.in_(paths)))}
        return [rows.source(found[path]) for path in paths if path in found]

    def lives(
        self,
        life: Life,
        now: datetime,
        *,
        feed: str = ALL,
        title: str = "",
        backwards: bool = False,
        limit: int,
        offset: int = 0,
    ) -> Sequence[Stored]:
        """The articles that are where *life* says at *now*, by the time that matters there, or the other way round.

        With *title* those whose title has each of its words.
        """
        chosen = _chosen(life, ms(now), feed, backwards=backwards)
        words = title.casefold().split()
        with self._reading() as connection:
            if words:
                chosen = naming.having(connection, chosen, words)
            ids: Sequence[str] = connection.execute(chosen.limit(limit).offset(offset)).scalars().all()
            query = (
                select(articles, takedowns.c.reason)
                .outerjoin(takedowns, takedowns.c.article_id == articles.c.id)
                .where(articles.c.id.in_(ids))
            )
            found = {row.id: rows.stored(row) for row in connection.execute(query)}
        return [found[article_id] for article_id in ids if article_id in found]

    def releases(self, feed: str, now: datetime, *, limit: int) -> Sequence[datetime]:
        """When the newest articles of *feed* were released, newest first; those that have expired included."""
        query = (
            select(placements.c.released)
            .where(placements.c.feed == feed, placements.c.released <= ms(now))
            .order_by(placements.c.released.desc())
            .limit(limit)
        )
        with self._reading() as connection:
            return [moment(released) for released in connection.execute(query).scalars()]

    def absent_media(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Files with the media that they name and that are not there, at most *limit* of them."""
        query = select(media.c.source, media.c.path).where(media.c.hash == "").order_by(media.c.source).limit(limit)
        with self._reading() as connection:
            return [(row.source, row.path) for row in connection.execute(query)]

    def claims(self, *, article_id: str = "", path: str = "") -> Sequence[Claim]:
        """The files that claim an article, by path; or the claims that one file has, by article id."""
        here = claims.c.article_id == article_id if article_id else claims.c.path == path
        query = select(claims).where(here).order_by(claims.c.path, claims.c.article_id)
        with self._reading() as connection:
            return [rows.claim(row) for row in connection.execute(query)]


def _chosen(life: Life, at: int, feed: str, *, backwards: bool) -> Select[Any]:
    """The ids of the articles of *life*. What comes first is the newest, but of what is still to come the next."""
    if life in (Life.PUBLIC, Life.SCHEDULED, Life.EXPIRED):
        here, released, expires = placements.c.feed == feed, placements.c.released, placements.c.expires
        order: list[ColumnElement[Any]] = [released, placements.c.published, placements.c.article_id]
        if life is Life.PUBLIC:
            here = here & (released <= at) & (expires.is_(None) | (expires > at))
        elif life is Life.SCHEDULED:
            here = here & (released > at)
        else:
            here, order = here & (expires <= at), [expires, placements.c.article_id]
        newest_first = (life is not Life.SCHEDULED) is not backwards
        query = select(placements.c.article_id).where(here)
    elif life is Life.TAKEN_DOWN:
        order, newest_first = [takedowns.c.at, takedowns.c.article_id], not backwards
        query = select(takedowns.c.article_id)
    else:
        # No two articles have the same "updated": it orders them by itself, and by its index alone.
        order, newest_first, query = [articles.c.updated], not backwards, select(articles.c.id)
        if life is Life.HELD_BACK:
            query = query.where(articles.c.pubstatus != literal_column("'usable'"), articles.c.withdrawn.is_(None))
        elif life is Life.WITHDRAWN:
            order, query = [articles.c.withdrawn, articles.c.id], query.where(articles.c.withdrawn.is_not(None))
    return query.order_by(*(one.desc() if newest_first else one for one in order))
