"""Stores for tests of the store itself: every kind of database, and a newsroom whose clock is set by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import postgres
import pytest
from fakes import NOON

from feedsvc.model import Article, Stored, Version, Window
from feedsvc.store.base import ALL, INGEST, Lease, Store, Writer
from feedsvc.store.opening import open_store


def _on_postgresql(folder: Path) -> Store:
    if postgres.lacking():
        pytest.skip(postgres.lacking())
    named = folder / "database"
    if not named.exists():
        named.write_text(postgres.shared().database(postgres.template()))
    return open_store(postgres.shared().url(named.read_text()))


FACTORIES: Mapping[str, Callable[[Path], Store]] = {
    "sqlite": lambda folder: open_store(f"sqlite:///{folder}/store.db"),
    "postgresql": _on_postgresql,
}
"""For each database what opens the store of a folder, always the same one for the same folder."""

T = TypeVar("T")
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


class Room:
    """A store and the time: each method acts at ``now``, under the lease of one holder."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOON

    @property
    def lease(self) -> Lease:
        """The right to write."""
        lease = self.store.lease(INGEST, "room", ttl=MINUTE)
        assert lease is not None
        return lease

    def wait(self, **by: float) -> datetime:
        """Let time pass: days, hours, minutes, seconds."""
        self.now += timedelta(**by)
        return self.now

    def write(self, work: Callable[[Writer], T], *, late: timedelta = WEEK) -> T:
        """Do *work* in one transaction."""
        with self.store.writing(self.lease, at=self.now, late=late) as writer:
            return work(writer)

    def put(
        self,
        article: Article,
        *,
        day: date | None = None,
        spellings: Mapping[str, str] | None = None,
        why: str = "",
        cold: bool = False,
        late: timedelta = WEEK,
    ) -> str:
        """Store one article; answers what became of it."""

        def work(writer: Writer) -> str:
            return writer.put(
                article,
                now=self.now,
                day=day or article.published.date(),
                spellings=spellings or {},
                why=why,
                cold=cold,
            )

        return self.write(work, late=late)

    def withdraw(self, article: Article, *, source: str = "") -> bool:
        """Withdraw one article."""
        return self.write(lambda w: w.withdraw(article.id, now=self.now, why="the file was removed", source=source))

    def takedown(self, article: Article, reason: str = "court order") -> bool:
        """Take one article down, as an operator does: without the lease."""
        with self.store.writing(None, at=self.now) as writer:
            return writer.takedown(article.id, now=self.now, reason=reason)

    def restore(self, article: Article) -> bool:
        """Lift a takedown."""
        with self.store.writing(None, at=self.now) as writer:
            return writer.restore(article.id, now=self.now)

    def stored(self, article: Article) -> Stored:
        """The article as the store has it."""
        found = self.store.get(article.id)
        assert found is not None
        return found

    def window(self, feed: str = ALL, *, limit: int = 50) -> Window:
        """The window of a feed that there is."""
        window = self.store.window(feed, self.now, limit=limit)
        assert window is not None
        return window

    def shown(self, feed: str = ALL, *, limit: int = 50) -> list[str]:
        """The ids that a feed shows now, in the order of the window."""
        window = self.store.window(feed, self.now, limit=limit)
        placed = () if window is None else window.placed
        return [
            one.entry.article.id for one in placed if one.released <= self.now and one.entry.article.visible(self.now)
        ]

    def buried(self, feed: str = ALL) -> list[str]:
        """The ids that a feed says are gone."""
        window = self.store.window(feed, self.now, limit=50)
        return [] if window is None else [stone.id for stone in window.tombstones]

    def version(self, feed: str = ALL) -> Version:
        """The version of one feed."""
        return self.store.versions()[feed]

    def outcomes(self, article: Article) -> Sequence[str]:
        """The life of one article, oldest first."""
        return [change.kind for change in reversed(self.store.history(article_id=article.id))]
