"""The titles of articles, in a table of their own: narrow enough that all of them are looked through in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, insert, select, update

from feedsvc.store.documents import load
from feedsvc.store.tables import articles, takedowns, titles

MOST_PICKED = 10_000
"""Up to so many articles with the words are put in order; more of them are met often enough along the list."""
_AT_ONCE, _TOGETHER = 10_000, 500
"""How many titles are brought in line at a time, and of how many articles the texts are held."""


def having(connection: Connection, chosen: Select[Any], words: Sequence[str]) -> Select[Any]:
    """The ids of *chosen*, in their order, of articles whose title has each of the case-folded *words*.

    Words that few titles have would take a look-up for each row of the list, were they not looked for beforehand; for
    those that many have it is the other way round.
    """
    has_all = and_(*(titles.c.title.contains(word, autoescape=True) for word in words))
    ids = chosen.selected_columns[0]
    found = connection.execute(select(titles.c.article_id).where(has_all).limit(MOST_PICKED + 1)).scalars().all()
    if len(found) <= MOST_PICKED:
        return chosen.where(ids.in_(found))
    return chosen.where(exists().where(titles.c.article_id == ids, has_all))


def mend(connection: Connection) -> None:
    """Bring in line what a former version of the program, which knows no such table, wrote beside this one."""
    # By their ids alone, which an index holds: this is asked every hour, and articles are long.
    unnamed = (
        select(articles.c.id)
        .outerjoin(titles, titles.c.article_id == articles.c.id)
        .where(titles.c.article_id.is_(None))
        .limit(_AT_ONCE)
    )
    ids = connection.execute(unnamed).scalars().all()
    for start in range(0, len(ids), _TOGETHER):
        some = select(articles.c.id, articles.c.document).where(articles.c.id.in_(ids[start : start + _TOGETHER]))
        named = [
            {"article_id": one.id, "title": load(one.document).title.casefold()} for one in connection.execute(some)
        ]
        connection.execute(insert(titles), named)
    blank = titles.c.article_id.in_(select(takedowns.c.article_id)) & (titles.c.title != "")
    connection.execute(update(titles).where(blank).values(title=""))
