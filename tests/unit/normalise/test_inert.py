"""Text that stays as it is read, and that nobody can take for markup which acts."""

from __future__ import annotations

import danger
import pytest
from fakes import make_article
from hypothesis import given, settings
from hypothesis import strategies as st
from security.vectors import ADDRESSES, TEXTS

from feedsvc.model import Author, Category, Enclosure
from feedsvc.normalise.identity import own_id
from feedsvc.normalise.inert import inert, inert_article, is_program

PIECES = (
    "<", ">", "/", "=", "\"", "'", "!", "?", "-", " ", "a", "b", "img", "script", "SVG", "onclick", "x", "iframe",
    "style",
    "<img ", " onerror=x", "<b>", "</b>", "<!--", "-->", "]]>", "&lt;", "\n", "é",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_acts_in_what_is_left(text: str) -> None:
    assert danger.in_html(inert(text)) == []


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=400)
def test_nothing_acts_whatever_it_is_made_of(text: str) -> None:
    made = inert(text)
    assert danger.in_html(made) == []
    assert inert(made) == made
    assert made.replace(" ", "") == text.replace(" ", "")  # nothing is lost


@pytest.mark.parametrize(
    "text",
    [
        "Copper & tin < gold",
        "a<b and b>c",
        "How <b> became <strong>",
        "<Corp> buys <Corp>",
        "AT&T, R&D: 1 < 2 = 2",
        "x = y",
        "The hunt for script kiddies",
        "I <3 the sea",
    ],
)
def test_what_is_only_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_only_a_space_comes_in() -> None:
    assert inert("Why <script> is slow") == "Why < script> is slow"
    assert inert("The <a href=x> tag") == "The < a href=x> tag"


def test_it_is_linear() -> None:
    text = "<a" * 200_000
    assert inert(text) == text
    assert inert(f"{text}=").startswith("< a< a")


def test_every_text_of_an_article() -> None:
    bad = "<script>alert(1)</script>"
    article = make_article(
        title=bad, summary=bad, standfirst=bad, byline=bad, agency=bad, dateline=bad, rights=bad, content="<p>fine</p>",
        authors=(Author(name=bad),), categories=(Category(term=bad, label=bad, scheme="javascript:alert(1)"),),
        enclosures=(Enclosure(url="https://x.example/a.png", type="image/png", alt=bad, caption=bad, credit=bad),),
    )  # fmt: skip
    made = inert_article(article)
    good = "< script>alert(1)< /script>"
    for name in ("title", "summary", "standfirst", "byline", "agency", "dateline", "rights"):
        assert getattr(made, name) == good
    assert made.content == "<p>fine</p>"
    assert made.authors == (Author(name=good),)
    assert made.categories == (Category(term=good, label=good),)
    (enclosure,) = made.enclosures
    assert (enclosure.alt, enclosure.caption, enclosure.credit) == (good, good, good)
    assert inert_article(made) == made
    plain = make_article()
    assert inert_article(plain) == plain


def test_an_id_that_a_browser_would_run_is_no_uri() -> None:
    authority = "news.example.org,2026"
    assert own_id("urn:paper:7", authority=authority) == "urn:paper:7"
    assert own_id("feed:7", authority=authority) == "feed:7"
    for written in ("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"):
        assert own_id(written, authority=authority).startswith("tag:news.example.org,2026:id/")
    assert sum(is_program(address) for address in ADDRESSES) >= 6
    assert not is_program("https://news.example.org/javascript:x")
