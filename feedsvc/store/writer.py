"""One writing transaction: articles with their placements and changes, and what became of each file."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from feedsvc import links
from feedsvc.errors import ConflictError
from feedsvc.model import Article, PubStatus, SourceRecord, SourceState, Stored
from feedsvc.store import lifecycle, rows
from feedsvc.store.base import Claim
from feedsvc.store.documents import dump
from feedsvc.store.lifecycle import Placement
from feedsvc.store.tables import articles, changes, claims, feeds, moment, ms, placements, sources, takedowns

BLANK: dict[str, Any] = {
    "title": "", "content": "", "summary": "", "standfirst": "", "byline": "", "agency": "", "dateline": "",
    "authors": (), "categories": (), "enclosures": (), "link": "", "rights": "", "slug": "",
}  # fmt: skip
"""What a takedown leaves of an article: nothing of its text."""


class SqlWriter:
    """A ``Writer`` on one SQLAlchemy connection. *at* is the time of the transaction: feeds change then."""

    def __init__(self, connection: Connection, *, at: datetime, late: timedelta) -> None:
        self._connection = connection
        self._at = at
        self._late = late

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing for one file."""
        with self._connection.begin_nested():
            yield

    # ------------------------------------------------------------------ articles
    def get(self, article_id: str) -> Stored | None:
        """The article as this transaction sees it."""
        return get(self._connection, article_id)

    def claims(self, article_id: str) -> Sequence[Claim]:
        """The files that claim the article, by path, as this transaction sees them."""
        query = select(claims).where(claims.c.article_id == article_id).order_by(claims.c.path)
        return [rows.claim(row) for row in self._connection.execute(query)]

    def claims_by(self, path: str) -> Sequence[Claim]:
        """The claims that one file has, by article id, as this transaction sees them."""
        query = select(claims).where(claims.c.path == path).order_by(claims.c.article_id)
        return [rows.claim(row) for row in self._connection.execute(query)]

    def free_updated(self, wanted: datetime, article_id: str) -> datetime:
        """*wanted*, or the next millisecond after it that no other article's ``updated`` has."""
        start, step = ms(wanted), 64
        while True:
            query = select(articles.c.updated).where(
                articles.c.updated.between(start, start + step - 1), articles.c.id != article_id
            )
            taken = set(self._connection.execute(query).scalars())
            for candidate in range(start, start + step):
                if candidate not in taken:
                    return moment(candidate)
            start, step = start + step, step * 2

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
        if previous is not None and previous.takedown is not None:
            article = dataclasses.replace(article, **BLANK)
            released = _public_since(previous, now)
        else:
            released = lifecycle.released(article, previous, now=now, late=self._late)
        before = self._placements(article.id)
        after: dict[str, Placement] = {}
        if previous is None or previous.takedown is None:
            row = lifecycle.placement(article, released, now=now, placed=bool(before))
            after = dict.fromkeys(lifecycle.feeds_of(article.sections), row) if row is not None else {}
        digest = article.digest
        self._store(article, previous, released=released, digest=digest, day=day)
        altered = previous is not None and (digest, *_dates(article)) != (previous.digest, *_dates(previous.article))
        outcome = _outcome(article, previous, altered=altered, now=now)
        if outcome != "unchanged":
            self._note("", article.id, outcome, at=now, detail=_detail(why, article.source))
        self._place(article, before, after, now=now, altered=altered, spellings=spellings, why=why, cold=cold)
        return outcome

    def withdraw(self, article_id: str, *, now: datetime, why: str, source: str = "") -> bool:
        """Take the article out of all feeds; False if it was withdrawn already."""
        known = self.get(article_id)
        if known is None or known.withdrawn is not None:
            return False
        values = {"withdrawn": ms(now), "released": _public_since(known, now)}
        self._connection.execute(update(articles).where(articles.c.id == article_id).values(_in_ms(values)))
        self._note("", article_id, "withdrawn", at=now, detail=_detail(why, source))
        self._place(known.article, self._placements(article_id), {}, now=now, altered=False, spellings={}, why=why)
        return True

    def takedown(self, article_id: str, *, now: datetime, reason: str) -> bool:
        """Take an article down and blank it; False if there is no such article."""
        known = self.get(article_id)
        if known is None:
            return False
        self._connection.execute(delete(takedowns).where(takedowns.c.article_id == article_id))
        self._connection.execute(insert(takedowns).values(article_id=article_id, at=ms(now), reason=reason))
        blank = dataclasses.replace(known.article, **BLANK)
        query = update(articles).where(articles.c.id == article_id)
        values = {"document": dump(blank), "digest": blank.digest, "released": _public_since(known, now)}
        self._connection.execute(query.values(_in_ms(values)))
        self._note("", article_id, "killed", at=now, detail=reason)
        self._place(blank, self._placements(article_id), {}, now=now, altered=False, spellings={}, why=reason)
        return True

    def restore(self, article_id: str, *, now: datetime) -> bool:
        """Lift a takedown; its files are read again at the next pass. False if there was none."""
        lifted = self._connection.execute(delete(takedowns).where(takedowns.c.article_id == article_id))
        if not lifted.rowcount:
            return False
        files = select(claims.c.path).where(claims.c.article_id == article_id)
        self._connection.execute(update(sources).where(sources.c.path.in_(files)).values(reading=""))
        self._note("", article_id, "takedown lifted", at=now, detail="")
        return True

    # ------------------------------------------------------------------ files
    def source(self, path: str) -> SourceRecord | None:
        """One known file, as this transaction sees it."""
        return source_at(self._connection, path)

    def sources_with(self, sha256: str) -> Sequence[SourceRecord]:
        """The known files with these bytes, by path; those that are gone included."""
        query = select(sources).where(sources.c.sha256 == sha256).order_by(sources.c.path)
        return [rows.source(row) for row in self._connection.execute(query)]

    def remember(self, record: SourceRecord, holds: Sequence[Claim] | None = None) -> None:
        """Store what became of a file, and replace its claims by *holds*, if given."""
        self._replace(sources, {"path": record.path}, rows.source_values(record))
        if holds is None:
            return
        self._connection.execute(delete(claims).where(claims.c.path == record.path))
        if holds:
            self._connection.execute(insert(claims), [rows.claim_values(claim) for claim in holds])

    def claim(self, held: Claim) -> None:
        """Set what one file's claim on one article is, and with it the state of the file."""
        values = rows.claim_values(held)
        self._replace(claims, {"path": held.path, "article_id": held.article_id}, values)
        query = update(sources).where(sources.c.path == held.path)
        self._connection.execute(query.values(state=held.state.value))

    def forget(self, paths: Collection[str]) -> None:
        """Drop files that left nothing behind."""
        for path in paths:
            self._connection.execute(delete(claims).where(claims.c.path == path))
            self._connection.execute(delete(sources).where(sources.c.path == path))

    def mark(self, paths: Collection[str], state: SourceState, *, now: datetime, error: str | None = None) -> None:
        """Set state and ``seen`` of files, and the error where one is given."""
        values: dict[str, Any] = {"state": state.value, "seen": ms(now)}
        if error is not None:
            values["error"] = error
        for path in paths:
            self._connection.execute(update(sources).where(sources.c.path == path).values(values))

    # ------------------------------------------------------------------ how it is done
    def _store(
        self, article: Article, previous: Stored | None, *, released: datetime | None, digest: str, day: date
    ) -> None:
        values = _in_ms(
            {
                "source": article.source,
                "pubstatus": article.pubstatus.value,
                "published": article.published,
                "updated": article.updated,
                "released": released,
                "expires": article.expires,
                "withdrawn": None,
                "digest": digest,
                "document": dump(article),
            }
        )
        if previous is not None:
            self._connection.execute(update(articles).where(articles.c.id == article.id).values(values))
            return
        address = {
            "id": article.id,
            "key": self._free_key(article.id),
            "slug": article.slug,
            "day": day.isoformat(),
        }
        self._connection.execute(insert(articles).values(**address, **values))

    def _free_key(self, article_id: str) -> str:
        """Eight characters, or as many more as tell the article from all others."""
        for length in range(links.KEY_LENGTH, 2 * links.KEY_LENGTH):
            key = links.key(article_id, length=length)
            if self._connection.execute(select(articles.c.id).where(articles.c.key == key)).first() is None:
                return key
        raise ConflictError(f"no free address for {article_id}")

    def _placements(self, article_id: str) -> dict[str, Placement]:
        query = select(placements).where(placements.c.article_id == article_id)
        return {
            row.feed: Placement(
                released=moment(row.released),
                published=moment(row.published),
                expires=None if row.expires is None else moment(row.expires),
            )
            for row in self._connection.execute(query)
        }

    def _place(
        self,
        article: Article,
        before: Mapping[str, Placement],
        after: Mapping[str, Placement],
        *,
        now: datetime,
        altered: bool,
        spellings: Mapping[str, str],
        why: str,
        cold: bool = False,
    ) -> None:
        """Replace the article's placements, and tell each feed what its readers can see of it."""
        if before != after:
            if before:
                self._connection.execute(delete(placements).where(placements.c.article_id == article.id))
            values = [
                _in_ms({"feed": feed, "article_id": article.id, **dataclasses.asdict(row)})
                for feed, row in after.items()
            ]
            if values:
                self._connection.execute(insert(placements), values)
        stays = any(row.shown(now) for row in after.values())
        for feed in (*before, *(name for name in after if name not in before)):
            was = feed in before and before[feed].shown(now)
            shown = feed in after and after[feed].shown(now)
            if was and shown:
                kind = "updated" if altered or before[feed] != after[feed] else ""
            elif shown:
                kind = "published"
            elif was:
                kind = "left" if stays else "withdrawn"
            else:
                kind = ""
            if kind or before.get(feed) != after.get(feed) or altered:
                self._touch(feed, article, kind, now=now, title=spellings.get(feed, ""), why=why, cold=cold)

    def _touch(
        self, feed: str, article: Article, kind: str, *, now: datetime, title: str, why: str, cold: bool
    ) -> None:
        known = self._connection.execute(select(feeds).where(feeds.c.feed == feed)).one_or_none()
        if known is None:
            # A feed that no reader has seen yet: nothing in it is dated by an article that is still to come.
            self._connection.execute(insert(feeds).values(rows.new_feed(feed)))
        values: dict[str, Any] = {"generation": feeds.c.generation + 1}
        if title and (known is None or not known.title):
            values["title"] = title
        if kind:
            updated = article.updated if cold else now
            values["seq"] = self._note(feed, article.id, kind, at=now, detail=why)
            values["changed"] = max(ms(self._at), 0 if known is None else known.changed)
            values["updated"] = max(ms(updated), 0 if known is None else known.updated)
        self._connection.execute(update(feeds).where(feeds.c.feed == feed).values(values))

    def _note(self, feed: str, article_id: str, kind: str, *, at: datetime, detail: str) -> int:
        values = {"feed": feed, "article_id": article_id, "kind": kind, "at": ms(at), "detail": detail}
        done = self._connection.execute(insert(changes).values(values))
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0

    def _replace(self, table: Table, key: Mapping[str, str], values: Mapping[str, Any]) -> None:
        chosen = [table.c[name] == value for name, value in key.items()]
        if not self._connection.execute(update(table).where(*chosen).values(values)).rowcount:
            self._connection.execute(insert(table).values(values))


def get(connection: Connection, article_id: str) -> Stored | None:
    """The article with that id, on any connection."""
    query = (
        select(articles, takedowns.c.reason)
        .outerjoin(takedowns, takedowns.c.article_id == articles.c.id)
        .where(articles.c.id == article_id)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else rows.stored(row, row.reason)


def source_at(connection: Connection, path: str) -> SourceRecord | None:
    """The file known under *path*, on any connection."""
    row = connection.execute(select(sources).where(sources.c.path == path)).one_or_none()
    return None if row is None else rows.source(row)


def _public_since(known: Stored, now: datetime) -> datetime | None:
    """When the article was released; None for one that never was public, whose address says so for ever."""
    return known.released if known.was_public(now) else None


def _in_ms(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ms(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _dates(article: Article) -> tuple[Any, ...]:
    return article.published, article.precision, article.updated


def _outcome(article: Article, previous: Stored | None, *, altered: bool, now: datetime) -> str:
    """The word for what became of an article, as history and reports show it."""
    if previous is not None and previous.takedown is not None:
        return "unchanged" if not altered else "taken down"
    if article.pubstatus is PubStatus.CANCELED:
        return "unchanged" if previous is not None and not altered else "canceled"
    if article.pubstatus is PubStatus.WITHHELD:
        return "unchanged" if previous is not None and not altered and previous.withdrawn is None else "withheld"
    if previous is not None and previous.withdrawn is not None:
        return "restored"
    if previous is not None and not altered:
        return "unchanged"
    if article.expires is not None and article.expires <= now:
        return "expired"
    if article.visible_from > now:
        return "scheduled"
    if previous is None or not previous.was_public(now):
        return "published"
    return "moved" if article.source != previous.article.source and article.digest == previous.digest else "updated"


def _detail(why: str, source: str) -> str:
    return f"{why} ({source})" if why and source else why or source
