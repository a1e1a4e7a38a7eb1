"""What many nodes do when one of them, the database or the way to it fails: polls go on, nothing is doubled or lost."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import postgres
import pytest
from e2e.articles import markdown
from e2e.cut import Line
from e2e.newsroom import FORMATS, Newsroom, Service, allowed, until

pytestmark = pytest.mark.skipif(bool(postgres.lacking()), reason=postgres.lacking() or "-")
TAKEOVER = 40.0
"""Within how many seconds another node must take over."""
QUICK = 1.0
"""How soon, in seconds, a poll is answered whatever has happened to the database."""
FEEDS = tuple(f"/feeds/{name}.{suffix}" for name in ("all", "town") for suffix in FORMATS)


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server that may be harmed."""
    with postgres.own() as server:
        yield server


@pytest.fixture
def paper(newsroom: Newsroom, server: postgres.Server) -> Newsroom:
    """A newsroom with its store there, and eight articles in its folder."""
    newsroom.url = server.url(server.database())
    newsroom.configure(workers=1)
    for number in range(8):
        newsroom.write(f"{'town' if number % 2 else 'sport'}/{number}.md", markdown(f"Boat {number}"))
    return newsroom


def two(paper: Newsroom, *, quick: bool = True, through: str = "") -> tuple[Service, Service]:
    """A node that takes files in, with *through* as its way to the store, and one beside it that stands by."""
    first = paper.node(url=through, quick=quick).wait_ready().wait_ingesting()
    second = paper.node(quick=quick).wait_ready()
    until(lambda: second.events("standing by: another process takes files in"))
    for service in (first, second):
        service.wait_for(*(f"Boat {number}" for number in range(8)))
        service.wait_for("Boat 1", feed="town")
    return first, second


@contextmanager
def polled(*services: Service, same: bool = True) -> Iterator[None]:
    """While the block runs every poll is answered soon; with the bytes of before, if they shall stay the *same*."""
    for service in services:
        until(lambda service=service: all(service.get(path).status == 200 for path in FEEDS))  # type: ignore[misc]
    before = {path: services[0].get(path).body for path in FEEDS}
    slow = [0]

    def look() -> None:
        for service in services:
            for path, body in before.items():
                answer = service.get(path)
                assert answer.status == 200, path
                assert not same or answer.body == body, path
                slow[0] += answer.seconds > allowed(QUICK)

    with services[0].polled(look, every=0.02) as looks:
        yield
        until(lambda: looks[0] > 5, what="polls go on")
    assert slow[0] <= 1 + looks[0] // 5, "some, on a busy machine"


def all_once(paper: Newsroom, server: postgres.Server, files: int) -> None:
    """Nothing was lost, and nothing was published twice."""
    until(lambda: paper.figures()["files"] == {"accepted": files}, 60, every=0.3)
    database = paper.url.rpartition("/")[2]
    twice = "SELECT article_id FROM changes WHERE feed = '' AND kind = 'published' GROUP BY 1 HAVING count(*) > 1"
    assert server.sql(twice, database=database) == []
    # Who writes has the newest token: the numbers of changes and of holders go up together.
    assert server.sql("SELECT count(*) FROM articles", database=database) == [(files,)]


def reaches(service: Service) -> bool:
    """Whether a node reaches the store; where it does not, it has the last good documents, and says so."""
    answer = service.get("/readyz")
    assert answer.status == 200
    return answer.body == b"ready\n"


def drop(paper: Newsroom, name: str) -> str:
    """One more article; answers its title."""
    paper.drop(f"late/{name}.md", markdown(f"Late {name}", date=""))
    return f"Late {name}"


def test_a_killed_node_is_displaced(paper: Newsroom, server: postgres.Server) -> None:
    first, second = two(paper)
    with polled(second, same=False):
        first.kill_all()
        second.wait_for(drop(paper, "b"), seconds=TAKEOVER)
    all_once(paper, server, 9)


@pytest.mark.parametrize(
    "quick", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["short lease", "lease of every day"]
)
def test_a_frozen_node_is_displaced_and_does_no_harm_when_it_wakes(
    paper: Newsroom, server: postgres.Server, quick: bool
) -> None:
    first, second = two(paper, quick=quick)
    frozen = first.scheduler_pid()
    with polled(first, second, same=False):
        os.kill(frozen, signal.SIGSTOP)
        try:
            title = drop(paper, "b")
            until(lambda: second.events("taking files in"), TAKEOVER, every=0.1)
            second.wait_for(title)
        finally:
            os.kill(frozen, signal.SIGCONT)
        told = "standing by: another process takes files in"
        until(lambda: first.events(told), what="the old one stands by")
        other = drop(paper, "c")
        for service in (first, second):
            service.wait_for(title, other)
    assert len(first.events("taking files in")) == 1
    all_once(paper, server, 10)


def test_one_that_is_cut_off_from_the_database_is_displaced(paper: Newsroom, server: postgres.Server) -> None:
    line = Line(server.port)
    with contextlib.closing(line):
        first, second = two(paper, through=server.url(paper.url.rpartition("/")[2], port=line.port))
        with polled(first):
            line.cut()
            title = drop(paper, "b")
            second.wait_for(title, seconds=TAKEOVER)
            until(lambda: not reaches(first))
        line.mend()
        until(lambda: reaches(first))
        first.wait_for(title)
        other = drop(paper, "c")
        for service in (first, second):
            service.wait_for(other)
        assert len(first.events("taking files in")) == 1
    all_once(paper, server, 10)


def _gone_for_a_while(paper: Newsroom, away: Callable[[], None], back: Callable[[], None]) -> tuple[Service, Service]:
    first, second = two(paper)
    page = first.page_of("Boat 1")
    for service in (first, second):
        service.get(page)
    with polled(first, second):
        away()
        title = drop(paper, "b")
        for service in (first, second):
            until(lambda service=service: b"last good documents" in service.get("/readyz").body)  # type: ignore[misc]
            for path in (page, "/", "/sections/town"):
                answer = service.get(path)
                assert answer.status in (200, 503), path
                assert answer.seconds < allowed(3), path
            assert service.get(page).status == 200, "the last good pages are kept"
    with polled(first, second, same=False):
        back()
        until(lambda: reaches(first) and reaches(second))
    for service in (first, second):
        service.wait_for(title)
    return first, second


def test_the_database_is_shut_down_and_comes_back(paper: Newsroom, server: postgres.Server) -> None:
    first, second = _gone_for_a_while(paper, server.down, server.up)
    all_once(paper, server, 9)
    for service in (first, second):
        told = [line["event"] for line in service.lines() if line["level"] in ("warning", "error")]
        assert len(told) < 8, "told once each, not again and again"


def test_the_database_is_frozen_and_goes_on(paper: Newsroom, server: postgres.Server) -> None:
    _gone_for_a_while(paper, server.freeze, server.thaw)
    all_once(paper, server, 9)


def test_sessions_are_killed_while_files_come_in(paper: Newsroom, server: postgres.Server) -> None:
    nodes = [*two(paper), paper.node("web", quick=True).wait_ready()]
    nodes[2].wait_for("Boat 7")
    database = paper.url.rpartition("/")[2]
    kill = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    )
    killed, titles = 0, []
    with polled(*nodes, same=False):
        for number in range(20):
            titles.append(drop(paper, str(number)))
            killed += int(server.sql(kill, database)[0][0])
            time.sleep(0.1)
        for service in nodes:
            service.wait_for(*titles, seconds=60)
    assert killed > 20
    all_once(paper, server, 28)
