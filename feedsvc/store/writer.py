"""One writing transaction: articles with their placements, and what the readers of each feed see of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from feedsvc import links
from feedsvc.errors import ConflictError
from feedsvc.model import Article, Stored
from feedsvc.store import lifecycle, newcomers, rows
from feedsvc.store.documents import dump, dump_with_digest
from feedsvc.store.files import FileWriter
from feedsvc.store.journal import Journal, Note
from feedsvc.store.lifecycle import Placement
from feedsvc.store.moments import Moments
from feedsvc.store.newcomers import NewFile
from feedsvc.store.tables import articles, changes, claims, moment, ms, placements, sources, takedowns, titles

BLANK: dict[str, Any] = {
    "title": "", "content": "", "summary": "", "standfirst": "", "byline": "", "agency": "", "dateline": "",
    "authors": (), "categories": (), "enclosures": (), "link": "", "rights": "", "slug": "",
}  # fmt: skip
"""What a takedown leaves of an article: nothing of its text."""

# Statements are made once: that takes SQLAlchemy several times as long as it takes the database to run them.
_ARTICLE = (
    select(articles, takedowns.c.reason)
    .outerjoin(takedowns, takedowns.c.article_id == articles.c.id)
    .where(articles.c.id == bindparam("wanted"))
)
_SAYING = select(articles.c.id).where(articles.c.digest == bindparam("digest")).order_by(articles.c.id)
_ADD = insert(articles)
_NAME = insert(titles)
_RENAME = update(titles).where(titles.c.article_id == bindparam("wanted")).values(title=bindparam("now"))
_WITH_KEY = select(articles.c.id).where(articles.c.key == bindparam("wanted"))
_PLACED = select(placements).where(placements.c.article_id == bindparam("wanted")).order_by(placements.c.feed)
_UNPLACE = delete(placements).where(placements.c.article_id == bindparam("wanted"))
_PLACE = insert(placements)


class SqlWriter(FileWriter):
    """A ``Writer`` on one SQLAlchemy connection. *at* is the time of the transaction: feeds change then."""

    def __init__(self, connection: Connection, *, at: datetime, late: timedelta) -> None:
        super().__init__(connection)
        self._journal = Journal(connection, at=at)
        self._late = late
        self._moments = Moments(connection)

    def close(self) -> None:
        """Finish what is done once for the whole transaction."""
        self._journal.close()

    def savepoint(self) -> AbstractContextManager[None]:
        """All or nothing for one file."""
        return self._journal.savepoint()

    def get(self, article_id: str) -> Stored | None:
        """The article as this transaction sees it."""
        return article_at(self._connection, article_id)

    def free_updated(self, wanted: datetime, article_id: str) -> datetime:
        """*wanted*, or the next millisecond after it that no other article's ``updated`` has."""
        return moment(self._moments.free(ms(wanted), article_id))

    def add(self, files: Sequence[NewFile], *, now: datetime, cold: bool = False) -> int:
        """Store the first of *files*, as long as nothing is known of them; answers how many those are."""
        return newcomers.add(self._connection, self._journal, self._moments, files, now=now, cold=cold)

    def says_the_same(self, digest: str) -> Sequence[str]:
        """The ids of the articles that say what an article with *digest* says."""
        return self._connection.execute(_SAYING, {"digest": digest}).scalars().all()

    def put(
        self,
        article: Article,
        *,
        now: datetime,
        day: date,
        spellings: Mapping[str, str],
        why: str = "",
        cold: bool = False,
    ) -> str:
        """Store *article*, its placements and its changes; answers what became of it (see the protocol)."""
        previous = self.get(article.id)
        before = {} if previous is None else self._placements(article.id)
        after: dict[str, Placement] = {}
        if previous is not None and previous.takedown is not None:
            article = dataclasses.replace(article, **BLANK)
            released = _public_since(previous, now)
        else:
            late = timedelta() if cold else self._late
            released = lifecycle.released(article, previous, now=now, late=late)
            row = lifecycle.placement(article, released, now=now, placed=bool(before))
            after = dict.fromkeys(lifecycle.feeds_of(article), row) if row is not None else {}
        document, digest = dump_with_digest(article)
        self._store(article, previous, released=released, document=document, digest=digest, day=day)
        altered = previous is not None and (digest, *_dates(article)) != (previous.digest, *_dates(previous.article))
        outcome = lifecycle.outcome(article, previous, altered=altered or before != after, now=now)
        notes = []
        if outcome != "unchanged":
            detail = f"{why} ({article.source})" if why and article.source else why or article.source
            notes.append(Note(feed="", article_id=article.id, kind=outcome, at=now, detail=detail))
        if previous is not None and after and before.keys() != after.keys():
            notes += self._unburied(article.id, after, now=now)
        notes += self._place(article.id, before, after, now=now, altered=altered, why=why)
        self._journal.note(notes)
        seen = {note.feed for note in notes}
        titles = {**lifecycle.tags_of(article), **lifecycle.authors_of(article), **spellings}
        for feed in dict.fromkeys((*before, *after, *(note.feed for note in notes if note.feed))):
            if feed in seen or before.get(feed) != after.get(feed) or altered:
                updated = article.updated if cold else now
                self._journal.touch(feed, seen=feed in seen, updated=updated, title=titles.get(feed, ""))
        return outcome

    def withdraw(self, article_id: str, *, now: datetime, why: str, source: str = "") -> bool:
        """Take the article out of all feeds; False if it was withdrawn already."""
        known = self.get(article_id)
        if known is None or known.withdrawn is not None:
            return False
        released = _public_since(known, now)
        values = {"withdrawn": ms(now), "released": None if released is None else ms(released)}
        self._connection.execute(update(articles).where(articles.c.id == article_id).values(values))
        self._remove(article_id, "withdrawn", now=now, why=f"{why} ({source})" if source else why)
        return True

    def takedown(self, article_id: str, *, now: datetime, reason: str) -> bool:
        """Take an article down and blank it; False if there is no such article."""
        known = self.get(article_id)
        if known is None:
            return False
        self._connection.execute(delete(takedowns).where(takedowns.c.article_id == article_id))
        self._connection.execute(insert(takedowns).values(article_id=article_id, at=ms(now), reason=reason))
        blank = dataclasses.replace(known.article, **BLANK)
        released = _public_since(known, now)
        values = {
            "document": dump(blank),
            "digest": blank.digest,
            "released": None if released is None else ms(released),
        }
        self._connection.execute(update(articles).where(articles.c.id == article_id).values(values))
        self._connection.execute(_RENAME, {"wanted": article_id, "now": ""})
        self._remove(article_id, "killed", now=now, why=reason)
        return True

    def restore(self, article_id: str, *, now: datetime) -> bool:
        """Lift a takedown; its files are read again at the next pass. False if there was none."""
        lifted = self._connection.execute(delete(takedowns).where(takedowns.c.article_id == article_id))
        if not lifted.rowcount:
            return False
        files = select(claims.c.path).where(claims.c.article_id == article_id)
        self._connection.execute(update(sources).where(sources.c.path.in_(files)).values(reading=""))
        self._journal.note([Note(feed="", article_id=article_id, kind="takedown lifted", at=now)])
        return True

    # ------------------------------------------------------------------ how it is done
    def _store(
        self,
        article: Article,
        previous: Stored | None,
        *,
        released: datetime | None,
        document: str,
        digest: str,
        day: date,
    ) -> None:
        values = {
            "source": article.source,
            "pubstatus": article.pubstatus.value,
            "published": ms(article.published),
            "updated": ms(article.updated),
            "released": None if released is None else ms(released),
            "expires": None if article.expires is None else ms(article.expires),
            "withdrawn": None,
            "digest": digest,
            "document": document,
        }
        if previous is not None:
            self._connection.execute(update(articles).where(articles.c.id == article.id).values(values))
            if article.title != previous.article.title:
                self._connection.execute(_RENAME, {"wanted": article.id, "now": article.title.casefold()})
            return
        address = {"key": self._free_key(article.id), "slug": article.slug, "day": day.isoformat()}
        self._connection.execute(_ADD, {"id": article.id, **address, **values})
        self._connection.execute(_NAME, {"article_id": article.id, "title": article.title.casefold()})

    def _free_key(self, article_id: str) -> str:
        """Eight characters, or as many more as tell the article from all others."""
        for length in range(links.KEY_LENGTH, 2 * links.KEY_LENGTH):
            key = links.key(article_id, length=length)
            if self._connection.execute(_WITH_KEY, {"wanted": key}).first() is None:
                return key
        raise ConflictError(f"no free address for {article_id}")

    def _placements(self, article_id: str) -> dict[str, Placement]:
        return {
            row.feed: Placement(
                released=moment(row.released),
                published=moment(row.published),
                expires=None if row.expires is None else moment(row.expires),
            )
            for row in self._connection.execute(_PLACED, {"wanted": article_id})
        }

    def _remove(self, article_id: str, kind: str, *, now: datetime, why: str) -> None:
        """Take an article out of all feeds, and tell why it is gone."""
        before = self._placements(article_id)
        notes = [Note(feed="", article_id=article_id, kind=kind, at=now, detail=why)]
        notes += self._place(article_id, before, {}, now=now, altered=False, why=why)
        self._journal.note(notes)
        seen = {note.feed for note in notes}
        for feed in before:
            self._journal.touch(feed, seen=feed in seen, updated=now)

    def _place(
        self,
        article_id: str,
        before: Mapping[str, Placement],
        after: Mapping[str, Placement],
        *,
        now: datetime,
        altered: bool,
        why: str,
    ) -> list[Note]:
        """Replace the article's placements; answers what the readers of each feed see of it."""
        if before != after:
            if before:
                self._connection.execute(_UNPLACE, {"wanted": article_id})
            if after:
                self._connection.execute(_PLACE, [_placement(feed, article_id, row) for feed, row in after.items()])
        told = lifecycle.told(before, after, now=now, altered=altered)
        return [Note(feed=feed, article_id=article_id, kind=kind, at=at, detail=why) for feed, kind, at in told]

    def _unburied(self, article_id: str, after: Iterable[str], *, now: datetime) -> list[Note]:
        """An article that is back in other feeds is no longer gone from those that told so.

        Some readers know ids over all feeds, and would drop it.
        """
        buried = (changes.c.article_id == article_id) & (changes.c.kind == "withdrawn") & (changes.c.feed != "")
        elsewhere = buried & changes.c.feed.not_in(list(after))
        feeds = self._connection.execute(select(changes.c.feed).where(elsewhere).distinct()).scalars().all()
        if feeds:
            self._connection.execute(update(changes).where(elsewhere).values(kind="left"))
        return [Note(feed=feed, article_id=article_id, kind="left", at=now) for feed in sorted(feeds)]


def article_at(connection: Connection, article_id: str) -> Stored | None:
    """The article with that id, on any connection."""
    row = connection.execute(_ARTICLE, {"wanted": article_id}).one_or_none()
    return None if row is None else rows.stored(row)


def _public_since(known: Stored, now: datetime) -> datetime | None:
    """When the article was released; None for one that never was public, whose address says so for ever."""
    return known.released if known.was_public(now) else None


def _dates(article: Article) -> tuple[Any, ...]:
    return article.published, article.precision, article.updated


def _placement(feed: str, article_id: str, row: Placement) -> dict[str, Any]:
    return {
        "feed": feed,
        "article_id": article_id,
        "released": ms(row.released),
        "published": ms(row.published),
        "expires": None if row.expires is None else ms(row.expires),
    }
