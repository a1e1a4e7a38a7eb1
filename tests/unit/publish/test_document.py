"""Documents: their validators, forms and headers."""

from __future__ import annotations

import dataclasses
import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from fakes import NOON, Lines, make_article

from feedsvc.errors import RenderError
from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Entry, Feed, Tombstone
from feedsvc.publish.document import Document, Outcome, Reply, make_document
from feedsvc.publish.window import NEVER, Shown

LINKS = Links("https://news.example.org")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
REPLY = Reply("200 OK", [], b"", Outcome("200 OK", "", 0, conditional=False))


def shown(*titles: str, **fields: object) -> Shown:
    entries = tuple(
        Entry(article=make_article(f"a{number}", title=title), path=f"/articles/2026/03/14/a{number}", released=NOON)
        for number, title in enumerate(titles)
    )
    feed = Feed(name="harbour", title="Harbour", page="/sections/harbour", updated=NOON, entries=entries)
    made = Shown(feed=feed, seq=100, last_modified=NOON)
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


def test_the_tag_holds_the_sequence_number_and_follows_the_bytes() -> None:
    first = make_document(shown("One"), Lines(), LINKS)
    again = make_document(shown("One"), Lines(), LINKS)
    other = make_document(shown("Two"), Lines(), LINKS)
    later = make_document(shown("One", seq=101), Lines(), LINKS)
    assert first.etag() == again.etag()
    assert first.etag().startswith('"2s-')
    assert len({first.etag(), other.etag(), later.etag()}) == 3
    assert first.etag("br") == first.etag()[:-1] + '-br"'


def test_coded_forms_hold_the_same_bytes_and_are_made_once() -> None:
    document = make_document(shown("One", "Two"), Lines(), LINKS)
    assert not document.codings
    assert gzip.decompress(document.body("gzip")) == document.identity
    assert brotli.decompress(document.body("br")) == document.identity
    assert document.body("gzip") is document.body("gzip")
    assert document.body("gzip")[4:8] == b"\0\0\0\0"  # RFC 1952 section 2.3: no modification time
    assert document.codings == ("br", "gzip")


def test_a_reply_is_remembered_only_while_its_headers_stay_the_same() -> None:
    document = make_document(shown("One", valid_until=NOON + 3 * HOUR, guarded_until=NOON + HOUR), Lines(), LINKS)
    asked, reply = ("GET", None, None, "gzip"), REPLY
    for rushed in (NOON, NOON + HOUR - SECOND, NOON + 3 * HOUR - SECOND, NOON + 3 * HOUR):
        document.remember(asked, reply, rushed)
        assert document.reply(asked, rushed) is None
    calm = NOON + 1.5 * HOUR
    assert document.reply(asked, calm) is None
    document.remember(asked, reply, calm)
    assert document.reply(asked, calm) is reply
    assert document.reply(("HEAD", None, None, "gzip"), calm) is None
    for rushed in (NOON, NOON + 3 * HOUR):
        assert document.reply(asked, rushed) is None


def test_the_memory_for_replies_is_bounded() -> None:
    document, reply = make_document(shown("One"), Lines(), LINKS), REPLY
    for number in range(1000):
        document.remember(("GET", None, None, f"gzip;q=0.{number}"), reply, NOON + HOUR)
    document.remember(("GET", "x" * 10_000, None, None), reply, NOON + HOUR)
    assert 0 < len(document._replies) <= 100


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_a_304_has_the_headers_of_the_200_but_those_of_the_body(coding: str) -> None:
    document = make_document(shown("One"), Lines(), LINKS, others=[Rss(), Lines()])
    now = NOON + HOUR
    whole, bare = dict(document.headers(coding, now)), dict(document.headers(coding, now, body=False))
    for name in ("Content-Type", "Content-Length", "Content-Encoding"):
        whole.pop(name, None)
        assert name not in bare
    assert whole == bare
    assert bare["ETag"] == document.etag(coding)
    assert bare["Last-Modified"] == "Sat, 14 Mar 2026 12:00:00 GMT"
    assert bare["Vary"] == "Accept-Encoding"
    assert bare["Cache-Control"] == ("public, max-age=60, s-maxage=60, stale-while-revalidate=30, stale-if-error=3600")


def test_headers_are_lists_of_their_own() -> None:
    document = make_document(shown("One"), Lines(), LINKS)
    document.headers("", NOON + HOUR).clear()
    assert document.headers("", NOON + HOUR)


def test_link_names_one_self_hubs_other_formats_and_the_page() -> None:
    made = shown("One")
    made = dataclasses.replace(made, feed=dataclasses.replace(made.feed, hubs=("https://hub.example.net/ü",)))
    link = dict(make_document(made, Lines(), LINKS, others=[Rss(), Lines()]).headers("", NOON))["Link"]
    assert link.split(", ") == [
        '<https://news.example.org/feeds/harbour.txt>; rel="self"; type="text/plain"',
        '<https://hub.example.net/%C3%BC>; rel="hub"',
        '<https://news.example.org/feeds/harbour.rss>; rel="alternate"; type="application/rss+xml"',
        '<https://news.example.org/sections/harbour>; rel="alternate"; type="text/html"',
    ]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=1), "max-age=60, s-maxage=60, stale-while-revalidate=30, stale-if-error=3600"),
        (timedelta(minutes=10), "max-age=60, s-maxage=60, stale-while-revalidate=30, stale-if-error=540"),
        (timedelta(seconds=70), "max-age=60, s-maxage=60, stale-while-revalidate=10, stale-if-error=10"),
        (timedelta(seconds=20.5), "max-age=20, s-maxage=20, stale-while-revalidate=0, stale-if-error=0"),
        (timedelta(seconds=0.3), "max-age=0, s-maxage=0, stale-while-revalidate=0, stale-if-error=0"),
    ],
)
def test_no_cache_may_keep_a_document_past_its_end(before: timedelta, expected: str) -> None:
    end = NOON + timedelta(days=2)
    document = make_document(shown("One", valid_until=end), Lines(), LINKS)
    assert dict(document.headers("", end - before))["Cache-Control"] == f"public, {expected}"


def test_after_a_withdrawal_nothing_is_served_stale_for_an_hour() -> None:
    document = make_document(shown("One", guarded_until=NOON + HOUR), Lines(), LINKS)
    assert "stale-while-revalidate=0, stale-if-error=0" in dict(document.headers("", NOON + HOUR / 2))["Cache-Control"]
    assert "stale-if-error=3600" in dict(document.headers("", NOON + HOUR))["Cache-Control"]


def test_last_modified_is_left_out_within_its_second_and_never_ahead() -> None:
    document = make_document(shown("One", last_modified=NOON + timedelta(milliseconds=300)), Lines(), LINKS)
    assert "Last-Modified" not in dict(document.headers("", NOON + timedelta(milliseconds=900)))
    assert "Last-Modified" not in dict(document.headers("", NOON - HOUR))
    assert dict(document.headers("", NOON + timedelta(seconds=1)))["Last-Modified"] == "Sat, 14 Mar 2026 12:00:00 GMT"


def test_a_feed_that_never_changed_tells_no_date() -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert "Last-Modified" not in dict(make_document(shown(last_modified=epoch), Lines(), LINKS).headers("", NOON))


@pytest.mark.parametrize("naming", [True, False])
def test_one_bad_article_is_left_out_and_the_rest_is_served(naming: bool) -> None:
    document = make_document(shown("One", "bad", "Two", "very bad", "Three"), Lines(naming=naming), LINKS)
    assert document.identity == b"Harbour\nOne\nTwo\nThree"


def test_a_renderer_that_fails_for_no_article_is_not_hidden() -> None:
    class Broken(Lines):
        def render(self, feed: Feed, links: Links) -> bytes:
            raise RenderError("nothing works", article_id="tag:elsewhere")

    with pytest.raises(RenderError):
        make_document(shown("One", "Two"), Broken(), LINKS)


def test_pages_get_their_tag_from_their_bytes() -> None:
    one, other = (Document(html, media_type="text/html") for html in (b"<p>1", b"<p>2"))
    assert one.tag != other.tag
    assert one.valid_until == NEVER


def test_a_real_renderer_gives_the_same_bytes_twice() -> None:
    made = shown("One", "Two")
    stone = Tombstone(id="tag:news.example.org,2026:gone", when=NOON)
    made = dataclasses.replace(made, feed=dataclasses.replace(made.feed, tombstones=(stone,)))
    assert make_document(made, Rss(), LINKS).identity == make_document(made, Rss(), LINKS).identity
