"""The gate: good documents of every format pass it without a word, and each fault is told by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Lines, make_article

from feedsvc.feeds.atom import Atom
from feedsvc.feeds.base import Renderer
from feedsvc.feeds.jsonfeed import JsonFeed
from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Author, Category, Enclosure, Entry, Feed, Tombstone
from feedsvc.publish.faults import Severity, is_web
from feedsvc.publish.validity import errors, examine
from feedsvc.publish.window import Shown

LINKS = Links("https://news.example.org")
FERRY, CRANE = "tag:news.example.org,2026:ferry", "tag:news.example.org,2026:crane"
RENDERERS = {"rss": Rss(), "atom": Atom(), "json": JsonFeed()}


def shown() -> Shown:
    """A feed of two articles in which every element has something to say."""
    ferry = make_article(
        title='The ferry: "Ada" & <Bo>',
        content='<p>Look <a href="/articles/x">here</a>: <code>&lt;a onclick="x()"&gt;</code>.</p>',
        authors=(Author(name="Ada Quay", uri="/authors/ada"),),
        categories=(Category(term="ships", label="Ships & boats", scheme="https://subjects.example/"),),
        enclosures=(
            Enclosure(url="/media/abc/quay.jpg", type="image/jpeg", length=10, width=3, height=2, alt="The quay"),
        ),
        link="https://wire.example/ferry",
        agency="Coast Wire",
        language="fr",
        rights="https://terms.example/by",
        expires=NOON + timedelta(days=1),
    )
    crane = make_article("crane", published=NOON - timedelta(hours=2))
    entries = tuple(
        Entry(article=one, path=f"/articles/2026/03/14/{one.slug}", released=one.published) for one in (ferry, crane)
    )
    feed = Feed(
        name="harbour",
        title="Harbour & Port",
        page="/sections/harbour",
        updated=NOON,
        id="tag:news.example.org,2026:feed:harbour",
        description="Ships",
        language="en",
        site_title="The Courier",
        hubs=("https://hub.example/",),
        icon="/static/icon.png",
        logo="/static/logo.png",
        entries=entries,
        tombstones=(Tombstone(id="tag:news.example.org,2026:sunk", when=NOON),),
    )
    return Shown(feed=feed, seq=1, last_modified=NOON, valid_from=NOON - timedelta(hours=1))


def told(document: bytes, renderer: Renderer, **named: Any) -> set[tuple[str, str, str]]:
    return {
        (fault.severity.value, fault.rule, fault.article_id) for fault in examine(document, shown(), renderer, **named)
    }


@pytest.mark.parametrize("suffix", RENDERERS)
def test_a_good_document_passes_without_a_word(suffix: str) -> None:
    renderer = RENDERERS[suffix]
    assert told(renderer.render(shown().feed, LINKS), renderer) == set()
    empty = Feed(name="x", title="X", page="/", updated=NOON)
    nothing = Shown(feed=empty, seq=0, last_modified=NOON)
    assert not examine(renderer.render(empty, LINKS), nothing, renderer)


XML_FAULTS: list[tuple[str, str, str, tuple[str, str, str]]] = [
    ("rss", "</rss>", "", ("error", "well-formed", "")),
    ("rss", "<rss ", "<!DOCTYPE rss><rss ", ("error", "well-formed", "")),
    ("rss", "version=\"2.0\"", "version=\"0.91\"", ("error", "required", "")),
    ("rss", "<description>Ships</description>", "", ("error", "required", "")),
    ("rss", "<title>Harbour &amp; Port</title>\n    <link>", "<title> </title>\n    <link>", ("error", "required", "")),
    ("rss", "<language>en</language>", "<language>en</language><language>de</language>", ("error", "required", "")),
    ("rss", "<link>https://news.example.org/sections/harbour</link>", "<link>/sections/harbour</link>",
     ("error", "address", "")),
    ("rss", 'rel="self"', 'rel="hub"', ("error", "self", "")),
    ("rss", 'rel="hub"', 'rel="self"', ("error", "self", "")),
    ("rss", 'rel="hub"', 'rel="alternate"', ("error", "alternate", "")),
    ("rss", "<ttl>1</ttl>", "<ttl>soon</ttl>", ("error", "required", "")),
    ("rss", "<lastBuildDate>Sat, 14 Mar 2026 12:00:00 GMT", "<lastBuildDate>2026-03-14", ("error", "date", "")),
    ("rss", f">{FERRY}<", f">{CRANE}<", ("error", "unique-id", CRANE)),
    ("rss", f">{FERRY}<", "><", ("error", "id", "")),
    ("rss", f">{FERRY}<", ">tag:secret<", ("error", "foreign", "")),
    ("rss", 'isPermaLink="false"', 'isPermaLink="true"', ("error", "required", FERRY)),
    ("rss", "<title>The crane sails again</title>", "<title/>", ("error", "title", CRANE)),
    ("rss", "<title>The crane sails again</title>", "<title>The crane sails &amp;amp; again</title>",
     ("warning", "title", CRANE)),
    ("rss", "<link>https://news.example.org/articles/2026/03/14/crane</link>", "<link>//x/crane</link>",
     ("error", "address", CRANE)),
    ("rss", "<pubDate>Sat, 14 Mar 2026 10:00:00 GMT", "<pubDate>Sat, 14 Mar 2026 10:00:00", ("error", "date", CRANE)),
    ("rss", "<pubDate>Sat, 14 Mar 2026 10:00:00 GMT", "<pubDate>Sat, 14 Mar 2026 12:00:01 GMT",
     ("error", "future", CRANE)),
    ("rss", "<pubDate>Sat, 14 Mar 2026 10:00:00 GMT", "<pubDate>Xyz, 99 Mar 2026 10:00:00 GMT",
     ("error", "date", CRANE)),
    ("rss", 'length="10" type="image/jpeg"/>\n      <media', 'length="-1" type="image/jpeg"/>\n      <media',
     ("error", "required", FERRY)),
    ("rss", 'length="10" type="image/jpeg"', 'length="10" type="picture"', ("error", "media-type", FERRY)),
    ("rss", 'enclosure url="https://news.example.org', 'enclosure url="', ("error", "address", FERRY)),
    ("rss", '<source url="https://wire.example/ferry"', '<source url="wire"', ("error", "address", FERRY)),
    ("rss", "<description>After the repairs the crane", "<description>x</description><description>The crane",
     ("error", "required", CRANE)),
    ("rss", "&lt;p&gt;After the repairs the crane", "&lt;script&gt;", ("error", "markup", CRANE)),
    ("rss", "&lt;p&gt;After the repairs the crane", '&lt;p onload="x"&gt;', ("error", "markup", CRANE)),
    ("rss", "&lt;p&gt;After the repairs the crane", '&lt;a href="javascript:x()"&gt;', ("error", "markup", CRANE)),
    ("rss", "&lt;p&gt;After the repairs the crane", '&lt;a href="../x"&gt;', ("warning", "markup", CRANE)),
    ("atom", "<feed ", "<fed ", ("error", "well-formed", "")),
    ("atom", '"http://www.w3.org/2005/Atom"', '"http://www.w3.org/2005/atom"', ("error", "required", "")),
    ("atom", "<id>tag:news.example.org,2026:feed:harbour</id>", "", ("error", "required", "")),
    ("atom", "<updated>2026-03-14T12:00:00Z</updated>", "<updated>2026-03-14T12:00:00</updated>",
     ("error", "date", "")),
    ("atom", "<updated>2026-03-14T12:00:00Z</updated>", "<updated>2036-03-14T12:00:00Z</updated>",
     ("warning", "future", "")),
    ("atom", "<icon>https://news.example.org", "<icon>", ("error", "address", "")),
    ("atom", "<name>The Courier</name>", "<name/>", ("error", "required", CRANE)),
    ("atom", "<updated>2026-03-14T10:00:00Z</updated>", "<updated>2026-03-14T11:00:00Z</updated>",
     ("warning", "updated-distinct", CRANE)),
    ("atom", "<updated>2026-03-14T10:00:00Z</updated>", "<updated>2027-03-14T11:00:00Z</updated>",
     ("warning", "future", CRANE)),
    ("atom", "<published>2026-03-14T10:00:00Z</published>", "<published>2026-03-14T12:00:00.001Z</published>",
     ("error", "future", CRANE)),
    ("atom", "<published>2026-03-14T10:00:00Z</published>", "", ("error", "required", CRANE)),
    ("atom", '/crane" rel="alternate"', '/crane" rel="related"', ("error", "alternate", CRANE)),
    ("atom", 'rel="via"', 'rel="alternate"', ("error", "alternate", FERRY)),
    ("atom", 'rel="enclosure" type="image/jpeg" length="10"', 'rel="enclosure" type="image/jpeg" length="ten"',
     ("error", "required", FERRY)),
    ("atom", 'type="html">&lt;p&gt;Look', 'type="xhtml">&lt;p&gt;Look', ("error", "required", FERRY)),
    ("atom", 'term="ships"', 'term=""', ("error", "required", FERRY)),
    ("atom", '<media:content url="https:', '<media:content url="ftp:', ("error", "address", FERRY)),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "good", "bad", "wanted"), XML_FAULTS)
def test_what_is_wrong_in_xml_is_named(suffix: str, good: str, bad: str, wanted: tuple[str, str, str]) -> None:
    renderer = RENDERERS[suffix]
    document = renderer.render(shown().feed, LINKS).decode()
    assert good in document
    assert wanted in told(document.replace(good, bad, 1).encode(), renderer)


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(feed: dict[str, Any]) -> None:
        place: Any = feed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def _drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(feed: dict[str, Any]) -> None:
        place: Any = feed
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (_set("version", to="https://jsonfeed.org/version/1"), ("error", "required", "")),
        (_drop("version"), ("error", "required", "")),
        (_set("title", to=" "), ("error", "required", "")),
        (_drop("items"), ("error", "required", "")),
        (_set("items", to={}), ("error", "json", "")),
        (_set("items", to=["x"]), ("error", "json", "")),
        (_drop("feed_url"), ("error", "self", "")),
        (_drop("home_page_url"), ("error", "alternate", "")),
        (_set("icon", to="/icon.png"), ("error", "address", "")),
        (_set("next_url", to="https://news.example.org/feeds/harbour.json"), ("error", "address", "")),
        (_set("expired", to="no"), ("error", "json", "")),
        (_set("language", to=None), ("error", "json", "")),
        (_set("hubs", to=[{"type": "WebSub"}]), ("error", "required", "")),
        (_set("hubs", to=["https://hub.example/"]), ("error", "json", "")),
        (_set("authors", to=[{"nom": "Ada"}]), ("error", "required", "")),
        (_set("colour", to="blue"), ("warning", "json", "")),
        (_set("items", 0, "id", to=7), ("error", "json", "")),
        (_drop("items", 0, "id"), ("error", "id", "")),
        (_set("items", 0, "id", to=CRANE), ("error", "unique-id", CRANE)),
        (_set("items", 0, "id", to="tag:secret"), ("error", "foreign", "")),
        (_set("items", 0, "url", to="/x"), ("error", "address", FERRY)),
        (_drop("items", 0, "title"), ("error", "title", FERRY)),
        (_drop("items", 0, "content_html"), ("error", "required", FERRY)),
        (_set("items", 0, "date_published", to="2026-03-14"), ("error", "date", FERRY)),
        (_set("items", 0, "date_published", to="2026-03-14T99:00:00Z"), ("error", "date", FERRY)),
        (_set("items", 0, "date_published", to="2026-03-14T12:30:00Z"), ("error", "future", FERRY)),
        (_set("items", 0, "tags", to=["ships", 7]), ("error", "json", FERRY)),
        (_set("items", 0, "authors", to=[{}]), ("error", "required", FERRY)),
        (_set("items", 0, "attachments", 0, "size_in_bytes", to="10"), ("error", "json", FERRY)),
        (_set("items", 0, "attachments", 0, "size_in_bytes", to=True), ("error", "json", FERRY)),
        (_drop("items", 0, "attachments", 0, "mime_type"), ("error", "required", FERRY)),
        (_set("items", 0, "content_html", to="<p><iframe src='x'></p>"), ("error", "markup", FERRY)),
        (_drop("items", 0), ("warning", "missing", FERRY)),
    ],
)
def test_what_is_wrong_in_json_is_named(change: Callable[[dict[str, Any]], None], wanted: tuple[str, str, str]) -> None:
    renderer = RENDERERS["json"]
    feed = json.loads(renderer.render(shown().feed, LINKS))
    change(feed)
    assert wanted in told(json.dumps(feed).encode(), renderer)


@pytest.mark.parametrize(
    "document",
    [b"[]", b"7", b"{", b"", b"\xff", b"\xef\xbb\xbf{}", b'{"a": NaN}', b"[" * 100_000, b"\0"],
)
@pytest.mark.parametrize("suffix", RENDERERS)
def test_what_is_no_document_at_all_is_an_error(document: bytes, suffix: str) -> None:
    assert "error" in {severity for severity, _, _ in told(document, RENDERERS[suffix])}


def test_a_plug_in_is_held_to_the_form_that_its_media_type_promises() -> None:
    class Podcast(Lines):
        media_type = "application/xml"

    class Ticker(Lines):
        media_type = "application/json; charset=utf-8"

    assert told(b"<a/>", Podcast()) == set()
    assert told(b"<a>", Podcast()) == {("error", "well-formed", "")}
    assert told(b"[1]", Ticker()) == set()
    assert told(b"[1", Ticker()) == {("error", "well-formed", "")}
    assert told(b"anything", Lines()) == set()
    assert told(b"", Lines()) == {("error", "empty", "")}


def test_what_is_too_large_has_its_largest_article_to_thank() -> None:
    renderer = RENDERERS["atom"]
    document = renderer.render(shown().feed, LINKS)
    assert told(document, renderer, most_bytes=len(document)) == set()
    assert told(document, renderer, most_bytes=len(document) - 1) == {("error", "size", "")}
    large = document.replace(b"After the repairs the crane", b"x" * 20_000, 1)
    assert ("error", "size", CRANE) in told(large, renderer, most_bytes=20_000)
    assert ("warning", "size", "") in told(document.replace(b"After the", b"x" * 1_000_000, 1), renderer)


def test_errors_stand_first() -> None:
    renderer = RENDERERS["rss"]
    document = renderer.render(shown().feed, LINKS).decode()
    document = document.replace("The crane sails again", "Another", 1).replace("<ttl>1<", "<ttl>x<")
    found = examine(document.encode(), shown(), renderer)
    assert [fault.severity for fault in found] == [Severity.ERROR, Severity.WARNING]
    assert list(errors(found)) == [found[0]]
    assert CRANE in str(found[1])


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://a.example/b?c=d#e", True),
        ("HTTP://a.example", True),
        ("https://[::1]:80/", True),
        ("//a.example/", False),
        ("/a", False),
        ("https://", False),
        ("https:///a", False),
        ("https://?a", False),
        ("https:a", False),
        ("ftp://a.example/", False),
        ("https://a.example/é", False),
        ("https://a.example/a b", False),
        ('https://a.example/"', False),
        ("https://a.example/\n", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
def test_web_addresses(url: object, web: bool) -> None:
    assert is_web(url) is web
