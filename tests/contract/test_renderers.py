"""Every Renderer through the same tests: what it writes can be read back, and is always the same bytes."""

from __future__ import annotations

import calendar
import hashlib
import html
import json
import locale
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat

import feedparser  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.dates import Precision
from feedsvc.errors import RenderError
from feedsvc.feeds.base import Renderer
from feedsvc.feeds.registry import renderers
from feedsvc.links import Links
from feedsvc.model import Article, Author, Category, Enclosure, Entry, Feed, Tombstone
from feedsvc.text import one_line, xml_safe

LINKS = Links("https://news.example.org/paper")
NOON = datetime(2016, 9, 30, 12, tzinfo=UTC)
RENDERERS = renderers()

every_renderer = pytest.mark.parametrize("renderer", RENDERERS.values(), ids=RENDERERS)
quickly = settings(max_examples=40)


@dataclass(frozen=True, kw_only=True)
class Read:
    """An article as a reader sees it, whatever the format."""

    id: str
    title: str
    link: str
    published: int
    updated: int
    authors: Sequence[str]
    tags: Sequence[str]
    summary: str
    content: str
    enclosures: Sequence[tuple[str, str, int]]


def read_xml(document: bytes) -> list[Read]:
    """What feedparser reads, with nothing of its own put in: no cleaning, no resolving."""
    parsed = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    assert parsed.bozo == 0
    assert parsed.encoding == "utf-8"
    escaped = parsed.version == "rss20"  # there a description is HTML
    return [
        Read(
            id=entry.id,
            title=entry.title,
            link=entry.link,
            published=calendar.timegm(entry.published_parsed),
            updated=calendar.timegm(entry.updated_parsed),
            authors=[one["name"] for one in entry.get("authors", ()) if one],
            tags=[one["label"] or one["term"] for one in entry.get("tags", ())],
            summary=html.unescape(entry.summary) if escaped else entry.summary,
            content=entry.content[0].value if "content" in entry else "",
            enclosures=[(one.href, one.type, int(one.get("length", 0))) for one in entry.enclosures],
        )
        for entry in parsed.entries
    ]


def read_json(document: bytes) -> list[Read]:
    def seconds(text: str) -> int:
        return int(datetime.fromisoformat(text).timestamp())

    return [
        Read(
            id=item["id"],
            title=item["title"],
            link=item["url"],
            published=seconds(item["date_published"]),
            updated=seconds(item["date_modified"]),
            authors=[one["name"] for one in item.get("authors", ())],
            tags=item.get("tags", []),
            summary=item["summary"],
            content=item.get("content_html", ""),
            enclosures=[
                (one["url"], one["mime_type"], one.get("size_in_bytes", 0)) for one in item.get("attachments", ())
            ],
        )
        for item in json.loads(document)["items"]
    ]


READERS: dict[str, Callable[[bytes], list[Read]]] = {"rss": read_xml, "atom": read_xml, "json": read_json}
ENCLOSURES = {"rss": 1}
"""How many media a format can hold; all where it is not named."""


def expected(feed: Feed, renderer: Renderer) -> list[Read]:
    """What a reader of *feed* should see (the articles here have no standfirst and no address in the body)."""
    return [
        Read(
            id=article.id,
            title=article.title,
            link=LINKS.absolute(entry.path),
            published=int(article.published.timestamp()),
            updated=int(article.updated.timestamp()),
            authors=[one.name for one in article.authors],
            tags=[one.label or one.term for one in article.categories],
            summary=article.summary,
            content=article.content if feed.full_text else "",
            enclosures=[
                (LINKS.absolute(one.url), one.type, one.length)
                # Where there is room for one it is the sound.
                for one in sorted(
                    article.enclosures, key=lambda one: renderer.suffix in ENCLOSURES and one.type[:5] != "audio"
                )
            ][: ENCLOSURES.get(renderer.suffix)],
        )
        for entry in feed.entries
        for article in [entry.article]
    ]


def article(n: int = 0, **fields: Any) -> Article:
    basic: dict[str, Any] = {
        "id": f"tag:news.example.org,2026:port/{n}",
        "source": f"port/{n}.md",
        "sections": ("port",),
        "slug": f"ship-{n}",
        "title": f"Ship {n} & crew",
        "content": f"<p>Ship <em>{n}</em> came in &amp; stayed.</p>",
        "summary": f"Ship {n} < all others.",
        "published": NOON - timedelta(minutes=n),
        "updated": NOON + timedelta(milliseconds=n),
        "precision": Precision.INSTANT,
    }
    return Article(**(basic | fields))


def feed_of(*articles: Article, **fields: Any) -> Feed:
    basic: dict[str, Any] = {
        "name": "port",
        "title": "Port & pier",
        "page": "/sections/port",
        "updated": NOON + timedelta(days=1),
    }
    entries = tuple(
        Entry(article=one, path=f"/articles/2016/09/30/{n:08}", released=one.published)
        for n, one in enumerate(articles)
    )
    return Feed(**(basic | fields), entries=entries)


RICH = feed_of(
    article(
        0,
        standfirst="A ship, a crew",
        content='<p><a href="/articles/x">a</a> <a href="#b">b</a></p><p><img src="/media/k/c.png" alt=""></p>',
        authors=(Author(name="Ada", uri="/authors/ada"), Author(name="Bo", uri="people/bo")),
        categories=(Category(term="a", label="A & B", scheme="x"), Category(term="b", scheme="https://b.example/")),
        enclosures=(
            Enclosure(url="/media/k/c.png", type="image/png", length=7, width=3, height=4, alt="c", credit="d"),
            Enclosure(url="media/d.mp3", type="audio/mpeg"),
        ),
        link="elsewhere/x",
        language="fr",
        agency="Wire",
        dateline="PIER",
        byline="By Ada",
        rights="© Wire",
        expires=NOON + timedelta(days=900),
    ),
    article(1),
    article(2, content="", summary=""),
    language="en",
    description="Ships & crews",
    rights="© Port",
    site_title="News",
    hubs=("https://hub.example/", "hub"),
    icon="/icon.png",
    logo="/logo.png",
    tombstones=(Tombstone(id="tag:news.example.org,2026:gone", when=NOON, comment="Gone & lost"),),
)


@every_renderer
def test_it_says_what_it_is(renderer: Renderer) -> None:
    assert isinstance(renderer, Renderer)
    assert renderer.name
    assert re.fullmatch(r"[a-z0-9]+", renderer.suffix)
    assert re.fullmatch(r"[a-z]+/[a-z+]+(; charset=utf-8)?", renderer.media_type)


@every_renderer
def test_every_time_and_thread_gives_the_same_bytes(renderer: Renderer) -> None:
    wanted = renderer.render(RICH, LINKS)
    assert renderers()[renderer.suffix].render(RICH, LINKS) == wanted
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert set(pool.map(lambda _: renderer.render(RICH, LINKS), range(12))) == {wanted}


@pytest.fixture
def another_locale() -> Iterator[str]:
    """The first locale of the machine that is not the plain one, in force for the whole process."""
    before = locale.setlocale(locale.LC_ALL)
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "C.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        yield name
        locale.setlocale(locale.LC_ALL, before)
        return
    pytest.skip("this machine has no other locale")


@every_renderer
def test_another_locale_gives_the_same_bytes(renderer: Renderer, request: pytest.FixtureRequest) -> None:
    wanted = renderer.render(RICH, LINKS)
    request.getfixturevalue("another_locale")
    in_force = locale.setlocale(locale.LC_ALL)
    assert renderer.render(RICH, LINKS) == wanted
    assert locale.setlocale(locale.LC_ALL) == in_force


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import hashlib, pickle, sys; from feedsvc.feeds.registry import renderers;"
        "feed, links = pickle.load(sys.stdin.buffer);"
        "print(*(hashlib.sha256(one.render(feed, links)).hexdigest() for one in renderers().values()))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps((RICH, LINKS)),
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Dhaka"},
        capture_output=True,
        check=True,
    )
    wanted = [hashlib.sha256(one.render(RICH, LINKS)).hexdigest() for one in RENDERERS.values()]
    assert answer.stdout.decode().split() == wanted


@every_renderer
def test_it_is_utf_8_without_a_mark(renderer: Renderer) -> None:
    document = renderer.render(RICH, LINKS)
    assert not document.startswith(b"\xef\xbb\xbf")
    assert "© Wire" in document.decode("utf-8")


@every_renderer
def test_no_address_is_relative(renderer: Renderer) -> None:
    """Read with the escapes of XML and of HTML undone, so that the bodies are looked into as well."""
    document = html.unescape(html.unescape(renderer.render(RICH, LINKS).decode())).replace('\\"', '"')
    addresses = re.findall(r"""(?:href|src|url|image|icon|uri)["']?\s*[=:]\s*["']([^"']*)""", document)
    addresses += re.findall(r"<(?:link|url|uri|icon|logo|webfeeds:icon)>([^<]*)<", document)
    assert len(addresses) > 8
    assert [one for one in addresses if not one.startswith("https://")] == []
    assert "people/bo" not in document
    assert "elsewhere/x" not in document


@every_renderer
@pytest.mark.parametrize("full_text", [True, False])
def test_a_reader_sees_what_was_written(renderer: Renderer, full_text: bool) -> None:
    feed = feed_of(
        article(0, authors=(Author(name="Ada"), Author(name="Bo"))),
        article(1, categories=(Category(term="a", label="A & B"), Category(term="b"))),
        article(
            2,
            enclosures=(
                Enclosure(url="/media/a.png", type="image/png", length=5),
                Enclosure(url="/media/b.mp3", type="audio/mpeg"),
            ),
        ),
        full_text=full_text,
    )
    assert READERS[renderer.suffix](renderer.render(feed, LINKS)) == expected(feed, renderer)


# feedparser "repairs" what looks like Windows letters or like UTF-8 read as Latin-1; without these characters,
# nothing does.
_CHARACTERS = st.characters(codec="utf-8", exclude_characters=[chr(code) for code in range(0x7F, 0xC0)])
_MOMENTS = st.integers(86_400, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_WORDS = st.text(_CHARACTERS, min_size=1, max_size=30) | st.sampled_from(
    [
        "AT&T",
        "AT&amp;T",
        "<b>bold</b>",
        "]]>",
        "<![CDATA[x]]>",
        "&#x41;",
        "\u202eback",
        "e\u0301",
        "👩‍🚀",
        "\ufeffx",
        "'\"",
        "</title>",
    ]
)
_LINES = _WORDS.map(lambda text: one_line(xml_safe(text))).filter(bool)
_NAMES = st.lists(_LINES, max_size=3, unique=True)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    n = draw(st.integers(0, 10**6))
    return article(
        n,
        title=draw(_LINES),
        summary=draw(_LINES),
        content=f"<p>{html.escape(draw(_LINES), quote=False)}</p>",
        authors=tuple(Author(name=name) for name in draw(_NAMES)),
        categories=tuple(Category(term=name) for name in draw(_NAMES)),
        language=draw(st.sampled_from(["", "ar", "bn", "zh-Hant"])),
        updated=draw(_MOMENTS),
        published=draw(_MOMENTS),
    )


@every_renderer
@quickly
@given(found=st.lists(articles(), max_size=4, unique_by=lambda one: one.id))
def test_a_reader_sees_any_article(renderer: Renderer, found: list[Article]) -> None:
    feed = feed_of(*found)
    document = renderer.render(feed, LINKS)
    assert READERS[renderer.suffix](document) == expected(feed, renderer)
    assert document == renderer.render(feed, LINKS)


@every_renderer
@quickly
@given(texts=st.lists(st.text(max_size=40), min_size=6, max_size=6))
def test_no_text_is_too_odd(renderer: Renderer, texts: list[str]) -> None:
    """Any text at all: the document is well formed, or the article is named."""
    title, summary, name, caption, content, url = texts
    odd = article(
        title=title,
        summary=summary,
        content=content,
        authors=(Author(name=name, uri=url),),
        categories=(Category(term=name, scheme=url),),
        enclosures=(Enclosure(url="https://a.example/" + url, type=name, caption=caption),),
        link=url,
    )
    feed = feed_of(odd, title=title, description=summary, icon=url, hubs=(url,))
    refused = ""
    try:
        document = renderer.render(feed, LINKS)
        if "xml" in renderer.media_type:
            expat.ParserCreate().Parse(document, True)  # raises where it is not well formed
        else:
            assert json.loads(document)["items"]
    except RenderError as error:
        refused = error.article_id
    assert refused in ("", odd.id)


BAD_TEXTS = [
    (field, f"a{character}b")
    for field in ("title", "summary", "content", "standfirst", "agency", "language", "rights")
    for character in ("\x00", "\x08", "\x1f", "\ud83d", "\ufffe", "\uffff")
]
BAD_DATES = [(field, NOON.replace(tzinfo=None)) for field in ("published", "updated", "expires")]


@every_renderer
@pytest.mark.parametrize(("field", "value"), [("title", " "), *BAD_TEXTS, *BAD_DATES], ids=ascii)
def test_a_bad_article_is_named(renderer: Renderer, field: str, value: object) -> None:
    bad = article(1, **{field: value})
    with pytest.raises(RenderError) as caught:
        renderer.render(feed_of(article(0), bad, article(2)), LINKS)
    assert caught.value.article_id == bad.id
    assert field in str(caught.value)


@every_renderer
def test_content_adds_no_items(renderer: Renderer) -> None:
    trick = '</p></content:encoded></item><item><title>x</title></item>", "items": [{"id": "x"}], "y": "]]>'
    feed = feed_of(article(0, content=html.escape(trick), title=trick, summary=trick))
    [read] = READERS[renderer.suffix](renderer.render(feed, LINKS))
    assert read.title == trick
    assert read.summary == trick


@every_renderer
def test_a_feed_of_nothing_is_a_feed(renderer: Renderer) -> None:
    assert READERS[renderer.suffix](renderer.render(feed_of(), LINKS)) == []
