"""What readers get when a new document would not be valid, and what sections may choose to show."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from fakes import Newsroom, make_article, make_settings
from lxml import etree

from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Feed
from feedsvc.web.app import create_app

FEED = "/feeds/harbour.rss"


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes, bytes], None]:
    """Lets RSS come out with one thing in the place of another."""
    render = Rss.render

    def spoil(good: bytes, bad: bytes) -> None:
        def spoilt(self: Rss, feed: Feed, links: Links) -> bytes:
            return render(self, feed, links).replace(good, bad)

        monkeypatch.setattr(Rss, "render", spoilt)

    return spoil


@pytest.mark.parametrize("short", [True, False])
def test_the_last_good_document_is_served_on(
    room: Newsroom, spoil: Callable[[bytes, bytes], None], short: bool
) -> None:
    client = create_app(make_settings(), room.store, room.clock, short=short).test_client()
    room.put(make_article())
    room.clock.move(minutes=1)
    good = client.get(FEED)
    spoil(b"</rss>", b"")
    room.put(make_article("crane"))
    room.clock.move(minutes=1)
    answer = client.get(FEED)
    assert (answer.status_code, answer.data, list(answer.headers)) == (200, good.data, list(good.headers))
    assert client.get(FEED, headers={"If-None-Match": good.headers["ETag"]}).status_code == 304
    assert b"crane" in client.get("/feeds/harbour.atom").data, "the other formats go on"


@pytest.mark.parametrize("short", [True, False])
def test_where_there_is_no_good_document_readers_shall_come_back(
    room: Newsroom, spoil: Callable[[bytes, bytes], None], short: bool
) -> None:
    client = create_app(make_settings(), room.store, room.clock, short=short).test_client()
    room.put(make_article())
    spoil(b"</rss>", b"")
    answer = client.get(FEED)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/feeds/harbour.json").status_code == 200
    assert client.get("/").status_code == 200


def test_one_bad_article_does_not_spoil_the_feed(room: Newsroom, spoil: Callable[[bytes, bytes], None]) -> None:
    client = create_app(make_settings(), room.store, room.clock).test_client()
    room.put(make_article(), make_article("crane"))
    spoil(b"<title>The crane sails again</title>", b"<title/>")
    items = etree.fromstring(client.get(FEED).data).findall("channel/item")
    assert [item.findtext("title") for item in items] == ["The ferry sails again"]


def test_a_section_may_give_summaries_alone(room: Newsroom) -> None:
    settings = make_settings(sections={"harbour": {"full_text": False}})
    client = create_app(settings, room.store, room.clock).test_client()
    room.put(make_article(content="<p>All of it.</p>", summary="A part."))
    for name, whole in (("harbour", False), ("all", True)):
        for suffix in ("rss", "atom", "json"):
            document = client.get(f"/feeds/{name}.{suffix}").data
            assert b"A part." in document
            assert (b"All of it." in document) is whole, (name, suffix)
    (item,) = json.loads(client.get("/feeds/harbour.json").data)["items"]
    assert item["content_text"] == "A part."
    assert "content_html" not in item


def test_the_site_s_pictures_and_colour_are_told_where_they_are_configured(room: Newsroom) -> None:
    site = {"icon": "/static/icon.png", "logo": "https://pictures.example/logo.png", "accent_color": "#0a5c7a"}
    room.put(make_article())
    plain = create_app(make_settings(), room.store, room.clock).test_client()
    dressed = create_app(make_settings(site=site), room.store, room.clock).test_client()
    told = (b"/static/icon.png", b"https://pictures.example/logo.png", b"0a5c7a")
    for suffix in ("rss", "atom", "json"):
        document = dressed.get(f"/feeds/harbour.{suffix}").data
        assert all(one in document for one in told), suffix
        bare = plain.get(f"/feeds/harbour.{suffix}").data
        assert not any(one in bare for one in (*told, b"webfeeds", b"favicon", b"<logo", b"<image")), suffix
    feed = json.loads(dressed.get("/feeds/harbour.json").data)
    assert (feed["favicon"], feed["icon"]) == ("https://news.example.org/static/icon.png", site["logo"])
    assert [hub["type"] for hub in feed.get("hubs", [])] == []


def test_hubs_stand_in_every_format(room: Newsroom) -> None:
    hubs = ["https://hub.example.net/", "https://other.example.net/"]
    room.put(make_article(expires=room.clock() + timedelta(days=1)))
    client = create_app(make_settings(feeds={"hubs": hubs}), room.store, room.clock).test_client()
    for suffix in ("rss", "atom"):
        links = etree.fromstring(client.get(f"/feeds/harbour.{suffix}").data).iter("{http://www.w3.org/2005/Atom}link")
        assert [link.get("href") for link in links if link.get("rel") == "hub"] == hubs
    feed = json.loads(client.get("/feeds/harbour.json").data)
    assert feed["hubs"] == [{"type": "WebSub", "url": hub} for hub in hubs]
    assert feed["items"][0]["_feedsvc"]["expires"] == "2026-03-15T12:00:00Z"
