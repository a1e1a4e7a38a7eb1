"""JSON-LD of an article, held against what search engines ask of a NewsArticle."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from fakes import NOON, make_article
from flask.testing import FlaskClient

from feedsvc.dates import Precision
from feedsvc.model import Article, Author, Enclosure

_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HOUR = timedelta(hours=1)
PICTURE = Enclosure(url="/media/sketch.png", type="image/png", alt="A tower", width=1600, height=900)
ARTICLES = {
    "full": make_article(
        authors=(Author(name="Ilse Marron", uri="https://gannet.example/ilse"), Author(name="Jon Aske")),
        standfirst="It stays.",
        enclosures=(PICTURE, Enclosure(url="https://pictures.example.net/b.jpg", type="image/jpeg")),
        updated=NOON - HOUR / 2,
    ),
    "signed in words": make_article(authors=(), byline="Our man at the quay"),
    "of an agency": make_article(authors=(), agency="Kittiwake Wire"),
    "signed by an agency": make_article(authors=(), byline="Kittiwake Wire", agency="Kittiwake Wire"),
    "unsigned": make_article(authors=(), byline="", agency=""),
    "of a day": make_article(published=NOON - 25 * HOUR, precision=Precision.DAY, updated=NOON - 25 * HOUR),
    "that waited": make_article(published=NOON - 9 * HOUR, embargo=NOON - HOUR, updated=NOON - 9 * HOUR),
}
KINDS = {"full": "Person", "signed in words": "Person"}


def linked(client: FlaskClient, room: Any, article: Article) -> dict[str, Any]:
    """The one object of JSON-LD on the page of *article*."""
    (script,) = _SCRIPT.findall(client.get(room.put(article)[0].path).text)
    found: dict[str, Any] = json.loads(script)
    return found


@pytest.mark.parametrize("name", ARTICLES)
def test_what_search_engines_ask(client: FlaskClient, room: Any, name: str) -> None:
    article = ARTICLES[name]
    found = linked(client, room, article)
    assert (found["@context"], found["@type"]) == ("https://schema.org", "NewsArticle")
    assert found["headline"] == article.title
    published, modified = (datetime.fromisoformat(found[key]) for key in ("datePublished", "dateModified"))
    assert published.tzinfo is not None
    assert modified.tzinfo is not None
    assert published <= modified <= NOON
    assert published == article.visible_from
    for one in (found["url"], found["mainEntityOfPage"], found["publisher"]["url"], *found.get("image", ())):
        assert urlsplit(one).scheme == "https", one
        assert urlsplit(one).netloc, one
    assert found["publisher"]["@type"] == "Organization"
    assert found["publisher"]["name"]
    assert found["author"]
    for author in found["author"]:
        assert author["@type"] == KINDS.get(name, "Organization")
        assert author["name"]
        assert not author["name"].lower().startswith("by ")
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", found["inLanguage"])
    assert "" not in found.values()


def test_every_author_and_every_picture_is_named(client: FlaskClient, room: Any) -> None:
    found = linked(client, room, ARTICLES["full"])
    assert found["author"] == [
        {"@type": "Person", "name": "Ilse Marron", "url": "https://gannet.example/ilse"},
        {"@type": "Person", "name": "Jon Aske"},
    ]
    assert found["image"] == ["https://news.example.org/media/sketch.png", "https://pictures.example.net/b.jpg"]


def test_an_unsigned_article_is_that_of_the_site(client: FlaskClient, room: Any) -> None:
    found = linked(client, room, ARTICLES["unsigned"])
    assert found["author"] == [found["publisher"]]
