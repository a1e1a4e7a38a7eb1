from __future__ import annotations

from collections.abc import Callable

import pytest
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
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
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
        "{http://purl.org/rss/1.0/modules/syndication/}updatePeriod": "hourly",
        "{http://purl.org/rss/1.0/modules/syndication/}updateFrequency": "12",
        "{http://webfeeds.org/rss/1.0}icon": "https://news.example.org/static/icon.png",
        "{http://webfeeds.org/rss/1.0}logo": "https://news.example.org/static/logo.png",
        "{http://webfeeds.org/rss/1.0}accentColor": "0a5c7a",
    }


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (60, ("hourly", "60")),
        (300, ("hourly", "12")),
        (3600, ("hourly", "1")),
        (7200, ("daily", "12")),
        (86400, ("daily", "1")),
        (604800, ("weekly", "1")),
        (0, (None, None)),
        (90, (None, None)),
        (420, (None, None)),
        (5 * 3600, (None, None)),
        (30 * 86400, (None, None)),
    ],
)
def test_the_rhythm_agrees_with_ttl_or_is_not_told(
    seconds: int, told: tuple[str | None, str | None], make_feed: Callable[..., Feed], links: Links
) -> None:
    channel = etree.fromstring(Rss().render(make_feed(ttl=seconds), links))[0]
    assert (channel.findtext("sy:updatePeriod", None, NS), channel.findtext("sy:updateFrequency", None, NS)) == told


def test_terms_at_an_address_are_a_link(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    terms = "https://terms.example/by/4.0"
    own = make_article(1, rights="https://terms.example/own")
    prose = make_article(2, rights="© Coast Wire, see https://terms.example/own")
    channel = etree.fromstring(Rss().render(make_feed(make_article(), own, prose, rights=terms), links))[0]

    def linked(parent: etree._Element) -> list[str | None]:
        return [link.get("href") for link in parent.findall("atom:link", NS) if link.get("rel") == "license"]

    assert linked(channel) == [terms]
    assert channel.findtext("copyright") == terms
    # Nobody inherits terms from a channel: an item that is passed on alone carries them.
    assert [linked(item) for item in channel.findall("item")] == [[terms], ["https://terms.example/own"], []]


def test_the_origin_of_wire_copy(rich_feed: Feed, links: Links) -> None:
    first, *others = etree.fromstring(Rss().render(rich_feed, links)).iter("item")
    source = first.find("source")
    assert source is not None
    assert (source.text, dict(source.attrib.items())) == ("Coast Wire", {"url": "https://coast.example/salt"})
    assert all(item.find("source") is None for item in others)


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
