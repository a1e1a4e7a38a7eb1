"""A newsroom in a folder of its own: a config file, a content folder, a real store, and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc import config
from feedsvc.cli.main import cli
from feedsvc.clock import utc_now
from feedsvc.config import Settings
from feedsvc.formats.registry import formats
from feedsvc.ingest.report import PassReport
from feedsvc.ingest.run import Ingest
from feedsvc.publish.configured import configure
from feedsvc.store.base import INGEST, Store
from feedsvc.store.opening import open_store

CONFIG = """
[site]
base_url = "https://news.example.org"
title = "The Harbour Courier"
authority = "news.example.org,2026"
timezone = "Europe/Berlin"

[content]
settle = "0s"

[sections.harbour]
title = "Harbour"
"""
FERRY = """\
---
title: The ferry sails again
date: 2026-01-05T10:00:00Z
author: Ada Quill
---
After the repairs the ferry is back on the water.
"""


class Newsroom:
    """A folder with everything that the commands need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir()
        self.config = folder / "feedsvc.toml"
        self.config.write_text(CONFIG)

    @property
    def settings(self) -> Settings:
        """The settings of its config file."""
        return config.load(self.config, {})

    def write(self, name: str, text: str | bytes = FERRY) -> Path:
        """A file below the content folder."""
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Its store, made if there is none yet."""
        store = open_store(self.settings.store.url)
        try:
            yield store
        finally:
            store.close()

    def take_in(self) -> PassReport:
        """One full pass."""
        with self.store() as store:
            lease = store.lease(INGEST, "test", ttl=timedelta(minutes=1))
            assert lease is not None
            configure(store, self.settings, now=utc_now(), lease=lease)
            ingest = Ingest(self.settings, formats(), store, clock=utc_now, tick=time.monotonic)
            report = ingest.full(lease)
            ingest.close()
            store.record_pass(report.as_json(), started=utc_now(), finished=utc_now())
            store.release(lease)
        return report

    def run(self, *arguments: str) -> Result:
        """``feedsvc ARGUMENTS --config ...``, in this process."""
        return CliRunner().invoke(cli, [*arguments, "--config", str(self.config)])

    def process(
        self, *arguments: str, environ: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """``feedsvc ARGUMENTS``, as a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "feedsvc", *arguments],
            cwd=cwd or self.folder,
            env={**os.environ, **(environ or {})},
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
            check=False,
        )


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)
