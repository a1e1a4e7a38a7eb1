"""Archives: nothing is lost between a feed and its pages, and no page lies about what is public."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article, make_settings
from flask.testing import FlaskClient
from lxml import etree

from feedsvc.config import Settings
from feedsvc.model import Article
from feedsvc.publish.archive import extended
from feedsvc.publish.settings import plan
from feedsvc.web.app import create_app

HOUR = timedelta(hours=1)
LIMIT = 5
ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"
BASE = "https://news.example.org"


@pytest.fixture
def settings() -> Settings:
    return make_settings(feeds={"limit": LIMIT, "hubs": ["https://hub.example.net/"]})


def fill(room: Newsroom, count: int, **fields: Any) -> list[Article]:
    articles = [make_article(f"n{n:03}", published=NOON - HOUR * (count - n), **fields) for n in range(count)]
    room.put(*articles, cold=True)
    return articles


class Read:
    """A document as a reader takes it: its ids with their titles, and its links."""

    def __init__(self, body: bytes, suffix: str) -> None:
        self.links: dict[str, str] = {}
        if suffix == "json":
            document = json.loads(body)
            ours = document["_feedsvc"]
            self.items = {item["id"]: item["title"] for item in document["items"]}
            known = {"self": document["feed_url"], "prev-archive": document.get("next_url")}
            known |= {"current": ours.get("current_url"), "next-archive": ours.get("newer_url")}
            self.links = {rel: href for rel, href in known.items() if href}
            self.archive, self.complete = ours.get("archive", False), ours.get("complete", False)
            self.count = len(document["items"])
            return
        root = etree.fromstring(body)
        parent = root if suffix == "atom" else root[0]
        entry, ident = (ATOM + "entry", ATOM + "id") if suffix == "atom" else ("item", "guid")
        title = ATOM + "title" if suffix == "atom" else "title"
        entries = parent.findall(entry)
        self.items = {one.findtext(ident): one.findtext(title) for one in entries}
        self.count = len(entries)
        for link in parent.findall(ATOM + "link"):
            self.links.setdefault(link.get("rel"), link.get("href"))
        self.archive = parent.find(FH + "archive") is not None
        self.complete = parent.find(FH + "complete") is not None


def walk(client: FlaskClient, feed: str = "all", suffix: str = "atom") -> list[Read]:
    """The feed and its archive pages, the newest first, as an aggregator follows them."""
    address, found = f"{BASE}/feeds/{feed}.{suffix}", []
    while address:
        answer = client.get(address.removeprefix(BASE))
        assert answer.status_code == 200, address
        found.append(Read(answer.data, suffix))
        address = found[-1].links.get("prev-archive", "")
        assert len(found) < 200
    return found


def union(documents: list[Read]) -> dict[str, str]:
    """What an aggregator knows at the end: what it reads first of an id is the newest."""
    return {key: title for document in reversed(documents) for key, title in document.items.items()}


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
@pytest.mark.parametrize("count", [0, 1, LIMIT, LIMIT + 1, 2 * LIMIT, 23])
def test_a_walk_finds_every_article(room: Newsroom, client: FlaskClient, suffix: str, count: int) -> None:
    articles = fill(room, count)
    current, *pages = walk(client, suffix=suffix)
    assert union([current, *pages]) == {article.id: article.title for article in articles}
    assert current.complete == (count <= LIMIT)
    assert not current.archive
    assert len(pages) == (count // LIMIT if count > LIMIT else 0)
    for page in pages:
        assert page.archive
        assert not page.complete
        assert page.count == LIMIT
        assert page.links["current"] == f"{BASE}/feeds/all.{suffix}"
        assert re.fullmatch(rf"{BASE}/archive/all/[1-9]+-[a-z2-7]{{10}}\.{suffix}", page.links["self"])


def test_pages_are_cut_from_the_oldest_and_stay_when_articles_come(room: Newsroom, client: FlaskClient) -> None:
    articles = fill(room, 12)
    before = [(page.links["self"], page.items) for page in walk(client)[1:]]
    assert [set(items) for _, items in before] == [
        {article.id for article in articles[5:10]}, {article.id for article in articles[:5]}
    ]  # fmt: skip
    address = before[0][0].removeprefix(BASE)
    old = client.get(address)
    for number in range(20):
        room.clock.move(minutes=1)
        room.put(make_article(f"new{number}", published=room.clock()))
        walk(client)
    assert [(page.links["self"], page.items) for page in walk(client)[-2:]] == before
    again = client.get(address)
    assert again.data == old.data
    assert again.headers["ETag"] == old.headers["ETag"]


def test_a_page_may_be_kept_and_is_answered_by_conditions(room: Newsroom, client: FlaskClient) -> None:
    fill(room, 6)
    address = walk(client)[1].links["self"].removeprefix(BASE)
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=86400, s-maxage=86400, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    coded = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert coded.headers["Content-Encoding"] == "gzip"


def test_no_cache_keeps_a_page_past_an_expiry(room: Newsroom, client: FlaskClient) -> None:
    first, *_ = fill(room, 11)
    room.edit(first, expires=room.clock() + timedelta(minutes=30))
    newest, oldest = walk(client)[1:]
    address = oldest.links["self"].removeprefix(BASE)
    assert client.get(address).headers["Cache-Control"] == "public, max-age=1800, s-maxage=1800, immutable"
    room.clock.move(minutes=30)
    assert client.get(address).status_code == 410
    assert client.get(newest.links["self"].removeprefix(BASE)).status_code == 410
    assert first.id not in union(walk(client))
    assert len(union(walk(client))) == 10


@pytest.mark.parametrize("how", ["edit", "withdraw", "takedown", "withhold"])
def test_a_change_in_a_page_gives_it_and_all_behind_it_other_addresses(
    room: Newsroom, client: FlaskClient, how: str
) -> None:
    articles = fill(room, 23)
    before = [page.links["self"] for page in walk(client)[1:]][::-1]
    victim = articles[7]  # in the second page
    room.clock.move(minutes=1)
    if how == "edit":
        room.edit(victim, title="Corrected")
    elif how == "withdraw":
        room.withdraw(victim)
    elif how == "takedown":
        with room.store.store.writing(None, at=room.clock()) as writer:
            writer.takedown(victim.id, now=room.clock(), reason="court order")
    else:
        room.put(replace(victim, sections=("town",), updated=room.clock()))
        assert victim.id not in union(walk(client, "harbour"))
    found = walk(client)
    after = [page.links["self"] for page in found[1:]][::-1]
    assert after[0] == before[0]
    assert not set(after[1:]) & set(before[1:])
    assert client.get(before[0].removeprefix(BASE)).status_code == 200
    for address in before[1:]:
        answer = client.get(address.removeprefix(BASE))
        assert answer.status_code == 410
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    titles = union(found)
    assert (victim.id in titles) == (how in ("edit", "withhold"))
    assert how != "edit" or titles[victim.id] == "Corrected"
    assert len(titles) == (22 if how in ("withdraw", "takedown") else 23)


@pytest.mark.parametrize(
    "address",
    [
        "all/9-aaaaaaaaaa.atom", "all/0-aaaaaaaaaa.atom", "all/x.atom", "all.atom", "1-aaaaaaaaaa.atom", "all/1-.atom",
        "nowhere/1-aaaaaaaaaa.atom", "all/1-aaaaaaaaaa.gopher", "secret/1-aaaaaaaaaa.rss", "secret/1.rss",
        "tags/x/1-aaaaaaaaaa.rss", "all/99999999999999999999.rss", "all/١-aaaaaaaaaa.rss",
    ],
)  # fmt: skip
def test_a_page_that_never_was_is_not_found(room: Newsroom, client: FlaskClient, address: str) -> None:
    fill(room, 11)
    room.put(make_article("hush", sections=("secret",), embargo=NOON + HOUR))
    assert client.get(f"/archive/{address}").status_code == 404


def test_a_page_whose_hash_is_another_is_gone(room: Newsroom, client: FlaskClient) -> None:
    fill(room, 11)
    assert client.get("/archive/all/1-aaaaaaaaaa.atom").status_code == 410


def test_a_number_leads_to_the_page_and_beyond_the_last_to_the_feed(room: Newsroom, client: FlaskClient) -> None:
    fill(room, 13)
    _, second, first = walk(client)
    assert first.links["next-archive"] == f"{BASE}/archive/all/2.atom"
    forward = client.get("/archive/all/2.atom")
    assert (forward.status_code, forward.headers["Location"]) == (307, second.links["self"])
    last = client.get(second.links["next-archive"].removeprefix(BASE))
    assert (last.status_code, last.headers["Location"]) == (307, f"{BASE}/feeds/all.atom")


def test_sections_have_archives_and_tags_have_none(room: Newsroom, client: FlaskClient) -> None:
    fill(room, 11)
    assert len(walk(client, "harbour")) == 3
    pages = walk(client, "harbour")[1:]
    assert all("/archive/harbour/" in page.links["self"] for page in pages)


def test_new_settings_give_new_pages(room: Newsroom) -> None:
    fill(room, 11)
    before, after = (
        walk(
            create_app(
                make_settings(site={"title": title}, feeds={"limit": LIMIT}), room.store, room.clock
            ).test_client()
        )
        for title in ("The Courier", "The Other Courier")
    )
    assert not {page.links["self"] for page in before[1:]} & {page.links["self"] for page in after[1:]}


def test_a_feed_cut_by_size_leads_to_what_is_left_over(room: Newsroom) -> None:
    settings = make_settings(feeds={"limit": LIMIT, "max_bytes": "2 kB"})
    client = create_app(settings, room.store, room.clock).test_client()
    articles = fill(room, 14, content="<p>" + "word " * 300 + "</p>")
    current, rest, *_ = found = walk(client)
    assert current.count == 1
    assert rest.count == 4
    assert set(union(found)) == {article.id for article in articles}


def test_pages_too_large_for_readers_show_summaries(room: Newsroom) -> None:
    settings = make_settings(feeds={"limit": LIMIT, "max_bytes": "10 MB"})
    client = create_app(settings, room.store, room.clock).test_client()
    fill(room, 6, content="<p>" + "word " * 700_000 + "</p>")
    page = walk(client)[1]
    assert page.count == LIMIT
    assert len(client.get(page.links["self"].removeprefix(BASE)).data) < 100_000


def test_a_page_seen_before_is_served_while_the_store_is_lost(room: Newsroom, client: FlaskClient) -> None:
    fill(room, 11)
    pages = [page.links["self"].removeprefix(BASE) for page in walk(client)[1:2]]
    seen = client.get(pages[0]).data
    room.store.lost = True
    assert client.get(pages[0]).data == seen
    assert client.get(pages[0].replace(".atom", ".rss")).status_code == 503


def test_an_aggregator_that_was_away_for_three_days_misses_nothing(room: Newsroom, client: FlaskClient) -> None:
    """400 articles come meanwhile; some are corrected, withdrawn, taken down, backdated, expire, or wait."""
    chance = random.Random(5005)  # the same course each time
    known: dict[str, Article] = {article.id: article for article in fill(room, 37)}
    seen = walk(client)
    assert set(union(seen)) == set(known)
    for number in range(400):
        room.clock.move(seconds=648)
        now = room.clock()
        article = make_article(f"late{number}", published=now - timedelta(seconds=chance.randrange(3600)))
        if number % 19 == 0:
            article = replace(article, published=now - timedelta(days=chance.randrange(20, 90)))
        if number % 23 == 0:
            article = replace(article, expires=now + timedelta(hours=chance.randrange(1, 60)))
        if number % 29 == 0:
            article = replace(article, embargo=now + timedelta(hours=chance.randrange(1, 90)))
        room.put(article)
        known[article.id] = article
        if number % 7 == 0:
            old = known[chance.choice(sorted(known))]
            known[old.id] = replace(old, title=f"{old.title}, corrected", updated=now)
            room.put(known[old.id])
        if number % 11 == 0:
            gone = known.pop(chance.choice(sorted(known)))
            room.withdraw(gone)
        if number % 100 == 0:  # others poll meanwhile, so that the archive grows by steps
            walk(client)
    now = room.clock()
    public = {article.id: article.title for article in known.values() if article.visible(now)}
    for suffix in ("rss", "atom", "json"):
        documents = walk(client, suffix=suffix)
        assert union(documents) == public
        pages = [key for document in documents[1:] for key in document.items]
        assert len(pages) == len(set(pages))
        assert all(document.count == len(document.items) for document in documents)
    fresh = create_app(
        make_settings(feeds={"limit": LIMIT, "hubs": ["https://hub.example.net/"]}), room.store, room.clock
    )
    assert [page.links for page in walk(fresh.test_client())] == [page.links for page in walk(client)]


def test_new_articles_cost_no_more_in_a_large_archive(room: Newsroom, settings: Settings) -> None:
    chosen = plan(settings, "all")
    read: list[int] = []

    class Counted:
        def __getattr__(self, name: str) -> Any:
            return getattr(room.store, name)

        def marks(self, *args: Any, **named: Any) -> Any:
            found = room.store.marks(*args, **named)
            read.append(len(found))
            return found

    chain = None
    fill(room, 203)
    for number in range(4):
        room.clock.move(minutes=1)
        room.put(make_article(f"new{number}", published=room.clock()))
        window = room.store.window("all", room.clock(), limit=LIMIT)
        read.clear()
        chain = extended(chain, Counted(), window, chosen, room.clock(), seed="x")  # type: ignore[arg-type]
        # The last page, and the one before it where that came to be full in the last minute.
        assert sum(read) == 204 if number == 0 else sum(read) < 2 * LIMIT
        assert chain == extended(None, room.store, window, chosen, room.clock(), seed="x")
