"""The pages and feeds of tags and authors."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fakes import NOON, Newsroom, make_article
from flask.testing import FlaskClient

from feedsvc.config import Settings
from feedsvc.model import Author, Category
from feedsvc.publish.cache import DocumentCache

HOUR = timedelta(hours=1)
SHIPS = Category(term="ships", label="Ships & boats")
INES = Author(name="Ines Holm")


@pytest.fixture(autouse=True)
def published(room: Newsroom) -> None:
    room.put(
        *(
            make_article(
                f"n{n:02}",
                title=f"Number {n:02}",
                published=NOON - HOUR * (n + 1),
                authors=(INES,),
                categories=(SHIPS,),
            )
            for n in range(25)
        ),
        make_article("secret", title="Hush", embargo=NOON + HOUR, categories=(Category(term="Merger"),)),
        cold=True,
    )


@pytest.mark.parametrize(
    ("name", "title"), [("tags/ships-boats", "Ships &amp; boats"), ("authors/ines-holm", "Ines Holm")]
)
def test_a_page_with_its_feeds(client: FlaskClient, name: str, title: str) -> None:
    html = client.get(f"/{name}").text
    assert f"<h1>{title}</h1>" in html
    assert f"<title>{title} – The Harbour Courier</title>" in html
    assert html.index("Number 00") < html.index("Number 19")
    assert "Number 20" not in html
    assert f'href="/{name}?page=2"' in html
    alternates = re.findall(r'<link rel="alternate" type="[^"]+" title="([^"]+)" href="([^"]+)">', html)
    assert alternates[0] == (
        f"{title} – The Harbour Courier (RSS)",
        f"https://news.example.org/feeds/{name}.rss",
    )
    second = client.get(f"/{name}?page=2").text
    assert "Number 20" in second
    assert "Number 19" not in second
    assert client.get(f"/{name}?page=3").status_code == 404


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_feeds(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/feeds/tags/ships-boats.{suffix}")
    assert answer.status_code == 200
    assert "Ships &" in answer.text
    assert "https://news.example.org/tags/ships-boats" in answer.text
    assert answer.text.count("Number ") >= 25


def test_other_spellings_lead_there(client: FlaskClient) -> None:
    for wrong, right in (
        ("/tags/Ships & Boats", "/tags/ships-boats"),
        ("/authors/Ines%20Holm", "/authors/ines-holm"),
        ("/feeds/tags/Ships-Boats.rss", "/feeds/tags/ships-boats.rss"),
        ("/tags/ships-boats/feed", "/feeds/tags/ships-boats.rss"),
    ):
        answer = client.get(wrong)
        assert (answer.status_code, answer.headers.get("Location")) == (308, f"https://news.example.org{right}")


@pytest.mark.parametrize("name", ["tags/nothing", "tags/merger", "tags/Merger", "authors/nobody", "tags/", "tags"])
def test_there_is_none_until_something_is_public(client: FlaskClient, name: str) -> None:
    assert client.get(f"/{name}").status_code == 404
    assert client.get(f"/feeds/{name}.rss").status_code == 404


def test_it_is_there_when_the_embargo_ends(client: FlaskClient, room: Newsroom) -> None:
    room.clock.move(hours=1)
    assert "Hush" in client.get("/tags/merger").text
    assert "Hush" in client.get("/feeds/tags/merger.atom").text
    assert client.get("/tags/MERGER").status_code == 308


def test_they_are_no_sections(client: FlaskClient) -> None:
    for path in ("/", "/feeds.opml", "/sitemaps/sections.xml"):
        text = client.get(path).text
        assert "ships-boats" not in text
        assert "ines-holm" not in text


def test_an_article_leads_to_them(client: FlaskClient, room: Newsroom) -> None:
    many = tuple(Category(term=f"tag {number}") for number in range(22))
    (stored,) = room.put(make_article("linked", authors=(INES,), categories=(SHIPS, *many, Category(term="***"))))
    html = client.get(stored.path).text
    assert '<a href="/tags/ships-boats" rel="tag">Ships &amp; boats</a>' in html
    assert '<a href="/authors/ines-holm" rel="author"><bdi>Ines Holm</bdi></a>' in html
    assert '<a href="/tags/tag-18"' in html
    assert "<li>tag 19</li>" in html
    assert "<li>***</li>" in html


def test_the_last_good_page_is_shown_while_the_store_is_lost(client: FlaskClient, room: Newsroom) -> None:
    before = client.get("/tags/ships-boats").data
    room.store.lost = True
    assert client.get("/tags/ships-boats").data == before
    assert client.get("/authors/ines-holm").status_code == 503


def test_a_name_that_is_not_there_is_asked_for_once(room: Newsroom, settings: Settings) -> None:
    cache = DocumentCache(room.store, settings, room.clock)
    assert cache.get("tags/nothing", "rss") is None
    asked = len(room.store.asked)
    assert cache.get("tags/nothing", "rss") is None
    assert "window" not in room.store.asked[asked:]
    room.put(make_article("new", categories=(Category(term="Nothing"),)))
    found = cache.get("tags/nothing", "rss")
    assert found is not None
    assert b"Nothing" in found.identity
