"""The flood brake: what readers know does not come back to them under other ids, unless the operator says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.ingest.flood import HOLD


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """Three new ids a feed and pass are nothing; more are a flood."""
    return make_desk(content={"max_new_ids": 3})


def publish(desk: Desk, count: int, *, prefix: str) -> None:
    for number in range(count):
        desk.article(f"town/{number}.md", title=f"Story {number}", id=f"{prefix}-{number}")


def known(desk: Desk) -> set[str]:
    return {placed.entry.article.id for placed in desk.placed()}


def test_many_new_ids_for_known_articles_wait(desk: Desk) -> None:
    publish(desk, 5, prefix="old")
    desk.scan()
    before = known(desk)
    publish(desk, 5, prefix="new")
    report = desk.scan()
    assert "accept flood" in report.held
    assert known(desk) == before
    assert desk.store.holds()[HOLD]["paths"] == [f"town/{number}.md" for number in range(5)]
    assert desk.scan().held
    assert known(desk) == before


def test_the_operator_lets_them_go(desk: Desk) -> None:
    publish(desk, 5, prefix="old")
    desk.scan()
    before = known(desk)
    publish(desk, 5, prefix="new")
    desk.scan()
    assert desk.store.accept(HOLD, now=desk.clock())
    report = desk.scan()
    assert not report.held
    assert len(known(desk)) == 5
    assert not known(desk) & before
    desk.scan()
    assert HOLD not in desk.store.holds()


def test_a_few_are_an_editors_business(desk: Desk) -> None:
    publish(desk, 3, prefix="old")
    desk.scan()
    before = known(desk)
    publish(desk, 3, prefix="new")
    assert not desk.scan().held
    assert not known(desk) & before
    assert len(known(desk)) == 3


def test_what_comes_with_other_names_and_ids_waits_and_nothing_is_taken_away(desk: Desk) -> None:
    desk.article("sport/stays.md")
    publish(desk, 4, prefix="old")
    for number in range(20):
        desk.article(f"sport/{number}.md")
    desk.scan()
    before = known(desk)
    for number in range(4):
        (desk.root / f"town/{number}.md").unlink()
        desk.article(
            f"town/export-{number}.md",
            title=f"Story {number}",
            body=f"The text of story {number} is told here in one sentence.",
            id=f"new-{number}",
        )
    for _ in range(4):
        assert "accept flood" in desk.scan().held
    assert known(desk) == before


def test_taking_it_back_ends_the_wait(desk: Desk) -> None:
    publish(desk, 5, prefix="old")
    desk.scan()
    before = known(desk)
    publish(desk, 5, prefix="new")
    desk.scan()
    publish(desk, 5, prefix="old")
    assert not desk.scan().held
    assert HOLD not in desk.store.holds()
    assert known(desk) == before


def test_articles_that_say_the_same_and_all_stand_are_no_flood(desk: Desk) -> None:
    desk.article("town/first.md", title="The tide table", body="High water is at noon.")
    desk.scan()
    for number in range(10):
        desk.article(
            f"town/{number}.md", title="The tide table", body="High water is at noon.", date=f"2026-01-{number + 1:02d}"
        )
    assert not desk.scan().held
    assert len(known(desk)) == 11


def test_the_first_pass_of_all_is_no_flood(desk: Desk) -> None:
    publish(desk, 30, prefix="old")
    assert not desk.scan().held
    assert len(known(desk)) == 30


def test_one_that_trickles_in_file_by_file_is_seen(desk: Desk) -> None:
    publish(desk, 5, prefix="old")
    desk.scan()
    held = []
    for number in range(5):
        desk.article(f"town/{number}.md", title=f"Story {number}", id=f"new-{number}")
        held.append(bool(desk.some({f"town/{number}.md": ""}).held))
    assert held == [False, False, False, True, True]
    assert "accept flood" in desk.scan().held
    assert len(known(desk)) == 5


def test_what_was_let_through_long_ago_does_not_count(desk: Desk) -> None:
    publish(desk, 3, prefix="old")
    desk.scan()
    publish(desk, 3, prefix="new")
    assert not desk.scan().held
    desk.ticks += 601
    publish(desk, 3, prefix="newer")
    assert not desk.scan().held
