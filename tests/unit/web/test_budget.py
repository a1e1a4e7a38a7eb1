"""The budget of full downloads: whom it counts, whom it turns away, and how."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from fakes import Newsroom, make_article, make_settings
from flask.testing import FlaskClient

from feedsvc.web.app import create_app
from feedsvc.web.budget import PollBudget, client, poll_budget

PROXIES = ("10.0.0.0/8", "fd00::/8")


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def from_(address: str, forwarded: str = "") -> dict[str, Any]:
    return {"REMOTE_ADDR": address} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "6.6.6.6, 198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("10.1.1.1", "10.9.9.9, 10.2.2.2", "10.9.9.9"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "198.51.100.1, rubbish", "10.1.1.1"),
        ("10.1.1.1", "6.6.6.6, , 10.2.2.2", "10.2.2.2"),
        ("10.1.1.1", " 198.51.100.1:4711 ", "198.51.100.1"),
        ("10.1.1.1", '"[2001:db8:1:2:3::4]:80"', "2001:db8:1:2::/64"),
        ("fd00::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("::ffff:10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("", "", ""),
    ],
)
def test_who_asks(peer: str, forwarded: str, found: str) -> None:
    networks = [ipaddress.ip_network(one) for one in PROXIES]
    assert client(from_(peer, forwarded), networks) == found


def test_nobody_is_trusted_unless_named() -> None:
    assert client(from_("10.1.1.1", "198.51.100.1"), ()) == "10.1.1.1"
    assert client(from_("", "198.51.100.1"), ()) == ""


def test_a_long_header_is_read_from_its_end() -> None:
    networks = [ipaddress.ip_network(one) for one in PROXIES]
    assert client(from_("10.1.1.1", "1.1.1.1," * 100_000 + "198.51.100.1"), networks) == "198.51.100.1"


def test_a_budget_is_used_up_and_comes_back_bit_by_bit() -> None:
    watch = Watch()
    budget = PollBudget(3, 60, tick=watch)
    reader, other = from_("192.0.2.7"), from_("192.0.2.8")
    assert [budget.wait(reader) for _ in range(5)] == [0, 0, 0, 20, 20]
    assert budget.wait(other) == 0
    watch.now = 19.5
    assert budget.wait(reader) == 1
    watch.now = 20
    assert [budget.wait(reader) for _ in range(2)] == [0, 20]
    watch.now = 10_000
    assert [budget.wait(reader) for _ in range(4)] == [0, 0, 0, 20]


def test_it_remembers_no_more_than_so_many() -> None:
    watch = Watch()
    budget = PollBudget(1, 60, most=10, tick=watch)
    for number in range(10):
        assert budget.wait(from_(f"192.0.2.{number}")) == 0
    assert budget.wait(from_("192.0.2.0")) == 60
    assert budget.wait(from_("192.0.2.99")) == 0
    assert len(budget._left) == 10
    assert budget.wait(from_("192.0.2.1")) == 0, "heard of longest ago, it was forgotten"
    assert budget.wait(from_("192.0.2.0")) == 60


def test_it_is_off_unless_asked_for() -> None:
    assert poll_budget(make_settings()) is None
    assert poll_budget(make_settings(server={"poll_budget": "60/h"})) is not None


@pytest.fixture(params=["the short way", "the route"])
def strict(request: pytest.FixtureRequest, room: Newsroom) -> FlaskClient:
    """A site that gives two full feeds an hour."""
    room.put(make_article())
    settings = make_settings(server={"poll_budget": "2/h", "trusted_proxies": list(PROXIES)})
    app = create_app(settings, room.store, room.clock, short=request.param == "the short way")
    return app.test_client()


def test_full_downloads_without_validators_count_and_nothing_else(strict: FlaskClient) -> None:
    feed = "/feeds/harbour.rss"
    etag = strict.get(feed).headers["ETag"]
    for _ in range(5):
        assert strict.head(feed).status_code == 200
        assert strict.options(feed).status_code == 200
        assert strict.get(feed, headers={"If-None-Match": etag}).status_code == 304
        assert strict.get(feed, headers={"If-None-Match": '"old"'}).status_code == 200
        assert strict.get(feed, headers={"If-Modified-Since": "Sat, 14 Mar 2020 12:00:00 GMT"}).status_code == 200
        assert strict.get("/feeds/nothing.rss").status_code == 404
        assert strict.get("/").status_code == 200
    assert strict.get("/feeds/all.json").status_code == 200
    refused = strict.get(feed)
    assert refused.status_code == 429
    assert 1790 <= int(refused.headers["Retry-After"]) <= 1800
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.headers["Content-Length"] == str(len(refused.data))
    assert 0 < len(refused.data) < 120
    for absent in ("ETag", "Last-Modified", "Link"):
        assert absent not in refused.headers
    assert strict.get(feed, headers={"If-None-Match": etag}).status_code == 304


def test_each_address_behind_a_trusted_proxy_has_its_own(strict: FlaskClient) -> None:
    def asked(peer: str, forwarded: str) -> int:
        return strict.get(
            "/feeds/harbour.rss", environ_base={"REMOTE_ADDR": peer}, headers={"X-Forwarded-For": forwarded}
        ).status_code

    assert [asked("10.1.1.1", "192.0.2.7") for _ in range(3)] == [200, 200, 429]
    assert asked("10.1.1.1", "192.0.2.8") == 200
    # Who is not trusted cannot speak for others.
    assert [asked("198.51.100.1", f"192.0.2.{n}") for n in range(20, 23)] == [200, 200, 429]
    # Nor can a client by what it wrote before the proxy did.
    assert [asked("10.1.1.1", f"192.0.2.{n}, 198.51.100.9") for n in range(30, 33)] == [200, 200, 429]
