"""A pair of nodes is upgraded one after the other, under readers who notice nothing."""

from __future__ import annotations

import contextlib
import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from deploy.conftest import DEPLOY, ask
from deploy.upgrading import NEXT, next_version
from e2e.articles import markdown
from e2e.newsroom import FORMATS, Answer, Newsroom, Service, free_port, until
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from tools import program, serving

from feedsvc.store import schema


def balancer(port: int, *nodes: int) -> str:
    """The proxy of ``deploy/nginx.conf`` before *nodes*, without TLS."""
    found = (DEPLOY / "nginx.conf").read_text()
    upstream, _, rest = found.partition("server {\n    listen 80;")
    proxy = rest.rpartition("    location / {")[2]
    servers = "\n".join(f"    server 127.0.0.1:{node} max_fails=0;" for node in nodes)
    first = "    server 127.0.0.1:8000 max_fails=0;"
    assert first in upstream
    upstream = upstream.replace(first, servers)
    return f"{upstream}server {{\n    listen 127.0.0.1:{port};\n    gzip off;\n    location / {{{proxy}"


class Readers:
    """Polls without a pause, and remembers what was not as it should be."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.port, self.paths = port, paths
        self.polls = 0
        self.wrong: list[str] = []
        self.seen: dict[str, set[tuple[str | None, bytes]]] = {path: set() for path in paths}
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(3)]

    def _read(self) -> None:
        while not self._stopping.wait(0.01):
            for path in self.paths:
                try:
                    answer = ask(self.port, path)
                except (OSError, http.client.HTTPException) as error:
                    self.wrong.append(f"{path}: {error!r}")
                    continue
                self.polls += 1
                if answer.status != 200:
                    self.wrong.append(f"{path}: {answer.status}")
                self.seen[path].add((answer.headers.get("etag"), answer.body))

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)

    def more(self) -> None:
        """Wait for some more polls."""
        wanted = self.polls + 30
        until(lambda: self.polls >= wanted, what="polls go on")


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, newsroom: Newsroom) -> Newsroom:
    """A newsroom whose store is a SQLite file, or a PostgreSQL database of its own."""
    if request.param == "postgresql":
        if postgres.lacking():
            pytest.skip(postgres.lacking())
        newsroom.url = postgres.shared().url(postgres.shared().database())
    return newsroom


def revision(newsroom: Newsroom) -> str:
    engine = create_engine(newsroom.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as store:
        return str(store.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def answers(service: Service, paths: list[str]) -> dict[str, Answer]:
    return {path: service.get(path) for path in paths}


@contextlib.contextmanager
def pair(newsroom: Newsroom) -> Iterator[tuple[Service, Service]]:
    """Two nodes of this version with some articles, at rest."""
    newsroom.configure(workers=1)
    for number in range(3):
        newsroom.drop(f"town/{number}.md", markdown(f"Boat {number}"))
    first = newsroom.start().wait_ingesting()
    second = newsroom.start(port=free_port())
    for one in (first, second):
        for feed in ("all", "town"):
            one.wait_for("Boat 0", "Boat 1", "Boat 2", feed=feed)
        one.wait_at_rest("all", "town")
    yield first, second


def test_a_rolling_upgrade(either: Newsroom, tmp_path: Path) -> None:
    newsroom = either
    program("nginx")
    new = {"PYTHONPATH": os.pathsep.join((str(next_version(tmp_path / "next")), str(Path(__file__).parent.parent)))}
    with pair(newsroom) as (first, second):
        paths = [f"/feeds/{name}.{suffix}" for name in ("all", "town") for suffix in FORMATS]
        paths += [first.page_of("Boat 1")]
        port = free_port()
        with (
            serving(tmp_path / "nginx", balancer(port, first.port, second.port), port),
            Readers(port, paths) as readers,
        ):
            readers.more()
            assert revision(newsroom) == schema.HEAD
            first.stop()
            upgraded = newsroom.start(port=first.port, environment=new)  # the first that starts migrates
            assert revision(newsroom) == NEXT
            readers.more()
            # The old node goes on: it serves, and it takes files in.
            until(lambda: second.events("taking files in"))
            newsroom.drop("sport/a.md", markdown("Race"))
            second.wait_for("Race", feed="sport")
            upgraded.wait_for("Race", feed="sport")
            assert not [line for line in second.lines() if line["level"] in ("error", "critical")]
            # And the old version can be started anew, should the new one be no good.
            second.stop()
            newsroom.start(port=second.port)
            readers.more()
            newsroom.services[-1].stop()
            newsroom.start(port=second.port, environment=new)
            readers.more()
        assert readers.wrong == []
        # Each node answered, old and new, and no byte changed but by the one article.
        for path in paths:
            assert len(readers.seen[path]) <= (1 if path.startswith("/feeds/town") else 2), path


def test_who_does_not_know_a_schema_that_takes_away_does_not_start(either: Newsroom, tmp_path: Path) -> None:
    newsroom = either
    new = {"PYTHONPATH": str(next_version(tmp_path / "next", expands=False))}
    newsroom.configure(workers=1)
    newsroom.start(environment=new).stop()
    assert revision(newsroom) == NEXT
    old = newsroom.begin()
    assert old.process.wait(30) == 3
    assert f"has schema {NEXT}, made by a newer feedsvc; this one knows {schema.HEAD}: upgrade it" in old.told()


def test_two_that_start_at_once_on_an_older_schema_migrate_it_once(either: Newsroom, tmp_path: Path) -> None:
    newsroom = either
    new = {"PYTHONPATH": str(next_version(tmp_path / "next"))}
    newsroom.configure(workers=1)
    newsroom.start().stop()
    assert revision(newsroom) == schema.HEAD
    both = [newsroom.begin(environment=new), newsroom.begin(port=free_port(), environment=new)]
    for one in both:
        one.wait_ready()
    assert revision(newsroom) == NEXT
