"""The nine traps of feedgen 1.0, each with a test that fails where it is open."""

from __future__ import annotations

import locale
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

import feedsvc
from feedsvc.errors import RenderError
from feedsvc.feeds.atom import Atom
from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Article, Author, Enclosure, Feed

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def parse(document: bytes) -> etree._Element:
    return etree.fromstring(document)


def test_atom_entry_links_keep_rel_type_and_length(rich_feed: Feed, links: Links) -> None:
    entry = parse(Atom().render(rich_feed, links)).find("a:entry", NS)
    assert entry is not None
    found = [dict(link.attrib.items()) for link in entry.findall("a:link", NS)]
    assert found == [
        {
            "href": "https://news.example.org/articles/2016/09/30/harbour-0-abcdefgh",
            "rel": "alternate",
            "type": "text/html",
        },
        {
            "href": "https://news.example.org/media/abc/quay.jpg",
            "rel": "enclosure",
            "type": "image/jpeg",
            "length": "4321",
        },
        {"href": "https://port.example/song.mp3", "rel": "enclosure", "type": "audio/mpeg"},
        {"href": "https://coast.example/salt", "rel": "via", "title": "Coast Wire"},
    ]


def test_no_date_comes_from_the_clock(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    feed = make_feed(make_article())
    for renderer in (Rss(), Atom()):
        root = parse(renderer.render(feed, links))
        dates = [
            element.text
            for element in root.iter(etree.Element)
            if re.search("(?i)(date|updated|published)$", etree.QName(element).localname)
        ]
        assert len(dates) == 4 - (renderer.suffix == "atom")
        assert all("2016" in (date or "") for date in dates)


def test_the_channel_link_is_the_page_and_hubs_stay(rich_feed: Feed, links: Links) -> None:
    channel = parse(Rss().render(rich_feed, links))[0]
    assert channel.findtext("link") == "https://news.example.org/sections/world"
    assert [(link.get("rel"), link.get("href")) for link in channel.findall("a:link", NS)] == [
        ("self", "https://news.example.org/feeds/world.rss"),
        ("hub", "https://hub.example/"),
        ("hub", "https://other-hub.example/"),
    ]


def test_entries_keep_their_order(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    articles = [make_article(n) for n in range(5)]
    feed = make_feed(*articles)
    ids = [article.id for article in articles]
    assert [guid.text for guid in parse(Rss().render(feed, links)).iter("guid")] == ids
    assert [one.text for one in parse(Atom().render(feed, links)).findall("a:entry/a:id", NS)] == ids


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
@pytest.mark.parametrize("bad", ["\x0b", "\ud800", "\ufffe", "\x00"], ids=ascii)
def test_a_bad_entry_is_named(
    renderer: Rss | Atom, bad: str, make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    feed = make_feed(make_article(0), make_article(1, title=f"Bad{bad}title"), make_article(2))
    with pytest.raises(RenderError, match="'title' holds a character that XML forbids") as caught:
        renderer.render(feed, links)
    assert caught.value.article_id == feed.entries[1].article.id


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_a_date_without_zone_is_named(
    renderer: Rss | Atom, make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    good = make_article(0)
    feed = make_feed(good, make_article(1, published=good.published.replace(tzinfo=None)))
    with pytest.raises(RenderError, match="'published' has no zone") as caught:
        renderer.render(feed, links)
    assert caught.value.article_id == feed.entries[1].article.id


def test_the_rss_description_is_html_and_the_atom_summary_is_text(rich_feed: Feed, links: Links) -> None:
    rss = parse(Rss().render(rich_feed, links))
    assert rss.findtext("channel/item/description") == "Salt &lt; tar &amp; both rise."
    summary = parse(Atom().render(rich_feed, links)).find("a:entry/a:summary", NS)
    assert summary is not None
    assert (summary.text, summary.get("type")) == ("Salt < tar & both rise.", "text")


def test_content_is_escaped_html_in_both(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    body = "<p>Not the end: ]]&gt; and &lt;b&gt; &amp; more</p>"
    feed = make_feed(make_article(content=body))
    content = parse(Atom().render(feed, links)).find("a:entry/a:content", NS)
    assert content is not None
    assert (content.text, content.get("type"), len(content)) == (body, "html", 0)
    rss = Rss().render(feed, links)
    assert parse(rss).findtext("channel/item/content:encoded", namespaces=NS) == body
    assert b"CDATA" not in rss


def test_authors_are_creators_in_rss_and_never_both(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    authors = (Author(name="Ada Quay"), Author(name="Bo Pier"))
    item = parse(Rss().render(make_feed(make_article(authors=authors)), links)).find("channel/item")
    assert item is not None
    assert [creator.text for creator in item.findall("dc:creator", NS)] == ["Ada Quay", "Bo Pier"]
    assert item.find("author") is None


def test_rss_dates_leave_the_locale_alone(rich_feed: Feed, links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> str:
        raise AssertionError("the locale of the process was touched")

    monkeypatch.setattr(locale, "setlocale", touched)
    channel = parse(Rss().render(rich_feed, links))[0]
    assert channel.findtext("lastBuildDate") == "Fri, 30 Sep 2016 12:00:00 GMT"
    assert channel.findtext("item/pubDate") == "Fri, 30 Sep 2016 12:00:00 GMT"
    assert Atom().render(rich_feed, links)


def test_a_sound_is_the_one_enclosure_in_rss(rich_feed: Feed, links: Links) -> None:
    item = parse(Rss().render(rich_feed, links)).find("channel/item")
    assert item is not None
    assert [dict(one.attrib.items()) for one in item.findall("enclosure")] == [
        {"url": "https://port.example/song.mp3", "length": "0", "type": "audio/mpeg"}
    ]


def test_an_unknown_length_is_0_in_rss(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    sound = Enclosure(url="https://port.example/song.mp3", type="audio/mpeg")
    item = parse(Rss().render(make_feed(make_article(enclosures=(sound,))), links)).find("channel/item")
    assert item is not None
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("length") == "0"


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_media_stand_in_no_group(renderer: Rss | Atom, rich_feed: Feed, links: Links) -> None:
    root = parse(renderer.render(rich_feed, links))
    media = root.findall(".//media:content", NS)
    assert len(media) == 2
    assert root.find(".//media:group", NS) is None
    assert dict(media[0].attrib.items()) == {
        "url": "https://news.example.org/media/abc/quay.jpg",
        "fileSize": "4321",
        "type": "image/jpeg",
        "medium": "image",
        "height": "480",
        "width": "640",
    }
    assert [(etree.QName(child).localname, child.text) for child in media[0]] == [
        ("title", "The quay"),
        ("description", "Salt on the quay & beyond"),
        ("credit", "Cy Mast"),
    ]
    assert dict(media[1].attrib.items()) == {
        "url": "https://port.example/song.mp3",
        "type": "audio/mpeg",
        "medium": "audio",
        "duration": "61",
    }


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_the_encoding_is_named_and_there_is_no_mark(renderer: Rss | Atom, rich_feed: Feed, links: Links) -> None:
    document = renderer.render(rich_feed, links)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    assert "© Harbour Times".encode() in document


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_the_style_sheet_stands_before_the_root(renderer: Rss | Atom, rich_feed: Feed, links: Links) -> None:
    style = parse(renderer.render(rich_feed, links)).getprevious()
    assert isinstance(style, etree._ProcessingInstruction)
    assert style.target == "xml-stylesheet"
    assert style.text == 'type="text/css" href="https://news.example.org/static/feed.css"'


def test_feedgen_is_imported_in_one_module_only() -> None:
    """Read from the sources: the import is made late, so no loaded module shows it."""
    root = Path(feedsvc.__path__[0])
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"^\s*(from|import) feedgen", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert users == {"feeds/xmlfeed.py"}
