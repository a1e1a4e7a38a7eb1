"""The rhythm of a section."""

from __future__ import annotations

from datetime import timedelta

from fakes import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.cadence import LEAST, cadence

HOUR = timedelta(hours=1)


def test_a_section_without_history_has_no_rhythm() -> None:
    assert not cadence([], NOON).quiet
    few = cadence([NOON - HOUR * 900 * n for n in range(1, LEAST)], NOON)
    assert (few.usual, few.longest, few.quiet) == (None, None, False)


def test_hourly_and_then_silent() -> None:
    releases = [NOON - HOUR * n for n in range(1, 20)]
    assert not cadence(releases, NOON).quiet
    found = cadence(releases, NOON + 5 * HOUR)
    assert (found.quiet, found.usual, found.longest, found.silence) == (True, HOUR, HOUR, 6 * HOUR)


def test_weekdays_may_rest_on_a_weekend_and_not_on_a_tuesday() -> None:
    monday = NOON + timedelta(days=2)
    days = [monday - timedelta(days=n) for n in range(30)]
    releases = [day for day in days if day.weekday() < 5]
    assert monday.weekday() == 0
    friday = monday + timedelta(days=4)
    week = [monday + timedelta(days=n) for n in range(4, 0, -1)]
    assert not cadence([*week, *releases], friday + timedelta(days=2, hours=20)).quiet
    assert cadence([*week, *releases], friday + timedelta(days=5)).quiet


def test_many_at_once_is_no_alarm_after_a_minute() -> None:
    assert not cadence([NOON] * 50, NOON + timedelta(minutes=30)).quiet
    assert cadence([NOON] * 50, NOON + 2 * HOUR).quiet


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**6), min_size=LEAST, max_size=60))
def test_who_has_been_silent_for_no_longer_than_before_is_not_quiet(minutes: list[int]) -> None:
    releases = sorted((NOON - timedelta(minutes=one) for one in minutes), reverse=True)
    longest = cadence(releases, NOON).longest
    assert longest is not None
    assert not cadence(releases, releases[0] + longest).quiet
