"""Files of which nothing is known, written many at a time: the short way beside ``put`` for what has no past.

What a file gives is worked out without a store, as the rows that it becomes (:func:`newcomer`), so another process
can do that. The writer then asks a few questions about all of them together, and adds the rows in a few statements.
Whatever is known in any way goes the long way, file by file. Both leave the same rows; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DataError, IntegrityError

from feedsvc import links
from feedsvc.model import Article, Medium, SourceRecord
from feedsvc.store import lifecycle, rows
from feedsvc.store.base import Claim
from feedsvc.store.bulk import insert_rows
from feedsvc.store.documents import dump_with_digest, redated
from feedsvc.store.journal import Journal
from feedsvc.store.moments import Moments
from feedsvc.store.tables import articles, changes, claims, media, moment, ms, placements, sources, titles

_BYTES = select(sources.c.sha256).where(sources.c.sha256.in_(bindparam("asked", expanding=True)))
_KEYS = select(articles.c.key).where(articles.c.key.in_(bindparam("asked", expanding=True)))
_DIGESTS = select(articles.c.digest).where(articles.c.digest.in_(bindparam("asked", expanding=True)))


class NewArticle(NamedTuple):
    """A row of ``articles``, column by column, of an article that nobody knew; behind it what readers see of it.

    It stands in *feeds* (name, and title if it has one) from *shown* on; None where none will ever show it. *visible*
    says whether they show it now; *outcome* is the word for what became of it. *title* is case-folded, to be searched.
    """

    id: str
    key: str
    source: str
    slug: str
    day: str
    pubstatus: str
    published: int
    updated: int
    released: int | None
    expires: int | None
    withdrawn: None
    digest: str
    document: str
    title: str
    feeds: tuple[tuple[str, str], ...]
    shown: int | None
    visible: bool
    outcome: str


_COLUMNS = len(articles.columns)


class NewFile(NamedTuple):
    """A file of which nothing is known, as rows of ``sources``, ``claims`` and ``media``, and its articles."""

    path: str
    sha256: str
    source: tuple[Any, ...]
    claims: tuple[tuple[Any, ...], ...]
    media: tuple[tuple[Any, ...], ...]
    articles: tuple[NewArticle, ...]


def newcomer(
    record: SourceRecord, holds: Sequence[Claim], named: Sequence[Medium], given: Sequence[NewArticle]
) -> NewFile:
    """The rows of the file *record*, which holds *holds*, names the media *named* and gives the articles *given*."""
    return NewFile(
        path=record.path,
        sha256=record.sha256,
        source=tuple(rows.source_values(record).values()),
        claims=tuple(tuple(rows.claim_values(claim).values()) for claim in holds),
        media=tuple(tuple(rows.medium_values(record.path, medium).values()) for medium in named),
        articles=tuple(given),
    )


def new_article(
    article: Article, *, now: datetime, day: date, spellings: Mapping[str, str], late: timedelta
) -> NewArticle:
    """The row of *article*, first seen at *now*, and what readers see of it; the arguments are those of ``put``."""
    released = lifecycle.released(article, None, now=now, late=late)
    placed = lifecycle.placement(article, released, now=now, placed=False)
    document, digest = dump_with_digest(article)
    feeds: tuple[tuple[str, str], ...] = ()
    if placed is not None:
        tags, authors = lifecycle.tags_of(article), lifecycle.authors_of(article)
        titles = {**tags, **authors, **spellings}
        feeds = tuple(
            (name, titles.get(name, "")) for name in (*lifecycle.section_feeds(article.sections), *tags, *authors)
        )
    return NewArticle(
        id=article.id,
        key=links.key(article.id),
        source=article.source,
        slug=article.slug,
        day=day.isoformat(),
        pubstatus=article.pubstatus.value,
        published=ms(article.published),
        updated=ms(article.updated),
        released=None if released is None else ms(released),
        expires=None if article.expires is None else ms(article.expires),
        withdrawn=None,
        digest=digest,
        document=document,
        title=article.title.casefold(),
        feeds=feeds,
        shown=None if placed is None else ms(placed.released),
        visible=placed is not None and placed.shown(now),
        outcome=lifecycle.outcome(article, None, altered=placed is not None, now=now),
    )


def add(
    connection: Connection,
    journal: Journal,
    moments: Moments,
    files: Sequence[NewFile],
    *,
    now: datetime,
    cold: bool,
) -> int:
    """Store the first of *files*, as long as nothing is known of them; answers how many those are.

    0 where the database refuses any of them: it is for the long way to find out which.
    """
    strangers = files[: _strangers(connection, files, cold=cold)]
    if strangers:
        try:
            with journal.savepoint():
                _add(connection, journal, moments, strangers, now=now, cold=cold)
        except (IntegrityError, DataError):
            return 0
    return len(strangers)


def _strangers(connection: Connection, files: Sequence[NewFile], *, cold: bool) -> int:
    """How many of *files*, from the first on, share neither bytes nor an address with any other.

    Nor with one another; nor, unless all is *cold*, what they say: it may have been withdrawn.
    """
    new = [article for file in files for article in file.articles]
    known = set(connection.execute(_BYTES, {"asked": [file.sha256 for file in files]}).scalars())
    known.update(connection.execute(_KEYS, {"asked": [article.key for article in new]}).scalars())
    if not cold:
        known.update(connection.execute(_DIGESTS, {"asked": [article.digest for article in new]}).scalars())
    for count, file in enumerate(files):
        keys = [article.key for article in file.articles]
        if not known.isdisjoint((file.sha256, *keys, *(article.digest for article in file.articles))):
            return count
        known.update((file.sha256, *keys))
        if len(set(keys)) < len(keys):
            return count
    return len(files)


def _add(
    connection: Connection,
    journal: Journal,
    moments: Moments,
    files: Sequence[NewFile],
    *,
    now: datetime,
    cold: bool,
) -> None:
    wanted = [article for file in files for article in file.articles]
    free = moments.free_for_all([article.updated for article in wanted])
    new = [_moved(article, to) for article, to in zip(wanted, free, strict=True)]
    at = ms(now)
    insert_rows(connection, sources, [file.source for file in files])
    insert_rows(connection, claims, chain.from_iterable(file.claims for file in files))
    insert_rows(connection, media, chain.from_iterable(file.media for file in files))
    insert_rows(connection, articles, [article[:_COLUMNS] for article in new])
    insert_rows(connection, titles, [(article.id, article.title) for article in new])
    insert_rows(
        connection,
        placements,
        [
            (feed, article.shown, article.published, article.id, article.expires)
            for article in new
            for feed, _ in article.feeds
        ],
    )
    insert_rows(connection, changes, _told(new, at), skip="seq")
    for article in new:
        journal.touch_all(article.feeds, seen=article.visible, updated=moment(article.updated) if cold else now)


def _moved(article: NewArticle, updated: int) -> NewArticle:
    """*article* with another ``updated``, if it is another."""
    if updated == article.updated:
        return article
    return article._replace(updated=updated, document=redated(article.document, moment(updated)))


def _told(new: Iterable[NewArticle], at: int) -> list[tuple[str, str, str, int, str]]:
    """The rows of ``changes``: that an article came, and where readers see it."""
    told = []
    for article in new:
        told.append(("", article.id, article.outcome, at, article.source))
        if article.visible:
            told += [(feed, article.id, "published", at, "") for feed, _ in article.feeds]
    return told
