"""One-click subscription: on every page that has a feed, with addresses that readers take."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from fakes import NOON, Newsroom, make_article
from flask.testing import FlaskClient

from feedsvc.model import Category
from feedsvc.web.subscribing import READERS

SITE = "https://news.example.org"


@pytest.fixture(autouse=True)
def published(room: Newsroom) -> None:
    room.put(make_article("ferry", categories=(Category(term="boats"),)))
    room.clock.now = NOON + timedelta(hours=1)


def box(client: FlaskClient, path: str) -> str:
    found = re.search(r'<details class="subscribe">.*?</details>', client.get(path).text, re.DOTALL)
    assert found is not None, f"{path} has no way to subscribe"
    return html.unescape(found[0])


@pytest.mark.parametrize(
    ("path", "feed"), [("/", "all"), ("/sections/harbour", "harbour"), ("/tags/boats", "tags/boats")]
)
def test_every_list_leads_to_its_own_feed(client: FlaskClient, path: str, feed: str) -> None:
    address = f"{SITE}/feeds/{feed}.rss"
    shown = box(client, path)
    assert f'value="{address}"' in shown
    assert f'href="feed:{address}"' in shown
    for reader in READERS:
        link = re.search(rf'href="([^"]+)" rel="nofollow noopener">{reader}<', shown)
        assert link is not None, reader
        assert unquote(link[1]).endswith(address)
    for suffix in ("rss", "atom", "json"):
        assert f'href="/feeds/{feed}.{suffix}"' in shown


def test_an_article_leads_to_the_feed_of_its_home_section(client: FlaskClient, room: Newsroom) -> None:
    (entry,) = room.store.listing("all", room.clock.now, limit=1)
    assert f'value="{SITE}/feeds/harbour.rss"' in box(client, entry.path)


def test_the_script_is_our_own_and_the_button_waits_for_it(client: FlaskClient) -> None:
    page = client.get("/")
    (script,) = re.findall(r'<script src="([^"]+)" defer></script>', page.text)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    answer = client.get(script)
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert re.search(r"<button [^>]*hidden>Copy</button>", page.text)


def test_the_index_goes_on_to_older_articles(client: FlaskClient, room: Newsroom) -> None:
    room.put(*(make_article(f"a{number}", published=NOON - timedelta(hours=number)) for number in range(1, 40)))
    first, second = client.get("/").text, client.get("/?page=2")
    assert 'href="/?page=2" rel="next"' in first
    assert 'href="/" rel="prev"' in second.text
    titles = [re.findall(r'<h3><a href="([^"]+)"', page) for page in (first, second.text)]
    assert (len(titles[0]), len(titles[1])) == (25, 15)
    assert not set(titles[0]) & set(titles[1])
    assert f'<link rel="canonical" href="{SITE}/?page=2">' in second.text
    assert client.get("/?page=3").status_code == 404
