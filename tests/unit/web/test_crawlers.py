"""What machines ask for: OPML, robots.txt, sitemaps. They tell of everything public, and of nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON, Newsroom, make_article, make_settings
from flask.testing import FlaskClient
from lxml import etree

from feedsvc.dates import Precision
from feedsvc.model import PubStatus
from feedsvc.publish import sitemap
from feedsvc.web.app import create_app

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"
DOCUMENTS = ("/feeds.opml", "/sitemap.xml", "/sitemaps/sections.xml", "/sitemaps/news.xml", "/sitemaps/1.xml")


@pytest.fixture(autouse=True)
def published(room: Newsroom) -> None:
    room.put(
        make_article("ferry", title="Ferry & <crane>"),
        make_article("vote", sections=("town/council", "harbour"), published=NOON - 3 * DAY),
        make_article("secret", title="A secret", sections=("hidden",), embargo=NOON + 2 * HOUR),
        make_article("withheld", sections=("hidden",), pubstatus=PubStatus.WITHHELD),
        cold=True,
    )
    room.clock.now = NOON + HOUR


def locations(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    return [one.text or "" for one in etree.fromstring(answer.data).iter(f"{S}loc")]


def address(room: Newsroom, name: str) -> str:
    stored = room.store.store.get(f"tag:news.example.org,2026:{name}")
    assert stored is not None
    return f"https://news.example.org{stored.path}"


# ------------------------------------------------------------------ OPML
def test_the_tree_of_feeds(client: FlaskClient) -> None:
    answer = client.get("/feeds.opml")
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    root = etree.fromstring(answer.data)
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "The Harbour Courier")

    def shape(outline: etree._Element) -> object:
        inside = [shape(one) for one in outline.iterchildren("outline")]
        return (
            (outline.get("text"), outline.get("xmlUrl"), inside)
            if inside
            else (outline.get("text"), outline.get("xmlUrl"))
        )

    feed = "https://news.example.org/feeds"
    assert [shape(one) for one in root.findall("body/outline")] == [
        ("The Harbour Courier", f"{feed}/all.rss"),
        ("Harbour & Port – The Harbour Courier", f"{feed}/harbour.rss"),
        (
            "Town",
            None,
            [
                ("Town – The Harbour Courier", f"{feed}/town.rss"),
                ("Council – The Harbour Courier", f"{feed}/town/council.rss"),
            ],
        ),
    ]
    harbour = root.findall("body/outline")[1]
    assert dict(harbour.attrib.items()) == {
        "type": "rss",
        "text": "Harbour & Port – The Harbour Courier",
        "title": "Harbour & Port – The Harbour Courier",
        "description": "Ships and quays",
        "xmlUrl": f"{feed}/harbour.rss",
        "htmlUrl": "https://news.example.org/sections/harbour",
    }


def test_every_feed_in_the_tree_is_there(client: FlaskClient) -> None:
    root = etree.fromstring(client.get("/feeds.opml").data)
    for outline in root.iter("outline"):
        for name in ("xmlUrl", "htmlUrl"):
            if url := outline.get(name):
                assert client.get(url.removeprefix("https://news.example.org")).status_code == 200


def test_a_level_without_a_feed_is_a_folder_alone(tmp_path: Path) -> None:
    settings = make_settings(sections={"town/council": {}}, feeds={"formats": ["json", "atom"]})
    with Newsroom(tmp_path / "empty") as room:
        client = create_app(settings, room.store, room.clock).test_client()
        root = etree.fromstring(client.get("/feeds.opml").data)
        assert [one.get("xmlUrl") for one in root.iter("outline")] == [
            "https://news.example.org/feeds/all.atom",
            None,
            "https://news.example.org/feeds/town/council.atom",
        ]
        assert 'href="/feeds/town.' not in client.get("/").text


def test_the_index_page_leads_to_it(client: FlaskClient) -> None:
    assert 'href="/feeds.opml"' in client.get("/").text


# ------------------------------------------------------------------ robots.txt
def test_robots(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "User-agent: *",
        "Disallow: /desk",
        "",
        "Sitemap: https://news.example.org/sitemap.xml",
        "Sitemap: https://news.example.org/sitemaps/news.xml",
    ]


# ------------------------------------------------------------------ sitemaps
def test_the_index_names_every_sitemap_and_each_is_there(client: FlaskClient) -> None:
    found = locations(client, "/sitemap.xml")
    base = "https://news.example.org"
    assert found == [f"{base}/sitemaps/{name}.xml" for name in ("sections", "news", "1")]
    for one in found:
        assert locations(client, one.removeprefix(base))


def test_the_articles_are_there_oldest_release_first(client: FlaskClient, room: Newsroom) -> None:
    assert locations(client, "/sitemaps/1.xml") == [address(room, "vote"), address(room, "ferry")]
    root = etree.fromstring(client.get("/sitemaps/1.xml").data)
    assert [one.text for one in root.iter(f"{S}lastmod")] == ["2026-03-11T12:00:00Z", "2026-03-14T11:00:00Z"]


def test_the_sections_are_there(client: FlaskClient) -> None:
    assert locations(client, "/sitemaps/sections.xml") == [
        f"https://news.example.org{path}"
        for path in ("/", "/sections/harbour", "/sections/town", "/sections/town/council")
    ]


def test_many_articles_fill_several(client: FlaskClient, room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "CHUNK", 3)
    room.put(*(make_article(f"n{n}", published=NOON - timedelta(minutes=n)) for n in range(5)), cold=True)
    assert [one.rpartition("/")[2] for one in locations(client, "/sitemap.xml")[2:]] == ["1.xml", "2.xml", "3.xml"]
    parts = [locations(client, f"/sitemaps/{n}.xml") for n in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert len({one for part in parts for one in part}) == 7
    first = client.get("/sitemaps/1.xml").headers["ETag"]
    room.clock.move(minutes=1)
    room.put(make_article("newest", published=room.clock()))
    assert client.get("/sitemaps/1.xml").headers["ETag"] == first, "what is new comes into the last"
    assert client.get("/sitemaps/4.xml").status_code == 404
    for name in ("0", "01", "-1", "x", "1e3", "٣"):
        assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_the_news_of_two_days(client: FlaskClient, room: Newsroom) -> None:
    root = etree.fromstring(client.get("/sitemaps/news.xml").data)
    (url,) = root.iter(f"{S}url")
    assert url.findtext(f"{S}loc") == address(room, "ferry")
    assert url.findtext(f"{N}news/{N}publication/{N}name") == "The Harbour Courier"
    assert url.findtext(f"{N}news/{N}publication/{N}language") == "en"
    assert url.findtext(f"{N}news/{N}publication_date") == "2026-03-14T11:00:00Z"
    assert url.findtext(f"{N}news/{N}title") == "Ferry & <crane>"


def test_what_grows_old_leaves_the_news_by_itself(client: FlaskClient, room: Newsroom) -> None:
    room.clock.now = NOON - HOUR + 2 * DAY - timedelta(seconds=1)
    answer = client.get("/sitemaps/news.xml")
    assert b"/ferry-" in answer.data
    assert answer.headers["Cache-Control"].startswith("public, max-age=1,")
    room.clock.move(seconds=1)
    assert b"/ferry-" not in client.get("/sitemaps/news.xml").data


def test_news_are_a_thousand_at_most(client: FlaskClient, room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "NEWS_MOST", 3)
    room.put(*(make_article(f"n{n}", published=NOON - timedelta(minutes=n)) for n in range(5)), cold=True)
    found = locations(client, "/sitemaps/news.xml")
    assert [one.rpartition("/")[2][:2] for one in found] == ["n0", "n1", "n2"]


@pytest.mark.parametrize(
    ("tag", "told"),
    [("en-GB", "en"), ("DE", "de"), ("zh", "zh-cn"), ("zh-Hant-HK", "zh-tw"), ("zh-CN", "zh-cn"), ("", "en")],
)
def test_the_language_of_news(client: FlaskClient, room: Newsroom, tag: str, told: str) -> None:
    room.put(make_article("words", language=tag, published=NOON), cold=True)
    root = etree.fromstring(client.get("/sitemaps/news.xml").data)
    assert root.findtext(f".//{N}language") == told


def test_a_day_is_told_as_a_day(client: FlaskClient, room: Newsroom) -> None:
    room.put(make_article("day", published=NOON, precision=Precision.DAY), cold=True)
    assert b"<news:publication_date>2026-03-14</news:publication_date>" in client.get("/sitemaps/news.xml").data


# ------------------------------------------------------------------ for all of them
def test_nothing_tells_of_what_is_not_public(client: FlaskClient, room: Newsroom) -> None:
    before = {path: client.get(path).data for path in DOCUMENTS}
    for path, body in before.items():
        assert b"secret" not in body, path
        assert b"hidden" not in body, path
        assert b"withheld" not in body, path
    room.clock.now = NOON + 2 * HOUR
    for path in DOCUMENTS:
        if path != "/sitemap.xml":
            assert client.get(path).data != before[path], path
    assert any("/secret-" in one for one in locations(client, "/sitemaps/1.xml"))
    assert any("/secret-" in one for one in locations(client, "/sitemaps/news.xml"))


@pytest.mark.parametrize("how", ["withdrawn", "taken down", "expired"])
def test_what_leaves_the_public_leaves_them_at_once(client: FlaskClient, room: Newsroom, how: str) -> None:
    article = make_article("brief", published=NOON, expires=NOON + 2 * HOUR if how == "expired" else None)
    room.put(article, cold=True)
    for path in ("/sitemaps/1.xml", "/sitemaps/news.xml"):
        assert b"/brief-" in client.get(path).data
    room.clock.move(seconds=2)
    if how == "withdrawn":
        room.withdraw(article)
    elif how == "taken down":
        with room.store.store.writing(None, at=room.clock()) as writer:
            writer.takedown(article.id, now=room.clock(), reason="order")
    else:
        room.clock.now = NOON + 2 * HOUR
    for path in ("/sitemaps/1.xml", "/sitemaps/news.xml"):
        assert b"/brief-" not in client.get(path).data


@pytest.mark.parametrize("path", [*DOCUMENTS, "/robots.txt"])
def test_validators_codings_and_head(client: FlaskClient, path: str) -> None:
    whole = client.get(path)
    assert whole.status_code == 200
    assert whole.headers["Content-Length"] == str(len(whole.data))
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Cache-Control"].startswith("public, max-age=300")
    etag = whole.headers["ETag"]
    head = client.head(path)
    assert (head.data, list(head.headers)) == (b"", list(whole.headers))
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    coded = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(coded.data) == whole.data
    assert coded.headers["Content-Encoding"] == "gzip"
    if path != "/robots.txt":
        modified = whole.headers["Last-Modified"]
        assert modified == "Sat, 14 Mar 2026 12:00:00 GMT"
        assert client.get(path, headers={"If-Modified-Since": modified}).status_code == 304
    answer = client.post(path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_two_workers_write_the_same(room: Newsroom, settings: object, path: str) -> None:
    one = create_app(settings, room.store, room.clock).test_client().get(path)  # type: ignore[arg-type]
    room.clock.move(minutes=20)
    two = create_app(settings, room.store, room.clock).test_client().get(path)  # type: ignore[arg-type]
    assert (one.data, one.headers["ETag"], one.headers["Last-Modified"]) == (
        two.data, two.headers["ETag"], two.headers["Last-Modified"],
    )  # fmt: skip


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_last_good_one_while_the_store_is_lost(client: FlaskClient, room: Newsroom, path: str) -> None:
    room.store.lost = True
    assert client.get(path).status_code == 503
    room.store.lost = False
    before = client.get(path)
    room.store.lost = True
    room.clock.move(minutes=30)
    after = client.get(path)
    assert (after.status_code, after.data) == (200, before.data)


def test_nothing_is_made_anew_while_nothing_happens(client: FlaskClient, room: Newsroom) -> None:
    for path in DOCUMENTS:
        client.get(path)
    room.store.asked.clear()
    for _ in range(3):
        room.clock.move(seconds=2)
        for path in DOCUMENTS:
            client.get(path)
    assert set(room.store.asked) == {"versions", "changes_token"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[FlaskClient]:
    settings = make_settings(site={"base_url": "https://example.org/news"})
    with Newsroom(tmp_path / "elsewhere") as room:
        room.put(make_article("ferry"))
        yield create_app(settings, room.store, room.clock).test_client()


def test_below_a_prefix_everything_has_it(elsewhere: FlaskClient) -> None:
    assert "Disallow: /news/desk" in elsewhere.get("/news/robots.txt").text
    assert all(one.startswith("https://example.org/news/") for one in locations(elsewhere, "/sitemap.xml"))
    assert locations(elsewhere, "/news/sitemaps/1.xml")[0].startswith("https://example.org/news/articles/")
    assert b'xmlUrl="https://example.org/news/feeds/all.rss"' in elsewhere.get("/feeds.opml").data
