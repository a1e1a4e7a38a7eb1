"""What clients do wrong, and what is no fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedsvc.numbers.faults import ClientDay, faults, wasteful

WELL = ClientDay(
    day=0, name="Reader", polls=480, full=20, unchanged=460, conditional=470, plain=0, moved=0, gone=0, refused=0,
    clients=10,
)  # fmt: skip


def kinds(**fields: Any) -> list[str]:
    from dataclasses import replace

    return [fault.kind for fault in faults(replace(WELL, **fields), max_age=60)]


def test_nothing_is_said_of_who_does_well() -> None:
    assert kinds() == []
    assert kinds(polls=10, conditional=0, plain=10, clients=1) == [], "nor of who polled a few times"
    assert kinds(polls=400, conditional=0, unchanged=0, full=400, clients=400) == [], "nor of many who came once"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"conditional": 0, "unchanged": 0, "full": 480}, "never conditional"),
        ({"polls": 1440 * 10 * 2}, "too often"),
        ({"plain": 480}, "no compression"),
        ({"moved": 100}, "ignores redirects"),
        ({"gone": 100}, "ignores gone"),
        ({"refused": 100}, "ignores Retry-After"),
    ],
)
def test_each_fault_by_itself(fields: dict[str, int], kind: str) -> None:
    assert kinds(**fields) == [kind]


def test_a_part_of_a_day_counts_for_what_it_is() -> None:
    assert kinds(polls=1000, clients=10, seconds=3600) == ["too often"]
    assert kinds(polls=1000, clients=10, seconds=86400) == []


def test_the_words_can_be_sent_to_whoever_made_it() -> None:
    (fault,) = faults(ClientDay(
        day=0, name="Greedy", polls=8640, full=10, unchanged=8630, conditional=8640, plain=0, moved=0, gone=0,
        refused=0, clients=1,
    ), max_age=60)  # fmt: skip
    assert "asked for every 10 seconds" in fault.words
    assert "may be kept for 60 seconds" in fault.words
    assert "RFC 9111, section 4.2" in fault.words


def test_the_newest_day_of_each_name_is_looked_at() -> None:
    now = datetime(1970, 1, 3, 12, tzinfo=UTC)
    bad = {"polls": 900, "conditional": 0, "unchanged": 0, "full": 900}
    days = [
        ClientDay(**{**vars_of(WELL), "day": day, "name": name, **extra})
        for day, name, extra in ((86_400_000, "A", bad), (172_800_000, "A", {}), (172_800_000, "B", bad))
    ]
    assert [day.name for day, _faults in wasteful(days, timedelta(seconds=60), now=now)] == ["B"]
    assert wasteful(days, timedelta(seconds=60), now=now)[0][0].seconds == 43200


def vars_of(day: ClientDay) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(day)
