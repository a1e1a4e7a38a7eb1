"""Articles and feeds to render, made of a few words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedsvc.dates import Precision
from feedsvc.links import Links
from feedsvc.model import Article, Author, Category, Enclosure, Entry, Feed, Tombstone

NOON = datetime(2016, 9, 30, 12, tzinfo=UTC)


@pytest.fixture
def links() -> Links:
    return Links("https://news.example.org")


@pytest.fixture
def make_article() -> Callable[..., Article]:
    """An article, number *n* of its day; anything else about it may be given."""

    def make(n: int = 0, **fields: Any) -> Article:
        given: dict[str, Any] = {
            "id": f"tag:news.example.org,2026:world/harbour-{n}",
            "source": f"world/harbour-{n}.md",
            "sections": ("world",),
            "slug": f"harbour-{n}",
            "title": f"Harbour opens, part {n}",
            "content": f"<p>Ship number {n} came in.</p>",
            "summary": f"The harbour opened for ship number {n}.",
            "published": NOON - timedelta(hours=n),
            "updated": NOON - timedelta(hours=n) + timedelta(minutes=5),
            "precision": Precision.INSTANT,
        }
        return Article(**(given | fields))

    return make


@pytest.fixture
def make_feed() -> Callable[..., Feed]:
    """A feed that shows *articles*; anything else about it may be given."""

    def make(*articles: Article, **fields: Any) -> Feed:
        given: dict[str, Any] = {
            "name": "world",
            "title": "Harbour Times: World",
            "page": "/sections/world",
            "updated": NOON,
            "description": "From all ports.",
            "language": "en-GB",
            "rights": "© Harbour Times",
            "site_title": "Harbour Times",
        }
        entries = tuple(
            Entry(article=one, path=f"/articles/2016/09/30/{one.slug}-abcdefgh", released=one.published)
            for one in articles
        )
        return Feed(**(given | fields), entries=entries)

    return make


@pytest.fixture
def rich_article(make_article: Callable[..., Article]) -> Article:
    """An article in which every field that a feed shows has a value."""
    return make_article(
        title="Salt & tar: <b>prices</b> at AT&T Pier",
        content='<p>See <a href="/articles/2016/09/29/x-aaaaaaaa">this</a>, <a href="#notes">the notes</a>'
        ' and <a href="https://port.example/a?b=1&amp;c=2">that</a>.</p>'
        '<p><img src="/media/abc/quay.jpg" alt="The quay"></p>',
        summary="Salt < tar & both rise.",
        standfirst="Both goods rise.",
        byline="By Ada Quay and Bo Pier",
        agency="Coast Wire",
        dateline="PORT ROYAL",
        language="fr",
        authors=(Author(name="Ada Quay", uri="/authors/ada-quay"), Author(name="Bo Pier")),
        categories=(
            Category(term="trade", label="Trade & tolls", scheme="https://port.example/subjects"),
            Category(term="salt", scheme="iptc"),
        ),
        enclosures=(
            Enclosure(
                url="/media/abc/quay.jpg",
                type="image/jpeg",
                length=4321,
                width=640,
                height=480,
                alt="The quay",
                caption="Salt on the quay & beyond",
                credit="Cy Mast",
            ),
            Enclosure(url="https://port.example/song.mp3", type="audio/mpeg", duration=61),
        ),
        link="https://coast.example/salt",
        rights="© Coast Wire",
        urgency=3,
        expires=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


@pytest.fixture
def rich_feed(make_feed: Callable[..., Feed], make_article: Callable[..., Article], rich_article: Article) -> Feed:
    """A feed in which every field has a value, with three articles and two tombstones."""
    return make_feed(
        rich_article,
        make_article(1),
        make_article(2, language="en-gb", rights="© Harbour Times"),
        ttl=300,
        icon="/static/icon.png",
        logo="/static/logo.png",
        accent="#0a5c7a",
        hubs=("https://hub.example/", "https://other-hub.example/"),
        tombstones=(
            Tombstone(id="tag:news.example.org,2026:world/sunk", when=NOON, comment="Withdrawn"),
            Tombstone(id="tag:news.example.org,2026:world/lost", when=NOON - timedelta(days=1)),
        ),
    )
