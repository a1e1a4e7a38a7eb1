"""The title: given, else the best line there is."""

from __future__ import annotations

import pytest

from feedsvc.formats.base import RawItem
from feedsvc.normalise.titles import MAX_LENGTH, first_sentence, title_of, title_of_item, title_shown

BODY = "<p>The ferry sails again. It was mended.</p>"


def title(*candidates: str, body: str = BODY, literal: bool = False) -> str:
    return title_of([(one, f"line {number}") for number, one in enumerate(candidates)], body, literal=literal)[0]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  The ferry\n sails ", "The ferry sails"),
        ("The <em>ferry</em> &amp; the quay", "The ferry & the quay"),
        ("Fish &lt;b&gt; chips", "Fish <b> chips"),
        ("* Ferry sails", "Ferry sails"),
        ("**Ferry sails", "Ferry sails"),
        ("FERRY SAILS AGAIN", "FERRY SAILS AGAIN"),
        ("Ferry sails (2)", "Ferry sails"),
        ("Room 101 (1984)", "Room 101 (1984)"),
        ("渡轮再次起航", "渡轮再次起航"),
        ("Five > four", "Five > four"),
    ],
)
def test_a_given_title_is_plain_text_on_one_line(given: str, shown: str) -> None:
    assert title(given) == shown


@pytest.mark.parametrize(
    "given", ["", " ", "569697231", "No Headline !", "NO TITLE", "no-headline", "Untitled", "—", "* "]
)
def test_what_is_no_title_is_passed_over(given: str) -> None:
    assert title(given, "The quay") == "The quay"
    assert title(given) == "The ferry sails again"


def test_what_is_passed_over_is_noted() -> None:
    _, origin, notes = title_of([("569697231", "headline"), ("The quay", "first line")], BODY)
    assert origin == "first line"
    assert notes == ("headline: '569697231' is no title",)
    _, origin, notes = title_of([], BODY)
    assert (origin, notes) == ("first sentence", ("no title is given: the first sentence is used",))


def test_literal_text_has_no_markup() -> None:
    assert title("a <b> &amp; c", literal=True) == "a <b> &amp; c"


def test_long_titles_are_cut_between_words() -> None:
    cut = title("ferry " * 200)
    assert len(cut) <= MAX_LENGTH
    assert cut.endswith("ferry…")
    assert len(title("", body=f"<p>{'ferry ' * 100}.</p>")) <= 120


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("The ferry sails. It was mended.", "The ferry sails"),
        ("Is it back? Yes.", "Is it back?"),
        ("It sails! At last.", "It sails!"),
        ("Mr. Doe met Dr. Roe in St. Mary. They talked.", "Mr. Doe met Dr. Roe in St. Mary"),
        ("The U.S. navy came. It left.", "The U.S. navy came"),
        ("It cost 3.5 million. More came.", "It cost 3.5 million"),
        ("“It sails.” So he said.", "“It sails.”"),
        ("渡轮起航。天气好。", "渡轮起航"),
        ("يبحر القارب؟ نعم.", "يبحر القارب؟"),
        ("नाव चली। फिर रुकी।", "नाव चली"),
        ("No end at all", "No end at all"),
        ("", ""),
    ],
)
def test_the_first_sentence(line: str, sentence: str) -> None:
    assert first_sentence(line) == sentence


def test_without_anything_there_is_no_title() -> None:
    assert title_of([("", "title")], "") == ("", "", ())


def test_an_item_gives_its_title_and_its_lines() -> None:
    item = RawItem(
        title="12", title_fallbacks=("", "A < b"), literal=frozenset({"title"}), origin={"title": "headline"}
    )
    assert title_of_item(item)[:2] == ("A < b", "first line")
    assert title_of_item(RawItem(title="A", origin={"title": "line 3"}))[:2] == ("A", "line 3")


def test_a_title_is_compared_as_it_is_shown() -> None:
    assert title_shown(RawItem(title="* The cafÃ© (2)", body=BODY)) == "The café"
    assert title_shown(RawItem(title="", body=BODY)) == ""
