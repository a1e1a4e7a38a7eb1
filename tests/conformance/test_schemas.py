"""Every document that goes out against the schema of its format; and each schema against documents that break it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import jsonschema
import pytest
from conformance.newspaper import InProcess, Newspaper, publish
from lxml import etree

from feedsvc.clock import utc_now
from feedsvc.store.opening import open_store
from feedsvc.web.app import create_app

SCHEMAS = Path(__file__).with_name("schemas")
FEEDS = ("all", "harbour", "town", "town/council", "ا", "tags/ships-boats", "authors/ada-quay")
FORMATS = [("rss", "rss.rng"), ("atom", "atom.rng"), ("json", "jsonfeed.schema.json")]
MAPS = ("/sitemap.xml", "/sitemaps/sections.xml", "/sitemaps/news.xml", "/sitemaps/1.xml")


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Newspaper:
    return publish(tmp_path_factory.mktemp("newspaper"))


@pytest.fixture(scope="module")
def way(newspaper: Newspaper) -> Iterator[InProcess]:
    store = open_store(newspaper.settings.store.url)
    yield InProcess(create_app(newspaper.settings, store, utc_now))
    store.close()


@pytest.fixture(scope="module")
def get(way: InProcess) -> Callable[[str], bytes]:
    """The body of the document at a path."""

    def got(path: str) -> bytes:
        answer = way.ask("GET", path)
        assert answer.status == 200
        return answer.body

    return got


def faults(document: bytes, schema: str) -> list[str]:
    """What the schema finds wrong with *document*."""
    if schema.endswith(".json"):
        validator = jsonschema.Draft202012Validator(json.loads((SCHEMAS / schema).read_text()))
        return [error.message for error in validator.iter_errors(json.loads(document))]
    parsed = etree.parse(str(SCHEMAS / schema))
    checker: Any = etree.RelaxNG(parsed) if schema.endswith(".rng") else etree.XMLSchema(parsed)
    if checker.validate(etree.fromstring(document)):
        return []
    return [str(error) for error in checker.error_log] or ["it does not fit"]


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize(("suffix", "schema"), FORMATS)
def test_feeds(get: Callable[[str], bytes], name: str, suffix: str, schema: str) -> None:
    assert faults(get(f"/feeds/{name}.{suffix}"), schema) == []


@pytest.fixture(scope="module")
def short(newspaper: Newspaper) -> Iterator[InProcess]:
    """The same newspaper with feeds of two entries, which gives changes only to those who ask."""
    settings = newspaper.settings
    feeds = settings.feeds.model_copy(update={"limit": 2, "delta": True})
    store = open_store(settings.store.url)
    yield InProcess(create_app(settings.model_copy(update={"feeds": feeds}), store, utc_now))
    store.close()


def older(document: bytes) -> str:
    """The path of the archive page that a feed or a page leads to; empty at the end."""
    link = re.search(rb"<[a-z:]*link [^>]*prev-archive[^>]*>", document)
    address = re.search(rb'href="([^"]+)"', link[0]) if link else re.search(rb'"next_url": "([^"]+)"', document)
    return urlsplit(address[1].decode()).path if address else ""


@pytest.mark.parametrize(("suffix", "schema"), FORMATS)
def test_feeds_with_archives(short: InProcess, suffix: str, schema: str) -> None:
    path, pages = f"/feeds/all.{suffix}", 0
    while path:
        answer = short.ask("GET", path)
        assert answer.status == 200
        assert faults(answer.body, schema) == []
        path, pages = older(answer.body), pages + 1
    assert pages == 3


@pytest.mark.parametrize(("suffix", "schema"), FORMATS)
def test_changes_only(short: InProcess, suffix: str, schema: str) -> None:
    statuses = []
    for seq in range(1, 36):
        tag = f'"{"0123456789abcdefghijklmnopqrstuvwxyz"[seq]}-0123456789abcdef"'
        answer = short.ask("GET", f"/feeds/all.{suffix}", [("A-IM", "feed"), ("If-None-Match", tag)])
        statuses.append(answer.status)
        assert faults(answer.body, schema) == []
    assert set(statuses) == {200, 226}


@pytest.mark.parametrize("path", MAPS)
def test_sitemaps(get: Callable[[str], bytes], path: str) -> None:
    assert faults(get(path), "sitemap.xsd") == []


def test_opml(get: Callable[[str], bytes]) -> None:
    assert faults(get("/feeds.opml"), "opml.rng") == []


@pytest.mark.parametrize(
    ("path", "schema", "good", "bad"),
    [
        ("/feeds/harbour.rss", "rss.rng", b"<ttl>1</ttl>", b""),
        ("/feeds/harbour.rss", "rss.rng", b"<docs>", b"<managingEditor>x</managingEditor><docs>"),
        ("/feeds/harbour.rss", "rss.rng", b' isPermaLink="false"', b""),
        ("/feeds/harbour.rss", "rss.rng", b" GMT</pubDate>", b" UT</pubDate>"),
        ("/feeds/harbour.rss", "rss.rng", b"<link>https:", b"<link>"),
        ("/feeds/harbour.atom", "atom.rng", b'rel="via"', b'rel="alternate"'),
        ("/feeds/harbour.atom", "atom.rng", b'type="html">', b'type="xhtml">'),
        ("/feeds/harbour.atom", "atom.rng", b"Z</updated>", b"</updated>"),
        ("/feeds/harbour.atom", "atom.rng", b"<generator", b"<id>a:b</id><generator"),
        ("/feeds/harbour.atom", "atom.rng", b"<generator", b"<gadget/><generator"),
        ("/feeds/harbour.json", "jsonfeed.schema.json", b'"version"', b'"edition"'),
        ("/feeds/harbour.json", "jsonfeed.schema.json", b'"mime_type"', b'"type"'),
        ("/feeds/harbour.json", "jsonfeed.schema.json", b'"date_published": "', b'"date_published": "x'),
        ("/feeds/harbour.json", "jsonfeed.schema.json", b'"content_html"', b'"content"'),
        ("/feeds.opml", "opml.rng", b'type="rss" ', b""),
        ("/feeds.opml", "opml.rng", b'xmlUrl="https:', b'xmlUrl="'),
        ("/sitemaps/1.xml", "sitemap.xsd", b"Z</lastmod>", b"</lastmod>"),
        ("/sitemaps/1.xml", "sitemap.xsd", b"<loc>https:", b"<loc>"),
        ("/sitemaps/news.xml", "sitemap.xsd", b"<news:language>en<", b"<news:language>en-GB<"),
        ("/sitemaps/news.xml", "sitemap.xsd", b"<news:title>", b"<news:titel>"),
    ],
)
def test_the_schemas_can_fail(get: Callable[[str], bytes], path: str, schema: str, good: bytes, bad: bytes) -> None:
    document = get(path)
    assert good in document
    spoilt = document.replace(good, bad, 1)
    if bad == b"<news:titel>":
        spoilt = spoilt.replace(b"</news:title>", b"</news:titel>", 1)
    assert faults(spoilt, schema)


def test_the_sitemap_names_each_address_once(get: Callable[[str], bytes]) -> None:
    document = get("/sitemaps/1.xml")
    row = document[document.index(b"<url>") : document.index(b"</url>") + 6]
    assert faults(document.replace(row, row + row, 1), "sitemap.xsd")


def test_a_reader_finds_the_same_in_every_format(get: Callable[[str], bytes], newspaper: Newspaper) -> None:
    rss = feedparser.parse(get("/feeds/harbour.rss"))
    atom = feedparser.parse(get("/feeds/harbour.atom"))
    feed = json.loads(get("/feeds/harbour.json"))
    assert not rss.bozo
    assert not atom.bozo

    def told(entry: Any) -> tuple[str, ...]:
        return entry.id, entry.title, entry.link, entry.published_parsed, entry.updated_parsed

    assert [told(entry) for entry in rss.entries] == [told(entry) for entry in atom.entries]
    assert [(entry.id, entry.title, entry.link) for entry in rss.entries] == [
        (item["id"], item["title"], item["url"]) for item in feed["items"]
    ]
    assert [entry.content[0].value for entry in rss.entries if "content" in entry] == [
        item["content_html"] for item in feed["items"] if "content_html" in item
    ]
    assert [[author.name for author in entry.get("authors", [])] for entry in atom.entries] == [
        [author["name"] for author in item.get("authors", [])] for item in feed["items"]
    ]
    assert [[link.href for link in entry.links if link.rel == "enclosure"] for entry in atom.entries] == [
        [medium["url"] for medium in item.get("attachments", [])] for item in feed["items"]
    ]
    assert {rss.feed.title, atom.feed.title, feed["title"]} == {"Harbour & Port – The Harbour Courier"}


def test_a_picture_carries_all_that_is_known_of_it_in_every_format(get: Callable[[str], bytes]) -> None:
    media = "{http://search.yahoo.com/mrss/}"
    wanted = {
        "url": "https://news.example.org/media/abc/quay.jpg",
        "type": "image/jpeg",
        "size": "4321",
        "width": "640",
        "height": "480",
        "alt": "The quay",
        "caption": "Salt & tar",
        "credit": "Cy Mast",
    }
    for suffix in ("rss", "atom"):
        medium = next(etree.fromstring(get(f"/feeds/harbour.{suffix}")).iter(f"{media}content"))
        attributes = {"url": "url", "type": "type", "size": "fileSize", "width": "width", "height": "height"}
        texts = {"alt": "title", "caption": "description", "credit": "credit"}
        found = {name: medium.get(attribute) for name, attribute in attributes.items()}
        found |= {name: medium.findtext(media + element) for name, element in texts.items()}
        assert found == wanted
    items = json.loads(get("/feeds/harbour.json"))["items"]
    attachment = next(item["attachments"][0] for item in items if "attachments" in item)
    ours = {name: str(value) for name, value in attachment["_feedsvc"].items()}
    told = {"url": attachment["url"], "type": attachment["mime_type"], "size": str(attachment["size_in_bytes"])}
    assert told | ours == wanted
