"""Ranges of bytes (RFC 9110 section 14.1.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.ranges import Unsatisfiable, chosen


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (None, None),
        ("bytes=0-499", range(500)),
        ("bytes=9500-", range(9500, 10000)),
        ("bytes=-500", range(9500, 10000)),
        ("bytes=-20000", range(10000)),
        ("bytes=0-99999", range(10000)),
        ("Bytes = 0-0", range(1)),
        ("bytes=0-0,-1", None),
        ("bytes=,0-0,", range(1)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=٣-٤", None),
        ("bytes=" + "0-0," * 50_000, None),
        ("pages=1-2", None),
    ],
)
def test_what_is_chosen(asked: str | None, part: range | None) -> None:
    assert chosen(asked, 10_000) == part


@pytest.mark.parametrize("asked", ["bytes=10000-", "bytes=10000-10001", "bytes=-0"])
def test_what_is_not_there(asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        chosen(asked, 10_000)


@given(st.text(max_size=40), st.integers(0, 1000))
def test_never_more_than_there_is(asked: str, length: int) -> None:
    try:
        part = chosen(f"bytes={asked}", length)
    except Unsatisfiable:
        return
    assert part is None or (0 <= part.start < part.stop <= length)
