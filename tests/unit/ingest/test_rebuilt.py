"""A store that is lost and made anew from the content folder: which ids it has, and which it cannot have."""

from __future__ import annotations

from collections.abc import Mapping

from unit.ingest.newsdesk import Desk

from feedsvc.store.base import ALL


def rebuilt(desk: Desk) -> None:
    """Lose the store, and take everything in again."""
    desk.close()
    for path in desk.folder.glob("store.db*"):
        path.unlink()
    from feedsvc.store.opening import open_store

    desk.store = open_store(f"sqlite:///{desk.folder}/store.db")
    desk.restart()
    take_in(desk)


def take_in(desk: Desk) -> None:
    for _ in range(2):
        desk.running.full(desk.lease)
        desk.ticks += 60
        desk.clock.move(minutes=1)


def ids(desk: Desk) -> Mapping[str, str]:
    """The id of each public article, by its title."""
    return {entry.article.title: entry.article.id for entry in desk.store.listing(ALL, desk.clock(), limit=100)}


def fill(desk: Desk) -> None:
    desk.article("sport/regatta.md", "Regatta")
    desk.article("2026/03/14 tide.md", "Tide", date="2026-03-14")
    desk.article("own.md", "Own id", id="urn:paper:7")
    desk.article("short.md", "Short id", id="A-7")
    desk.article("Café/Größe ~ 100%.md", "Odd name")
    desk.parts("wire/three.items", "One", "Two", "Three")


def test_every_id_comes_back(desk: Desk) -> None:
    fill(desk)
    take_in(desk)
    before = ids(desk)
    assert len(before) == 8
    desk.clock.move(days=3)
    rebuilt(desk)
    assert ids(desk) == before


def test_the_dates_that_files_give_come_back_too(desk: Desk) -> None:
    fill(desk)
    take_in(desk)
    before = {entry.article.id: entry.article.published for entry in desk.store.listing(ALL, desk.clock(), limit=100)}
    desk.clock.move(days=3)
    rebuilt(desk)
    after = {entry.article.id: entry.article.published for entry in desk.store.listing(ALL, desk.clock(), limit=100)}
    dated = ids(desk)["Tide"]
    assert after[dated] == before[dated]


def test_edits_do_not_change_what_comes_back(desk: Desk) -> None:
    desk.article("sport/regatta.md", "Regatta")
    take_in(desk)
    before = ids(desk)["Regatta"]
    desk.article("sport/regatta.md", "Regatta put off")
    take_in(desk)
    rebuilt(desk)
    assert ids(desk) == {"Regatta put off": before}


def test_only_a_moved_file_without_an_id_of_its_own_needs_the_backup(desk: Desk) -> None:
    desk.article("sport/regatta.md", "Regatta")
    desk.article("sport/rowing.md", "Rowing", id="urn:paper:8")
    take_in(desk)
    before = ids(desk)
    desk.move("sport/regatta.md", "town/regatta.md")
    desk.move("sport/rowing.md", "town/rowing.md")
    take_in(desk)
    assert ids(desk) == before
    desk.store.backup(desk.folder / "copy.db")
    rebuilt(desk)
    after = ids(desk)
    assert after["Rowing"] == before["Rowing"]
    assert after["Regatta"] == "tag:news.example.org,2026:town/regatta.md" != before["Regatta"]
    desk.close()
    for path in desk.folder.glob("store.db*"):
        path.unlink()
    (desk.folder / "copy.db").rename(desk.folder / "store.db")
    from feedsvc.store.opening import open_store

    desk.store = open_store(f"sqlite:///{desk.folder}/store.db")
    desk.restart()
    take_in(desk)
    assert ids(desk) == before
