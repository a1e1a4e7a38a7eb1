from __future__ import annotations

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.formats.markdown.headline import Opening, read_opening


@pytest.mark.parametrize(
    ("body", "title", "rest"),
    [
        ("# A *title* & `b`\n\ntext", "A title & b", "text"),
        ("A title\n=======\ntext", "A title", "text"),
        ("Two lines\nof title\n---\n\ntext", "Two lines of title", "text"),
        ("## A title ##\ntext", "A title", "text"),
        ("![p](q.jpg)\n\n# A title\n\ntext", "A title", "![p](q.jpg)\n\ntext"),
        ("<!-- c -->\n# A title\ntext", "A title", "<!-- c -->\ntext"),
        ("text\n\n# A title\n\nmore", "A title", "text\n\nmore"),
        ("## Part\n\ntext\n\n# A title\n\nmore", "A title", "## Part\n\ntext\n\nmore"),
    ],
)
def test_the_first_heading_is_the_title(body: str, title: str, rest: str) -> None:
    opening = read_opening(body)
    assert opening.title == title
    assert opening.body.split() == rest.split()


@pytest.mark.parametrize(
    "body", ["text\n\n## Part\n\nmore", "text\n\n# One\n\na\n\n# Two\n\nb", "    # code", "```\n# x\n```"]
)
def test_other_headings_are_none(body: str) -> None:
    opening = read_opening(body)
    assert (opening.title, opening.body) == ("", body)


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("# A title\n\ntext", "text"),
        ("## a “TITLE”\n\ntext", "## a “TITLE”\n\ntext"),
        ("# A Title\n\ntext", "text"),
        ("**A title**\n\ntext", "text"),
        ("A title\n\ntext", "text"),
        ("# Another\n\ntext", "# Another\n\ntext"),
        ("text\n\n# A title\n\nmore", "text\n\n# A title\n\nmore"),
    ],
)
def test_a_repeated_title_is_dropped(body: str, rest: str) -> None:
    opening = read_opening(body, "A title")
    assert opening.body.strip() == rest


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Bridge opens | The Gazette", "Bridge opens"),
        ("Bridge opens - The Gazette", "Bridge opens"),
        ("Bridge opens — Local — The Gazette", "Bridge opens"),
        ("The Gazette » Bridge opens", "Bridge opens"),
        ("Bridge opens|The Gazette", "Bridge opens"),
        ("BRIDGE OPENS", "BRIDGE OPENS"),
    ],
)
def test_the_site_goes_where_the_text_repeats_the_rest(title: str, shown: str) -> None:
    opening = read_opening("# Bridge opens\n\ntext", title)
    assert (opening.title, opening.body.strip()) == (shown, "text")


def test_the_site_stays_where_nothing_is_repeated() -> None:
    opening = read_opening("# The rail bridge\n\ntext", "Bridge opens | The Gazette")
    assert (opening.title, opening.fallback) == ("", "The rail bridge")


@pytest.mark.parametrize("body", ["December 11, 2015\n\n# T\n\ntext", "# T\n\nDecember 11, 2015\n\ntext"])
def test_the_day_beside_the_headline_is_taken_out_and_kept(body: str) -> None:
    opening = read_opening(body, "T")
    assert opening.days == ("December 11, 2015",)
    assert opening.body.strip() == "text"


def test_a_day_without_a_headline_stays_in_the_text() -> None:
    opening = read_opening("May 3, 2024\n\nThe text.", "T")
    assert opening.days == ("May 3, 2024",)
    assert opening.body == "May 3, 2024\n\nThe text."


def test_a_short_first_line_may_be_a_title() -> None:
    assert read_opening("A *short* line\n\nA longer text.").fallback == "A short line"
    assert read_opening("word " * 60).fallback == ""


def test_the_line_of_the_heading() -> None:
    assert read_opening("\n\n# T\n").line == 3


def test_a_title_of_nothing_but_separators_takes_no_time() -> None:
    with at_most(2):
        assert read_opening("x", "- " * 60_000) == Opening(body="x")


@settings(max_examples=150)
@given(st.text(alphabet="Ab #=-\n*|é[]()!.1", max_size=80), st.sampled_from(["", "A", "Ab | é"]))
def test_any_text_has_an_opening(body: str, title: str) -> None:
    opening = read_opening(body, title)
    assert len(opening.body) <= len(body)
    assert opening.line <= body.count("\n") + 1
