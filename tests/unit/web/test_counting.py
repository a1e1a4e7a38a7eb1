"""Polls counted on both ways, whoever asks; without an address, without a write, without an end to memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article, make_settings

from feedsvc.board import Board
from feedsvc.config import Settings
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.document import Outcome
from feedsvc.web import counting
from feedsvc.web.app import create_app
from feedsvc.web.counting import Counting

SINCE = NOON - timedelta(days=1)
RSS = "/feeds/all.rss"


class Site:
    """A site over a newsroom, with or without the short way, whose cache stands ready."""

    def __init__(self, room: Newsroom, settings: Settings, *, short: bool) -> None:
        self.board = Board()
        self.cache = DocumentCache(room.store, settings, room.clock)
        self.counting = Counting(room.store, settings, room.clock, board=self.board, cache=self.cache)
        app = create_app(
            settings, room.store, room.clock, self.cache, board=self.board, counting=self.counting, short=short
        )
        self.client = app.test_client()

    def poll(self, path: str = RSS, *, method: str = "GET", address: str = "192.0.2.1", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, headers=named, environ_overrides={"REMOTE_ADDR": address})


@pytest.fixture
def filled(room: Newsroom) -> Newsroom:
    room.put(make_article("ferry", content="<p>" + "The tide came in. " * 200 + "</p>"))
    room.clock.move(minutes=5)
    return room


@pytest.fixture(params=["the short way", "Flask's way"])
def site(filled: Newsroom, request: pytest.FixtureRequest) -> Iterator[Site]:
    made = Site(filled, make_settings(server={"poll_budget": "4/h"}), short=request.param == "the short way")
    if request.param == "the short way":
        made.cache.get("all", "rss")  # loaded here: a busy machine may keep the thread waiting
        made.cache.start()
    yield made
    made.cache.stop()


def counted(site: Site) -> dict[str, int]:
    assert site.counting.flush()
    (row,) = site.counting._store.polls(hours=False, since=SINCE)
    names = ("polls", "conditional", "unchanged", "sent", "spared", "squeezed", "pollers")
    return {name: getattr(row, name) for name in names}


def test_both_ways_count_alike(site: Site) -> None:
    plain = site.poll(User_Agent="Reader A")
    coded = site.poll(User_Agent="Reader A", Accept_Encoding="gzip")
    spared = site.poll(User_Agent="Reader B", Accept_Encoding="gzip", If_None_Match=coded.headers["ETag"])
    head = site.poll(User_Agent="Reader B", method="HEAD", Accept_Encoding="gzip")
    assert [answer.status_code for answer in (plain, coded, spared, head)] == [200, 200, 304, 200]
    size, small = len(plain.data), len(coded.data)
    assert counted(site) == {
        "polls": 4, "conditional": 1, "unchanged": 1, "sent": size + small, "spared": small,
        "squeezed": size - small, "pollers": 2,
    }  # fmt: skip


def test_the_metrics_of_both_ways_are_alike(site: Site) -> None:
    for _ in range(5):
        last = site.poll()
    assert last.status_code == 429
    site.poll("/feeds/nothing.rss")
    assert site.poll("/rss").status_code == 308
    site.poll("/nothing")
    site.counting.work_out()
    numbers = site.board.all().numbers
    assert numbers["feedsvc_polls"] == {
        ("all", "rss", "200", "identity"): 4,
        ("all", "rss", "429", "identity"): 1,
        ("unknown", "", "404", "identity"): 1,
        ("unknown", "", "308", "identity"): 1,
    }
    assert numbers["feedsvc_requests"] == {("404",): 1}
    site.counting.flush()
    (client,) = site.counting._store.clients(since=SINCE)
    assert (client.polls, client.refused, client.moved, client.gone) == (4, 1, 1, 1)


def test_a_poll_writes_nothing_and_a_flush_all(site: Site) -> None:
    store: Any = site.counting._store
    site.poll()
    before = list(store.asked)
    for _ in range(3):
        site.poll()
    assert not {"add_tally", "salt", "writing"} & set(store.asked[len(before) :])
    assert counted(site)["polls"] == 4


def test_while_the_store_is_lost_it_goes_on_and_nothing_is_lost(site: Site) -> None:
    store: Any = site.counting._store
    site.poll(User_Agent="Feedly/1.0 (16 subscribers)")
    store.lost = True
    for _ in range(3):
        assert not site.counting.flush()
    site.poll(address="192.0.2.9")
    assert not site.counting.flush()
    store.lost = False
    assert counted(site)["polls"] == 2
    assert [row.declared for row in store.declared(since=SINCE)] == [16]


def test_workers_count_the_same_client_once_by_the_salt_that_they_share(filled: Newsroom) -> None:
    workers = [Site(filled, make_settings(), short=True) for _ in range(2)]
    for worker in workers:
        for number in range(3):
            worker.poll(address=f"192.0.2.{number}")
        worker.counting.flush()
    assert counted(workers[0])["pollers"] == 3


def test_no_address_and_no_user_agent_is_kept(filled: Newsroom, tmp_path: Path) -> None:
    site = Site(filled, make_settings(server={"trusted_proxies": ["10.0.0.0/8"]}), short=True)
    for number in range(40):
        site.poll(
            address="10.1.1.1", X_Forwarded_For=f"198.51.100.{number}", User_Agent="Joes Fetcher/7.3 (joe@a.test)"
        )
    assert counted(site)["pollers"] == 40
    with sqlite3.connect(tmp_path / "store.db") as connection:
        kept = "\n".join(connection.iterdump())
    connection.close()
    assert "Joes Fetcher" in kept
    for said in ("198.51", "10.1.1", "7.3", "joe@"):
        assert said not in kept


def test_the_salt_of_a_day_goes_with_it(filled: Newsroom) -> None:
    site = Site(filled, make_settings(), short=True)
    salts: list[bytes] = []
    for _ in range(3):
        site.poll()
        site.counting.flush()
        salts += [salt for salt in site.counting._salts.values() if salt not in salts]
        filled.clock.move(days=1)
    assert len(salts) == 3
    assert len(site.counting._salts) == 1


def test_a_salt_is_there_before_its_day_begins(filled: Newsroom) -> None:
    site, other = (Site(filled, make_settings(), short=True) for _ in range(2))
    filled.clock.move(hours=11)
    for one in (site, other):
        one.poll()
        one.counting.work_out()
    filled.store.lost = True
    filled.clock.move(hours=2)
    for one in (site, other):
        one.counting.work_out()
    assert site.counting._salt(0 + round(filled.clock.now.timestamp() * 1000)) == other.counting._salt(
        round(filled.clock.now.timestamp() * 1000)
    )


def test_what_waits_is_bounded_and_its_overflow_told(filled: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_KINDS", 200)
    site = Site(filled, make_settings(), short=True)
    document = site.cache.get("all", "rss")
    for number in range(400):
        environ = {"HTTP_USER_AGENT": f"{number} " + "x" * 5000, "REMOTE_ADDR": "192.0.2.1"}
        site.counting.saw(environ, ("all", "rss"), document, Outcome("200 OK", "", 1, conditional=False))
    assert len(site.counting._seen) == 200
    assert max(len(seen[3]) for seen in site.counting._seen) <= 300
    site.counting.work_out()
    assert site.board.all().numbers["feedsvc_counting_overflows"] == {(): 1}


def test_the_thread_writes_the_rest_when_it_stops(filled: Newsroom) -> None:
    site = Site(filled, make_settings(), short=True)
    site.counting.start()
    site.poll()
    site.counting.stop()
    (row,) = filled.store.polls(hours=False, since=SINCE)
    assert row.polls == 1
