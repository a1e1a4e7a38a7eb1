"""Events of the file system, and what is made of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from feedsvc.ingest.watch import Arrivals, Watch

ROOT = Path("/content")


def after(*events: FileSystemEvent) -> Arrivals:
    watch = Watch(ROOT, lambda: None)
    for event in events:
        watch.note(event)
    return watch.take()


def moved(source: str, target: str, *, synthetic: bool = False) -> FileMovedEvent:
    return FileMovedEvent(source and f"/content/{source}", f"/content/{target}", is_synthetic=synthetic)


def test_a_written_file_may_still_be_written_to() -> None:
    events = [FileCreatedEvent("/content/a.md"), FileModifiedEvent("/content/a.md"), FileClosedEvent("/content/a.md")]
    for event in events:
        assert after(event) == Arrivals(changed={"a.md"})
    assert after(*events) == Arrivals(changed={"a.md"})


@pytest.mark.parametrize("hidden", [".a.md.x1", "a.md.tmp", ".stage/a.md"])
def test_a_file_renamed_from_a_hidden_name(hidden: str) -> None:
    # For what comes from a hidden name nothing has gone.
    assert after(moved(hidden, "town/a.md")) == Arrivals(renamed={"town/a.md": ""})


def test_a_renamed_file_tells_its_old_name() -> None:
    assert after(moved("a.md", "town/b.md")) == Arrivals(renamed={"town/b.md": "a.md"}, removed=True)


def test_what_is_renamed_is_not_also_changed() -> None:
    arrivals = after(moved(".a", "a.md"), FileModifiedEvent("/content/a.md"))
    assert arrivals == Arrivals(renamed={"a.md": ""})


def test_an_event_that_nobody_saw_proves_nothing() -> None:
    """Those that watchdog makes up for the files in a moved folder."""
    assert after(moved("old/a.md", "new/a.md", synthetic=True)) == Arrivals(changed={"new/a.md"}, removed=True)


def test_a_removed_file_or_folder_asks_for_a_scan() -> None:
    assert after(FileDeletedEvent("/content/a.md")) == Arrivals(removed=True)
    assert after(DirDeletedEvent("/content/town")) == Arrivals(removed=True)
    assert after(DirMovedEvent("/content/town", "/content/port")) == Arrivals(removed=True)


def test_a_new_folder_asks_for_a_scan() -> None:
    assert after(DirCreatedEvent("/content/town")) == Arrivals(removed=True)


@pytest.mark.parametrize("name", [".a.md", "a.md~", ".git/index", "town/a.md.part"])
def test_hidden_names_are_nothing(name: str) -> None:
    path = f"/content/{name}"
    assert after(FileCreatedEvent(path), FileModifiedEvent(path), FileDeletedEvent(path)) == Arrivals()


def test_a_file_renamed_to_a_hidden_name_has_gone() -> None:
    assert after(moved("a.md", "a.md~")) == Arrivals(renamed={"a.md~": "a.md"}, removed=True)


def test_taking_begins_anew() -> None:
    watch = Watch(ROOT, lambda: None)
    watch.note(FileCreatedEvent("/content/a.md"))
    assert watch.take() == Arrivals(changed={"a.md"})
    assert watch.take() == Arrivals()


def test_every_event_that_may_matter_wakes() -> None:
    woken: list[int] = []
    watch = Watch(ROOT, lambda: woken.append(1))
    watch.note(FileCreatedEvent("/content/a.md"))
    assert woken == [1]


# ---------------------------------------------------------------------- a real folder
@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Watch, threading.Event]]:
    root = tmp_path / "content"
    root.mkdir()
    woken = threading.Event()
    watch = Watch(root, woken.set)
    assert watch.start() == ""
    yield root, watch, woken
    watch.stop()


def until(watch: Watch, woken: threading.Event, name: str) -> Arrivals:
    """What arrived, once *name* is among it."""
    seen = Arrivals()
    for _ in range(200):
        assert woken.wait(10), f"nothing was heard of {name}"
        woken.clear()
        taken = watch.take()
        seen.renamed |= taken.renamed
        seen.changed |= taken.changed
        seen.removed |= taken.removed
        if name in seen.renamed or name in seen.changed or (name == "" and seen.removed):
            return seen
    raise AssertionError(f"nothing was heard of {name}")


def test_a_real_rename_from_a_hidden_name(watched: tuple[Path, Watch, threading.Event]) -> None:
    root, watch, woken = watched
    (root / ".a").write_text("text")
    (root / ".a").rename(root / "a.md")
    assert until(watch, woken, "a.md").renamed == {"a.md": ""}


def test_a_rename_from_outside_is_only_a_change(watched: tuple[Path, Watch, threading.Event]) -> None:
    root, watch, woken = watched
    (root.parent / "a.md").write_text("text")
    (root.parent / "a.md").rename(root / "a.md")
    arrivals = until(watch, woken, "a.md")
    assert arrivals.renamed == {}
    assert arrivals.changed == {"a.md"}


def test_starting_again_watches_the_folder_that_stands_there_now(
    watched: tuple[Path, Watch, threading.Event],
) -> None:
    root, watch, woken = watched
    assert watch.start() == ""  # the same: nothing is begun anew
    root.rename(root.with_name("aside"))
    assert "cannot be watched" in watch.start()
    root.mkdir()
    assert watch.start() == ""
    woken.clear()
    (root / "b.md").write_text("text")
    assert "b.md" in until(watch, woken, "b.md").changed


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "none", lambda: None)
    assert "No such file" in watch.start()
    watch.stop()


def test_opening_and_reading_wake_nobody(watched: tuple[Path, Watch, threading.Event]) -> None:
    """Or each pass would begin the next one."""
    from feedsvc.ingest.watch import _Handler

    woken: list[int] = []
    handler = _Handler(Watch(ROOT, lambda: woken.append(1)))
    handler.on_any_event(FileOpenedEvent("/content/a.md"))
    handler.on_any_event(FileClosedNoWriteEvent("/content/a.md"))
    assert woken == []
    handler.on_any_event(FileClosedEvent("/content/a.md"))
    assert woken == [1]


def test_only_what_matters_wakes() -> None:
    woken: list[None] = []
    watch = Watch(ROOT, lambda: woken.append(None))
    for event in (
        FileCreatedEvent("/content/.a.tmp"),
        FileModifiedEvent("/content/.a.tmp"),
        DirModifiedEvent("/content"),
    ):
        watch.note(event)
    assert (len(woken), watch.complete) == (0, False)
    watch.note(FileClosedEvent("/content/b.md"))
    assert (len(woken), watch.complete) == (1, False)
    watch.note(moved(".a.tmp", "a.md"))
    assert (len(woken), watch.complete) == (2, True)
    watch.take()
    watch.note(FileDeletedEvent("/content/b.md"))
    assert (len(woken), watch.complete) == (3, False)
