from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from feedsvc.feeds.atom import Atom
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.model import Article, Author, Feed

A = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def test_it_is_a_renderer() -> None:
    atom = Atom()
    assert isinstance(atom, Renderer)
    assert (atom.name, atom.suffix, atom.media_type) == ("Atom", "atom", "application/atom+xml; charset=utf-8")


def test_the_feed(rich_feed: Feed, links: Links) -> None:
    root = etree.fromstring(Atom().render(rich_feed, links))
    texts = {child.tag.removeprefix(A): child.text for child in root if child.text and child.text.strip()}
    assert texts == {
        "id": "https://news.example.org/feeds/world.atom",
        "title": "Harbour Times: World",
        "subtitle": "From all ports.",
        "updated": "2016-09-30T12:00:00Z",
        "rights": "© Harbour Times",
        "generator": "feedsvc",
        "icon": "https://news.example.org/static/icon.png",
        "logo": "https://news.example.org/static/logo.png",
        "{http://webfeeds.org/rss/1.0}accentColor": "0a5c7a",
    }
    generator = root.find(f"{A}generator")
    assert generator is not None
    assert dict(generator.attrib.items()) == {"version": "0"}
    assert root.get(LANG) == "en-GB"


def test_an_empty_feed_is_still_a_feed(make_feed: Callable[..., Feed], links: Links) -> None:
    root = etree.fromstring(Atom().render(make_feed(description="", language="", rights=""), links))
    assert [child.tag.removeprefix(A) for child in root] == [
        "id",
        "title",
        "updated",
        "link",
        "link",
        "author",
        "generator",
    ]
    assert LANG not in root.attrib


def test_deleted_entries(rich_feed: Feed, links: Links) -> None:
    root = etree.fromstring(Atom().render(rich_feed, links))
    deleted = root.findall(f"{AT}deleted-entry")
    assert [(one.get("ref"), one.get("when"), one.findtext(f"{AT}comment")) for one in deleted] == [
        ("tag:news.example.org,2026:world/sunk", "2016-09-30T12:00:00Z", "Withdrawn"),
        ("tag:news.example.org,2026:world/lost", "2016-09-29T12:00:00Z", None),
    ]


def test_what_differs_from_the_feed_is_said_in_the_entry(rich_feed: Feed, links: Links) -> None:
    first, *others = etree.fromstring(Atom().render(rich_feed, links)).findall(f"{A}entry")
    assert (first.get(LANG), first.findtext(f"{A}rights")) == ("fr", "© Coast Wire")
    assert len(others) == 2
    assert all((one.get(LANG), one.find(f"{A}rights")) == (None, None) for one in others)


def test_terms_at_an_address_are_a_link_and_not_prose(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    """RFC 4287 section 4.2.10: ``rights`` is for people."""
    terms = "https://terms.example/by/4.0"
    own = make_article(1, rights="https://terms.example/own")
    prose = make_article(2, rights="© Coast Wire")
    root = etree.fromstring(Atom().render(make_feed(make_article(), own, prose, rights=terms), links))

    def told(parent: etree._Element) -> tuple[list[str | None], str | None]:
        found = [link.get("href") for link in parent.findall(f"{A}link") if link.get("rel") == "license"]
        return found, parent.findtext(f"{A}rights")

    assert [told(one) for one in (root, *root.findall(f"{A}entry"))] == [
        ([terms], None),
        ([terms], None),
        (["https://terms.example/own"], None),
        ([], "© Coast Wire"),
    ]


def test_authors_with_their_pages(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    authors = (Author(name="Ada", uri="/authors/ada"), Author(name=" "), Author(name="Bo", uri="javascript:x()"))
    entry = etree.fromstring(Atom().render(make_feed(make_article(authors=authors)), links)).find(f"{A}entry")
    assert entry is not None
    assert [(one.findtext(f"{A}name"), one.findtext(f"{A}uri")) for one in entry.findall(f"{A}author")] == [
        ("Ada", "https://news.example.org/authors/ada"),
        ("Bo", None),
    ]


def test_titles_say_that_they_are_text(rich_feed: Feed, links: Links) -> None:
    document = Atom().render(rich_feed, links)
    assert b'<title type="text">Salt &amp; tar: &lt;b&gt;prices&lt;/b&gt; at AT&amp;T Pier</title>' in document
