from __future__ import annotations

import pytest
from effort import at_most

from feedsvc.errors import NotAnArticle, TooLarge
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import MAX_ITEMS, Draft, as_html, blocks, gather, paragraphs, without_tags


def test_the_first_value_stays_and_its_place_is_kept() -> None:
    draft = Draft()
    assert draft.put("title", "", "a") is False
    assert draft.put("title", "One", "b") is True
    assert draft.put("title", "Two", "c") is False
    draft.put("body", "<p>x</p>", "body")
    item = draft.item("test item")
    assert (item.title, item.origin) == ("One", {"title": "b", "body": "body"})


def test_a_date_that_cannot_be_read_makes_way_for_one_that_can() -> None:
    draft = Draft()
    draft.put("body", "x", "body")
    draft.put_date("published", [("YYYYMMDD000000-HHMM", "first"), ("2024-01-02", "second")])
    draft.put_date("updated", [("some day", "third")])
    item = draft.item("test item")
    assert (item.published, item.origin["published"], item.updated) == ("2024-01-02", "second", "some day")
    assert any("YYYYMMDD" in note for note in item.notes)


@pytest.mark.parametrize(
    ("status", "body", "withdrawal"),
    [
        ("canceled", "", True),
        ("stat:Canceled", "text", True),
        ("WITHHELD", "", True),
        ("withheld", "text", False),
        ("usable", "text", False),
    ],
)
def test_a_withdrawal_needs_no_body(status: str, body: str, withdrawal: bool) -> None:
    draft = Draft()
    draft.put("body", body, "body")
    draft.put_status(status, "pubstatus")
    item = draft.item("test item")
    assert (item.withdrawal, item.status) == (withdrawal, status)


def test_an_item_without_text_is_no_article() -> None:
    draft = Draft()
    with pytest.raises(NotAnArticle, match="neither a headline nor a text"):
        draft.item("test item")
    draft.put("title", "Words", "title")
    with pytest.raises(NotAnArticle, match="a headline and no text"):
        draft.item("test item")


@pytest.mark.parametrize("note", ["CORRECTS name", "Korrektur: Zahl", "berichtigt im 2. Absatz", "Rectificatif"])
def test_only_a_correction_is_taken_from_editors_notes(note: str) -> None:
    draft = Draft()
    draft.put("body", "x", "body")
    draft.put_editors_note("Call the desk on 555 0100", "ednote")
    draft.put_editors_note(note, "ednote")
    (only,) = draft.item("test item").notes
    assert note in only


def test_parts_are_numbered_and_what_is_no_article_is_counted() -> None:
    def read(part: int) -> RawItem:
        if part == 2:
            raise NotAnArticle("two is a picture")
        return RawItem(title=str(part))

    items = gather([1, 2, 3], read, kind="test")
    assert [(item.title, item.part) for item in items] == [("1", 1), ("3", 3)]
    assert items[0].notes == ("1 of 3 items in this file are no articles. The first: two is a picture",)
    assert gather([1], read, kind="test")[0].part == 0
    with pytest.raises(NotAnArticle, match="two is a picture"):
        gather([2, 2], read, kind="test")
    with pytest.raises(TooLarge):
        gather([1] * (MAX_ITEMS + 1), read, kind="test")


def test_plain_text_becomes_paragraphs() -> None:
    assert paragraphs("a\nb\n\n c < d \r\n\r\n") == "<p>a b</p>\n<p>c &lt; d</p>"
    assert paragraphs("a\nb & c\n") == "<p>a</p>\n<p>b &amp; c</p>"
    assert paragraphs(" \n ") == ""


def test_html_is_told_from_text() -> None:
    assert as_html("<p>a &amp; b</p>") == "<p>a &amp; b</p>"
    assert as_html("1 < 2 <3 & x<y>") == "<p>1 &lt; 2 &lt;3 &amp; x&lt;y&gt;</p>"
    assert blocks("AT&amp;T\n grows\n\nmore") == "<p>AT&amp;T grows</p>\n<p>more</p>"
    assert without_tags("<p>We&#8217;ve <b>left</b></p>") == "We’ve left"


def test_many_notes_take_no_time() -> None:
    draft = Draft()
    draft.put("body", "<p>x</p>", "body")
    with at_most(seconds=5):
        for number in range(50_000):
            draft.note(f"Line {number} is left out.")
        draft.note("Line 0 is left out.")
    assert len(draft.item("test item").notes) == 50_000
