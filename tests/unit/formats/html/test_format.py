"""The format as a whole: what it takes for HTML, bytes to text, pages that are none, limits, any bytes at all."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, NotAnArticle, ParseError, TooLarge
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.html.format import Html

PATH = PurePosixPath("coast/wall.html")
PROSE = "<p>" + "The wall is to be rebuilt next summer, says the council of the harbour town. " * 6 + "</p>"


def read(page: str | bytes, **options: str) -> RawItem:
    content = page.encode() if isinstance(page, str) else page
    (item,) = Html().parse(content, PATH, **options)
    return item


def test_it_keeps_the_contract_of_formats() -> None:
    assert isinstance(Html(), Format)
    assert Html().name == "HTML"
    assert Html().suffixes == {".html", ".htm", ".xhtml"}
    assert Html.heavy


@pytest.mark.parametrize(
    "start",
    [
        b"<!DOCTYPE html><html><body>x",
        b"\xef\xbb\xbf \n<!doctype HTML>",
        b"<html lang='en'>",
        b"<!-- saved from an archive -->\n<html>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html>',
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">',
        "<!doctype html>".encode("utf-16"),
        b"<p>A fragment.</p>",
        b'<meta name="title" content="x"><h1>y</h1>',
        b"<title>x</title><h1>y</h1><p>z</p>",
        b"<article><h1>y</h1><p>z</p></article>",
    ],
)
def test_html_is_known_by_its_beginning(start: bytes) -> None:
    assert Html().recognises(start, PurePosixPath("upload"))


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"A headline\n\nA first paragraph.",
        b"<3 is a heart",
        b"<a few words in brackets> and so on",
        b'<?xml version="1.0"?><nitf><head><title>x</title></head><body><p>y</p></body></nitf>',
        b"<rss version='2.0'><channel><title>x</title></channel></rss>",
        b"<feed><title>x</title></feed>",
        b'<article xmlns="http://docbook.org/ns/docbook"><title>x</title><para>y</para></article>',
        b"<article><front><journal-meta/></front><p>x</p></article>",
        b'{"html": "<p>x</p>"}',
        b"---\ntitle: x\n---\n<p>y</p>",
    ],
)
def test_other_beginnings_are_not_html(start: bytes) -> None:
    assert not Html().recognises(start, PurePosixPath("upload"))


def test_markdown_may_begin_with_an_element() -> None:
    assert not Html().recognises(b"<p align=center>x</p>\n\n# Title", PurePosixPath("a.md"))
    assert Html().recognises(b"<!doctype html><p>x", PurePosixPath("a.md"))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ('<meta charset="iso-8859-1">', "utf-8"),
        ("", "utf-8"),
        ("", "utf-16"),
    ],
)
def test_bytes_become_text_by_mark_then_utf8_then_declaration(declared: str, encoding: str) -> None:
    page = f"<html><head>{declared}<title>Новая стена</title></head><body><p>Город решил.</p></body></html>"
    item = read(page.encode(encoding))
    assert item.title == "Новая стена"
    assert item.notes == ()


def test_a_guessed_encoding_is_noted() -> None:
    item = read("<p>Le café est fermé.</p>".encode("cp1252"))
    assert "café est fermé" in item.body
    assert "encoding" in item.notes[0]


def test_bytes_in_no_encoding_are_refused_with_their_line() -> None:
    with pytest.raises(ParseError, match="line 2") as caught:
        read(b"<html>\n<p>\x81\xff</p>")
    assert caught.value.line == 2


def test_bad_references_and_control_characters_do_no_harm() -> None:
    item = read("<h1>A&nbsp;wall &amp more</h1><p>One &#xFFFFFFFF; two &#0; three &bogus; four \x07 five</p>")
    assert item.title == "A wall & more"
    assert all(sign >= " " or sign == "\n" for sign in item.body)
    assert "&amp;bogus; four" in item.body


@pytest.mark.parametrize("page", ["", "  \n", "<html></html>", "<p> </p>", "<h1>Only a headline</h1>"])
def test_nothing_to_publish_is_refused(page: str) -> None:
    with pytest.raises(NotAnArticle, match=r"nothing to publish"):
        read(page)


@pytest.mark.parametrize("title", ["404 Not Found", "Error 500", "Access denied", "Seite nicht gefunden"])
def test_error_pages_are_refused(title: str) -> None:
    with pytest.raises(NotAnArticle, match="error page"):
        read(f"<html><title>{title}</title><body><h1>{title}</h1><p>Try again later.</p></body></html>")


def test_an_article_about_an_error_is_none() -> None:
    page = f"<html><title>404 jobs lost at the wharf</title><body><h1>404 jobs lost at the wharf</h1>{PROSE * 2}"
    assert read(page).title == "404 jobs lost at the wharf"


def test_a_few_links_below_a_short_text_make_no_front() -> None:
    links = "".join(f'<h3><a href="/{number}">Another text {number}</a></h3>' for number in range(7))
    page = f"<html><title>Wall</title><body><div><h1>Wall</h1>{PROSE * 4}</div><div>{links}</div></body></html>"
    item = read(page)
    assert "rebuilt next summer" in item.body


def test_limits_on_bytes_tags_and_depth() -> None:
    with pytest.raises(TooLarge, match="bytes"):
        read(b"<p>" + b"x" * 8_000_001)
    with pytest.raises(TooLarge, match="20,000 tags"):
        read("<p>x</p>" * 20_001)
    with pytest.raises(TooLarge, match="200 deep"):
        read("<div>" * 201 + "x")


@pytest.mark.parametrize("written", ["a{}=1 ", 'a{}="1"', "a{}/", "data-{}='x y'\n"])
def test_a_tag_of_many_attributes_is_refused_at_once(written: str) -> None:
    attributes = "".join(written.format(number) for number in range(30_000))
    with at_most(1), pytest.raises(TooLarge, match=r"line 2: .* 2,000 attributes"):
        read(f"<h1>The wall</h1>{PROSE}\n<p {attributes}>x</p>")


def test_long_values_are_no_attributes() -> None:
    classes, sources = "wide dark " * 2_000, "/wall.jpg?a=1&b=2 640w, " * 2_000
    item = read(f"<h1>The wall</h1><p class='{classes}'><img src=/wall.jpg srcset=\"{sources}\"></p>{PROSE}")
    assert "rebuilt" in item.body


def test_long_blanks_between_elements_take_no_time() -> None:
    with at_most(5):
        item = read(f"<html><body><h1>The wall</h1>{' ' * 200_000}{PROSE}{chr(10) * 200_000}</body></html>")
    assert item.title == "The wall"


def test_unclosed_elements_that_end_by_themselves_are_no_nesting() -> None:
    assert "last" in read("<ul>" + "<li>x" * 1000 + "<li>last</ul>" + "<p><b>y</p>" * 300).body


def test_tags_in_scripts_and_comments_are_not_counted() -> None:
    script = "<script>" + "document.write('<div>');" * 500 + "</script>"
    assert "rebuilt" in read(f"<html><body>{script}<!--{'<div>' * 500}-->{PROSE}</body></html>").body


def test_nothing_is_fetched_or_expanded() -> None:
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY file SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa">]>'
        f"<html><body><p>Before &file; after &a;.</p>{PROSE}</body></html>"
    )
    body = read(page).body
    assert "&amp;file;" in body
    assert "aaaa" not in body


MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<article>",
                "<h1>",
                "</h1>",
                "<br>",
                "<br><br>",
                "<table><tr><td>",
                "<a>",
            ),
            *(
                '<a href="//[x">',
                "<time>",
                '<meta name="date" content="',
                '<meta property="og:image" content="x">',
                '">',
            ),
            *(
                '<script type="application/ld+json">',
                "</script>",
                '{"@type":"NewsArticle","author":[',
                '"@id":"x"',
                "]}",
            ),
            *(
                "<!--",
                "-->",
                "<![CDATA[",
                "<figure>",
                "<img src=",
                "<base href='http://[::1'>",
                "<html>",
                "<title>",
                "| ",
            ),
            *(
                "2016-09-30",
                "30 February 2016",
                "Text of a wall. ",
                "\u202e",
                "\x00",
                "&#x0;",
                "&lt;",
                "class='byline'>",
            ),
        ]
    )
    | st.text(max_size=8),
    max_size=40,
).map("".join)


@settings(max_examples=60)
@given(st.binary(max_size=300) | MARKUP.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_give_items_or_a_content_error(content: bytes) -> None:
    try:
        items = Html().parse(content, PATH)
    except ContentError:
        return
    assert items
    assert all(isinstance(item, RawItem) and item.body for item in items)


@settings(max_examples=60)
@given(st.binary(max_size=60) | MARKUP.map(lambda text: text.encode("utf-8", "replace")))
def test_recognition_never_raises(content: bytes) -> None:
    assert Html().recognises(content, PATH) in {True, False}
