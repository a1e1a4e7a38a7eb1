"""Datelines, bylines, sign-offs and paragraphs of plain wire copy."""

from __future__ import annotations

import pytest

from feedsvc.formats.newsxml import wirewords


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("MOSCOW, Sept 30 (Reuters) -", "MOSCOW", "Reuters"),
        ("Berlin (dpa) - ", "Berlin", "dpa"),
        ("MADRID, 21 Nov. 2024 (Europa Press) -", "MADRID", "Europa Press"),
        ("LONDON, England (CNN) -- ", "LONDON, England", "CNN"),
        ("دمشق، سوريا (CNN) -- ", "دمشق، سوريا", "CNN"),
        ("Paris 12 octobre (AFX)", "Paris", "AFX"),
        ("New York/London (dpa/awx) -", "New York/London", "dpa/awx"),
        ("加州桑尼維爾", "加州桑尼維爾", ""),
        ("WASHINGTON — ", "WASHINGTON", ""),
        ("2013-03-04 11:40:31 GMT+00:00", "", ""),
        ("(Exwire) -", "", "Exwire"),
        ("", "", ""),
    ],
)
def test_a_dateline_comes_apart(text: str, place: str, agency: str) -> None:
    assert wirewords.dateline(text) == (place, agency)


def test_html_is_told_from_text_that_speaks_of_tags() -> None:
    assert wirewords.plainly_html("<p>One</p>") == "<p>One</p>"
    assert wirewords.plainly_html("&lt;p&gt;One&lt;/p&gt;") == "<p>One</p>"
    assert wirewords.plainly_html("Two < three") == ""
    assert wirewords.plainly_html("The tag <br> breaks a line.", declared_plain=True) == ""


def test_paragraphs_are_parted_by_blank_lines_then_by_indents_then_by_lines() -> None:
    assert wirewords.paragraphs("one\ntwo\n\nthree") == ["one two", "three"]
    assert wirewords.paragraphs("    One begins\nand goes on\n    Two begins\nand ends") == [
        "One begins and goes on",
        "Two begins and ends",
    ]
    assert wirewords.paragraphs("one\r\ntwo\rthree") == ["one", "two", "three"]
    assert wirewords.paragraphs("  one\n  two") == ["one", "two"]
    assert wirewords.paragraphs(" \n\xa0\n ") == []
