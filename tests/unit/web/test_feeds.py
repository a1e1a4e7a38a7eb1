"""Feeds over HTTP, point by point."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta

import brotli
import feedparser  # type: ignore[import-untyped]
import pytest
from fakes import NOON, Newsroom, make_article
from flask.testing import FlaskClient

from feedsvc.config import Settings
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.document import Document
from feedsvc.web import polls
from feedsvc.web.app import create_app

RSS = "/feeds/harbour.rss"
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}


@pytest.fixture(params=["the short way", "the route"])
def client(request: pytest.FixtureRequest, room: Newsroom, settings: Settings) -> FlaskClient:
    """All that follows holds for the short way and for Flask's route alike."""
    short = request.param == "the short way"
    return create_app(settings, room.store, room.clock, short=short).test_client()


@pytest.fixture(autouse=True)
def published(room: Newsroom) -> None:
    room.put(
        make_article("ferry", title="The ferry sails"), make_article("crane", sections=("harbour", "town/council"))
    )
    room.clock.now = NOON + timedelta(hours=1)


def test_a_person_who_opens_a_feed_gets_xml_that_a_browser_lays_out_and_no_cache_shares(client: FlaskClient) -> None:
    opened = client.get(RSS, headers={"Sec-Fetch-Dest": "document"})
    assert opened.headers["Content-Type"] == "application/xml; charset=utf-8"
    policy = opened.headers["Cache-Control"].split(", ")
    assert policy[:2] == ["private", "max-age=60"]
    assert not [part for part in policy if part == "public" or part.startswith("s-maxage")]
    assert "default-src 'none'" in opened.headers["Content-Security-Policy"]
    polled = client.get(RSS, headers={"Sec-Fetch-Dest": "empty"})
    assert polled.headers["Content-Type"] == TYPES["rss"]
    assert polled.headers["Cache-Control"].startswith("public")
    assert (opened.data, opened.headers["ETag"]) == (polled.data, polled.headers["ETag"])
    known = {"Sec-Fetch-Dest": "document", "If-None-Match": opened.headers["ETag"]}
    again = client.get(RSS, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"].startswith("private")
    looked = client.get("/feeds/harbour.json", headers={"Sec-Fetch-Dest": "document"})
    assert looked.headers["Content-Type"] == TYPES["json"]


@pytest.mark.parametrize("suffix", TYPES)
def test_a_feed(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/feeds/harbour.{suffix}")
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["Content-Type"] == TYPES[suffix]
    assert headers["Content-Length"] == str(len(answer.data))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Expose-Headers"] == "ETag, Link, Retry-After"
    assert headers["Last-Modified"] == "Sat, 14 Mar 2026 12:00:00 GMT"
    assert headers["Cache-Control"].startswith("public, max-age=60, s-maxage=60, stale-while-revalidate=30")
    for absent in ("Set-Cookie", "Server", "Expires", "Date", "Transfer-Encoding"):
        assert absent not in headers
    links = headers["Link"]
    assert links.count('rel="self"') == 1
    assert f'<https://news.example.org/feeds/harbour.{suffix}>; rel="self"' in links
    assert '<https://hub.example.net/>; rel="hub"' in links
    assert links.count('rel="alternate"') == 3


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_reader_reads_it(client: FlaskClient, suffix: str) -> None:
    read = feedparser.parse(client.get(f"/feeds/harbour.{suffix}").data)
    assert not read.bozo
    assert read.feed.title == "Harbour & Port – The Harbour Courier"
    assert {entry.title for entry in read.entries} == {"The ferry sails", "The crane sails again"}


def test_every_level_has_its_feed(client: FlaskClient) -> None:
    for name in ("all", "town", "town/council"):
        read = feedparser.parse(client.get(f"/feeds/{name}.atom").data)
        assert "The crane sails again" in {entry.title for entry in read.entries}


def test_head_has_the_same_headers_and_no_body(client: FlaskClient) -> None:
    got, head = client.get(RSS), client.head(RSS)
    assert head.status_code == 200
    assert head.data == b""
    assert list(head.headers) == list(got.headers)


@pytest.mark.parametrize(("accept", "coding"), [("gzip", "gzip"), ("gzip, br", "br"), ("identity", ""), ("*;q=0", "")])
def test_codings_hold_the_same_bytes_under_tags_of_their_own(client: FlaskClient, accept: str, coding: str) -> None:
    plain = client.get(RSS)
    answer = client.get(RSS, headers={"Accept-Encoding": accept})
    decode = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}[coding]
    assert decode(answer.data) == plain.data
    assert answer.headers.get("Content-Encoding", "") == coding
    assert answer.headers["Content-Length"] == str(len(answer.data))
    tag = plain.headers["ETag"].strip('"')
    assert answer.headers["ETag"] == (f'"{tag}-{coding}"' if coding else f'"{tag}"')
    # Each is honoured, whatever the client accepts now.
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}):
        again = client.get(RSS, headers={"If-None-Match": answer.headers["ETag"], **headers})
        assert again.status_code == 304


def test_a_304_carries_what_the_200_would(client: FlaskClient) -> None:
    whole = client.get(RSS)
    bare = client.get(RSS, headers={"If-None-Match": whole.headers["ETag"]})
    assert bare.status_code == 304
    assert bare.data == b""
    for name in ("ETag", "Last-Modified", "Cache-Control", "Vary", "Link", "Access-Control-Allow-Origin"):
        assert bare.headers[name] == whole.headers[name]
    assert "Content-Length" not in bare.headers
    assert "Content-Type" not in bare.headers
    assert client.head(RSS, headers={"If-None-Match": "*"}).status_code == 304


def test_if_modified_since(client: FlaskClient) -> None:
    last = client.get(RSS).headers["Last-Modified"]
    assert client.get(RSS, headers={"If-Modified-Since": last}).status_code == 304
    for date in ("Sat, 14 Mar 2026 11:59:59 GMT", "Fri, 14 Mar 2036 12:00:00 GMT", "soon"):
        assert client.get(RSS, headers={"If-Modified-Since": date}).status_code == 200
    headers = {"If-None-Match": '"other"', "If-Modified-Since": last}
    assert client.get(RSS, headers=headers).status_code == 200


def test_asked_again_the_answer_is_the_same_until_it_is_another(client: FlaskClient, room: Newsroom) -> None:
    whole = client.get(RSS, headers={"Accept-Encoding": "gzip"})
    ahead = {"If-Modified-Since": "Sat, 14 Mar 2026 14:00:00 GMT"}
    for headers, status in (({"Accept-Encoding": "gzip"}, 200), ({"If-None-Match": whole.headers["ETag"]}, 304)):
        first, second = (client.get(RSS, headers=headers) for _ in range(2))
        assert (first.status_code, second.status_code) == (status, status)
        assert (first.data, list(first.headers)) == (second.data, list(second.headers))
        assert client.head(RSS, headers=headers).data == b""
    assert client.get(RSS, headers=ahead).status_code == 200
    room.clock.move(hours=2)
    assert client.get(RSS, headers=ahead).status_code == 304
    room.put(make_article("barge"))
    assert client.get(RSS, headers=ahead).status_code == 200
    assert client.get(RSS, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 200
    assert gzip.decompress(client.get(RSS, headers={"Accept-Encoding": "gzip"}).data) != gzip.decompress(whole.data)


def test_accept_is_never_a_reason_to_refuse(client: FlaskClient) -> None:
    for accept in ("application/rss+xml", "text/html", "nothing/at-all", "*/*;q=0", "\xff"):
        answer = client.get("/feeds/harbour.atom", headers={"Accept": accept, "Accept-Encoding": "identity;q=0"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == TYPES["atom"]


def test_the_query_is_ignored(client: FlaskClient) -> None:
    plain = client.get(RSS)
    for query in ("?utm_source=x", "?page=2", "?%ff=%00", "?" + "x" * 5000):
        answer = client.get(RSS + query)
        assert (answer.status_code, answer.data) == (200, plain.data)
        assert answer.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "FOO"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    answer = client.open(RSS, method=method)
    assert answer.status_code == 405
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}


def test_options_tells_browsers_what_scripts_may_ask(client: FlaskClient) -> None:
    answer = client.options(
        RSS, headers={"Origin": "https://reader.example.net", "Access-Control-Request-Method": "GET"}
    )
    assert answer.status_code == 200
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.data == b""


@pytest.mark.parametrize(
    "path", ["/feeds/nothing.rss", "/feeds/harbour.pdf", "/feeds/harbour", "/feeds/.rss", "/feeds/a/b/c.json"]
)
def test_unknown_feeds_are_short_and_asked_again_in_a_minute(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert len(answer.data) < 100
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Content-Length"] == str(len(answer.data))


@pytest.mark.parametrize(
    ("former", "target"),
    [
        ("/feed", "all.rss"),
        ("/feed/", "all.rss"),
        ("/rss", "all.rss"),
        ("/index.xml", "all.rss"),
        ("/atom.xml", "all.atom"),
        ("/harbour/feed", "harbour.rss"),
        ("/harbour/feed/", "harbour.rss"),
        ("/Town/Council/index.xml", "town/council.rss"),
        ("/sections/harbour/feed", "harbour.rss"),
        ("/docks/feed", "harbour.rss"),
        ("/feeds/docks.rss", "harbour.rss"),
        ("/feeds/old/quay.json", "harbour.json"),
        ("/feeds/Harbour.RSS", "harbour.rss"),
        ("/feeds/harbour/.atom", "harbour.atom"),
    ],
)
def test_former_addresses_lead_on(client: FlaskClient, former: str, target: str) -> None:
    answer = client.get(former, headers={"Host": "evil.example.com"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://news.example.org/feeds/{target}"
    assert "max-age" in answer.headers["Cache-Control"]


def test_a_section_that_had_articles_leads_on_once_they_have_moved(client: FlaskClient, room: Newsroom) -> None:
    ferry, tide = make_article("ferry", sections=("docks/east",)), make_article("tide", sections=("docks",))
    room.put(ferry, tide)
    assert client.get("/feeds/docks.rss").status_code == client.get("/sections/docks").status_code == 200
    room.edit(ferry, sections=("harbour/east",))
    room.edit(tide, sections=("harbour",))
    room.clock.move(seconds=60)
    for former, target in (
        ("/feeds/docks.rss", "/feeds/harbour.rss"),
        ("/feeds/docks/east.json", "/feeds/harbour/east.json"),
        ("/docks/feed", "/feeds/harbour.rss"),
        ("/sections/docks", "/sections/harbour"),
        ("/sections/docks/east", "/sections/harbour/east"),
    ):
        answer = client.get(former)
        assert answer.status_code == 308
        assert answer.headers["Location"] == f"https://news.example.org{target}"
    assert b"docks" not in client.get("/feeds.opml").data


@pytest.mark.parametrize("path", ["/nothing/feed", "/nothing/index.xml", "/sections/nothing/feed"])
def test_former_addresses_of_nothing_lead_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_host_and_forwarded_headers_are_not_reflected(client: FlaskClient) -> None:
    plain = client.get(RSS)
    headers = {
        "Host": "evil.example.com",
        "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-For": "6.6.6.6",
        "Forwarded": "host=evil.example.com",
    }
    answer = client.get(RSS, headers=headers)
    assert (answer.data, answer.headers["ETag"]) == (plain.data, plain.headers["ETag"])
    assert "evil" not in str(answer.headers)


def test_the_last_good_document_while_the_store_is_lost(client: FlaskClient, room: Newsroom) -> None:
    before = client.get(RSS)
    room.store.lost = True
    room.clock.move(hours=5)
    after = client.get(RSS)
    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])
    assert client.get(RSS, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304


def test_503_with_retry_after_if_nothing_good_is_known(client: FlaskClient, room: Newsroom) -> None:
    room.store.lost = True
    answer = client.get(RSS)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 200
    room.store.lost = False
    assert client.get(RSS).status_code == 200


def test_an_embargo_shows_in_nothing_before_its_second(client: FlaskClient, room: Newsroom) -> None:
    before = client.get(RSS)
    room.put(make_article("secret", title="A secret", embargo=room.clock() + timedelta(seconds=30)))
    during = client.get(RSS)
    assert during.data == before.data
    assert during.headers["Last-Modified"] == before.headers["Last-Modified"]
    assert during.headers["Cache-Control"].startswith("public, max-age=30, s-maxage=30, stale-while-revalidate=0")
    room.clock.move(seconds=30)
    answer = client.get(RSS, headers={"If-None-Match": before.headers["ETag"]})
    assert answer.status_code == 200
    assert b"A secret" in answer.data
    room.clock.move(seconds=1)
    answer = client.get(RSS, headers={"If-Modified-Since": before.headers["Last-Modified"]})
    assert answer.status_code == 200
    assert answer.headers["Last-Modified"] == "Sat, 14 Mar 2026 13:00:30 GMT"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [RSS, "/feeds/all.json", "/feeds/%D8%A7.atom", "/feeds/none.rss", "/feeds/%ff.rss"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Accept-Encoding": "br"}, {"If-None-Match": "*"}, {"If-Modified-Since": "Sat, 14 Mar 2026 12:00:00 GMT"}],
)
def test_the_short_way_and_the_route_answer_alike(
    room: Newsroom, settings: Settings, method: str, path: str, headers: dict[str, str]
) -> None:
    room.put(make_article("arabic", sections=("ا",)))
    room.clock.move(hours=1)
    one, two = (
        create_app(settings, room.store, room.clock, short=short)
        .test_client()
        .open(path, method=method, headers=headers)
        for short in (True, False)
    )
    assert (one.status, one.data, list(one.headers)) == (two.status, two.data, list(two.headers))
    assert (one.status_code == 404) is (path in ("/feeds/none.rss", "/feeds/%ff.rss"))


def test_a_path_that_is_too_long_to_be_remembered_is_answered_all_the_same(room: Newsroom, settings: Settings) -> None:
    deep = "/".join(["town"] * 120)
    room.put(make_article("deep", sections=(deep,)))
    client = create_app(settings, room.store, room.clock).test_client()
    remembered = polls._place.cache_info().currsize
    assert client.get(f"/feeds/{deep}.rss").status_code == 200
    assert polls._place.cache_info().currsize == remembered


@pytest.mark.parametrize(("grain", "times"), [(0.0, 3), (3600.0, 1)])
def test_polls_read_the_clock_in_grains(room: Newsroom, settings: Settings, grain: float, times: int) -> None:
    moments: list[datetime] = []

    class Asked(DocumentCache):
        def standing(self, name: str, suffix: str, now: datetime) -> Document | None:
            assert (name, suffix) == ("harbour", "rss")
            moments.append(now)
            return None

    client = create_app(settings, room.store, room.clock, Asked(room.store, settings, room.clock), grain=grain)
    for _ in range(3):
        assert client.test_client().get(RSS).status_code == 200
        room.clock.move(seconds=1)
    assert len(moments) == 3
    assert len(set(moments)) == times
