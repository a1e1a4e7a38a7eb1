"""No two articles have the same ``updated``: where one is taken, the next free millisecond is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, func, select

from feedsvc.store.tables import articles, ms

_LAST = ms(datetime.max.replace(tzinfo=UTC))

# Statements are made once: that takes SQLAlchemy several times as long as it takes the database to run them.
_OTHERS = articles.c.id != bindparam("me")
_TAKEN = select(articles.c.updated).where(articles.c.updated == bindparam("start"), _OTHERS).limit(1)
_next = articles.alias()
_FIRST_FREE = (
    select(articles.c.updated + 1)
    .where(articles.c.updated >= bindparam("start"), _OTHERS)
    .where(~select(_next.c.id).where(_next.c.updated == articles.c.updated + 1, _next.c.id != bindparam("me")).exists())
    .order_by(articles.c.updated)
    .limit(1)
)
_OWN = select(articles.c.updated).where(articles.c.id == bindparam("me"))
_TAKEN_OF = select(articles.c.updated).where(articles.c.updated.in_(bindparam("wanted", expanding=True)))
_NEXT_TAKEN = select(func.min(articles.c.updated)).where(articles.c.updated > bindparam("start"))


class Moments:
    """The values of ``updated`` that are free in one transaction, in milliseconds since 1970."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._crowded: dict[int, int] = {}

    def free(self, start: int, article_id: str) -> int:
        """*start*, or the next moment after it that no article but *article_id* has.

        At the end of the calendar, where there is none, it is *start* all the same.
        """
        if not self._taken(start, article_id):
            return start
        # Up to here all were seen to be taken: what thousands of files want at once is looked for from there on.
        known = self._crowded.get(start, start)
        if known > start:
            own = self._connection.execute(_OWN, {"me": article_id}).scalar()
            known = known if own is None or own < start else min(known, own)
        free = self._first_free(known, article_id)
        self._crowded[start] = max(free, self._crowded.get(start, start))
        return free if free <= _LAST else start

    def free_for_all(self, wanted: Sequence[int]) -> list[int]:
        """The same for new articles one after the other, each of which takes what it gets, in few questions."""
        taken = set(self._connection.execute(_TAKEN_OF, {"wanted": list(set(wanted))}).scalars())
        given: set[int] = set()
        stretches: dict[int, tuple[int, int]] = {}  # for a moment wanted: from where and up to where none is stored
        found = []
        for start in wanted:
            free = start
            if start in taken or start in given:
                begin = self._crowded.get(start, start)
                free, end = stretches.get(start, (begin, begin))
                while free in given or free >= end:
                    if free >= end:
                        free = self._first_free(free, "")
                        following = self._connection.execute(_NEXT_TAKEN, {"start": free}).scalar()
                        end = _LAST + 2 if following is None else following
                    else:
                        free += 1
                stretches[start] = (free, end)
                self._crowded[start] = max(free, begin)
                free = free if free <= _LAST else start
            given.add(free)
            found.append(free)
        return found

    def _taken(self, start: int, article_id: str) -> bool:
        return self._connection.execute(_TAKEN, {"start": start, "me": article_id}).first() is not None

    def _first_free(self, start: int, article_id: str) -> int:
        if not self._taken(start, article_id):
            return start
        return int(self._connection.execute(_FIRST_FREE, {"start": start, "me": article_id}).scalar_one())
