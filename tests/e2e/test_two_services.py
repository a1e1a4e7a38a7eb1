"""Two services on one store: one takes files in, both serve the same, and the other one takes over."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3

import pytest
from e2e.articles import markdown
from e2e.newsroom import FORMATS, Newsroom, Service, free_port, until

TAKEOVER = 40.0
"""Within how many seconds another service must take over."""


def two(newsroom: Newsroom) -> tuple[Service, Service]:
    """A service that takes files in, and one beside it that stands by."""
    newsroom.drop("town/a.md", markdown("Pier"))
    first = newsroom.start().wait_ingesting()
    second = newsroom.start(port=free_port())
    until(lambda: second.events("standing by: another process takes files in"))
    return first, second


def test_both_serve_the_same_and_only_one_takes_files_in(newsroom: Newsroom) -> None:
    first, second = two(newsroom)
    for number in range(20):
        newsroom.write(f"town/{number}.md", markdown(f"Boat {number}", date=""))
    titles = [f"Boat {number}" for number in range(20)]
    for service in (first, second):
        service.wait_for(*titles)
        service.wait_for(*titles, feed="town")
    feeds = [(name, suffix) for name in ("all", "town") for suffix in FORMATS]
    for service in (first, second):
        service.wait_at_rest("all", "town")
    for feed in feeds:
        coded = {"Accept-Encoding": "gzip"}
        path = f"/feeds/{feed[0]}.{feed[1]}"
        assert first.feed(*feed).stable() == second.feed(*feed).stable()
        assert first.get(path, headers=coded).headers["etag"] == second.get(path, headers=coded).headers["etag"]
    assert not second.events("taking files in")
    assert not second.events("taken in")
    assert newsroom.figures()["files"] == {"accepted": 21}


def test_a_killed_one_is_displaced_soon(newsroom: Newsroom) -> None:
    first, second = two(newsroom)
    second.wait_for("Pier", feed="town")
    before = second.feed("town").stable()[2]
    first.kill_all()
    newsroom.write("sport/b.md", markdown("Regatta"))
    second.wait_for("Regatta", seconds=TAKEOVER)
    assert second.feed("town").body == before
    assert newsroom.figures()["files"] == {"accepted": 2}


@pytest.mark.slow
def test_a_frozen_one_is_displaced_and_does_no_harm_when_it_wakes(newsroom: Newsroom) -> None:
    first, second = two(newsroom)
    frozen = first.scheduler_pid()
    os.kill(frozen, signal.SIGSTOP)
    try:
        newsroom.drop("town/a.md", markdown("Pier", "It was painted while the other one slept."))
        until(lambda: second.events("taking files in"), TAKEOVER, every=0.1)
        second.everywhere(lambda: "slept" in second.feed("all").text)
    finally:
        os.kill(frozen, signal.SIGCONT)
    until(lambda: len(first.events("standing by: another process takes files in")) == 1, what="the old one stands by")
    newsroom.drop("town/b.md", markdown("Quay", date=""))
    for service in (first, second):
        service.wait_for("Quay")
    assert newsroom.figures()["files"] == {"accepted": 2}
    assert _changes(newsroom, "town/a.md") == 2
    assert len(first.events("taking files in")) == len(second.events("taking files in")) == 1


@pytest.mark.slow
def test_one_that_is_frozen_while_it_writes_is_displaced(newsroom: Newsroom) -> None:
    first, second = two(newsroom)
    frozen = first.scheduler_pid()
    files = 0
    while True:
        for _ in range(150):
            newsroom.write(f"town/{files}.md", markdown(f"Boat {files}"))
            files += 1
        until(lambda files=files: _locked_or_written(newsroom, files), every=0)  # type: ignore[misc]
        os.kill(frozen, signal.SIGSTOP)
        if _locked(newsroom, 0.2):
            break
        os.kill(frozen, signal.SIGCONT)
    until(lambda: second.events("taking files in"), TAKEOVER, every=0.1)
    until(lambda: newsroom.figures()["files"] == {"accepted": files + 1})
    until(lambda: first.events("standing by: another process takes files in"), what="a new one stands by")
    for service in (first, second):
        service.everywhere(lambda service=service: len(service.items()) == 50)  # type: ignore[misc]


def _changes(newsroom: Newsroom, name: str) -> int:
    return len(newsroom.command("history", name, "--json").stdout.splitlines())


def _locked(newsroom: Newsroom, seconds: float) -> bool:
    """Whether somebody writes to the store, and goes on for so long."""
    with contextlib.closing(sqlite3.connect(newsroom.store, timeout=seconds, isolation_level=None)) as store:
        try:
            store.execute("BEGIN IMMEDIATE")
            store.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
    return False


def _locked_or_written(newsroom: Newsroom, files: int) -> bool:
    with contextlib.closing(sqlite3.connect(newsroom.store, timeout=5)) as store:
        (count,) = store.execute("SELECT count(*) FROM sources").fetchone()
    return count > files or _locked(newsroom, 0)
