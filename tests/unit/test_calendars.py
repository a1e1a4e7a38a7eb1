"""Days of the solar calendar of Iran, against days that are known, and against the common calendar's order."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.calendars import solar, western


@pytest.mark.parametrize(
    ("year", "month", "day", "common"),
    [
        (1357, 11, 22, "1979-02-11"),
        (1378, 10, 11, "2000-01-01"),
        (1399, 12, 30, "2021-03-20"),
        (1400, 1, 1, "2021-03-21"),
        (1403, 12, 30, "2025-03-20"),
        (1404, 1, 1, "2025-03-21"),
        (1404, 12, 14, "2026-03-05"),
    ],
)
def test_days_that_are_known(year: int, month: int, day: int, common: str) -> None:
    assert solar(year, month, day) == dt.date.fromisoformat(common)


@pytest.mark.parametrize(("year", "month", "day"), [(1402, 12, 30), (1404, 7, 31), (1404, 1, 0), (1404, 1, 32)])
def test_days_that_are_none(year: int, month: int, day: int) -> None:
    assert solar(year, month, day) is None


@settings(max_examples=100)
@given(st.integers(1300, 1498), st.integers(1, 12))
def test_each_month_begins_where_the_one_before_ended(year: int, month: int) -> None:
    first = solar(year, month, 1)
    following = solar(year + month // 12, month % 12 + 1, 1)
    assert first is not None
    assert following is not None
    length = (following - first).days
    assert length == 31 if month < 7 else length == 30 if month < 12 else length in (29, 30)
    assert solar(year, month, length) == following - dt.timedelta(days=1)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    assert isinstance(western(text), str)
