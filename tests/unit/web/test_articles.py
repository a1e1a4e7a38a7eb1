"""Article pages: what they show, and what they say of articles that are not there."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from fakes import NOON, Newsroom, make_article, make_settings
from flask.testing import FlaskClient

from feedsvc import links
from feedsvc.dates import Precision
from feedsvc.model import Author, Category, Enclosure
from feedsvc.web.app import create_app

HOUR = timedelta(hours=1)
HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"


class Elements(HTMLParser):
    """All start tags of a page with their attributes, and the text of each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]

    def meta(self, name: str) -> list[str]:
        return [one["content"] for one in self.all("meta") if name in (one.get("property"), one.get("name"))]


def test_an_article_page(client: FlaskClient, room: Newsroom) -> None:
    (stored,) = room.put(
        make_article(
            "ferry",
            title="The ferry sails again",
            standfirst="Nine weeks late",
            byline="By Ines Holm",
            agency="Coastwire",
            dateline="ST MARREN",
            sections=("harbour", "town/council"),
            authors=(Author(name="Ines Holm"),),
            categories=(Category(term="ships", label="Ships & boats"),),
            enclosures=(
                Enclosure(
                    url="https://pictures.example.net/f.jpg", type="image/jpeg", width=800, height=600,
                    alt="A ferry", caption="At berth four", credit="I. Holm",
                ),
                Enclosure(url="https://pictures.example.net/talk.mp3", type="audio/mpeg", caption="Hear it"),
            ),
        )
    )  # fmt: skip
    answer = client.get(stored.path)
    assert answer.status_code == 200
    html = answer.text
    page = Elements(html)
    assert page.texts["h1"] == ["The ferry sails again"]
    for text in (
        "Nine weeks late",
        "By Ines Holm",
        "Coastwire",
        "ST MARREN",
        "At berth four",
        "I. Holm",
        "Ships &amp; boats",
    ):
        assert text in html
    (picture,) = page.all("img")
    assert picture["alt"] == "A ferry"
    assert (picture["width"], picture["height"]) == ("800", "600")
    assert page.all("audio")[0]["src"] == "https://pictures.example.net/talk.mp3"
    address = f"https://news.example.org{stored.path}"
    assert [one["href"] for one in page.all("link") if one["rel"] == "canonical"] == [address]
    assert page.meta("og:title") == ["The ferry sails again"]
    assert page.meta("og:url") == [address]
    assert page.meta("og:image") == ["https://pictures.example.net/f.jpg"]
    feeds = [one["href"] for one in page.all("link") if one["rel"] == "alternate"]
    assert feeds == [
        f"https://news.example.org/feeds/{name}.{suffix}"
        for name in ("harbour", "all")
        for suffix in ("rss", "atom", "json")
    ]
    own, script = page.all("script")
    assert own["src"].startswith("/static/subscribe.js?v=")
    assert script == {"type": "application/ld+json"}
    data = json.loads("".join(page.texts["script"]))
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "The ferry sails again"
    assert data["datePublished"] == "2026-03-14T11:00:00Z"
    assert data["articleSection"] == ["Harbour & Port", "Council"]
    assert data["keywords"] == ["Ships & boats"]
    assert page.all("time") == [{"datetime": "2026-03-14T11:00:00Z", "dir": "ltr"}]
    assert "14\u00a0March\u00a02026, 12:00\u00a0CET" in html


def test_pictures_in_the_text_take_their_room_before_they_come(client: FlaskClient, room: Newsroom) -> None:
    text = '<p><img src="/media/aa/a.png?x&amp;y" alt="x > y"> <img src="b.png" width="9"> <img src="c.png"></p>'
    pictures = [Enclosure(url=url, type="image/png", width=320, height=200) for url in ("/media/aa/a.png?x&y", "b.png")]
    (stored,) = room.put(make_article(content=text, enclosures=(*pictures, Enclosure(url="c.png", type="image/png"))))
    page = client.get(stored.path).text
    assert '<img src="/media/aa/a.png?x&amp;y" alt="x > y" width="320" height="200">' in page
    assert '<img src="b.png" width="9"> <img src="c.png"></p>' in page


def test_a_day_is_shown_as_a_day(client: FlaskClient, room: Newsroom) -> None:
    day = make_article(published=NOON - 25 * HOUR, precision=Precision.DAY, updated=NOON - 24 * HOUR)
    html = client.get(room.put(day)[0].path).text
    assert Elements(html).all("time") == [{"datetime": "2026-03-13", "dir": "ltr"}]
    assert "Updated" not in html


def test_a_correction_is_told(client: FlaskClient, room: Newsroom) -> None:
    html = client.get(room.put(make_article(updated=NOON - HOUR / 2))[0].path).text
    assert "Updated" in html
    assert [one["datetime"] for one in Elements(html).all("time")] == ["2026-03-14T11:00:00Z", "2026-03-14T11:30:00Z"]


def test_the_canonical_address_elsewhere_is_named(client: FlaskClient, room: Newsroom) -> None:
    (stored,) = room.put(make_article(link="https://wire.example.net/1"))
    page = Elements(client.get(stored.path).text)
    assert [one["href"] for one in page.all("link") if one["rel"] == "canonical"] == ["https://wire.example.net/1"]


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("ur", "rtl"), ("az-Arab", "rtl"), ("de", "ltr"), ("", "ltr")],
)
def test_language_and_direction(client: FlaskClient, room: Newsroom, language: str, direction: str) -> None:
    page = Elements(client.get(room.put(make_article(language=language))[0].path).text)
    (article,) = page.all("article")
    assert (article["lang"], article["dir"]) == (language or "en", direction)


def test_hostile_text_stays_text(client: FlaskClient, room: Newsroom) -> None:
    (stored,) = room.put(
        make_article(
            title=HOSTILE,
            standfirst=HOSTILE,
            summary=HOSTILE,
            byline=HOSTILE,
            agency=HOSTILE,
            dateline=HOSTILE,
            rights=HOSTILE,
            authors=(Author(name=HOSTILE),),
            categories=(Category(term=HOSTILE),),
            enclosures=(
                Enclosure(
                    url="https://e.example.net/x.jpg", type="image/jpeg", alt=HOSTILE, caption=HOSTILE, credit=HOSTILE
                ),
                Enclosure(url="javascript:alert(3)", type="image/jpeg"),
                Enclosure(url="//e.example.net/y.jpg", type="image/jpeg"),
            ),
        )
    )
    for path in (stored.path, "/", "/sections/harbour"):
        html = client.get(path).text
        page = Elements(html)
        for script in page.all("script"):
            assert script == {"type": "application/ld+json"} or script["src"].startswith("/static/")
        assert {one["src"] for one in page.all("img")} == {"https://e.example.net/x.jpg"}
        assert not any(name.startswith("on") for _tag, attributes in page.found for name in attributes)
        assert "<script>" not in html
    assert json.loads("".join(Elements(client.get(stored.path).text).texts["script"]))["headline"] == HOSTILE


def test_day_and_slug_are_for_people_only(client: FlaskClient, room: Newsroom) -> None:
    (stored,) = room.put(make_article())
    for other in (
        f"/articles/2020/01/01/ferry-{stored.key}",
        f"/articles/2026/03/14/another-{stored.key}",
        f"/articles/{stored.key}",
        f"{stored.path}/",
        f"/articles/x/{stored.key.upper()}",
    ):
        answer = client.get(other, headers={"Host": "evil.example.com"})
        assert answer.status_code == 308
        assert answer.headers["Location"] == f"https://news.example.org{stored.path}"


def test_an_embargoed_article_answers_exactly_as_an_unknown_one(client: FlaskClient, room: Newsroom) -> None:
    room.put(make_article("here"))
    (stored,) = room.put(make_article("secret", embargo=NOON + HOUR, published=NOON - HOUR))
    unknown = links.key("tag:news.example.org,2026:unknown")
    pairs = [
        (stored.path, stored.path.replace(stored.key, unknown)),
        (f"/articles/{stored.key}", f"/articles/{unknown}"),
        (f"/articles/2020/01/01/x-{stored.key}", f"/articles/2020/01/01/x-{unknown}"),
    ]
    for secret, other in pairs:
        one, two = client.get(secret), client.get(other)
        assert one.status_code == two.status_code == 404
        assert one.data == two.data
        assert list(one.headers) == list(two.headers)
        assert one.headers["Cache-Control"] == "no-cache"
    room.clock.now = NOON + HOUR
    assert client.get(stored.path).status_code == 200


def test_what_was_public_is_gone(client: FlaskClient, room: Newsroom) -> None:
    withdrawn = make_article("withdrawn", title="Of the withdrawn")
    brief = make_article("brief", title="Of the brief", expires=NOON + HOUR)
    killed = make_article("killed", title="Of the killed")
    paths = [stored.path for stored in room.put(withdrawn, brief, killed)]
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    assert client.get(paths[1]).headers["Cache-Control"].startswith("public, max-age=60")
    room.clock.move(minutes=59, seconds=50)
    assert (
        client.get(paths[1])
        .headers["Cache-Control"]
        .startswith("public, max-age=10, s-maxage=10, stale-while-revalidate=0")
    )
    room.clock.move(seconds=10)
    room.withdraw(withdrawn)
    with room.store.store.writing(None, at=room.clock()) as writer:
        assert writer.takedown(killed.id, now=room.clock(), reason="a court")
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 410
        assert "no longer available" in answer.text
        assert "Of the" not in answer.text
        assert "court" not in answer.text


def test_an_article_that_never_was_public_is_not_gone_but_unknown(client: FlaskClient, room: Newsroom) -> None:
    secret = make_article("secret", embargo=NOON + HOUR)
    (stored,) = room.put(secret)
    room.withdraw(secret)
    room.clock.now = NOON + 2 * HOUR
    assert client.get(stored.path).status_code == 404


def test_an_article_under_a_new_embargo_is_unknown_again(client: FlaskClient, room: Newsroom) -> None:
    article = make_article()
    (stored,) = room.put(article)
    assert client.get(stored.path).status_code == 200
    room.edit(article, embargo=NOON + HOUR)
    assert client.get(stored.path).status_code == 404
    room.clock.now = NOON + HOUR
    assert client.get(stored.path).status_code == 200


def test_pages_are_conditional_and_coded(client: FlaskClient, room: Newsroom) -> None:
    (stored,) = room.put(make_article())
    first = client.get(stored.path)
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}):
        tag = client.get(stored.path, headers=headers).headers["ETag"]
        again = client.get(stored.path, headers={"If-None-Match": tag, **headers})
        assert again.status_code == 304
        assert again.data == b""
    room.clock.move(minutes=1)
    room.edit(make_article(), title="Corrected")
    assert client.get(stored.path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_last_good_page_while_the_store_is_lost(client: FlaskClient, room: Newsroom) -> None:
    brief, lasting = room.put(make_article("brief", expires=NOON + HOUR), make_article("lasting"))
    before = client.get(lasting.path)
    client.get(brief.path)
    room.store.lost = True
    assert client.get(lasting.path).data == before.data
    assert client.get(brief.path).status_code == 200
    room.clock.now = NOON + HOUR
    assert client.get(lasting.path).data == before.data
    assert client.get(brief.path).status_code == 503  # it may not be seen any more, and nothing is known of it


def test_a_site_below_a_prefix(room: Newsroom) -> None:
    settings = make_settings(site={"base_url": "https://example.org/news"})
    (stored,) = room.put(make_article(content='<p><a href="/media/1/a.pdf">A</a></p>'))
    client = create_app(settings, room.store, room.clock).test_client()
    for path in (stored.path, f"/news{stored.path}"):  # with and without a proxy that takes it away
        html = client.get(path).text
        assert 'href="https://example.org/news/media/1/a.pdf"' in html
        assert f'<link rel="canonical" href="https://example.org/news{stored.path}">' in html
        ours = re.findall(r'(?:href|src)="(/[^"]*)"', html)
        assert ours
        assert all(address.startswith("/news/") for address in ours)
    assert client.get("/news").status_code == 200
    assert client.get("/newspaper").status_code == 404
