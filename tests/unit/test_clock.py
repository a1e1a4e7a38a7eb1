"""The clock, and how those read it who ask it very often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedsvc.clock import grained, utc_now

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_the_time_is_in_utc_and_whole_milliseconds() -> None:
    now = utc_now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)


def test_a_grained_clock_is_read_anew_once_its_grain_is_over() -> None:
    read: list[datetime] = []

    def clock() -> datetime:
        read.append(datetime(2026, 3, 14, 12, 0, len(read), tzinfo=UTC))
        return read[-1]

    at = grained(clock, 0.001)
    first = at(100.0)
    assert [at(100.0005), at(100.0009)] == [first, first]
    second = at(100.001)
    assert second > first
    assert at(100.0019) == second
    assert at(200.0) > second
    assert len(read) == 3


def test_without_a_grain_it_is_read_each_time() -> None:
    moments = iter([NOON, NOON, NOON + timedelta(seconds=1)])
    at = grained(lambda: next(moments), 0.0)
    assert [at(5.0), at(5.0), at(5.0)] == [NOON, NOON, NOON + timedelta(seconds=1)]
