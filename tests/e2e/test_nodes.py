"""Many nodes on one PostgreSQL: each answers with the same bytes and validators, and one alone takes files in."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from e2e.articles import markdown
from e2e.newsroom import FORMATS, Newsroom, Service, allowed, free_port, until
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tools import program, tied

from feedsvc.clock import utc_now
from feedsvc.store.opening import open_database, open_store

pytestmark = pytest.mark.skipif(bool(postgres.lacking()), reason=postgres.lacking() or "-")
FEEDS = tuple(f"/feeds/{name}.{suffix}" for name in ("all", "town", "sport", "tags/boats") for suffix in FORMATS)
SOON = 2.0
"""Within how many seconds a change is at every node."""


@pytest.fixture
def paper(newsroom: Newsroom) -> Newsroom:
    """A newsroom whose store is a PostgreSQL database of its own."""
    newsroom.url = postgres.shared().url(postgres.shared().database())
    newsroom.configure(workers=1)
    return newsroom


def answers(service: Service) -> dict[str, object]:
    """What every feed answers, by its address."""
    return {path: service.get(path).stable() for path in FEEDS}


def settled(service: Service) -> bool:
    """Whether every feed has come to stand: before that second is over it names no Last-Modified."""
    return all("last-modified" in service.get(path).headers for path in FEEDS)


def test_two_nodes_and_one_that_takes_files_in_are_one_service(paper: Newsroom) -> None:
    for number in range(5):
        paper.write(f"sport/{number}.md", markdown(f"Race {number}", tags=["Boats"]))
    taking, first, second = paper.node("ingest"), paper.node("web").wait_ready(), paper.node("web").wait_ready()
    taking.wait_ingesting()
    for service in (first, second):
        service.wait_for("Race 0")
    with first.polled(lambda: _alike(first, second), every=0.05) as looks:
        for number in range(30):
            paper.write(f"town/{number}.md", markdown(f"Boat {number}", date="", tags=["Boats"]))
            time.sleep(0.05)
        for service in (first, second):
            service.wait_for(*(f"Boat {number}" for number in range(30)))
            service.wait_for("Boat 29", feed="tags/boats")
    assert looks[0] > 5
    until(lambda: settled(first) and settled(second) and answers(first) == answers(second), what="both answer alike")
    for path in FEEDS:
        for coding in ("identity", "gzip", "br"):
            here = first.get(path, headers={"Accept-Encoding": coding})
            named = {"Accept-Encoding": coding, "If-None-Match": here.headers["etag"]}
            assert second.get(path, headers=named).status == 304
            since = {"If-Modified-Since": here.headers["last-modified"]}
            assert second.get(path, headers=since).status == 304
    assert paper.figures()["files"] == {"accepted": 35}
    assert not first.events("taking files in")
    assert len(taking.members()) == 3, "the parent, the scheduler and Python's tracker of resources"
    taking.stop()
    assert taking.process.returncode == 0


def _alike(first: Service, second: Service) -> None:
    """The same validator never stands for other bytes."""
    for path in FEEDS[:3]:
        one, two = first.get(path), second.get(path)
        assert one.status == two.status == 200
        if one.headers["etag"] == two.headers["etag"]:
            assert one.body == two.body


def test_a_takedown_is_at_every_node_within_two_seconds(paper: Newsroom) -> None:
    for number in range(3):
        paper.write(f"town/{number}.md", markdown(f"Boat {number}"))
    nodes = [paper.node().wait_ready() for _ in range(3)]
    for service in nodes:
        service.wait_for("Boat 0", "Boat 1", "Boat 2", seconds=60)
    taken = []
    with contextlib.closing(open_store(paper.url)) as store:
        for number in range(3):  # the best of three, for a machine may be busy
            article, page = nodes[0].items()[f"Boat {number}"]["id"], nodes[0].page_of(f"Boat {number}")
            with store.writing(None, at=utc_now()) as writer:
                assert writer.takedown(article, now=utc_now(), reason="court order")
            began = time.monotonic()
            for service in nodes:
                until(lambda service=service, title=f"Boat {number}": not service.shows(title))  # type: ignore[misc]
                assert service.get(page).status == 410
            taken.append(time.monotonic() - began)
    assert min(taken) < allowed(SOON), taken


def test_a_running_newsroom_moves_to_postgresql_and_back(newsroom: Newsroom) -> None:
    database = postgres.shared().url(postgres.shared().database())
    newsroom.configure(workers=1)
    for number in range(60):
        newsroom.write(f"town/{number}.md", markdown(f"Boat {number}", tags=["Boats"]))
    newsroom.write("sport/race.md", markdown("Race", date="", tags=["Boats"]))
    taking = newsroom.node("ingest").wait_ingesting()
    before = newsroom.node("web").wait_ready()
    before.wait_for("Race")
    newsroom.drop("town/3.md", markdown("Boat 3 has sunk", tags=["Boats"]))
    for feed in ("all", "town", "tags/boats"):
        before.wait_for("Boat 3 has sunk", feed=feed)
    refused = newsroom.command("backup", str(newsroom.root / "copy.db"))
    assert refused.returncode == 0
    refused = _copy(newsroom.url, database)
    assert refused.returncode == 3
    assert b"takes files in" in refused.stderr
    taking.stop()
    until(lambda: settled(before))
    told, tag = answers(before), before.get("/feeds/town.atom").headers["etag"]
    page = before.page_of("Boat 3 has sunk", feed="town")
    assert (done := _copy(newsroom.url, database)).returncode == 0, done.stderr
    back = f"sqlite:///{newsroom.root}/back.db"
    assert (done := _copy(database, back)).returncode == 0, done.stderr
    again = _copy(newsroom.url, database)
    assert again.returncode == 3
    assert b"not empty" in again.stderr
    for url in (database, back):
        after = newsroom.node("web", url=url).wait_ready()
        after.everywhere(lambda after=after: answers(after) == told)  # type: ignore[misc]
        assert after.get(page).stable()[2] == before.get(page).stable()[2]
        after.stop()
    before.stop()
    newsroom.url = database
    newsroom.configure(workers=1)
    moved = newsroom.start().wait_ingesting()
    moved.everywhere(lambda: answers(moved) == told)
    newsroom.drop("town/new.md", markdown("New", date=""))
    moved.wait_for("New", feed="town")
    assert newsroom.figures()["files"] == {"accepted": 62}
    former = int(str(tag).strip('"').partition("-")[0], 36)
    now = int(moved.get("/feeds/town.atom").headers["etag"].strip('"').partition("-")[0], 36)
    assert now > former, "the numbers of changes go on"


def _copy(source: str, target: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "feedsvc", "store", "copy", source, target]
    return subprocess.run(command, capture_output=True, timeout=120, check=False)


# ---------------------------------------------------------------- a pooler
@pytest.fixture
def bouncer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """The port of a PgBouncer before the shared server, in transaction mode unless another is asked for."""
    mode = getattr(request, "param", "transaction")
    binary = program("pgbouncer")
    port, folder = free_port(), tmp_path / "bouncer"
    folder.mkdir()
    (folder / "users.txt").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={postgres.shared().port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = trust\nunix_socket_dir =\n"
        f"auth_file = {folder}/users.txt\npool_mode = {mode}\ndefault_pool_size = 4\n"
    )
    as_user = {"user": "nobody", "group": "nogroup"} if postgres.as_root() else {}
    postgres.let_pass(folder / "pgbouncer.ini")
    process = subprocess.Popen(tied(binary, "-q", folder / "pgbouncer.ini"), **as_user)  # type: ignore[call-overload]

    def answers() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    until(answers)
    yield port
    process.terminate()
    process.wait()


def test_behind_a_pooler_in_transaction_mode(newsroom: Newsroom, bouncer: int) -> None:
    name = postgres.shared().database()
    newsroom.url = postgres.shared().url(name, port=bouncer)
    newsroom.configure(workers=2)
    newsroom.write("town/a.md", markdown("Pier"))
    nodes = [newsroom.node().wait_ready() for _ in range(2)]
    for service in nodes:
        service.wait_for("Pier")
    newsroom.drop("town/b.md", markdown("Quay", date=""))
    for service in nodes:
        service.wait_for("Quay")
        assert service.get("/readyz").status == 200
    assert "through a pooler" in newsroom.command("doctor").stdout.decode()
    assert newsroom.figures()["files"] == {"accepted": 2}


_ENDING = "SELECT CAST(:row AS text), CASE WHEN :row = '1' THEN pg_terminate_backend(pg_backend_pid()) END"


def test_a_session_that_ends_behind_a_pooler_is_told_of_once(bouncer: int, caplog: pytest.LogCaptureFixture) -> None:
    store = open_database(postgres.shared().url(postgres.shared().database(), port=bouncer))
    with contextlib.closing(store):
        for _ in range(3):
            with pytest.raises(DBAPIError), store.writer.begin() as connection:
                connection.execute(text(_ENDING), [{"row": "0"}, {"row": "1"}, {"row": "2"}])
            with store.writer.begin() as connection:
                assert connection.execute(text("SELECT 1")).scalar_one() == 1
    assert [one.getMessage() for one in caplog.records if one.name.startswith("sqlalchemy")] == []


@pytest.mark.parametrize("bouncer", ["statement"], indirect=True)
def test_a_pooler_without_transactions_is_refused_and_explained(newsroom: Newsroom, bouncer: int) -> None:
    name = postgres.shared().database()
    newsroom.url = postgres.shared().url(name)
    newsroom.configure(workers=1)
    assert newsroom.command("status").returncode == 0, "there is a store"
    newsroom.url = postgres.shared().url(name, port=bouncer)
    newsroom.configure(workers=1)
    assert newsroom.begin().process.wait(60) == 3
    found = newsroom.command("doctor")
    assert found.returncode == 1
    assert "statement pooling mode" in found.stdout.decode()
