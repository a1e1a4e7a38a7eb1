"""An installation in a folder of its own, and what the doctor says of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import make_settings

from feedsvc.config import Settings
from feedsvc.doctor.examination import examine
from feedsvc.doctor.finding import Finding
from feedsvc.errors import ServerError
from feedsvc.formats.registry import formats
from feedsvc.ingest import holder
from feedsvc.ingest.run import Ingest
from feedsvc.publish.configured import configure
from feedsvc.store.base import INGEST, Store
from feedsvc.store.opening import open_store

FERRY = "The ferry sails again\n\nAfter the repairs the ferry is back on the water.\n"


class Installation:
    """Settings, a content folder and a store; *now* is a minute ahead, so that all files here have settled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir()
        self.store_file = folder / "var" / "feedsvc.db"
        self.now = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
        self.taken: str = ""
        self.answering = False
        self.waited = 0.0
        self.meanwhile: Callable[[], None] = lambda: None
        self.settings: Settings
        self.configure(site={"base_url": "https://harbour-courier.no", "authority": "harbour-courier.no,2026"})

    def configure(self, **tables: object) -> None:
        site = {
            "base_url": "https://harbour-courier.no",
            "authority": "harbour-courier.no,2026",
            "timezone": "Europe/Oslo",
        }
        given = dict(tables)
        given["site"] = {**site, **given.get("site", {})}  # type: ignore[dict-item]
        made = make_settings(**given)
        content = made.content.model_copy(update={"path": self.content, "attached": self.folder / "var" / "attached"})
        server = made.server.model_copy(update={"token_file": self.folder / "var" / "desk-token"})
        store = made.store.model_copy(update={"url": f"sqlite:///{self.store_file}"})
        self.settings = made.model_copy(update={"content": content, "store": store, "server": server})

    def write(self, name: str, text: str = FERRY) -> Path:
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def store(self) -> Store:
        return open_store(self.settings.store.url)

    def take_in(self, *, holding: str = "") -> None:
        """A pass; *holding* keeps the lease under that name."""
        store = self.store()
        lease = store.lease(INGEST, holding or "test", ttl=timedelta(minutes=1))
        assert lease is not None
        configure(store, self.settings, now=self.now, lease=lease)
        one = Ingest(self.settings, formats(), store, clock=lambda: self.now, tick=lambda: 0.0)
        report = one.full(lease)
        one.close()
        store.record_pass(report.as_json(), started=self.now, finished=self.now)
        if not holding:
            store.release(lease)
        store.close()

    def serve(self) -> None:
        """As if this process were the service."""
        self.take_in(holding=holder.this_process())
        self.taken, self.answering = "it is taken", True

    def findings(self) -> list[Finding]:
        asked = {"reserve": self._reserve, "answers": lambda *_: self.answering, "wait": self._wait}
        return list(examine(self.settings, now=self.now, **asked))  # type: ignore[arg-type]

    def troubles(self) -> list[str]:
        """``level where: what``, of all that is not well; places are below the folder."""
        return [
            f"{one.level} {one.where.removeprefix(f'{self.folder}/')}: {one.what.replace(f'{self.folder}/', '')}"
            for one in self.findings()
            if one.level != "ok"
        ]

    def _wait(self, seconds: float) -> None:
        self.waited += seconds
        self.meanwhile()

    def _reserve(self, _host: str, _port: int) -> None:
        if self.taken:
            raise ServerError(self.taken)


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An installation with one article, its service stopped: all is well."""
    here = Installation(tmp_path)
    here.write("harbour/ferry.txt")
    here.take_in()
    return here


@pytest.fixture
def refused_access(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, int], None]:
    """Lets the system refuse access to a path, whoever runs the tests."""
    real, refused = os.access, set[tuple[str, int]]()

    def access(path: os.PathLike[str], mode: int) -> bool:
        if any(str(path) == place and mode & kind for place, kind in refused):
            return False
        return real(path, mode)

    monkeypatch.setattr(os, "access", access)
    return lambda path, mode: refused.add((str(path), mode))
