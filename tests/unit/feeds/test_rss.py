from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from feedsvc.feeds.base import Renderer
from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Article, Feed

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "webfeeds": "http://webfeeds.org/rss/1.0",
}


def test_it_is_a_renderer() -> None:
    rss = Rss()
    assert isinstance(rss, Renderer)
    assert (rss.name, rss.suffix, rss.media_type) == ("RSS", "rss", "application/rss+xml; charset=utf-8")


def test_the_channel(rich_feed: Feed, links: Links) -> None:
    channel = etree.fromstring(Rss().render(rich_feed, links))[0]
    texts = {child.tag: child.text for child in channel if child.text and child.text.strip()}
    assert texts == {
        "title": "Harbour Times: World",
        "link": "https://news.example.org/sections/world",
        "description": "From all ports.",
        "language": "en-GB",
        "copyright": "© Harbour Times",
        "pubDate": "Fri, 30 Sep 2016 12:00:00 GMT",
        "lastBuildDate": "Fri, 30 Sep 2016 12:00:00 GMT",
        "generator": "feedsvc 0",
        "docs": "http://www.rssboard.org/rss-specification",
        "ttl": "5",
        "{http://webfeeds.org/rss/1.0}icon": "https://news.example.org/static/icon.png",
    }


def test_an_empty_feed_is_still_a_feed(make_feed: Callable[..., Feed], links: Links) -> None:
    feed = make_feed(description="", language="", rights="", site_title="")
    channel = etree.fromstring(Rss().render(feed, links))[0]
    assert channel.findtext("description") == "Harbour Times: World"
    for absent in ("language", "copyright", "pubDate", "image", "item"):
        assert channel.find(absent) is None


def test_what_differs_from_the_feed_is_said_in_the_item(rich_feed: Feed, links: Links) -> None:
    first, second, third = etree.fromstring(Rss().render(rich_feed, links)).iter("item")
    assert first.findtext("dc:language", namespaces=NS) == "fr"
    assert first.findtext("dc:rights", namespaces=NS) == "© Coast Wire"
    assert first.findtext("dcterms:valid", namespaces=NS) == "end=2030-01-02T03:04:05Z;scheme=W3C-DTF"
    for item in (second, third):
        for absent in ("dc:language", "dc:rights", "dcterms:valid"):
            assert item.find(absent, NS) is None


def test_tombstones_are_left_to_the_other_formats(rich_feed: Feed, links: Links) -> None:
    assert b"sunk" not in Rss().render(rich_feed, links)


def test_a_change_shows_as_updated(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    article = make_article()
    feed = make_feed(make_article(updated=article.updated.replace(microsecond=7000)))
    item = etree.fromstring(Rss().render(feed, links)).find("channel/item")
    assert item is not None
    assert item.findtext("atom:updated", namespaces=NS) == "2016-09-30T12:05:00.007Z"
    assert item.findtext("pubDate") == "Fri, 30 Sep 2016 12:00:00 GMT"
