"""Paragraphs, lists, sub-heads and links."""

from __future__ import annotations

import pytest

from feedsvc.formats.plaintext.body import Paragraph, is_wrapped, paragraphs, to_html
from feedsvc.formats.plaintext.lines import split


def html(text: str) -> str:
    return to_html(paragraphs(split(text)))


def test_a_paragraph_a_line() -> None:
    assert html("One is here.\nTwo is here.\n\nThree & <four>.") == (
        "<p>One is here.</p>\n<p>Two is here.</p>\n<p>Three &amp; &lt;four&gt;.</p>"
    )


WRAPPED = """\
The committee put off its vote on the new reservoir
until the spring, after farmers in the valley said a
long-
awaited report would come.
{}Its chair was not there.
"""


@pytest.mark.parametrize(("opening", "count"), [("", 1), ("   ", 2), ("\n", 2), ("\u3000\u3000", 2)])
def test_wrapped_lines_are_joined(opening: str, count: int) -> None:
    found = paragraphs(split(WRAPPED.format(opening)))
    assert len(found) == count
    assert found[0].text.startswith(
        "The committee put off its vote on the new reservoir until the spring, after farmers in the valley said a "
        "long-awaited report would come."
    )


def test_wrapped_ideographs_are_joined_without_a_space() -> None:
    lines = split("周四上午，开往海岛的渡轮从老码头出发，这是风暴之后的\n第一次。")
    assert [one.text for one in paragraphs(lines, wrapped=True)] == [
        "周四上午，开往海岛的渡轮从老码头出发，这是风暴之后的第一次。"
    ]


def test_short_paragraphs_and_verse_are_not_wrapped() -> None:
    assert not is_wrapped(split("One is here.\nTwo is there.\nThree is not."))
    assert not is_wrapped(split("O ferry grey and old\nthat sails upon the sea\nyour crew is cold\n"))


def test_lists_rules_and_sub_heads() -> None:
    assert html(
        "It came.\n\n- one\n* two\n• three\n\nThe end came.\n\n* * *\n\nIt went.\n\nWhat now?\n\nNobody could say it.\n"
    ) == (
        "<p>It came.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n<li>three</li>\n</ul>\n<p>The end came.</p>\n<hr>\n"
        "<p>It went.</p>\n<h2>What now?</h2>\n<p>Nobody could say it.</p>"
    )


def test_dialogue_and_minus_signs_are_no_lists() -> None:
    assert "<ul>" not in html("— Мы ждали, — сказал он.\n-5 degrees it was.\n")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://a.example.org/x?y=1&z=2.", "https://a.example.org/x?y=1&z=2"),
        ("(see http://a.example.org/m_(n))", "http://a.example.org/m_(n)"),
        ("“http://a.example.org”", "http://a.example.org"),
        ("http://a.example.org/b', he said.", "http://a.example.org/b"),
    ],
)
def test_addresses_become_links(text: str, link: str) -> None:
    escaped = link.replace("&", "&amp;")
    made = html(text)
    assert f'<a href="{escaped}">{escaped}</a>' in made
    assert made.count("<a ") == 1


@pytest.mark.parametrize(
    "text", ["ftp://a.example.org x.", "javascript://a.b.", "http://", 'http://"onclick=x', "xhttp//a.b"]
)
def test_other_schemes_are_text(text: str) -> None:
    assert "<a" not in html(text)


def test_a_quote_cannot_leave_the_address() -> None:
    assert html('http://a.example.org/"onclick="x()') == (
        '<p><a href="http://a.example.org/">http://a.example.org/</a>"onclick="x()</p>'
    )
    assert "&#x27;" in html("http://a.example.org/'onclick='x()")


@pytest.mark.parametrize(
    ("lines", "html"),
    [
        (["1. One.", "2. Two."], "<ol>\n<li>One.</li>\n<li>Two.</li>\n</ol>"),
        (["1) One.", "2) Two.", "1) One."], "<ol>\n<li>One.</li>\n<li>Two.</li>\n</ol>\n<p>1) One.</p>"),
        (["১. এক।", "২. দুই।"], "<ol>\n<li>এক।</li>\n<li>দুই।</li>\n</ol>"),
        (["1、一。", "2、二。"], "<ol>\n<li>一。</li>\n<li>二。</li>\n</ol>"),
        (["1. One.", "- a", "2. Two."], "<p>1. One.</p>\n<ul>\n<li>a</li>\n</ul>\n<p>2. Two.</p>"),
        (["2. Two.", "3. Three."], "<p>2. Two.</p>\n<p>3. Three.</p>"),
        (["1. One alone."], "<p>1. One alone.</p>"),
        (["1.5 metres.", "2.5 metres."], "<p>1.5 metres.</p>\n<p>2.5 metres.</p>"),
        (["1. One.", "2. Two.", "1. One.", "2. Two."], "<ol>\n<li>One.</li>\n<li>Two.</li>\n</ol>\n" * 2),
    ],
)
def test_numbered_lists_where_they_are_certain(lines: list[str], html: str) -> None:
    assert to_html([Paragraph(line, number) for number, line in enumerate(lines, 1)]) == html.strip()
