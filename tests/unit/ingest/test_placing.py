"""Sections over passes: where articles stand, and what the sections are called."""

from __future__ import annotations

from collections.abc import Callable

from unit.ingest.newsdesk import Desk


def title(desk: Desk, section: str) -> str:
    return desk.store.versions()[section].title


def test_a_section_is_called_as_it_was_first_written_and_so_are_those_above_it(desk: Desk) -> None:
    desk.article("Weather & Sea/Storms/a.md", "One")
    desk.scan()
    desk.article("WEATHER-SEA/b.md", "Two")
    desk.article("weather & sea/storms/c.md", "Three")
    desk.scan()
    assert title(desk, "weather-sea") == "Weather & Sea"
    assert title(desk, "weather-sea/storms") == "Storms"
    assert desk.titles("weather-sea") == ["One", "Three", "Two"]
    assert desk.titles("weather-sea/storms") == ["One", "Three"]


def test_an_article_in_several_sections_stands_in_each_and_in_those_above(desk: Desk) -> None:
    desk.article("a.md", "One", sections="[Sport/Rowing, Town]")
    desk.scan()
    for feed in ("sport", "sport/rowing", "town", "all"):
        assert desk.titles(feed) == ["One"]
    desk.article("a.md", "One", sections="[Town]")
    desk.scan()
    assert (desk.titles("sport"), desk.titles("sport/rowing"), desk.titles("town")) == ([], [], ["One"])
    assert desk.tombstones("sport") == []  # it is still there, elsewhere


def test_a_section_that_is_configured_later_takes_in_what_meets_it_by_name(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.article("Sports/a.md", "One", date="2040-03-10")
    desk.scan()
    assert desk.titles("sports") == ["One"]
    before = desk.stored("Sports/a.md")
    desk.configure(sections={"sport": {"title": "Sport", "aliases": ["Sports"]}})
    desk.scan()
    after = desk.stored("Sports/a.md")
    assert (desk.titles("sports"), desk.titles("sport")) == ([], ["One"])
    assert (after.article.id, after.article.updated, after.path) == (
        before.article.id,
        before.article.updated,
        before.path,
    )


def test_a_reserved_folder_is_refused_with_what_to_do(desk: Desk) -> None:
    desk.article("archive/a.md")
    desk.article("town/archive/b.md", "Two")
    (refusal,) = desk.scan().refused
    assert refusal.source == "archive/a.md"
    assert "cannot be called 'archive'" in refusal.error
    assert desk.titles("town/archive") == ["Two"]
