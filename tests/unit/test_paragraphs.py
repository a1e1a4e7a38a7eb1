"""Simple HTML is read without a parser: whatever is taken for simple, the long way reads as well, and alike."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import markup, paragraphs
from feedsvc.normalise import blocks

_OWN = ("https://News.example.org/",)
_WORDS = st.sampled_from(
    ["a", "Ferry ", " ", "\n", "\t", "&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&#38;", "&copy", "&", ">", "<", '"',
     "'", "é", "\xa0", "\u2028", "\x7f", "\x85", "\r", "\0", "\x0c", "\ufffe", "☑ ", "<br />", "<br>", "<code>x</code>",
     "<img>", "</p>", "<p>", "<!-- c -->", "</em>", "<em>"]
)  # fmt: skip
_LINKS = st.sampled_from(
    ["https://example.org", "https://example.org/a_(b)?c=1#d", "http://News.example.org/x", "https://news.example.org/x",
     "https://1.2.3.4/", "https://256.1.1.1/", "https://a.1/", "https://xn--a.org/", "https://a--b.org", "https://-a.org",
     "https://a.b.c.example.com/%7E", "https://example.org:99999/", "https://example", "/x", "#x", "mailto:a@b.org",
     "javascript:1", "https://example.org/&amp;", "https://example..org/", "https://example.org/[", "HTTPS://a.org/"]
)  # fmt: skip


def _inside(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(parts, max_size=3).map("".join)


def _element(names: Sequence[str], inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("<{0}>{1}</{0}>".format, st.sampled_from(names), inside)


_ONCE = _WORDS | _element(["em", "strong", "del", "code", "span"], _inside(_WORDS))
_TWICE = _ONCE | _element(["em", "strong", "del"], _inside(_ONCE))
_LINE = _inside(_TWICE | st.builds('<a href="{0}">{1}</a>'.format, _LINKS, _inside(_ONCE)))
_PARAGRAPH = _element(["p", "h1", "h2", "h6"], _LINE)
_POINT = _element(["li"], _LINE | _PARAGRAPH.map("\n{}\n".format))
_BLOCK = (
    _PARAGRAPH
    | _element(["ul", "ol"], st.lists(_POINT, max_size=3).map(lambda points: "\n" + "\n".join(points) + "\n"))
    | _element(["blockquote"], st.lists(_PARAGRAPH, max_size=2).map(lambda lines: "\n" + "\n".join(lines) + "\n"))
    | st.sampled_from(["<hr />", "<hr>", "<p></p>", "<p> <br /></p>", "<p dir=ltr>a</p>", "a", "<div><p>a</p></div>",
                       "<figure><img src=/x></figure>"])
)  # fmt: skip
_HTML = st.builds(str.join, st.sampled_from(["\n", "", "\n\n"]), st.lists(_BLOCK, max_size=5))


def _the_long_way(html: str, own: Sequence[str]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paragraphs, "sanitised", lambda _: None)
        patch.setattr(markup, "_is_finished", lambda *_: False)
        return markup.sanitise(html, base="https://news.example.org/town/", own=own)


@settings(max_examples=300)
@given(_HTML, st.sampled_from([(), _OWN]))
def test_simple_html_is_sanitised_as_the_parser_does(html: str, own: Sequence[str]) -> None:
    assert markup.sanitise(html, base="https://news.example.org/town/", own=own) == _the_long_way(html, own)


@settings(max_examples=150)
@given(_HTML)
def test_blocks_and_words_are_those_of_the_long_way(html: str) -> None:
    clean = markup.sanitise(html)
    found = list(blocks.blocks(clean))
    lines = [blocks.words_of(clean, block) for block in found]
    excerpts = [markup.excerpt(clean, limit) for limit in (5, 400)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paragraphs, "next_paragraph", lambda *_: None)
        patch.setattr(paragraphs, "words", lambda _: None)
        patch.setattr(paragraphs, "opening", lambda *_: "")
        assert list(blocks.blocks(clean)) == found
        assert [blocks.words_of(clean, block) for block in found] == lines
        assert [markup.excerpt(clean, limit) for limit in (5, 400)] == excerpts


@pytest.mark.parametrize(
    "html",
    [
        '<p>A <em>first</em> one &amp; more.</p>\n<h2>Then</h2>\n<p>A <a href="https://example.org/x">link</a>.</p>\n',
        "<p>“Quoted” &quot;too&quot;<br />\nand <strong><em>marked</em></strong>.</p>\n<hr />\n",
        "<ul>\n<li>One</li>\n<li>\n<p>Two</p>\n</li>\n</ul>\n<blockquote>\n<p>Said.</p>\n</blockquote>\n",
    ],
)
def test_most_articles_are_simple(html: str) -> None:
    simple = paragraphs.sanitised(html)
    assert simple is not None
    assert simple == _the_long_way(html, ())
    assert paragraphs.are_written(simple)


@pytest.mark.parametrize(
    "html",
    ["<p>a > b</p>", "<p>&nbsp;</p>", "<p>a\xa0b</p>", '<p><a href="/x">a</a></p>', "<p class=x>a</p>", "<p>a\0</p>",
     '<p><a href="https://1.2.3.4/">a</a></p>', "<script>a</script>", "text", "<p>a</em></p>"],
)  # fmt: skip
def test_others_are_not(html: str) -> None:
    assert paragraphs.sanitised(html) is None


def test_long_ones_go_the_way_that_counts() -> None:
    html = "<p>a</p>\n" * 10_000
    assert paragraphs.sanitised(html) is None
    assert markup.sanitise(html) == html


def test_it_is_linear() -> None:
    for html in ("<p>" + "&amp;a " * 10_000 + "<em>a", "<p>" + "<em>" * 10_000, '<p><a href="https://' + "a.-" * 9_000):
        assert paragraphs.sanitised(html) is None
        assert paragraphs.words(html) is None or "<" not in html
        assert paragraphs.opening(html, 300) == ""
