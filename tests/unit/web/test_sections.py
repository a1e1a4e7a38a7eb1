"""The index, the section pages, and what holds for every page."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from fakes import NOON, Newsroom, make_article, make_settings
from flask.testing import FlaskClient

from feedsvc.web.app import create_app

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def published(room: Newsroom) -> None:
    room.put(
        *(make_article(f"n{n:02}", title=f"Number {n:02}", published=NOON - HOUR * (n + 1)) for n in range(45)),
        make_article("vote", title="The vote", sections=("town/council",), published=NOON - HOUR / 2),
        make_article("secret", title="A secret", sections=("undisclosed",), embargo=NOON + HOUR),
        cold=True,
        spellings={"town": "The Town"},
    )


def pages(room: Newsroom) -> list[str]:
    stored = room.store.store.get("tag:news.example.org,2026:vote")
    assert stored is not None
    return [
        "/",
        "/sections/harbour",
        "/sections/town/council",
        "/sections/harbour?page=2",
        stored.path,
        "/no-such-page",
    ]


def test_the_index_lists_sections_feeds_and_the_newest(client: FlaskClient) -> None:
    html = client.get("/").text
    assert html.index("The vote") < html.index("Number 00") < html.index("Number 01")
    assert '<span class="count">45' in html
    for name in ("all", "harbour", "town", "town/council"):
        for suffix in ("rss", "atom", "json"):
            assert f'href="/feeds/{name}.{suffix}"' in html
    assert "Harbour &amp; Port" in html
    assert "The Town" in html
    assert "undisclosed" not in html.lower()
    assert "secret" not in html
    alternates = re.findall(r'<link rel="alternate" type="([^"]+)" title="([^"]+)" href="([^"]+)">', html)
    assert alternates[0] == (
        "application/rss+xml",
        "The Harbour Courier (RSS)",
        "https://news.example.org/feeds/all.rss",
    )


def test_a_section_page_names_its_own_feeds_first(client: FlaskClient) -> None:
    html = client.get("/sections/town").text
    assert "<h1>The Town</h1>" in html
    assert "The vote" in html
    assert 'href="/sections/town/council"' in html
    assert re.findall(r'<link rel="alternate"[^>]*href="([^"]+)"', html) == [
        f"https://news.example.org/feeds/{name}.{suffix}"
        for name in ("town", "all")
        for suffix in ("rss", "atom", "json")
    ]
    crumbs = client.get("/sections/town/council").text.partition("Breadcrumb")[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/", "/sections/town"]


def test_paging_shows_every_article_once(client: FlaskClient) -> None:
    seen: list[str] = []
    path = "/sections/harbour"
    for _page in range(5):
        html = client.get(path).text
        seen += re.findall(r"Number \d\d", html)
        older = re.search(r'<a href="([^"]+)" rel="next">', html)
        if older is None:
            break
        path = older[1]
    assert seen == [f"Number {n:02}" for n in range(45)]
    assert path == "/sections/harbour?page=3"


@pytest.mark.parametrize("query", ["page=4", "page=5000", "page=99999"])
def test_pages_beyond_the_last_are_not_found(client: FlaskClient, query: str) -> None:
    assert client.get(f"/sections/harbour?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["page=", "page=x", "page=-1", "page=0", "page=1", "page=٣", "page=9999999999", "%00=%ff", "utm=1"]
)
def test_a_page_number_that_is_none_is_the_first(client: FlaskClient, query: str) -> None:
    assert client.get(f"/sections/harbour?{query}").data == client.get("/sections/harbour").data


@pytest.mark.parametrize(
    ("former", "target"),
    [
        ("/sections/docks", "harbour"),
        ("/sections/old/quay", "harbour"),
        ("/sections/Harbour", "harbour"),
        ("/sections/harbour/", "harbour"),
        ("/sections/TOWN//Council/", "town/council"),
    ],
)
def test_other_spellings_and_former_paths_lead_on(client: FlaskClient, former: str, target: str) -> None:
    answer = client.get(former)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://news.example.org/sections/{target}"


def test_a_section_that_is_still_secret_is_unknown(client: FlaskClient, room: Newsroom) -> None:
    secret, unknown = client.get("/sections/undisclosed"), client.get("/sections/unknown")
    assert secret.status_code == unknown.status_code == 404
    assert secret.data == unknown.data
    assert list(secret.headers) == list(unknown.headers)
    assert client.get("/feeds/undisclosed.rss").data == client.get("/feeds/unknown.rss").data
    room.clock.now = NOON + HOUR
    assert client.get("/sections/undisclosed").status_code == 200
    assert client.get("/feeds/undisclosed.rss").status_code == 200
    assert "A secret" in client.get("/").text


def test_no_cache_keeps_a_list_past_the_next_release(client: FlaskClient, room: Newsroom) -> None:
    room.clock.now = NOON + HOUR - timedelta(seconds=7)
    assert (
        client.get("/").headers["Cache-Control"].startswith("public, max-age=7, s-maxage=7, stale-while-revalidate=0")
    )


def test_every_page_is_safe_small_and_accessible(client: FlaskClient, room: Newsroom) -> None:
    for path in pages(room):
        answer = client.get(path)
        html = answer.text
        assert len(answer.data) < 60_000
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert "Cache-Control" in answer.headers
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert html.startswith('<!doctype html>\n<html lang="en" dir="ltr">')
        assert "style=" not in html
        assert "<style" not in html
        assert not re.findall(r"\son\w+=", html)
        assert html.count("<h1") == 1
        levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        for part in ("<main", "<header", "<footer", "<nav", 'class="skip" href="#main"', "<title>", 'name="viewport"'):
            assert part in html
        assert all('alt="' in image for image in re.findall(r"<img[^>]*>", html))
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        remote = re.findall(r'(?:src|<link rel="(?:icon|stylesheet)"[^>]*href)="([^"]+)"', html)
        assert all(address.startswith("/") for address in remote)


def test_the_style_sheet_is_cached_for_ever_under_the_address_that_pages_use(client: FlaskClient) -> None:
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get("/static/site.css").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/site.css?v=other").headers["Cache-Control"]
    assert len(answer.data) < 40_000
    assert b"http" not in answer.data.replace(b'[href^="http"]', b"")
    assert client.get("/static/feed.css").status_code == 200
    assert client.get("/favicon.ico").headers["Location"] == "https://news.example.org/static/favicon.svg"


def test_the_last_good_pages_while_the_store_is_lost(client: FlaskClient, room: Newsroom) -> None:
    before = {path: client.get(path).data for path in ("/", "/sections/harbour")}
    room.store.lost = True
    room.clock.now = NOON + 5 * HOUR
    for path, data in before.items():
        answer = client.get(path)
        assert (answer.status_code, answer.data) == (200, data)
    assert client.get("/sections/town").status_code == 503


def test_what_cannot_be_served_is_told_as_people_and_as_programs_read_it(client: FlaskClient, room: Newsroom) -> None:
    room.store.lost = True
    looked = client.get("/sections/town", headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert (looked.status_code, looked.content_type) == (503, "text/html; charset=utf-8")
    assert "<h1>This cannot be served just now</h1>" in looked.text
    assert 'name="viewport"' in looked.text
    asked = client.get("/sections/town", headers={"Accept": "*/*"})
    assert (asked.status_code, asked.content_type) == (503, "text/plain; charset=utf-8")
    assert asked.text == "This cannot be served just now. Please try again in a moment.\n"
    for answer in (looked, asked):
        assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("10", "no-store")
    refused = client.post("/", headers={"Accept": "text/html"})
    assert refused.status_code == 405
    assert "<h1>Method Not Allowed</h1>" in refused.text


def test_our_own_words_run_their_own_way_on_a_page_of_another_language(room: Newsroom, client: FlaskClient) -> None:
    foreign = make_settings(site={"language": "ar"}, sections={"empty": {"title": "فارغ"}})
    (stored,) = room.put(make_article(language="ar", title="عودة القوارب"))
    arabic = create_app(foreign, room.store, room.clock).test_client()
    assert 'dir="rtl"' in arabic.get("/").text
    said = arabic.get("/sections/empty").text
    assert '<bdi lang="en" dir="ltr">Nothing has been published here yet.</bdi>' in said
    assert '<bdi lang="en" dir="ltr">There is no such page</bdi>' in arabic.get("/nowhere").text
    assert re.search(r'<time datetime="[^"]+" lang="en" dir="ltr">\d', arabic.get(stored.path).text)
    assert '<bdi lang="en"' not in client.get("/").text, "an English site needs none of it"


def test_an_empty_site_has_its_pages(client: FlaskClient, room: Newsroom) -> None:
    for n in range(45):
        room.withdraw(make_article(f"n{n:02}"))
    html = client.get("/sections/harbour").text
    assert "Nothing has been published here yet." in html


def test_health(client: FlaskClient, room: Newsroom) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    room.store.lost = True
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
