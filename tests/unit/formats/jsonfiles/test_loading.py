from __future__ import annotations

import contextlib
import json

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, ParseError, TooLarge
from feedsvc.formats.jsonfiles.loading import MAX_BYTES, MAX_DEPTH, MAX_TOKENS, load, peek


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found(encoding: str) -> None:
    loaded = load('{"a": "Décès"}'.encode(encoding))
    assert (loaded.value, loaded.notes) == ({"a": "Décès"}, ())


def test_a_guessed_encoding_is_noted() -> None:
    loaded = load('{"a": "Décès"}'.encode("cp1252"), fallback_encoding="cp1252")
    assert loaded.value == {"a": "Décès"}
    assert loaded.notes == ("The encoding was guessed as cp1252.",)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b'{"a": 1,\n "b" 2}', 2, "line 2, column 6: a colon is missing"),
        (b'{"a": 1,\n}', 2, "line 2, column 1: a name in double quotes"),
        (b"", 1, "a value is missing"),
        (b'{"a": "x\ny"}', 1, "control character"),
        (b'{"a": 1}\n{"a": 2}', 2, "more after the end"),
        (b'{"a": 1,\n "b": {"a": 2},\n "a": 3}', 3, "“a” twice in one object (line 3, column 2)"),
        (b'[{"a\\u0062": 1, "ab": 2}]', 1, "“ab” twice"),
        (b'{"a":\n NaN}', 2, "line 2, column 2: NaN"),
        (b"[-Infinity]", 1, "-Infinity"),
        (b'{"a":\n ' + b"9" * 5000 + b"}", 2, "cannot be used at line 2"),
        (b'{"a": "\xff\x81"}', 1, "cannot be read as text"),
    ],
)
def test_broken_json_is_refused_with_its_place(data: bytes, line: int, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        load(data)
    assert caught.value.line == line
    assert words in str(caught.value)


def test_depth_is_counted_before_parsing() -> None:
    assert load(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH).value
    with pytest.raises(TooLarge, match="deeper"):
        load(b"\n" + b"[" * 100_000)
    assert load(b'["' + b"[" * 500 + b'"]').value == ["[" * 500]


def test_size_and_number_of_values_are_limited() -> None:
    with pytest.raises(TooLarge, match="bytes"):
        load(b" " * (MAX_BYTES + 1))
    with pytest.raises(TooLarge, match="values"):
        load(b"[" + b"[]," * MAX_TOKENS + b"[]]")


@pytest.mark.parametrize(
    "data",
    [b'"' + b'\\"' * 1_000_000, b'{"' + b"a" * 2_000_000, b"[" + b"9" * 2_000_000 + b"]", b'["' + b"\\" * 999_999],
    ids=["escapes", "open", "digits", "backslashes"],
)
def test_hostile_bytes_take_linear_time(data: bytes) -> None:
    with at_most(2), pytest.raises(ContentError):
        load(data)


def test_peek_looks_for_markers_first() -> None:
    assert peek(b' {"PubStatus": "usable"}', b'"pubstatus"') == {"PubStatus": "usable"}
    assert peek('{"pubstatus": 1}'.encode("utf-16"), b'"pubstatus"') == {"pubstatus": 1}
    assert peek(b'{"a": 1}', b'"pubstatus"') is None
    assert peek(b'{"a": ') is None
    assert peek(b"text") is None
    assert peek(b"") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100)
@given(json_values)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert load(json.dumps(value).encode()).value == value


@settings(max_examples=150)
@given(st.binary(max_size=100) | st.text(alphabet='{}[]",:\\ntu019eE-+. é', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    peek(data)
    with contextlib.suppress(ContentError):
        load(data)
