"""Dates over passes: what an article is dated, when it opens and closes, and what moves its ``updated``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from unit.ingest.newsdesk import NOON, Desk

from feedsvc.dates import Precision
from feedsvc.model import SourceState

FIRST_PASS = NOON + timedelta(seconds=10)
MS = timedelta(milliseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "moment", "precision"),
    [
        ("2040-03-10T08:15:30+01:00", "2040-03-10T07:15:30+00:00", Precision.INSTANT),
        ("2040-03-10 08:15", "2040-03-10T08:15:00+01:00", Precision.INSTANT),  # no zone: the site's
        ("2040-03-10", "2040-03-10T12:00:00+01:00", Precision.DAY),
        ("2040-07-10", "2040-07-10T12:00:00+02:00", Precision.DAY),  # still to come, see below
    ],
)
def test_a_date_keeps_its_precision(desk: Desk, written: str, moment: str, precision: Precision) -> None:
    if "07" in written:
        desk.clock.now = at("2040-08-01T12:00:00+00:00")
    desk.article("a.md", date=f'"{written}"')
    desk.scan()
    assert (desk.read("a.md").published, desk.read("a.md").precision) == (at(moment), precision)


def test_the_day_of_the_pick_up_is_the_moment_of_the_pick_up_stored_once(desk: Desk) -> None:
    desk.article("a.md", date="2040-03-14")
    desk.scan()
    assert desk.read("a.md").published == FIRST_PASS
    assert desk.read("a.md").precision is Precision.DAY
    desk.article("a.md", "Edited", date="2040-03-14")
    desk.scan(hours=2)
    assert desk.read("a.md").published == FIRST_PASS


def test_today_is_today_in_the_zone_of_the_site(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(site={"timezone": "Pacific/Auckland"})  # already the fifteenth there
    desk.article("a.md", date="2040-03-15")
    desk.article("b.md", date="2040-03-14")
    desk.scan()
    assert desk.read("a.md").published == FIRST_PASS
    assert desk.read("b.md").published == at("2040-03-14T12:00:00+13:00")


def test_a_day_still_to_come_opens_at_midnight(desk: Desk) -> None:
    desk.article("a.md", "One", date="2040-03-15")
    report = desk.scan()
    assert report.outcomes == {"scheduled": 1}
    assert desk.read("a.md").published == at("2040-03-15T00:00:00+01:00")
    assert desk.titles() == []
    desk.clock.now = at("2040-03-15T00:00:00+01:00")
    assert desk.titles() == ["One"]
    desk.scan(hours=1)
    assert desk.read("a.md").published == at("2040-03-15T00:00:00+01:00")


def test_an_instant_still_to_come_opens_then(desk: Desk) -> None:
    desk.article("a.md", "One", date="2040-03-14T15:00:00Z")
    desk.scan()
    desk.clock.now = at("2040-03-14T14:59:59.999+00:00")
    assert desk.titles() == []
    desk.clock.now = at("2040-03-14T15:00:00+00:00")
    assert desk.titles() == ["One"]


def test_without_a_date_it_is_the_moment_of_the_pick_up(desk: Desk) -> None:
    desk.article("a.md")
    desk.scan()
    assert (desk.read("a.md").published, desk.read("a.md").precision) == (FIRST_PASS, Precision.INSTANT)
    assert "no date" in desk.notes("a.md")
    desk.article("a.md", "Edited")
    desk.scan()
    assert desk.read("a.md").published == FIRST_PASS


def test_a_draft_without_a_date_is_dated_when_it_becomes_usable(desk: Desk) -> None:
    desk.article("a.md", "One", draft="true")
    desk.scan()
    desk.article("a.md", "One")
    desk.scan(hours=3)
    assert desk.read("a.md").published == FIRST_PASS + timedelta(hours=3)
    assert desk.read("a.md").updated == desk.read("a.md").published


def test_an_embargo_does_not_move_the_date_of_what_has_none(desk: Desk) -> None:
    desk.article("a.md", "One", embargo="2040-03-14T18:00:00Z")
    desk.scan()
    desk.article("a.md", "One, edited", embargo="2040-03-14T18:00:00Z")
    desk.scan(hours=1)
    assert desk.read("a.md").published == FIRST_PASS


def test_the_day_in_the_name_of_the_file(desk: Desk) -> None:
    desk.article("town/2039-07-15-fair.md")
    desk.article("town/2039/08/16/fair.md")
    desk.article("town/2039-07-15-late.md", date="2039-07-20")
    desk.scan()
    assert desk.read("town/2039-07-15-fair.md").published == at("2039-07-15T12:00:00+02:00")
    assert desk.read("town/2039/08/16/fair.md").published == at("2039-08-16T12:00:00+02:00")
    assert desk.read("town/2039-07-15-late.md").published == at("2039-07-20T12:00:00+02:00")
    assert "2039-07-15" in desk.notes("town/2039-07-15-late.md")


def test_the_day_of_scraping_is_no_date(desk: Desk) -> None:
    desk.article("a.md", scraped_at="2039-01-01T00:00:00Z")
    desk.scan()
    assert desk.read("a.md").published == FIRST_PASS


# ---------------------------------------------------------------------- frozen
def test_before_it_is_public_the_date_follows_the_file(desk: Desk) -> None:
    desk.article("a.md", date="2040-03-20")
    desk.scan()
    desk.article("a.md", date="2040-03-18")
    desk.scan()
    assert desk.read("a.md").published == at("2040-03-18T00:00:00+01:00")


@pytest.mark.parametrize("written", ["2040-03-09", "2040-03-10T09:30:00Z", "2041-01-01"])
def test_once_public_the_date_is_frozen_and_the_change_is_a_note(desk: Desk, written: str) -> None:
    desk.article("a.md", "One", date="2040-03-10T09:00:00Z")
    desk.scan()
    desk.article("a.md", "One", date=written)
    desk.scan()
    assert desk.read("a.md").published == at("2040-03-10T09:00:00+00:00")
    assert "stays dated" in desk.notes("a.md")
    assert desk.titles() == ["One"]


def test_a_date_that_is_taken_out_later_stays(desk: Desk) -> None:
    desk.article("a.md", "One", date="2040-03-10")
    desk.scan()
    desk.article("a.md", "One")
    desk.scan()
    assert desk.read("a.md").published == at("2040-03-10T12:00:00+01:00")
    assert desk.read("a.md").precision is Precision.DAY


# ---------------------------------------------------------------------- embargo and expiry
@pytest.mark.parametrize(
    ("written", "opens"),
    [("2040-03-14T18:00:00Z", "2040-03-14T18:00:00+00:00"), ("2040-03-16", "2040-03-16T00:00:00+01:00")],
)
def test_an_embargo_opens_at_its_moment(desk: Desk, written: str, opens: str) -> None:
    desk.article("a.md", "One", date="2040-03-10", embargo=written)
    desk.scan()
    desk.clock.now = at(opens) - MS
    assert desk.titles() == []
    desk.clock.now = at(opens)
    assert desk.titles() == ["One"]


@pytest.mark.parametrize("written", ["soon", "next Tuesday evening", "31.02.2040", "0000"])
@pytest.mark.parametrize("field", ["embargo", "expires"])
def test_an_embargo_or_expiry_that_is_no_date_refuses_the_file(desk: Desk, field: str, written: str) -> None:
    """Nothing is published by mistake."""
    desk.items("a.items", {"title": "One", field: written})
    (refusal,) = desk.scan().refused
    assert f"{field}: '{written}' is no date" in refusal.error
    assert desk.titles() == []


def test_an_empty_embargo_is_none(desk: Desk) -> None:
    desk.items("a.items", {"title": "One", "embargo": "  ", "expires": ""})
    desk.scan()
    assert desk.titles() == ["One"]


@pytest.mark.parametrize(
    ("written", "ends"),
    [("2040-03-14T18:00:00Z", "2040-03-14T18:00:00+00:00"), ("2040-03-14", "2040-03-15T00:00:00+01:00")],
)
def test_a_day_of_expiry_counts_to_its_end(desk: Desk, written: str, ends: str) -> None:
    desk.article("a.md", "One", date="2040-03-10", expires=written)
    desk.scan()
    desk.clock.now = at(ends) - MS
    assert desk.titles() == ["One"]
    desk.clock.now = at(ends)
    assert desk.titles() == []


def test_an_embargo_on_a_public_article_withholds_it_under_its_id(desk: Desk) -> None:
    desk.article("a.md", "One", date="2040-03-10")
    desk.scan()
    before = desk.stored("a.md")
    desk.article("a.md", "One", date="2040-03-10", embargo="2040-03-14T18:00:00Z")
    desk.scan()
    assert (desk.titles(), desk.tombstones()) == ([], [before.article.id])
    desk.clock.now = at("2040-03-14T18:00:00+00:00")
    assert (desk.titles(), desk.tombstones()) == (["One"], [])
    assert desk.stored("a.md").path == before.path


def test_status_embargoed_without_a_moment_withholds(desk: Desk) -> None:
    desk.items("a.items", {"title": "One", "status": "stat:embargoed"})
    report = desk.scan()
    assert (report.outcomes, desk.titles()) == ({"withheld": 1}, [])
    assert "withheld" in desk.notes("a.items")


# ---------------------------------------------------------------------- updated
@pytest.fixture
def public(desk: Desk) -> Desk:
    """An article of the tenth, taken in on the fourteenth."""
    desk.article("a.md", "One", date="2040-03-10T09:00:00Z", tags="[x]")
    desk.scan()
    assert desk.read("a.md").updated == at("2040-03-10T09:00:00+00:00")
    return desk


def edit(desk: Desk, title: str = "One", **keys: object) -> datetime:
    """The new ``updated`` after an edit, an hour later."""
    front: dict[str, Any] = {"date": "2040-03-10T09:00:00Z", "tags": "[x]", **keys}
    desk.article("a.md", title, **front)
    desk.scan(hours=1)
    return desk.read("a.md").updated


def test_an_edit_of_the_text_moves_it_to_now(public: Desk) -> None:
    assert edit(public, "One, edited") == FIRST_PASS + timedelta(hours=1)
    assert edit(public, "One, edited again") == FIRST_PASS + timedelta(hours=2)


def test_an_edit_that_says_nothing_else_does_not(public: Desk) -> None:
    before = public.read("a.md").updated
    assert edit(public, tags="[ x ]  # the same") == before
    assert edit(public, slug="another-slug") == before


def test_the_value_of_the_file_is_taken_if_later_than_the_stored_one(public: Desk) -> None:
    assert edit(public, lastmod="2040-03-12T10:00:00Z") == at("2040-03-12T10:00:00+00:00")
    assert edit(public, "One, edited", lastmod="2040-03-13T10:00:00Z") == at("2040-03-13T10:00:00+00:00")


def test_the_value_of_the_file_is_not_taken_if_earlier(public: Desk) -> None:
    assert edit(public, lastmod="2040-03-01") == at("2040-03-10T09:00:00+00:00")
    assert edit(public, "One, edited", lastmod="2040-03-01") == public.clock()


def test_the_value_of_the_file_is_not_taken_if_ahead(public: Desk) -> None:
    assert edit(public, lastmod="2041-01-01") == at("2040-03-10T09:00:00+00:00")
    assert edit(public, "One, edited", lastmod="2041-01-01") == public.clock()


def test_a_file_that_is_new_may_say_when_it_was_changed(desk: Desk) -> None:
    desk.article("a.md", date="2040-03-10T09:00:00Z", lastmod="2040-03-11T09:00:00Z")
    desk.article("b.md", date="2040-03-10T10:00:00Z", lastmod="2040-03-01T09:00:00Z")
    desk.article("c.md", date="2040-03-10T11:00:00Z", lastmod="2041-03-01T09:00:00Z")
    desk.scan()
    updated = [desk.read(path).updated for path in ("a.md", "b.md", "c.md")]
    assert updated == [at(f"2040-03-{day}:00:00+00:00") for day in ("11T09", "10T10", "10T11")]


def test_a_day_of_change_that_is_today_is_now_and_then_stays(public: Desk) -> None:
    public.clock.now = at("2040-03-15T07:00:00+00:00")
    assert edit(public, lastmod="2040-03-15") == public.clock() == at("2040-03-15T08:00:00+00:00")
    before = public.read("a.md").updated
    assert edit(public, lastmod="2040-03-15", tags="[ x ]") == before


def test_the_clock_set_back_does_not_date_an_edit_before_the_last(public: Desk) -> None:
    edit(public, "One, edited")
    before = public.read("a.md").updated
    public.clock.now = NOON - timedelta(minutes=30)
    public.article("a.md", "One, edited again", date="2040-03-10T09:00:00Z")
    public.scan(seconds=1)
    assert public.read("a.md").updated == before + MS


def test_the_same_bytes_by_other_rules_never_move_it(public: Desk) -> None:
    before = public.read("a.md").updated
    public.configure(sections={"wire": {"title": "Wire"}}, content={"default_section": "wire"}, site={"language": "de"})
    public.scan(hours=1)
    after = public.read("a.md")
    assert after.sections == ("wire",)
    assert after.updated == before


def test_a_move_to_another_section_does_not_move_it(public: Desk) -> None:
    before = public.read("a.md").updated
    public.move("a.md", "town/a.md")
    public.scan(hours=1)
    assert public.read("town/a.md").updated == before


def test_equal_times_are_told_apart_by_the_millisecond_in_the_order_of_paths(desk: Desk) -> None:
    for name in ("c", "a", "d", "b"):
        desk.article(f"{name}.md", date="2040-03-10T09:00:00Z")
    desk.scan()
    first = at("2040-03-10T09:00:00+00:00")
    assert [desk.read(f"{name}.md").updated for name in "abcd"] == [first + number * MS for number in range(4)]
    assert {desk.read(f"{name}.md").published for name in "abcd"} == {first}
    before = {name: desk.read(f"{name}.md") for name in "abcd"}
    desk.configure(site={"language": "de"})
    desk.scan()
    assert {name: desk.read(f"{name}.md").updated for name in "abcd"} == {n: a.updated for n, a in before.items()}


def test_a_batch_of_edits_is_told_apart_too(desk: Desk) -> None:
    for name in "abc":
        desk.article(f"{name}.md", date="2040-03-10")
    desk.scan()
    for name in "abc":
        desk.article(f"{name}.md", f"{name} edited", date="2040-03-10")
    desk.scan()
    assert [desk.read(f"{name}.md").updated for name in "abc"] == [desk.clock() + n * MS for n in range(3)]


# ---------------------------------------------------------------------- late, and cold
def test_what_comes_late_is_new_and_what_is_old_is_not(desk: Desk) -> None:
    desk.article("keep.md", "Keep", date="2040-03-13")
    desk.scan()
    desk.article("late.md", "Late", date="2040-03-08T09:00:00Z")
    desk.article("old.md", "Old", date="2040-03-01T09:00:00Z")
    desk.scan()
    released = {one.entry.article.title: one.released for one in desk.placed()}
    assert released["Late"] == desk.clock()
    assert released["Old"] == at("2040-03-01T09:00:00+00:00")
    assert desk.read("late.md").published == at("2040-03-08T09:00:00+00:00")


def test_the_limit_for_what_is_late_is_the_configured_one(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(feeds={"late": "1h"})
    desk.article("late.md", "Late", date="2040-03-13T09:00:00Z")
    desk.scan()
    (only,) = desk.placed()
    assert only.released == at("2040-03-13T09:00:00+00:00")


def test_two_stores_over_the_same_folder_show_the_same(desk: Desk, make_desk: Callable[..., Desk]) -> None:
    for number in range(6):
        desk.article(f"s{number % 2}/{number}.md", date="2040-03-10")
    desk.article("s0/wire.md", date="2040-03-11T10:00:00Z", lastmod="2040-03-12T10:00:00Z")
    desk.article("s1/gone.md", date="2040-03-01", expires="2040-03-02")
    desk.scan()
    other = make_desk(content={"path": desk.root})
    other.clock.now = desk.clock() + timedelta(days=30)
    other.scan()
    desk.clock.now = other.clock()
    updated = {path: desk.read(path).updated for path in ("s0/0.md", "s0/wire.md", "s1/gone.md")}
    assert updated == {path: other.read(path).updated for path in updated}
    for feed in ("all", "s0", "s1"):
        ours, theirs = ([one.entry.article for one in each.placed(feed)] for each in (desk, other))
        assert ours == theirs
    assert desk.state("s1/gone.md") is SourceState.ACCEPTED
