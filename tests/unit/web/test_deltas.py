"""Polls that ask for changes only (RFC 3229, ``A-IM: feed``)."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article, make_settings
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse

from feedsvc.config import Settings
from feedsvc.model import Article
from feedsvc.web.app import create_app

HOUR = timedelta(hours=1)
FEED = "/feeds/all.json"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def settings_with(**feeds: Any) -> Settings:
    return make_settings(feeds={"limit": 10, **feeds})


@pytest.fixture
def settings() -> Settings:
    return settings_with()


@pytest.fixture
def articles(room: Newsroom) -> list[Article]:
    found = [make_article(f"n{n}", published=NOON - HOUR * (n + 1)) for n in range(8)]
    room.put(*found, cold=True)
    room.clock.move(minutes=1)
    room.put(make_article("newest", published=room.clock()))
    return found


@pytest.fixture
def client(room: Newsroom) -> FlaskClient:
    return create_app(settings_with(delta=True), room.store, room.clock).test_client()


def poll(client: FlaskClient, etag: str, a_im: str = "feed", path: str = FEED, **more: str) -> TestResponse:
    return client.get(path, headers={"A-IM": a_im, "If-None-Match": etag, **more})


def items(answer: TestResponse) -> dict[str, str]:
    return {item["id"]: item["title"] for item in json.loads(answer.data)["items"]}


def test_only_what_is_new_or_changed(room: Newsroom, client: FlaskClient, articles: list[Article]) -> None:
    whole = client.get(FEED)
    assert whole.headers["Vary"] == "A-IM, Accept-Encoding"
    room.clock.move(minutes=1)
    room.edit(articles[3], title="Corrected")
    room.put(make_article("fresh", published=room.clock()))
    answer = poll(client, whole.headers["ETag"])
    assert answer.status_code == 226
    assert items(answer) == {articles[3].id: "Corrected", make_article("fresh").id: make_article("fresh").title}
    now = client.get(FEED)
    assert now.status_code == 200
    assert answer.headers["ETag"] == now.headers["ETag"]
    assert answer.headers["IM"] == "feed"
    assert answer.headers["Cache-Control"] == "no-store, im"
    assert answer.headers["Delta-Base"] == whole.headers["ETag"]
    assert answer.headers["Vary"] == "A-IM, Accept-Encoding"
    assert answer.headers["Content-Type"] == "application/feed+json"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert len(answer.headers.getlist("Cache-Control")) == 1
    assert poll(client, answer.headers["ETag"]).status_code == 304


def test_the_short_way_gives_the_same(room: Newsroom, client: FlaskClient, articles: list[Article]) -> None:
    slow = create_app(settings_with(delta=True), room.store, room.clock, short=False).test_client()
    etag = client.get(FEED).headers["ETag"]
    room.clock.move(minutes=1)
    room.edit(articles[3], title="Corrected")
    short, long = poll(client, etag), poll(slow, etag)
    assert (short.status_code, short.data, list(short.headers)) == (long.status_code, long.data, list(long.headers))


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_it_is_coded(room: Newsroom, client: FlaskClient, articles: list[Article], coding: str) -> None:
    etag = client.get(FEED, headers={"Accept-Encoding": coding}).headers["ETag"]
    room.clock.move(minutes=1)
    room.edit(articles[3], title="Corrected")
    answer = poll(client, etag, **{"Accept-Encoding": coding})
    assert answer.status_code == 226
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["ETag"].endswith(f'-{coding}"')
    if coding == "gzip":
        assert [item["title"] for item in json.loads(gzip.decompress(answer.data))["items"]] == ["Corrected"]


def test_atom_tells_what_was_deleted(room: Newsroom, client: FlaskClient, articles: list[Article]) -> None:
    path = "/feeds/all.atom"
    etag = client.get(path).headers["ETag"]
    room.clock.move(minutes=1)
    room.withdraw(articles[2])
    answer = poll(client, etag, path=path)
    assert answer.status_code == 226
    assert [one.get("ref") for one in etree.fromstring(answer.data).findall(DELETED)] == [articles[2].id]


def test_an_embargo_that_ends_and_an_expiry_are_told(
    room: Newsroom, client: FlaskClient, articles: list[Article]
) -> None:
    room.put(make_article("scheduled", embargo=room.clock() + HOUR))
    room.edit(articles[1], expires=room.clock() + HOUR)
    etag = client.get(FEED).headers["ETag"]
    room.clock.move(hours=1)
    answer = poll(client, etag)
    assert answer.status_code == 226
    assert make_article("scheduled").id in items(answer)
    assert [one["id"] for one in json.loads(answer.data)["_feedsvc"]["deleted"]] == [articles[1].id]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"A-IM": "gzip"},
        {"A-IM": "feed;q=0"},
        {"A-IM": "feed", "If-None-Match": '"other"'},
        {"A-IM": "feed", "If-None-Match": '"zzzz-0123456789abcdef"'},
        {"A-IM": "feed", "If-None-Match": '"0-0123456789abcdef"'},
        {"A-IM": "feed", "If-None-Match": '"1-0123456789abcdef"'},
        {"A-IM": "feed"},
    ],
)
def test_all_others_get_the_whole(client: FlaskClient, articles: list[Article], headers: dict[str, str]) -> None:
    answer = client.get(FEED, headers=headers)
    assert answer.status_code == 200
    assert len(items(answer)) == 9
    assert "IM" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("public")


def test_a_number_within_one_pass_was_never_seen(room: Newsroom, client: FlaskClient, articles: list[Article]) -> None:
    """Only its last number is that of a document; one of another store may be any."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    last = int(client.get(FEED).headers["ETag"].strip('"').partition("-")[0], 36)
    answers = [poll(client, f'"{digits[seq // 36]}{digits[seq % 36]}-0123456789abcdef"') for seq in range(1, last + 1)]
    partial = [answer for answer in answers if answer.status_code == 226]
    assert len(partial) == 2  # after the first pass, and after the article behind it
    assert {answer.status_code for answer in answers} == {200, 226}


def test_it_is_off_unless_asked_for(room: Newsroom, articles: list[Article]) -> None:
    client = create_app(settings_with(), room.store, room.clock).test_client()
    whole = client.get(FEED)
    assert whole.headers["Vary"] == "Accept-Encoding"
    room.clock.move(minutes=1)
    room.edit(articles[3], title="Corrected")
    assert poll(client, whole.headers["ETag"]).status_code == 200


def test_it_is_the_whole_where_the_changes_are_not_known_any_more(
    room: Newsroom, client: FlaskClient, articles: list[Article]
) -> None:
    etag = client.get(FEED).headers["ETag"]
    room.clock.move(days=31)
    room.edit(articles[3], title="Corrected")
    room.store.store.prune(room.clock() - timedelta(days=30), now=room.clock(), lease=room.lease)
    assert poll(client, etag).status_code == 200


def test_it_is_the_last_good_whole_while_the_store_is_lost(
    room: Newsroom, client: FlaskClient, articles: list[Article]
) -> None:
    etag = client.get(FEED).headers["ETag"]
    room.clock.move(minutes=1)
    room.edit(articles[3], title="Corrected")
    assert client.get(FEED).headers["ETag"] != etag
    room.store.lost = True
    assert poll(client, etag).status_code == 200


def test_it_never_says_that_it_is_complete(room: Newsroom, client: FlaskClient, articles: list[Article]) -> None:
    whole = client.get(FEED)
    assert json.loads(whole.data)["_feedsvc"]["complete"]
    room.clock.move(minutes=1)
    room.edit(articles[3], title="Corrected")
    assert "complete" not in json.loads(poll(client, whole.headers["ETag"]).data)["_feedsvc"]


def test_a_feed_cut_by_size_is_sent_whole(room: Newsroom) -> None:
    client = create_app(settings_with(delta=True, max_bytes="1 kB"), room.store, room.clock).test_client()
    room.put(*(make_article(f"n{n}", content="<p>" + "word " * 80 + "</p>") for n in range(5)), cold=True)
    room.clock.move(minutes=1)
    room.put(make_article("last", published=room.clock()))
    etag = client.get(FEED).headers["ETag"]
    room.clock.move(minutes=1)
    room.edit(make_article("last", published=room.clock()), title="Corrected")
    assert poll(client, etag).status_code == 200


def test_changes_lead_to_what_the_whole_shows(room: Newsroom, client: FlaskClient) -> None:
    """A client that only ever takes changes knows at each poll what one that takes the whole does."""
    chance = random.Random(3229)
    known: dict[str, Article] = {}
    held: dict[str, str] = {}
    etag, partial = "", 0
    for number in range(150):
        room.clock.move(seconds=chance.randrange(1, 4000))
        now = room.clock()
        article = make_article(f"c{number}", published=now - timedelta(seconds=chance.randrange(3000)))
        if number % 5 == 0:
            article = replace(article, expires=now + timedelta(hours=chance.randrange(1, 9)))
        if number % 7 == 0:
            article = replace(article, embargo=now + timedelta(hours=chance.randrange(1, 9)))
        room.put(article)
        known[article.id] = article
        if number % 3 == 0:
            old = known[chance.choice(sorted(known))]
            known[old.id] = replace(old, title=f"{old.title}, corrected", updated=now)
            room.put(known[old.id])
        if number % 4 == 0:
            room.withdraw(known.pop(chance.choice(sorted(known))))
        if number % 3 == 1:
            continue
        answer = poll(client, etag) if etag else client.get(FEED)
        partial += answer.status_code == 226
        etag = answer.headers["ETag"]
        held |= items(answer)
        for one in json.loads(answer.data)["_feedsvc"].get("deleted", ()):
            held.pop(one["id"], None)
        whole = items(client.get(FEED))
        assert {key: held.get(key) for key in whole} == whole
    assert partial > 50
