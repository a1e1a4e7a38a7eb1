"""How the service ends, and how it does not start."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time

import pytest
from e2e.articles import markdown
from e2e.newsroom import PATIENCE, Newsroom, Service, allowed, session_members, until

HALF = b"GET /feeds/all.atom HTTP/1.1\r\nHost: harbour.example\r\nAccept-Enc"
WHOLE = b"GET /feeds/all.atom HTTP/1.1\r\nHost: harbour.example\r\n\r\n"


def connect(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=20)


@pytest.mark.parametrize("how", ["SIGTERM", "Ctrl-C"])
def test_it_ends_in_time_whatever_is_under_way(newsroom: Newsroom, how: str) -> None:
    for number in range(300):
        newsroom.write(f"town/{number}.md", markdown(f"Boat {number}"))
    service = newsroom.start()
    connections = [connect(service) for _ in range(8)]
    for connection in connections[:4]:
        connection.sendall(WHOLE)  # and then idle, kept alive
        assert connection.recv(65536).startswith(b"HTTP/1.1 ")
    for connection in connections[4:6]:
        connection.sendall(HALF)
    # The last two say nothing at all. By now the ingest of the files above runs, or is about to.
    started = time.monotonic()
    if how == "Ctrl-C":
        os.killpg(service.pid, signal.SIGINT)  # as a terminal does
    else:
        service.process.terminate()
    assert service.process.wait(PATIENCE) == 0
    assert time.monotonic() - started < allowed(5)
    until(lambda: not service.members(), what="nothing is left")
    assert "Traceback" not in service.told()
    for connection in connections:
        connection.close()


def test_a_request_under_way_is_finished(newsroom: Newsroom) -> None:
    # More than the buffers of a connection hold: the answer is on its way until the client has read it.
    newsroom.configure('[feeds]\nmax_bytes = "20 MB"')
    for boat in range(5):
        text = "\n\n".join(f"{boat} {number} " + "tide " * 2000 for number in range(180))
        newsroom.write(f"town/{boat}.md", markdown(f"Boat {boat}", text))
    service = newsroom.start()
    path = "/feeds/town.rss"
    service.everywhere(lambda: len(service.get(path).body) > 9_000_000)
    whole = service.get(path).body
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: harbour.example\r\n\r\n".encode())
        received = [connection.recv(1000)]
        ending = threading.Thread(target=service.stop)
        ending.start()
        time.sleep(0.5)
        assert service.process.poll() is None
        while part := connection.recv(1 << 20):
            received.append(part)
        ending.join()
    head, _, got = b"".join(received).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert got == whole
    assert service.process.returncode == 0


def test_it_can_be_stopped_while_it_starts(newsroom: Newsroom) -> None:
    for seconds in (0.7, 1.0, 1.3):
        service = newsroom.begin()
        time.sleep(seconds)
        service.process.terminate()
        assert service.process.wait(PATIENCE) in (0, -signal.SIGTERM)
        until(lambda service=service: not service.members())  # type: ignore[misc]
        assert "Traceback" not in service.told()


def test_nothing_outlives_a_killed_parent(newsroom: Newsroom) -> None:
    newsroom.drop("town/a.md", markdown("Pier"))
    service = newsroom.start().wait_ingesting()
    service.wait_for("Pier")
    before = {suffix: service.feed("town", suffix) for suffix in ("rss", "atom", "json")}
    assert len(service.members()) >= 4
    os.kill(service.pid, signal.SIGKILL)
    service.process.wait()
    until(lambda: not session_members(service.pid), what="all its processes have ended")
    again = newsroom.start().wait_ingesting()  # on the same port
    for suffix, answer in before.items():
        assert again.feed("town", suffix).body == answer.body


def test_a_killed_worker_is_replaced(newsroom: Newsroom) -> None:
    newsroom.drop("town/a.md", markdown("Pier"))
    service = newsroom.start().wait_ingesting()
    service.wait_for("Pier")
    others = {service.pid, service.scheduler_pid()}
    workers = {pid for pid, command in service.members().items() if "serve" in command and pid not in others}
    assert len(workers) == 2
    victim = min(workers)
    os.kill(victim, signal.SIGKILL)
    until(lambda: _workers(service, others) - workers, what="another worker")
    service.wait_for("Pier")
    service.stop()
    assert service.process.returncode == 0


def _workers(service: Service, others: set[int]) -> set[int]:
    return {pid for pid, command in service.members().items() if "serve" in command and pid not in others}


def test_a_scheduler_that_keeps_dying_ends_the_service_with_one_line(newsroom: Newsroom) -> None:
    service = newsroom.start()
    for deaths in range(1, 4):
        until(lambda deaths=deaths: len(service.events("taking files in")) == deaths)  # type: ignore[misc]
        os.kill(service.scheduler_pid(), signal.SIGKILL)
    assert service.process.wait(PATIENCE) == 4
    last = service.err.read_text().splitlines()[-1]
    assert last.startswith("feedsvc: the scheduler died 3 times")


# ---------------------------------------------------------------------- wrong starts
def fails(newsroom: Newsroom) -> tuple[int, list[str]]:
    """Exit code and lines of a service that does not start."""
    service = newsroom.begin()
    code = service.process.wait(PATIENCE)
    assert not service.members()
    return code, service.told().splitlines()


def test_a_taken_port_is_told_in_one_line(newsroom: Newsroom, service: Service) -> None:
    code, lines = fails(newsroom)
    assert code == 4
    assert len(lines) == 1
    assert re.match(rf"feedsvc: .*127\.0\.0\.1:{service.port} .*in use.*\[server\] port", lines[0]), lines
    assert service.get("/healthz").status == 200


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ('[content2]\npath = "x"', "content2"),
        ("[feeds]\nlimitt = 3", "'limit'"),
        ('[feeds]\nmax_age = "soon"', "feeds.max_age"),
        ("[feeds\nlimit = 3", "TOML"),
    ],
)
def test_a_bad_config_is_told_in_one_line(newsroom: Newsroom, extra: str, told: str) -> None:
    newsroom.configure(extra)
    is_told_in_one_line(newsroom, told)


def test_a_database_that_is_not_supported_is_told_in_one_line(newsroom: Newsroom) -> None:
    newsroom.url = "mysql://x/y"
    newsroom.configure()
    is_told_in_one_line(newsroom, "store.url")


def is_told_in_one_line(newsroom: Newsroom, told: str) -> None:
    code, lines = fails(newsroom)
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith("feedsvc: ")
    assert told in lines[0]


def test_a_missing_config_is_told_in_one_line(newsroom: Newsroom) -> None:
    newsroom.config.unlink()
    code, lines = fails(newsroom)
    assert (code, len(lines)) == (2, 1)
    assert str(newsroom.config) in lines[0]


def test_a_store_that_is_none_is_told_in_one_line(newsroom: Newsroom) -> None:
    newsroom.store.parent.mkdir()
    newsroom.store.write_bytes(b"this is no database, but nobody may overwrite it" * 100)
    before = newsroom.store.read_bytes()
    code, lines = fails(newsroom)
    assert (code, len(lines)) == (3, 1)
    assert str(newsroom.store) in lines[0]
    assert newsroom.store.read_bytes() == before
