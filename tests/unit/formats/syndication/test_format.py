from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from effort import at_most

from feedsvc.errors import NotAnArticle, ParseError, UnknownFormat
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.jsonfiles.jsonfeed import JsonFeed
from feedsvc.formats.syndication.format import Syndication

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "unsafe-html-feedparser"
FMT = Syndication()
PATH = PurePosixPath("x.xml")
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
RSS = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title>{}</channel></rss>'


def atom(entry: str) -> RawItem:
    (item,) = FMT.parse(ATOM.format(f"<entry>{entry}</entry>").encode(), PATH)
    return item


def rss(item: str) -> RawItem:
    (read,) = FMT.parse(RSS.format(f"<item>{item}</item>").encode(), PATH)
    return read


def test_it_is_a_format() -> None:
    assert isinstance(FMT, Format)
    assert isinstance(JsonFeed(), Format)


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (ATOM.encode(), True),
        (RSS.encode(), True),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>', True),
        (RSS.encode("utf-16"), True),
        (b'\n<!-- c --><?xml version="1.0"?><rss>', True),
        (b"<feed><entry/></feed>", False),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', False),
        (b"<html/>", False),
        (b"<nitf/>", False),
        (b"rss", False),
        (b"", False),
    ],
)
def test_feeds_are_recognised_by_their_first_element(data: bytes, known: bool) -> None:
    assert FMT.recognises(data, PATH) is known


@pytest.mark.parametrize("guid", ["https://x.example/?a=1&amp;b=%7e", "HTTP://X.example:80/", "a b", "tag:x,2024:1"])
def test_an_id_is_kept_character_for_character(guid: str) -> None:
    expected = guid.replace("&amp;", "&")
    assert rss(f"<guid>{guid}</guid><description>x</description>").id == expected
    assert atom(f"<id>{guid}</id><content>x</content>").id == expected


def test_entries_without_an_id_have_none() -> None:
    assert rss("<link>https://x.example/1</link><description>x</description>").id == ""
    assert atom('<link href="https://x.example/1"/><content>x</content>').id == ""


def test_every_entry_is_a_part() -> None:
    entries = "".join(f"<item><guid>{number}</guid><description>x</description></item>" for number in range(3))
    items = FMT.parse(RSS.format(entries).encode(), PATH)
    assert [(item.id, item.part) for item in items] == [("0", 1), ("1", 2), ("2", 3)]


@pytest.mark.parametrize(
    ("title", "expected", "literal"),
    [
        ("<title>a &lt; b</title>", "a < b", True),
        ('<title type="text">a &lt; b</title>', "a < b", True),
        ('<title type="html">a &lt;b&gt;b&lt;/b&gt;</title>', "a <b>b</b>", False),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b></div></title>',
            "<div>a <b>b</b></div>",
            False,
        ),
    ],
)
def test_text_constructs_of_atom(title: str, expected: str, literal: bool) -> None:
    item = atom(f"{title}<content>x</content>")
    assert item.title == expected
    assert ("title" in item.literal) is literal


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<content>a &lt; b</content>", "<p>a &lt; b</p>"),
        ('<content type="html">&lt;p&gt;a&lt;/p&gt;</content>', "<p>a</p>"),
        ('<content type="text/html">&lt;p&gt;a&lt;/p&gt;</content>', "<p>a</p>"),
        ('<content type="html">A &amp;amp; B</content>', "<p>A &amp; B</p>"),
        ('<content type="image/png">aGVsbG8=</content><summary>s</summary>', "<p>s</p>"),
        ('<content type="text/html" src="https://x.example/1"/><summary>s</summary>', "<p>s</p>"),
    ],
)
def test_content_of_atom(content: str, body: str) -> None:
    assert atom(content).body == body


def test_dates_of_atom() -> None:
    both = atom(
        "<published>2024-01-01T00:00:00Z</published><updated>2024-01-02T00:00:00Z</updated><content>x</content>"
    )
    assert (both.published, both.updated) == ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
    one = atom("<updated>2024-01-02T00:00:00Z</updated><content>x</content>")
    assert (one.published, one.origin["published"]) == ("2024-01-02T00:00:00Z", "updated")


@pytest.mark.parametrize(
    ("author", "name", "email"),
    [
        ("<author>jo@x.example (Jo Fell)</author>", "Jo Fell", "jo@x.example"),
        ("<author>jo@x.example</author>", "jo@x.example", "jo@x.example"),
        ("<author>Jo Fell</author>", "Jo Fell", ""),
        ("<dc:creator>Jo Fell</dc:creator><author>other@x.example</author>", "Jo Fell", ""),
    ],
)
def test_authors_of_rss(author: str, name: str, email: str) -> None:
    (read,) = rss(f"{author}<description>x</description>").authors
    assert (read.name, read.email) == (name, email)


def test_a_guid_is_the_link_where_it_says_so() -> None:
    assert rss("<guid>https://x.example/1</guid><description>x</description>").link == "https://x.example/1"
    assert rss('<guid isPermaLink="false">https://x.example/1</guid><description>x</description>').link == ""
    assert rss("<link>javascript:alert(1)</link><description>x</description>").link == ""


def test_a_tombstone_withdraws() -> None:
    feed = (
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="tag:x,2024:1"'
        ' when="2024-01-01T00:00:00Z"/>'
    )
    (item,) = FMT.parse(ATOM.format(feed).encode(), PATH)
    assert (item.id, item.withdrawal) == ("tag:x,2024:1", True)


@pytest.mark.parametrize(
    "data", [ATOM.format(""), RSS.format(""), "<html/>", "<rss/>", RSS.format("<item><title>t</title></item>")]
)
def test_a_feed_without_articles_is_refused(data: str) -> None:
    with pytest.raises(NotAnArticle):
        FMT.parse(data.encode(), PATH)


def test_broken_xml_is_refused_with_its_line() -> None:
    with pytest.raises(ParseError) as caught:
        FMT.parse(b"<rss>\n<channel></rss>", PATH)
    assert caught.value.line == 2


def test_a_feed_of_many_entries_takes_linear_time() -> None:
    entries = "<entry><content>x</content></entry>" * 4000
    items = "<item><description>x</description></item>" * 4000
    with at_most(5):
        assert len(FMT.parse(ATOM.format(entries).encode(), PATH)) == 4000
        assert len(FMT.parse(RSS.format(items).encode(), PATH)) == 4000


def test_active_content_is_read_as_it_is_for_the_sanitiser() -> None:
    files = sorted(SAMPLES.glob("*.xml"))
    if not files:
        pytest.skip("the samples are not here")
    for path in files:
        data = path.read_bytes()
        assert FMT.recognises(data, PurePosixPath(path.name))
        (item,) = FMT.parse(data, PurePosixPath(path.name))
        assert item.body


def test_a_json_feed_without_items_is_refused() -> None:
    fmt = JsonFeed()
    empty = b'{"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": []}'
    assert fmt.recognises(empty, PATH)
    with pytest.raises(NotAnArticle, match="no items"):
        fmt.parse(empty, PATH)
    with pytest.raises(UnknownFormat):
        fmt.parse(b'{"items": []}', PATH)


def test_one_item_of_a_json_feed_is_a_part_too() -> None:
    feed = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1, "content_text": "x"}]}'
    (item,) = JsonFeed().parse(feed, PATH)
    assert (item.id, item.part, item.body) == ("1", 1, "<p>x</p>")
