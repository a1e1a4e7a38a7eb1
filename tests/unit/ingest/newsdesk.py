"""A newsroom's drop folder for tests: real files, a real store, passes by a clock that is set by hand."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from fakes import Clock, make_settings

from feedsvc.config import Settings
from feedsvc.errors import ParseError
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.registry import Formats, formats
from feedsvc.ingest.report import PassReport
from feedsvc.ingest.run import Ingest
from feedsvc.model import Article, Placed, SourceRecord, SourceState, Stored
from feedsvc.store.base import ALL, INGEST, Lease, Store
from feedsvc.store.opening import open_store

NOON = datetime(2040, 3, 14, 12, 0, 0, tzinfo=UTC)
"""When passes take place unless a test says otherwise: so far ahead that every file here has long been settled."""
TAG = "tag:news.example.org,2026:"
_PARTS = {"authors": RawAuthor, "categories": RawCategory, "media": RawMedium}


class Items:
    """An input format that gives exactly the fields that a test wrote down: JSON of a list of raw items.

    ``{"items": []}`` is a file without an article, ``{"items": ["boom"]}`` makes the format fail.
    """

    name = "items"
    suffixes = frozenset({".items"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        return data.startswith(b'{"items"')

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        try:
            items = json.loads(data)["items"]
        except ValueError as error:
            raise ParseError("this is no JSON", line=3) from error
        if "boom" in items:
            raise RuntimeError("boom")
        return [_item(fields) for fields in items]


def _item(fields: dict[str, Any]) -> RawItem:
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _PARTS:
            values[name] = tuple(_PARTS[name](**part) for part in value)
        elif name == "literal":
            values[name] = frozenset(value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return RawItem(**values)


@functools.cache
def _empty_store() -> bytes:
    """A store with nothing in it, made once: that takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        open_store(f"sqlite:///{folder}/store.db").close()
        return (Path(folder) / "store.db").read_bytes()


class Desk:
    """A content folder, the store behind it, and the passes between them. *tables* are those of the settings.

    The store is a SQLite file of its own unless *url* says otherwise.
    """

    def __init__(self, folder: Path, *, url: str = "", **tables: Any) -> None:
        self.folder = folder
        self.root = folder / "content"
        self.root.mkdir(parents=True, exist_ok=True)
        self.clock = Clock(NOON)
        self.ticks = 0.0
        self.stopping: Callable[[], bool] = lambda: False
        if not url:
            (folder / "store.db").write_bytes(_empty_store())
        self.url = url or f"sqlite:///{folder}/store.db"
        self.store: Store = open_store(self.url)
        self.settings: Settings
        self.ingest: Ingest | None = None
        self.configure(**tables)

    def configure(self, **tables: Any) -> None:
        """Begin anew with other settings and the same store, as after a restart."""
        content = {"path": self.root, "attached": self.folder / "attached", **tables.pop("content", {})}
        self.settings = make_settings(content=content, **tables)
        self.restart()

    def restart(self) -> None:
        """Forget what is kept from pass to pass."""
        if self.ingest is not None:
            self.ingest.close()
        installed = Formats([Items(), *formats().installed])
        self.ingest = Ingest(
            self.settings,
            installed,
            self.store,
            clock=self.clock,
            tick=self.tick,
            stopping=lambda: self.stopping(),
        )

    def close(self) -> None:
        if self.ingest is not None:
            self.ingest.close()
        self.store.close()

    def tick(self) -> float:
        return self.ticks

    @property
    def running(self) -> Ingest:
        assert self.ingest is not None
        return self.ingest

    @property
    def lease(self) -> Lease:
        lease = self.store.lease(INGEST, "desk", ttl=timedelta(minutes=1))
        assert lease is not None
        return lease

    # ------------------------------------------------------------------ files
    def write(self, path: str, written: str | bytes) -> Path:
        """A file below the folder, with its folders."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(written if isinstance(written, bytes) else written.encode())
        return file

    def article(self, path: str, title: str = "", body: str = "", **keys: object) -> Path:
        """An article in Markdown, with *keys* in its front matter."""
        title = title or f"What {path} says"
        body = body or f"The text of {title.lower()} is told here in one sentence."
        front = "".join(f"{key}: {value}\n" for key, value in keys.items())
        return self.write(path, f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n{front}---\n\n{body}\n")

    def items(self, path: str, *items: dict[str, Any] | str) -> Path:
        """A file of raw items; each has a title and a body, unless it says otherwise."""
        whole = [
            one
            if isinstance(one, str)
            else {"title": "A title", "body": f"<p>What {one.get('title', 'it')} says.</p>", **one}
            for one in items
        ]
        return self.write(path, json.dumps({"items": whole}))

    def parts(self, path: str, *titles: str) -> Path:
        """A file of several articles without ids of their own."""
        return self.items(path, *({"title": title, "part": number} for number, title in enumerate(titles, start=1)))

    def move(self, path: str, to: str) -> Path:
        target = self.root / to
        target.parent.mkdir(parents=True, exist_ok=True)
        return (self.root / path).rename(target)

    def remove(self, *paths: str) -> None:
        for path in paths:
            (self.root / path).unlink()

    # ------------------------------------------------------------------ passes
    def scan(self, **after: float) -> PassReport:
        """A full pass, ten seconds after the last one unless *after* says otherwise."""
        after = after or {"seconds": 10}
        self.clock.move(**after)
        self.ticks += timedelta(**after).total_seconds()
        return self.running.full(self.lease)

    def scans(self, count: int) -> PassReport:
        """The last of several full passes."""
        for _ in range(count - 1):
            self.scan()
        return self.scan()

    def some(self, renamed: dict[str, str] | None = None, changed: Sequence[str] = ()) -> PassReport:
        """A pass over single files, as after events."""
        return self.running.some(self.lease, renamed or {}, changed)

    # ------------------------------------------------------------------ what became of it
    def source(self, path: str) -> SourceRecord:
        record = self.store.source(path)
        assert record is not None, f"{path} is not known"
        return record

    def state(self, path: str) -> SourceState:
        return self.source(path).state

    def ids(self, path: str) -> list[str]:
        """The ids of the articles that a file speaks of."""
        return list(self.source(path).articles)

    def id(self, path: str) -> str:
        (only,) = self.ids(path)
        return only

    def stored(self, path: str) -> Stored:
        """The one article that a file speaks of."""
        return self.by_id(self.id(path))

    def by_id(self, article_id: str) -> Stored:
        stored = self.store.get(article_id)
        assert stored is not None
        return stored

    def read(self, path: str) -> Article:
        return self.stored(path).article

    def notes(self, path: str) -> str:
        return " | ".join(note for notes in self.source(path).notes.values() for note in notes)

    def placed(self, feed: str = ALL) -> list[Placed]:
        """What a feed shows now."""
        now = self.clock()
        window = self.store.window(feed, now, limit=1000)
        if window is None:
            return []
        return [one for one in window.placed if one.released <= now and one.entry.article.visible(now)]

    def titles(self, feed: str = ALL) -> list[str]:
        """The titles that a feed shows now, sorted."""
        return sorted(one.entry.article.title for one in self.placed(feed))

    def tombstones(self, feed: str = ALL) -> list[str]:
        window = self.store.window(feed, self.clock(), limit=1000)
        return [] if window is None else sorted(stone.id for stone in window.tombstones)

    def sequence(self) -> dict[str, int]:
        """What every feed has counted of changes that readers can see."""
        return {name: version.seq for name, version in self.store.versions().items()}

    def shown(self) -> dict[str, object]:
        """Everything that the documents of the feeds are made of, to be compared."""
        feeds = {}
        for name, version in self.store.versions().items():
            window = self.store.window(name, self.clock(), limit=1000)
            assert window is not None
            feeds[name] = (window.placed, window.tombstones, version.updated, version.title)
        return dict(sorted(feeds.items()))

    def counts_of(self, state: SourceState) -> int:
        """How many files are in a state."""
        return self.store.counts().get(state.value, 0)
