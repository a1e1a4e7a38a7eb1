"""Flat front matter is read by one expression; whatever that takes, libyaml reads alike."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.formats.markdown import yamltext

_KEYS = st.sampled_from(["title", "date", "tags", "a_1", "yes", "null", "t", "on"])
_PIECES = st.sampled_from(
    ["a", "Z9", " ", "  ", ":", ": ", "#", " #", "-", "- ", ",", ", ", "[", "]", "'", '"', "/", ".", "+", "(", ")",
     "null", "~", "no", "2040-03-10", "12:30", "http://", "é", "\u2028", "\x85", "\t", "\\", "&", "*", "!", "%", "{",
     "}"]
)  # fmt: skip
_WORDS = st.lists(_PIECES, max_size=8).map("".join)
_VALUES = st.one_of(_WORDS, _WORDS.map('"{}"'.format), st.lists(_WORDS, max_size=4).map(", ".join).map("[{}]".format))
_LINES = st.one_of(st.tuples(_KEYS, _VALUES).map(": ".join), _WORDS)


@settings(max_examples=300)
@given(st.lists(_LINES, max_size=3).map("\n".join), st.sampled_from(["", "\n"]))
def test_it_is_read_as_libyaml_reads_it(block: str, end: str) -> None:
    flat = yamltext._flat(block + end, 2)
    if flat is not None:
        assert (*flat, []) == yamltext._read(block + end, 2)


def test_most_front_matter_is_flat() -> None:
    block = 'title: "The bridge: open"\ndate: 2040-03-10T09:00:00+01:00\nauthor: Ada Moor\ntags: [ferries, no, null]\n'
    values, lines = yamltext._flat(block, 2) or ({}, {})
    assert values == {
        "title": "The bridge: open", "date": "2040-03-10T09:00:00+01:00", "author": "Ada Moor",
        "tags": ["ferries", "no", ""],
    }  # fmt: skip
    assert lines == {"title": 2, "date": 3, "author": 4, "tags": 5}
