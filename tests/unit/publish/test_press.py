"""The gate in use: an article at fault is left out, a document at fault leaves the last good one where it is."""

from __future__ import annotations

import pytest
from fakes import Newsroom, make_article, make_settings

from feedsvc.errors import RenderError
from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Entry, Feed
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.press import most_bytes
from feedsvc.publish.rendering import rendered
from feedsvc.publish.window import Shown

SETTINGS = make_settings(feeds={"limit": 3})
LINKS = Links("https://news.example.org")


class Spoilt(Rss):
    """RSS that can be told to write nonsense: for the whole feed, or for one article."""

    def __init__(self) -> None:
        self.whole = False
        self.article = ""
        self.calls = 0

    def render(self, feed: Feed, links: Links) -> bytes:
        """RSS as it should be, then spoilt."""
        self.calls += 1
        document = super().render(feed, links)
        if self.whole:
            return document[:-9]
        address = f"<link>https://news.example.org/articles/2026/03/14/{self.article}"
        return document.replace(address.encode(), b"<link>") if self.article else document


@pytest.fixture
def room(room: Newsroom) -> Newsroom:
    room.configure(SETTINGS)
    return room


@pytest.fixture
def spoilt() -> Spoilt:
    return Spoilt()


@pytest.fixture
def cache(room: Newsroom, spoilt: Spoilt) -> DocumentCache:
    return DocumentCache(room.store, SETTINGS, room.clock, renderers={"rss": spoilt})


def shows(cache: DocumentCache) -> set[str]:
    document = cache.get("harbour", "rss")
    assert document is not None
    names = [name for name in ("ferry", "crane", "pilot", "gull", "buoy") if f":{name}<".encode() in document.identity]
    assert document.shows == {f"tag:news.example.org,2026:{name}" for name in names}
    return set(names)


def test_an_article_at_fault_is_left_out_and_named(spoilt: Spoilt) -> None:
    articles = [make_article("ferry"), make_article("crane")]
    entries = tuple(
        Entry(article=one, path=f"/articles/2026/03/14/{one.slug}-abcdefgh", released=one.published) for one in articles
    )
    feed = Feed(name="harbour", title="Harbour", page="/", updated=articles[0].updated, entries=entries)
    shown = Shown(feed=feed, seq=1, last_modified=articles[0].updated)
    spoilt.article = "crane"
    made = rendered(shown, spoilt, LINKS)
    assert made.shows == {articles[0].id}
    assert b"crane" not in made.identity
    assert [(fault.rule, fault.article_id) for fault in made.left_out] == [("address", articles[1].id)]


def test_the_last_good_document_stays_until_there_is_a_better_one(
    room: Newsroom, cache: DocumentCache, spoilt: Spoilt
) -> None:
    room.put(make_article("ferry"))
    good = cache.get("harbour", "rss")
    spoilt.whole = True
    room.clock.move(minutes=1)
    room.put(make_article("crane"))
    kept = cache.get("harbour", "rss")
    assert good is not None
    assert kept is not None
    assert (kept.identity, kept.etag(), kept.last_modified) == (good.identity, good.etag(), good.last_modified)
    assert list(cache.troubles) == [("harbour", "rss")]
    assert "not well-formed" in cache.troubles["harbour", "rss"]
    calls = spoilt.calls
    assert cache.get("harbour", "rss") is kept
    assert spoilt.calls == calls
    spoilt.whole = False
    room.put(make_article("pilot"))
    assert shows(cache) == {"ferry", "crane", "pilot"}
    assert not cache.troubles


def test_the_last_good_document_outlives_several_bad_ones_and_what_only_grew_old(
    room: Newsroom, cache: DocumentCache, spoilt: Spoilt
) -> None:
    room.put(make_article("ferry"))
    assert shows(cache) == {"ferry"}
    spoilt.whole = True
    for name in ("crane", "pilot", "gull", "buoy"):  # one more than the feed shows
        room.clock.move(minutes=1)
        room.put(make_article(name))
        assert shows(cache) == {"ferry"}


def test_it_does_not_stay_with_an_article_that_was_withdrawn(
    room: Newsroom, cache: DocumentCache, spoilt: Spoilt
) -> None:
    ferry = make_article("ferry")
    room.put(ferry, make_article("crane"))
    assert shows(cache) == {"ferry", "crane"}
    spoilt.whole = True
    room.withdraw(ferry)
    with pytest.raises(RenderError, match="not well-formed"):
        cache.get("harbour", "rss")
    calls = spoilt.calls
    with pytest.raises(RenderError):
        cache.get("harbour", "rss")
    assert spoilt.calls == calls, "what failed once is not tried for each poll"
    spoilt.whole = False
    room.put(make_article("pilot"))
    assert shows(cache) == {"crane", "pilot"}


def test_it_does_not_stay_with_an_article_that_expires_meanwhile(
    room: Newsroom, cache: DocumentCache, spoilt: Spoilt
) -> None:
    soon = room.clock().replace(minute=5)
    room.put(make_article("ferry", expires=soon), make_article("crane"))
    assert shows(cache) == {"ferry", "crane"}
    spoilt.whole = True
    room.clock.now = soon
    with pytest.raises(RenderError):
        cache.get("harbour", "rss")


def test_it_stays_over_a_release_that_it_lacks(room: Newsroom, cache: DocumentCache, spoilt: Spoilt) -> None:
    opening = room.clock().replace(minute=5)
    room.put(make_article("ferry"), make_article("crane", embargo=opening))
    assert shows(cache) == {"ferry"}
    spoilt.whole = True
    room.clock.now = opening
    assert shows(cache) == {"ferry"}
    document = cache.get("harbour", "rss")
    assert document is not None
    assert document.valid_from == opening


def test_an_operator_may_ask_for_larger_documents() -> None:
    assert most_bytes(make_settings()) == 5_000_000
    assert most_bytes(make_settings(feeds={"max_bytes": "4 MB"})) == 12_000_000
