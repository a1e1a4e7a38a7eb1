"""A newsroom for tests: a real SQLite store that can be lost, a clock that is set by hand, and articles of its own."""

from __future__ import annotations

import io
import wave
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedsvc.config import Settings
from feedsvc.dates import Precision
from feedsvc.errors import RenderError, StoreUnavailable
from feedsvc.links import Links
from feedsvc.model import Article, Feed, Signature, SourceRecord, SourceState, Stored
from feedsvc.publish.settings import feed_digest
from feedsvc.store.base import INGEST, Claim, Lease, Store
from feedsvc.store.opening import open_store

NOON = datetime(2026, 3, 14, 12, 0, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move it on by hours, minutes, seconds."""
        self.now += timedelta(**by)
        return self.now


class LosableStore:
    """A store that stops answering when told to, and counts what it is asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.lost = False
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.store, name)
        if not callable(found):
            return found

        def asked(*args: Any, **named: Any) -> Any:
            self.asked.append(name)
            if self.lost:
                raise StoreUnavailable("the store is lost")
            return found(*args, **named)

        return asked


class Lines:
    """A renderer that writes one title a line, counts its calls, and chokes on titles with "bad" in them.

    With *naming* it says which article is at fault, as our own renderers do.
    """

    name = "Lines"
    media_type = "text/plain; charset=utf-8"

    def __init__(self, suffix: str = "txt", *, naming: bool = True) -> None:
        self.suffix = suffix
        self.naming = naming
        self.calls = 0

    def render(self, feed: Feed, links: Links) -> bytes:
        """The feed's title, the titles of its entries, and the ids of its tombstones."""
        self.calls += 1
        for entry in feed.entries:
            if "bad" in entry.article.title:
                if self.naming:
                    raise RenderError("it is bad", article_id=entry.article.id)
                raise ValueError("something is bad")
        gone = [f"gone {stone.id}" for stone in feed.tombstones]
        return "\n".join([feed.title, *(entry.article.title for entry in feed.entries), *gone]).encode()


def make_settings(**tables: Any) -> Settings:
    """Settings of a small site; *tables* replace or add tables, those of ``site`` are added to its own."""
    site = {
        "base_url": "https://news.example.org",
        "title": "The Harbour Courier",
        "authority": "news.example.org,2026",
        "timezone": "Europe/Berlin",
    }
    return Settings.model_validate({**tables, "site": {**site, **tables.get("site", {})}})


def make_article(name: str = "ferry", **fields: Any) -> Article:
    """An article published an hour before noon, in ``harbour`` unless *fields* say otherwise."""
    values: dict[str, Any] = {
        "id": f"tag:news.example.org,2026:{name}",
        "source": f"harbour/{name}.md",
        "sections": ("harbour",),
        "slug": name,
        "title": f"The {name} sails again",
        "content": f"<p>After the repairs the {name} is back on the water.</p>",
        "summary": f"After the repairs the {name} is back on the water.",
        "published": NOON - timedelta(hours=1),
        "precision": Precision.INSTANT,
    }
    values |= fields
    values.setdefault("updated", values["published"])
    return Article(**values)


def silence(seconds: int) -> bytes:
    """A sound file in which nothing is heard for *seconds*: WAV, a hundred samples a second."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(100)
            sound.writeframes(b"\x80" * 100 * seconds)
        return file.getvalue()


class Newsroom:
    """A store below *folder* and a clock; what is put into the store is put at the time of the clock.

    As a context it closes its store.
    """

    def __init__(self, folder: Path, *, late: timedelta = timedelta(days=7)) -> None:
        self.clock = Clock()
        self.store = LosableStore(open_store(f"sqlite:///{folder}/store.db"))
        self._late = late

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def lease(self) -> Lease:
        """The right to write."""
        lease = self.store.store.lease(INGEST, "test", ttl=timedelta(minutes=1))
        assert lease is not None
        return lease

    def put(self, *articles: Article, cold: bool = False, spellings: dict[str, str] | None = None) -> list[Stored]:
        """Store *articles*; answers them as the store has them."""
        now = self.clock()
        with self.store.store.writing(self.lease, at=now, late=self._late) as writer:
            for article in articles:
                writer.put(article, now=now, day=article.published.date(), spellings=spellings or {}, cold=cold)
        found = [self.store.store.get(article.id) for article in articles]
        return [stored for stored in found if stored is not None]

    def edit(self, article: Article, **fields: Any) -> Stored:
        """Store *article* with other *fields*, as changed now."""
        return self.put(replace(article, updated=self.clock(), **fields))[0]

    def withdraw(self, article: Article) -> None:
        """Take *article* out of all feeds."""
        now = self.clock()
        with self.store.store.writing(self.lease, at=now, late=self._late) as writer:
            writer.withdraw(article.id, now=now, why="its file is gone")

    def remember(self, path: str, state: SourceState, *articles: Article, **fields: Any) -> None:
        """Let the store know the file at *path*, which gives *articles*, in a *state*."""
        record = SourceRecord(
            path=path,
            signature=Signature(size=1, mtime_ns=0, ctime_ns=0, inode=0),
            first_seen=NOON,
            seen=NOON,
            state=state,
            articles=tuple(article.id for article in articles),
            notes={article.id: ("guessed",) for article in articles},
            **fields,
        )
        held = [Claim(path=path, article_id=article.id, state=state) for article in articles]
        with self.store.store.writing(self.lease, at=NOON) as writer:
            writer.remember(record, held)

    def configure(self, settings: Settings) -> None:
        """Tell the store what *settings* say of the feeds."""
        digests = {name: feed_digest(settings, name) for name in ("*", "all", *settings.sections)}
        self.store.store.configure(digests, now=self.clock(), lease=self.lease)

    def close(self) -> None:
        """Close the store."""
        self.store.store.close()
