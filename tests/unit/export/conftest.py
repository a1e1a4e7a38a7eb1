"""A site to export: a real store, the real application, a clock set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from fakes import Newsroom, make_settings

from feedsvc.cli.export import site as site_of
from feedsvc.config import Settings
from feedsvc.export.run import Report
from feedsvc.export.watch import Export
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.base import Store


class Site:
    """A newsroom and the folder that it is exported to."""

    def __init__(self, folder: Path, room: Newsroom, settings: Settings) -> None:
        self.folder, self.room, self.settings = folder, room, settings
        self.asked: list[str] = []
        self._make, self._routes = site_of(settings, room.store)  # type: ignore[arg-type]

    def opened(self, folder: Path | None = None) -> Export:
        """The export, ready to begin."""

        def application(store: Store, clock: Callable[[], datetime], cache: DocumentCache) -> WSGIApplication:
            answering = self._make(store, clock, cache)

            def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
                self.asked.append(environ["PATH_INFO"])
                return answering(environ, start_response)

            return noted

        return Export(
            folder or self.folder,
            self.settings,
            self.room.store,  # type: ignore[arg-type]
            application,
            self._routes,
            clock=self.room.clock,
        )

    def export(self, *, full: bool = False, folder: Path | None = None) -> Report:
        """One round."""
        self.asked.clear()
        one = self.opened(folder)
        try:
            return one.once(full=full)
        finally:
            one.close()

    def files(self, folder: Path | None = None) -> dict[str, bytes]:
        """What a web server would see, by path."""
        root = folder or self.folder
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and path.parent != root / ".feedsvc"
        }


@pytest.fixture
def site(room: Newsroom, tmp_path: Path) -> Site:
    settings = make_settings(
        sections={"harbour": {"title": "Harbour", "moved_from": ["docks"]}, "town": {"max_age": "5m"}},
        feeds={"limit": 3},
    )
    room.configure(settings)
    return Site(tmp_path / "site", room, settings)
