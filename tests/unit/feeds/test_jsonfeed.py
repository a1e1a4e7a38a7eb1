from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from feedsvc.feeds.base import Renderer
from feedsvc.feeds.jsonfeed import JsonFeed
from feedsvc.links import Links
from feedsvc.model import Article, Feed


def render(feed: Feed, links: Links) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(JsonFeed().render(feed, links))
    return document


def test_it_is_a_renderer() -> None:
    renderer = JsonFeed()
    assert isinstance(renderer, Renderer)
    assert (renderer.name, renderer.suffix) == ("JSON Feed", "json")
    assert renderer.media_type == "application/feed+json"


def test_the_feed(rich_feed: Feed, links: Links) -> None:
    document = render(rich_feed, links)
    assert len(document.pop("items")) == 3
    assert document == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour Times: World",
        "home_page_url": "https://news.example.org/sections/world",
        "feed_url": "https://news.example.org/feeds/world.json",
        "description": "From all ports.",
        "icon": "https://news.example.org/static/logo.png",
        "favicon": "https://news.example.org/static/icon.png",
        "authors": [{"name": "Harbour Times"}],
        "language": "en-GB",
        "hubs": [
            {"type": "WebSub", "url": "https://hub.example/"},
            {"type": "WebSub", "url": "https://other-hub.example/"},
        ],
        "_feedsvc": {
            "updated": "2016-09-30T12:00:00Z",
            "rights": "© Harbour Times",
            "accent_color": "#0a5c7a",
            "deleted": [
                {
                    "id": "tag:news.example.org,2026:world/sunk",
                    "when": "2016-09-30T12:00:00Z",
                    "comment": "Withdrawn",
                },
                {"id": "tag:news.example.org,2026:world/lost", "when": "2016-09-29T12:00:00Z"},
            ],
        },
    }


def test_an_item(rich_feed: Feed, links: Links) -> None:
    item = render(rich_feed, links)["items"][0]
    html = item.pop("content_html")
    assert html.startswith("<div><strong>Both goods rise.</strong></div>\n<p>See <a ")
    assert "https://news.example.org/articles/2016/09/29/x-aaaaaaaa" in html
    assert item == {
        "id": "tag:news.example.org,2026:world/harbour-0",
        "url": "https://news.example.org/articles/2016/09/30/harbour-0-abcdefgh",
        "external_url": "https://coast.example/salt",
        "title": "Salt & tar: <b>prices</b> at AT&T Pier",
        "summary": "Salt < tar & both rise.",
        "image": "https://news.example.org/media/abc/quay.jpg",
        "date_published": "2016-09-30T12:00:00Z",
        "date_modified": "2016-09-30T12:05:00Z",
        "authors": [
            {"name": "Ada Quay", "url": "https://news.example.org/authors/ada-quay"},
            {"name": "Bo Pier"},
        ],
        "tags": ["Trade & tolls", "salt"],
        "language": "fr",
        "attachments": [
            {
                "url": "https://news.example.org/media/abc/quay.jpg",
                "mime_type": "image/jpeg",
                "title": "Salt on the quay & beyond",
                "size_in_bytes": 4321,
                "_feedsvc": {
                    "alt": "The quay",
                    "caption": "Salt on the quay & beyond",
                    "credit": "Cy Mast",
                    "width": 640,
                    "height": 480,
                },
            },
            {"url": "https://port.example/song.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 61},
        ],
        "_feedsvc": {
            "standfirst": "Both goods rise.",
            "byline": "By Ada Quay and Bo Pier",
            "agency": "Coast Wire",
            "dateline": "PORT ROYAL",
            "rights": "© Coast Wire",
            "expires": "2030-01-02T03:04:05Z",
            "categories": [
                {"term": "trade", "label": "Trade & tolls", "scheme": "https://port.example/subjects"},
                {"term": "salt", "scheme": "iptc"},
            ],
        },
    }


def test_a_plain_item_holds_nothing_empty(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    [item] = render(make_feed(make_article()), links)["items"]
    assert list(item) == ["id", "url", "title", "content_html", "summary", "date_published", "date_modified"]


@pytest.mark.parametrize("full_text", [True, False])
def test_an_item_without_body_has_its_summary_as_text(
    full_text: bool, make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    article = make_article(content="" if full_text else "<p>Not shown.</p>")
    [item] = render(make_feed(article, full_text=full_text), links)["items"]
    assert item["content_text"] == item["summary"] == "The harbour opened for ship number 0."
    assert "content_html" not in item


def test_an_empty_feed_has_a_list_of_items(make_feed: Callable[..., Feed], links: Links) -> None:
    assert render(make_feed(), links)["items"] == []


def test_text_is_utf_8_as_it_is(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    document = JsonFeed().render(make_feed(make_article(title="Порт 港口 ميناء")), links)
    assert "Порт 港口 ميناء".encode() in document
    assert document.endswith(b"}\n")


def test_terms_at_an_address_are_told_as_such(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    terms = "https://terms.example/by/4.0"
    own = make_article(1, rights="https://terms.example/own")
    prose = make_article(2, rights="© Coast Wire")
    feed = json.loads(JsonFeed().render(make_feed(make_article(), own, prose, rights=terms), links))
    assert feed["_feedsvc"]["license"] == terms
    told = [item.get("_feedsvc", {}).get("license") for item in feed["items"]]
    assert told == [terms, "https://terms.example/own", None]
