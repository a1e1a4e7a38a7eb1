"""Any bytes give items or a ContentError, soon; paragraphs come back as they were written."""

from __future__ import annotations

import html
import random
from pathlib import PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext.format import PlainText

PIECES = [
    "Title: x",
    "Date: 2021-03-04",
    "By Ada Marsh",
    "AFP . Karvala",
    "March 4, 2021",
    "Published: 4 March 2021 | Updated:",
    "You are here: Home » ",
    "date 2021-03-04",
    "1 of 2 DOCUMENTS",
    "BODY:",
    "Body",
    "End of Document",
    "HEADLINE: A",
    "@highlight",
    "AN#1",
    "TI#A",
    "TX#It is so.",
    "Source: X",
    "MEDIA RELEASE PR1",
    "KARVALA, March 4, 2021/PRNewswire/ --",
    "    KARVALA, March 3 - It is so.",
    " Reuter",
    "EMBARGOED UNTIL 4",
    "Related",
    "Tags: a, b",
    "© 2021",
    "- item",
    "It is so, they said.",
    "NOT SO",
    "",
    "\u00a0",
    "   ",
]


def check(data: bytes) -> None:
    try:
        items = PlainText().parse(data, PurePosixPath("a.txt"))
    except ContentError:
        return
    assert items
    for item in items:
        assert isinstance(item, RawItem)
        assert item.title or item.title_fallbacks
        assert item.body
        assert item.line >= 1
        assert "\n" not in item.title
    assert [item.part for item in items] == sorted({item.part for item in items})


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=150)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=14))
def test_any_mixture_of_signs(lines: list[str]) -> None:
    check("\n".join(lines).encode("utf-8", "surrogatepass"))


WORDS = ["ferry", "it’s", "<b>", "AT&T", "“so”", "1911", "naïve", "নদী", "船", "Ärger", "and", "(once)", "мост", "x–y"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=4, max_size=30).map(lambda words: f"The {' '.join(words)}.")


@settings(max_examples=150)
@given(
    st.lists(SENTENCES, min_size=1, max_size=8).filter(lambda found: len(set(found)) == len(found)),
    st.sampled_from(["\n", "\n\n", "\r\n", "\r\r", "\n \n"]),
)
def test_paragraphs_come_back(paragraphs: list[str], between: str) -> None:
    text = between.join(["Ferry & bridge: news < rumours", *paragraphs]) + between
    (item,) = PlainText().parse(text.encode(), PurePosixPath("a.txt"))
    assert item.title == "Ferry & bridge: news < rumours"
    assert "title" in item.literal
    found = [html.unescape(one.removeprefix("<p>").removesuffix("</p>")) for one in item.body.split("\n")]
    assert found == paragraphs


SIZE = 1_000_000
NOISE = bytes(random.Random(1).choices(range(32, 127), k=SIZE))


@pytest.mark.parametrize(
    "data",
    [
        b"\n" * SIZE,
        b"T\n" + b"- a.\n" * (SIZE // 5),
        b"Title\n" + b"word " * (SIZE // 5) + b"end.",
        b"T\n" + b"." * SIZE,
        b"T\n" + b". " * (SIZE // 2),
        b"T\n." + b'"' * SIZE,
        b"T\nIt is so. http://a.b" + b")" * SIZE,
        b"T\nIt is so. " + b"http://a.b/c " * (SIZE // 13),
        b"T\n" + b"a few words without an end to them but with another line\n" * (SIZE // 57),
        b"Title: x\n" + b"Key: value\n" * (SIZE // 11),
        b"It is so.\n" + b"@highlight\n" * (SIZE // 11),
        b"1 of 9 DOCUMENTS\nBODY:\nIt is so.\n" * (SIZE // 33),
        b"T\nIt is so.\n" + b"Related\n" * (SIZE // 8),
        b"T\nIt is so.\n" + b"(" * SIZE,
        b"Title: x\nLink: " + b"." * 4000 + b" x\nTags: a" + b" " * 4000 + b"b\n\nIt is so.\n",
        b"Link: " + b"." * 4900 + b" x\n\nA title\nIt is so.\n",
        b"1 of 1 DOCUMENTS\nSECTION: p" + b" " * SIZE + b"!\nSUBJECT: a" + b" " * SIZE + b"b\nBODY:\nIt is so.\n",
        b"AN#1\nKW#a" + b" " * SIZE + b"b\nTX#It is so.\n",
        b"Title: x\nTags: a\n   " + b"b" + b" " * SIZE + b"c\n\nIt is so.\n",
        b"T\nIt is so.\n- " + b" " * SIZE + b"x\n",
        NOISE,
        b"T\n" + NOISE.replace(b" ", b"\n"),
    ],
    ids=range(22),
)
def test_no_text_takes_long(data: bytes) -> None:
    with at_most(10):
        check(data)
        # A second is ten times what the slowest takes; a quadratic step would take minutes.
