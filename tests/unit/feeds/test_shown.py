"""What all formats show alike: addresses, the summary, the body, the media, clean texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from feedsvc.errors import RenderError
from feedsvc.feeds.shown import ShownEntry, is_uri, naming, shown
from feedsvc.links import Links
from feedsvc.model import Article, Author, Category, Enclosure, Entry, Feed, Tombstone


@pytest.fixture
def show(
    make_article: Callable[..., Article], make_feed: Callable[..., Feed], links: Links
) -> Callable[..., ShownEntry]:
    """An article with the given fields, as a feed shows it."""

    def one(*, full_text: bool = True, **fields: object) -> ShownEntry:
        feed = make_feed(make_article(**fields), full_text=full_text)
        return shown(feed, links, suffix="rss").entries[0]

    return one


def test_own_addresses_become_absolute_below_the_prefix(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article]
) -> None:
    body = (
        '<p><a href="/articles/x">a</a> <a href="#n">b</a> <a href="https://port.example/">c</a></p>'
        '<p><img src="/media/k/quay.jpg" alt=""></p>'
    )
    feed = make_feed(make_article(content=body), icon="/static/icon.png")
    site = shown(feed, Links("https://example.org/news/"), suffix="rss")
    assert site.url == "https://example.org/news/feeds/world.rss"
    assert site.page == "https://example.org/news/sections/world"
    assert site.icon == "https://example.org/news/static/icon.png"
    assert site.stylesheet == "https://example.org/news/static/feed.css"
    url = "https://example.org/news/articles/2016/09/30/harbour-0-abcdefgh"
    assert site.entries[0].url == url
    assert site.entries[0].content == (
        f'<p><a href="https://example.org/news/articles/x">a</a> <a href="{url}#n">b</a>'
        ' <a href="https://port.example/">c</a></p>'
        '<p><img src="https://example.org/news/media/k/quay.jpg" alt=""></p>'
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/media/k/quay.jpg", "https://news.example.org/media/k/quay.jpg"),
        ("https://port.example/a?b=c&d=%20#e", "https://port.example/a?b=c&d=%20#e"),
        ("HTTPS://port.example/A", "HTTPS://port.example/A"),
        ("https://port.example/a b|c", "https://port.example/a%20b%7Cc"),
        ("https://port.example/é", "https://port.example/%C3%A9"),
        ("https://häfen.example:8443/ü", "https://xn--hfen-loa.example:8443/%C3%BC"),
        ("https://[2001:db8::1]/a b", "https://[2001:db8::1]/a%20b"),
        ("//port.example/a", ""),
        ("media/a.jpg", ""),
        ("#a", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:a@port.example", ""),
        ("http://[broken/é", ""),
        ("http://" + "é" * 70 + ".example/", ""),
        ("", ""),
    ],
)
def test_addresses_are_absolute_uris_or_nothing(written: str, expected: str, show: Callable[..., ShownEntry]) -> None:
    entry = show(
        link=written,
        authors=(Author(name="Ada", uri=written),),
        enclosures=(Enclosure(url=written, type="image/png"),),
    )
    assert entry.via == expected
    assert entry.authors[0].uri == expected
    assert [one.url for one in entry.enclosures] == ([expected] if expected else [])
    assert entry.image == expected


def test_each_medium_is_shown_once_with_a_type_that_holds(show: Callable[..., ShownEntry]) -> None:
    entry = show(
        enclosures=(
            Enclosure(url="/a.bin", type=""),
            Enclosure(url="/b.bin", type="image"),
            Enclosure(url="/c.png", type="Image/PNG"),
            Enclosure(url="/c.png", type="image/png", alt="again"),
        )
    )
    assert [(one.url.rpartition("/")[2], one.type) for one in entry.enclosures] == [
        ("a.bin", "application/octet-stream"),
        ("b.bin", "application/octet-stream"),
        ("c.png", "image/png"),
    ]
    assert entry.image == "https://news.example.org/c.png"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"summary": "Sum.", "standfirst": "Stand."}, "Sum."),
        ({"summary": "", "standfirst": "Stand."}, "Stand."),
        ({"summary": "", "content": "<p>First &amp; foremost.</p>"}, "First & foremost."),
        ({"summary": "", "content": "", "title": "All there is"}, "All there is"),
    ],
)
def test_there_is_always_a_summary(fields: dict[str, str], expected: str, show: Callable[..., ShownEntry]) -> None:
    assert show(**fields).summary == expected


def test_the_standfirst_opens_the_body(show: Callable[..., ShownEntry]) -> None:
    entry = show(standfirst="Ships  &\nsails", content="<p>In they came.</p>")
    assert entry.content == "<div><strong>Ships &amp; sails</strong></div>\n<p>In they came.</p>"


@pytest.mark.parametrize(
    "body", ["<p><em>Ships</em> &amp; sails came in.</p><p>More.</p>", "<h2>Ships &amp; sails</h2><p>More.</p>"]
)
def test_the_standfirst_is_not_said_twice(body: str, show: Callable[..., ShownEntry]) -> None:
    assert show(standfirst="Ships & sails", content=body).content == body


def test_no_body_stays_no_body(show: Callable[..., ShownEntry]) -> None:
    assert show(standfirst="Ships", content="").content == ""


def test_without_full_text_there_is_no_body(show: Callable[..., ShownEntry]) -> None:
    entry = show(full_text=False)
    assert entry.content == ""
    assert entry.summary == "The harbour opened for ship number 0."


def test_what_the_feed_says_is_not_repeated(show: Callable[..., ShownEntry]) -> None:
    same = show(language="EN-gb", rights="© Harbour Times")
    assert (same.language, same.rights) == ("", "")
    other = show(language="fr", rights="© Other")
    assert (other.language, other.rights) == ("fr", "© Other")


def test_times_are_in_utc(show: Callable[..., ShownEntry]) -> None:
    east = timezone(timedelta(hours=6))
    entry = show(published=datetime(2016, 10, 1, 3, tzinfo=east))
    assert entry.published == datetime(2016, 9, 30, 21, tzinfo=UTC)
    assert entry.published.tzinfo is UTC


def test_blank_authors_and_categories_are_left_out(show: Callable[..., ShownEntry]) -> None:
    entry = show(authors=(Author(name=" "), Author(name="Ada")), categories=(Category(term=""), Category(term="a")))
    assert [one.name for one in entry.authors] == ["Ada"]
    assert [one.term for one in entry.categories] == ["a"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, "title is empty"),
        ({"title": " \n"}, "title is empty"),
        ({"content": "<p>\x01</p>"}, "'content' holds a character"),
        ({"authors": (Author(name="A\ud800"),)}, "'authors' holds a character"),
        ({"categories": (Category(term="a", label="\x02"),)}, "'categories' holds a character"),
        ({"enclosures": (Enclosure(url="/a", type="image/png", caption="\uffff"),)}, "'enclosures' holds"),
        ({"agency": "\x00"}, "'agency' holds a character"),
        ({"updated": datetime(2016, 1, 1)}, "'updated' has no zone"),  # noqa: DTZ001 - that is the point
        ({"expires": datetime(2016, 1, 1)}, "'expires' has no zone"),  # noqa: DTZ001
        ({"title": None}, "cannot be written"),
    ],
)
def test_an_article_that_cannot_be_shown_is_named(
    fields: dict[str, object], reason: str, show: Callable[..., ShownEntry]
) -> None:
    with pytest.raises(RenderError, match=reason) as caught:
        show(**fields)
    assert caught.value.article_id == "tag:news.example.org,2026:world/harbour-0"
    assert "tag:news.example.org,2026:world/harbour-0" in str(caught.value)


def test_an_address_of_another_site_is_refused(
    make_article: Callable[..., Article], make_feed: Callable[..., Feed], links: Links
) -> None:
    entry = Entry(article=make_article(), path="", released=make_article().published)
    with pytest.raises(RenderError, match="address"):
        shown(Feed(name="x", title="X", page="/", updated=entry.released, entries=(entry,)), links, suffix="rss")


def test_the_texts_of_a_feed_are_cleaned(make_feed: Callable[..., Feed], links: Links) -> None:
    stone = Tombstone(id="tag:a,2026:b\x01", when=datetime(2016, 1, 1, tzinfo=UTC), comment="gone\n\x00 now")
    site = shown(make_feed(title="W\x01orld\nnews", description="\ud800x", tombstones=(stone,)), links, suffix="rss")
    assert (site.title, site.description) == ("World news", "x")
    assert (site.tombstones[0].id, site.tombstones[0].comment) == ("tag:a,2026:b", "gone now")


def test_a_feed_without_title_has_its_name(make_feed: Callable[..., Feed], links: Links) -> None:
    site = shown(make_feed(title="", site_title=""), links, suffix="rss")
    assert (site.title, site.author) == ("world", "world")


def test_the_newest_publication_is_that_of_the_feed(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    feed = make_feed(make_article(1), make_article(0))
    assert shown(feed, links, suffix="rss").published == make_article(0).published
    assert shown(make_feed(), links, suffix="rss").published is None


def test_hubs_that_are_no_addresses_are_left_out(make_feed: Callable[..., Feed], links: Links) -> None:
    site = shown(make_feed(hubs=("https://hub.example/", "hub", "")), links, suffix="rss")
    assert site.hubs == ("https://hub.example/",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:a.example,2026:b", True),
        ("http://cv.iptc.org/newscodes/mediatopic/", True),
        ("iptc", False),
        ("a b:c", False),
        ("tag:é", False),
        ("", False),
    ],
)
def test_what_is_a_uri(text: str, expected: bool) -> None:
    assert is_uri(text) is expected


def test_naming_passes_a_render_error_on() -> None:
    inner = RenderError("inner", article_id="a")
    with pytest.raises(RenderError) as caught, naming("b"):
        raise inner
    assert caught.value is inner
    with pytest.raises(RenderError, match="cannot be written into a feed: odd") as caught, naming("b"):
        raise RuntimeError("odd")
    assert caught.value.article_id == "b"
