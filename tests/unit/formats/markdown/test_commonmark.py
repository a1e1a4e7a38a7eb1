from __future__ import annotations

import subprocess
import sys

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import TooLarge
from feedsvc.formats.markdown import commonmark

SIGNS = st.text(alphabet="ab \n\t#>*+-_=`~[]()!<>&|\\:/.1^{}é中😀", max_size=120)


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>"),
        ('"Quoted" -- and...', '<p>"Quoted" -- and...</p>'),
        ("a<br>b <b>c</b>", "<p>a<br>b <b>c</b></p>"),
        ("<div>\n\n*x*\n\n</div>", "<div>\n<p><em>x</em></p>\n</div>"),
        ("[a][r]\n\n[r]: /there", '<p><a href="/there">a</a></p>'),
        ("[a](sub/page.md) ![b](pic.png)", '<p><a href="sub/page.md">a</a> <img src="pic.png" alt="b" /></p>'),
        ("## A {#b}", '<h2 id="b">A</h2>'),
        ("- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>"),
    ],
)
def test_markdown_becomes_html(written: str, html: str) -> None:
    assert commonmark.to_html(written).strip() == html


def test_footnotes_are_linked_with_their_text() -> None:
    html = commonmark.to_html("Said.[^n] Again.[^n]\n\n[^n]: By *whom*.\n\n    More.\n\n[^unused]: Nobody.")
    assert html.startswith(
        '<p>Said.<sup id="fnref-1"><a href="#fn-1">1</a></sup> Again.<sup><a href="#fn-1">1</a></sup></p>'
    )
    assert '<div id="fn-1"><p><sup><a href="#fnref-1">1</a></sup> By <em>whom</em>.</p>\n<p>More.</p>\n</div>' in html
    assert "fnref-2" not in html  # nothing refers to it


def test_the_columns_of_a_table_are_aligned_without_style() -> None:
    html = commonmark.to_html('|a|b|c|\n|:-|:-:|-:|\n|1|2|3|\n\n```\n<td style="text-align: left">\n```\n')
    assert '<th align="left">a</th><th align="center">b</th><th align="right">c</th>' in html
    assert '<td align="left">1</td><td align="center">2</td><td align="right">3</td>' in html
    assert "&lt;td style=" in html


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("see http://example.org/a_b_c now", "http://example.org/a_b_c"),
        ("(https://example.org/x_(y))", "https://example.org/x_(y)"),
        ("https://example.org/x.", "https://example.org/x"),
        ("é https://example.org/?a=1!", "https://example.org/?a=1"),
        ("**https://example.org**", "https://example.org"),
        ("> https://example.org/q", "https://example.org/q"),
    ],
)
def test_a_bare_address_becomes_a_link(written: str, linked: str) -> None:
    html = commonmark.to_html(written)
    assert f'<a href="{linked}">{linked}</a>' in html
    assert html.count("<a ") == 1


def test_a_www_address_is_linked_with_its_scheme() -> None:
    assert '<a href="http://www.example.org/a">www.example.org/a</a>' in commonmark.to_html("at www.example.org/a.")


@pytest.mark.parametrize(
    "written",
    [
        "`http://example.org`",
        "    http://example.org",
        "```\nhttp://example.org\n```",
        "http://localhost/",
        "xhttp://example.org",
        "www.nothing",
        "[r]: http://example.org",
    ],
)
def test_other_addresses_are_left_alone(written: str) -> None:
    assert "<a " not in commonmark.to_html(written)


@pytest.mark.parametrize(
    "written",
    [
        "[http://example.org](http://example.org)",
        '<a href="http://example.org">http://example.org</a> x',
        "<http://example.org>",
    ],
)
def test_a_link_is_not_linked_again(written: str) -> None:
    assert commonmark.to_html(written).count("<a ") == 1


def test_blocks_have_their_words_and_places() -> None:
    text = "Ünder *x*\n===\n\n![alt](p.png)\n\n<!-- c -->\n\n---\n\n- a\n"
    found = list(commonmark.blocks(text))
    assert [block.kind for block in found] == ["heading", "paragraph", "html", "rule", "other"]
    assert (found[0].text, found[0].level) == ("Ünder x", 1)
    assert (found[1].text, found[1].pictures) == ("", 1)
    assert text.encode()[found[0].start : found[0].end].decode() == "Ünder *x*\n===\n"


def test_code_ranges_count_characters() -> None:
    text = "é `x` ü\n\n```\ncode\n```\n"
    assert [text[start:end] for start, end in commonmark.code_ranges(text)] == ["`x`", "```\ncode\n```"]


def test_plain_words() -> None:
    assert commonmark.to_plain("**A** [b](c) &amp; `d`\n*e*") == "A b & d e"


@pytest.mark.parametrize(
    "hostile",
    [
        ">" * 1_000_000,
        "* " * 500_000 + "a",
        "1. " * 300_000 + "a",
        (">" * 90 + "a\n\n") * 20_000,
        "[^a] " * 100_000 + "\n\n[^a]: x",
        "[" * 2_000_000,
        "*a " * 600_000,
        "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "a\n" * 200_000,
        "".join(f"e{'`' * length}" for length in range(1, 1_500)),
        ("http://example.org/" + "(" * 900 + ")" * 900 + " ") * 500,
        "&" * 1_000_000,
        "<!--" * 300_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_read_or_refused_within_seconds(hostile: str) -> None:
    with at_most(5):
        try:
            html = commonmark.to_html(hostile)
        except TooLarge as error:
            html, advice = "", str(error)
        else:
            advice = "take out"
        assert len(html) <= commonmark.MAX_HTML
        assert "take out" in advice.lower()


def test_a_depth_that_is_refused_names_its_line() -> None:
    with pytest.raises(TooLarge) as caught:
        commonmark.to_html("text\n\n" + "> " * 101 + "deep")
    assert caught.value.line == 3


def test_long_rules_and_underlines_are_no_depth() -> None:
    assert commonmark.to_html("Title\n" + "-" * 400 + "\n\n" + "*" * 400) == "<h2>Title</h2>\n<hr />\n"


@settings(max_examples=150)
@given(SIGNS)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(commonmark.to_html(text), str)
    encoded = text.encode()
    previous = 0
    for block in commonmark.blocks(text):
        assert previous <= block.start <= block.end <= len(encoded)
        encoded[block.start : block.end].decode()
        previous = block.end
    assert all(0 <= start < end <= len(text) for start, end in commonmark.code_ranges(text))


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["alpha", "béta", "中", "42"]), min_size=1, max_size=8))
def test_no_word_is_lost(words: list[str]) -> None:
    text = "\n\n".join(
        f"{mark}{word} http://example.org/{number}"
        for number, (mark, word) in enumerate(
            zip(["# ", "- ", "> ", "", "1. ", "**x** ", "| ", "~~y~~ "], words, strict=False)
        )
    )
    html = commonmark.to_html(text)
    assert all(word in html for word in words)


def test_the_parser_keeps_no_memory() -> None:
    """Ten thousand texts must not leave their trees behind."""
    code = (
        "import resource\n"
        "from feedsvc.formats.markdown.commonmark import to_html\n"
        "text = 'Hello *world* [a](b), see http://example.org/x\\n\\n- a\\n- b\\n' * 100\n"
        "[to_html(text) for _ in range(20)]\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "[to_html(text) for _ in range(400)]\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    grown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert int(grown.stdout) < 8_000  # KiB; a tree that is kept takes 300 of them each time
