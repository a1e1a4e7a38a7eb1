"""The titles of articles, in a table of their own: narrow enough that all of them are looked through in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, insert, select, update

from feedsvc.store.documents import load
from feedsvc.store.tables import articles, takedowns, titles

MOST_PICKED = 10_000
"""Up to so many articles with the words are put in order; more of them are met often enough along the list."""
_AT_ONCE = 10_000


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
    unnamed = (
        select(articles.c.id, articles.c.document)
        .outerjoin(titles, titles.c.article_id == articles.c.id)
        .where(titles.c.article_id.is_(None))
        .limit(_AT_ONCE)
    )
    named = [
        {"article_id": one.id, "title": load(one.document).title.casefold()} for one in connection.execute(unnamed)
    ]
    if named:
        connection.execute(insert(titles), named)
    blank = titles.c.article_id.in_(select(takedowns.c.article_id)) & (titles.c.title != "")
    connection.execute(update(titles).where(blank).values(title=""))
