"""What NITF files do that a pair of files does not show alone."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.errors import NotAnArticle, ParseError, UnknownFormat
from feedsvc.formats.base import RawItem
from feedsvc.formats.newsxml.nitf import Nitf

PATH = PurePosixPath("sport/item.xml")


def read(body: str, *, head: str = "", docdata: str = "") -> RawItem:
    xml = f"<nitf><head>{head}<docdata {docdata}</docdata></head><body>{body}</body></nitf>"
    (item,) = Nitf().parse(xml.encode(), PATH)
    return item


def body_of(content: str) -> str:
    hedline = "<body.head><hedline><hl1>Title</hl1></hedline></body.head>"
    return read(f"{hedline}<body.content>{content}</body.content>", docdata=">").body


def test_nothing_for_editors_is_in_the_body() -> None:
    html = body_of(
        "<p>Text.</p><note type='std'><p>secret</p></note><classifier>secret</classifier>"
        "<key-list><keyword key='secret'/></key-list><custom-table>secret</custom-table><p>End.</p>"
    )
    assert "secret" not in html
    assert html == "<p>Text.</p><p>End.</p>"


def test_a_publishable_note_stays() -> None:
    assert body_of("<p>Text.</p><note type='pa'><body.content><p>Correction.</p></body.content></note>") == (
        "<p>Text.</p><p>Correction.</p>"
    )


def test_text_behind_what_is_left_out_stays() -> None:
    assert body_of("<p>One <classifier>x</classifier>two.</p>") == "<p>One two.</p>"


def test_text_without_paragraphs_keeps_every_word() -> None:
    html = body_of("First <chron>today</chron> and<br/>second <b>bold <i>deep</i> on</b> end\nthird")
    assert html == "<p>First today and</p><p>second bold deep on end</p><p>third</p>"


def test_one_paragraph_that_holds_all_is_split_at_blank_lines() -> None:
    assert body_of("<p>One.\n\nTwo &lt;3.</p>") == "<p>One.</p><p>Two &lt;3.</p>"


def test_escaped_markup_among_paragraphs_is_text() -> None:
    assert body_of("<p>Write &lt;p&gt;a&lt;/p&gt;.</p><p>Done.</p>") == (
        "<p>Write &lt;p&gt;a&lt;/p&gt;.</p><p>Done.</p>"
    )


def test_script_in_the_body_is_no_markup() -> None:
    assert "<script" not in body_of("<p>One</p><script>alert(1)</script>")
    assert "onclick" not in body_of("<p onclick='alert(1)'>One</p>")


def test_bylines_are_joined_and_titles_follow_their_names() -> None:
    item = read(
        "<body.head><hedline><hl1>T</hl1></hedline><byline>By A B<byttl>AP Sports Writer</byttl></byline>"
        "<byline><byttl>Berlin Bureau</byttl></byline></body.head><body.content><p>x</p></body.content>",
        docdata=">",
    )
    assert item.byline == "By A B, AP Sports Writer, Berlin Bureau"
    assert [(author.name, author.role) for author in item.authors] == [("By A B", "AP Sports Writer")]


@pytest.mark.parametrize(
    ("byline", "printed"),
    [
        (
            "By <person>Nell Harker</person>, <person>Joss Okafor</person> and Ada",
            "By Nell Harker, Joss Okafor and Ada",
        ),
        ("<person>Nell Harker</person>/<person>Joss Okafor</person>", "Nell Harker/Joss Okafor"),
        ("By<person>Nell Harker</person>and<person>Joss Okafor</person> (NLA)", "By Nell Harker and Joss Okafor (NLA)"),
        ("dpa", "dpa"),
        ("nh", ""),
    ],
)
def test_a_byline_keeps_its_signs(byline: str, printed: str) -> None:
    head = f"<body.head><hedline><hl1>Title</hl1></hedline><byline>{byline}</byline></body.head>"
    item = read(f"{head}<body.content><p>The ferry is back.</p></body.content>", docdata=">")
    assert item.byline == printed


def test_lines_of_an_address_or_of_a_list_are_not_joined() -> None:
    lines = (
        "Ministry of the Harbour, Department of Ferries and of Quays<br/>"
        "Nell Harker, the captain of the ferry of the northern line<br/>12 Quay Street, Tarvik"
    )
    assert body_of(f"<p>{lines}</p>").count("<br") == 2


def test_a_release_before_now_or_equal_to_the_issue_is_no_embargo_of_its_own() -> None:
    same = "><date.issue norm='20240101T100000Z'/><date.release norm='20240101T100000Z'/>"
    assert read("<body.content><p>x</p></body.content>", docdata=same).embargo == ""


def test_pictures_alone_are_no_article() -> None:
    with pytest.raises(NotAnArticle, match="pictures"):
        read("<body.content><media><media-reference source='a.jpg'/></media></body.content>", docdata=">")


def test_an_empty_document_is_no_article() -> None:
    with pytest.raises(NotAnArticle, match="neither a headline nor a text"):
        read("<body.content><p/></body.content>", docdata=">")


def test_a_headline_alone_is_kept_with_a_note() -> None:
    item = read("<body.head><hedline><hl1>Mayor resigns</hl1></hedline></body.head>", docdata=">")
    assert item.title == "Mayor resigns"
    assert "no text" in item.notes[0]


def test_other_xml_is_refused_by_name() -> None:
    with pytest.raises(UnknownFormat, match="<rss>"):
        Nitf().parse(b"<rss/>", PATH)


def test_broken_xml_is_refused_with_its_line() -> None:
    with pytest.raises(ParseError) as caught:
        Nitf().parse(b"<nitf>\n<body>\n</nitf>", PATH)
    assert caught.value.line == 3


def test_a_file_in_the_fallback_encoding_is_read() -> None:
    xml = "<nitf><body><body.content><p>Caf\u00e9 \u2019</p></body.content></body></nitf>".encode("cp1252")
    (item,) = Nitf().parse(xml, PATH, fallback_encoding="cp1252")
    assert item.body == "<p>Café ’</p>"


def test_its_root_is_recognised_in_all_its_dress() -> None:
    known = (
        b"<nitf>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><!DOCTYPE nitf SYSTEM 'nitf.dtd'><nitf version='x'>",
        b"<n:nitf xmlns:n='http://iptc.org/std/NITF/2006-10-18/'>",
        "<nitf>".encode("utf-16"),
    )
    assert all(Nitf().recognises(each, PATH) for each in known)
    assert not any(Nitf().recognises(each, PATH) for each in (b"", b"nitf", b"<nitfs>", b"<html><nitf>", b"{}"))
