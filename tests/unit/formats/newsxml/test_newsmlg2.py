"""What NewsML-G2 files do that a pair of files does not show alone."""

from __future__ import annotations

import base64
from pathlib import PurePosixPath

import pytest

from feedsvc.errors import NotAnArticle, ParseError, UnknownFormat
from feedsvc.formats.base import RawItem
from feedsvc.formats.newsxml.newsmlg2 import NewsMLG2

PATH = PurePosixPath("in/item.xml")


def item(content: str = "", *, meta: str = "", about: str = "<headline>Title</headline>", kind: str = "text") -> str:
    return (
        f"<newsItem guid='urn:x:1' version='1'><itemMeta><itemClass qcode='ninat:{kind}'/>{meta}</itemMeta>"
        f"<contentMeta>{about}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def read(xml: str) -> list[RawItem]:
    return list(NewsMLG2().parse(xml.encode(), PATH))


def message(*items: str) -> str:
    return f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>"


TEXT = "<inlineXML><p>Text.</p></inlineXML>"
PICTURE = "<remoteContent href='https://pictures.example.org/a.jpg' contenttype='image/jpeg'/>"


@pytest.mark.parametrize("kind", ["picture", "graphic", "video", "audio"])
def test_a_medium_is_no_article(kind: str) -> None:
    with pytest.raises(NotAnArticle, match=kind):
        read(item(PICTURE, kind=kind))


@pytest.mark.parametrize("root", ["packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"])
def test_other_items_are_refused_in_plain_words(root: str) -> None:
    with pytest.raises(NotAnArticle, match="no article"):
        read(f"<{root}/>")


def test_a_message_without_a_text_says_what_it_holds() -> None:
    with pytest.raises(NotAnArticle, match=r"1 × package .*2 × picture"):
        read(message("<packageItem/>", item(PICTURE, kind="picture"), item(PICTURE, kind="picture")))


def test_an_empty_message_is_no_article() -> None:
    with pytest.raises(NotAnArticle, match="nothing"):
        read("<newsMessage/>")


def test_the_only_text_gets_all_pictures() -> None:
    (got,) = read(message(item(PICTURE, kind="picture"), item(TEXT)))
    assert [medium.url for medium in got.media] == ["https://pictures.example.org/a.jpg"]
    assert got.part == 0


def test_a_picture_without_an_address_is_noted() -> None:
    (got,) = read(message(item("", kind="picture"), item(TEXT)))
    assert got.media == ()
    assert "names no address" in got.notes[0]


def test_an_item_that_is_killed_by_a_signal_is_a_withdrawal() -> None:
    (got,) = read(item(meta="<pubStatus qcode='stat:usable'/><signal qcode='sig:kill'/>", about=""))
    assert got.withdrawal
    assert got.status == "canceled"


def test_a_withdrawal_beside_a_text_stays_one() -> None:
    first, second = read(message(item(TEXT), item(meta="<pubStatus qcode='stat:canceled'/>", about="")))
    assert (first.withdrawal, second.withdrawal) == (False, True)


def test_base64_text_is_decoded() -> None:
    packed = base64.b64encode("<p>Packed é.</p>".encode()).decode()
    (got,) = read(item(f"<inlineData contenttype='text/html' encoding='encd:base64'>{packed}</inlineData>"))
    assert got.body == "<p>Packed é.</p>"


def test_bad_base64_is_refused_with_its_line() -> None:
    with pytest.raises(ParseError, match="base64"):
        read(item("<inlineData contenttype='text/plain' encoding='base64'>%%%</inlineData>"))


def test_plain_text_that_speaks_of_a_tag_stays_text() -> None:
    (got,) = read(item("<inlineData contenttype='text/plain'>Use &lt;br&gt; here.</inlineData>"))
    assert got.body == "<p>Use &lt;br&gt; here.</p>"


def test_names_in_capitals_are_those_of_html() -> None:
    (got,) = read(
        item(
            "<inlineXML><P>Text.</P><SCRIPT>secret</SCRIPT><DL><DT>Quay</DT><DD>old</DD></DL><BRODTEXT>End.</BRODTEXT></inlineXML>"
        )
    )
    assert got.body == "<p>Text.</p><dl><dt>Quay</dt><dd>old</dd></dl><p>End.</p>"


def test_figures_in_capitals_within_a_text_stay() -> None:
    (got,) = read(item("<inlineXML><p>Text.</p>SHARES RISE 300 POINTS IN LATE TRADING<p>End.</p></inlineXML>"))
    assert "300 POINTS" in got.body


def test_the_text_is_preferred_in_markup() -> None:
    content = "<inlineData contenttype='text/plain'>Plain.</inlineData><inlineXML><p>Marked.</p></inlineXML>"
    assert read(item(content))[0].body == "<p>Marked.</p>"


def test_an_embargo_in_a_note_alone_withholds() -> None:
    (got,) = read(item(TEXT, meta="<pubStatus qcode='stat:usable'/><edNote role='r:embargo'>Not before 6</edNote>"))
    assert got.status == "withheld"
    assert "Not before 6" in got.notes[0]


def test_a_note_to_editors_is_published_nowhere() -> None:
    (got,) = read(item(TEXT, meta="<edNote>Call 0123</edNote>"))
    assert "0123" not in repr(got)


def test_a_placeholder_date_gives_way_to_the_next() -> None:
    dates = "<firstCreated>YYYYMMDD000000-HHMM</firstCreated><versionCreated>2024-01-02T03:04:05Z</versionCreated>"
    (got,) = read(item(TEXT, meta=dates))
    assert got.published == "2024-01-02T03:04:05Z"


def test_the_slugline_is_a_title_only_where_there_is_no_text() -> None:
    about = "<headline/><slugline>SLUG</slugline>"
    (got,) = read(item(TEXT, about=about))
    assert (got.title, got.title_fallbacks, got.slug) == ("", (), "SLUG")
    (got,) = read(item("", about=about))
    assert got.title == "SLUG"


def test_the_media_class_may_be_a_uri() -> None:
    with pytest.raises(NotAnArticle, match="picture"):
        read(
            "<newsItem><itemMeta><itemClass uri='http://cv.iptc.org/newscodes/ninature/picture'/></itemMeta>"
            f"<contentSet>{PICTURE}</contentSet></newsItem>"
        )


def test_bare_content_is_read_with_a_note() -> None:
    (got,) = read(f"<contentSet>{TEXT}</contentSet>")
    assert got.body == "<p>Text.</p>"
    assert "only the content" in got.notes[0]
    with pytest.raises(NotAnArticle):
        read("<contentSet/>")


def test_other_xml_is_refused_by_name() -> None:
    with pytest.raises(UnknownFormat, match="<feed>"):
        read("<feed/>")
    assert not NewsMLG2().recognises(b"<feed/>", PATH)


def test_many_pictures_take_no_quadratic_time() -> None:
    pictures = "".join(
        item(f"<remoteContent href='{n}.jpg' contenttype='image/jpeg'/>", kind="picture") for n in range(3000)
    )
    (got,) = read(message(item(TEXT), pictures))
    assert len(got.media) == 3000
