"""Simple articles are cleaned in one go; whatever is taken for simple, all the steps would leave as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import markup

_PIECES = st.sampled_from(
    ["<p>", "</p>", "<em>", "</em>", "<strong>", "</strong>", "<h2>", "</h2>", "<div>", "</div>", "<br>", "a", " ",
     "\n", "&", "&amp;", "&lt;", "&nbsp;", "\xa0", '"', "'", "<", ">", '<a href="https://example.org/a.b">', "</a>",
     "\0", "\r", '<a href="https://news.example.org/x">', '<a href="/x">', '<a href="HTTPS://Example.org">',
     '<a title="t">',
     '<a href="https://example.org/?a=1&amp;b=2">', "<p></p>", "<p dir=ltr>", "<!-- c -->", "é", "\u2028"]
)  # fmt: skip
_OWN = ("https://News.example.org/",)


@settings(max_examples=300)
@given(st.lists(_PIECES, max_size=12).map("".join), st.sampled_from([(), _OWN]))
def test_what_is_taken_for_simple_is_finished(html: str, own: Sequence[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        quick = markup.sanitise(html, base="https://news.example.org/town/", own=own)
        patch.setattr(markup, "_is_finished", lambda *_: False)
        assert markup.sanitise(html, base="https://news.example.org/town/", own=own) == quick


def test_most_articles_are_simple() -> None:
    html = (
        '<p>A <em>first</em> one &amp; more.</p>\n<h2>Then</h2>\n<p>A <a href="https://example.org/x">link</a>.</p>\n'
    )
    assert markup._is_finished(markup._cleaned(html), _OWN)
    assert not markup._is_finished(markup._cleaned("<p>A </p><p> </p>"), _OWN)


def test_it_is_linear() -> None:
    with at_most(1):
        markup.sanitise("<p>" + "&amp;a " * 3_000 + "<em>a")
        markup.sanitise("<p>" + "<em>" * 190)
