"""The figures, over a real store with a clock set by hand."""

from __future__ import annotations

from datetime import timedelta

from fakes import NOON, Newsroom, make_article

from feedsvc import status
from feedsvc.model import SourceState
from feedsvc.store.questions import SCAN


def test_an_empty_store(room: Newsroom) -> None:
    found = status.overview(room.store.store, now=NOON)
    assert found["last_pass"] is None
    for empty in ("files", "holds", "held", "unlisted", "waiting", "scheduled", "troubles", "sections", "newest"):
        assert not found[empty], empty
    assert found["troubled"] == 0


def test_files_that_want_a_look(room: Newsroom) -> None:
    room.remember("a.md", SourceState.ACCEPTED)
    room.remember("b.md", SourceState.REFUSED, error="it has no text", line=3)
    room.remember("c.md", SourceState.CONFLICT, error="b.md has the same id")
    room.remember("d.md", SourceState.MISSING, error="of an earlier time")
    room.remember("e.md", SourceState.GONE)
    found = status.overview(room.store.store, now=NOON)
    assert found["files"] == {"accepted": 1, "refused": 1, "conflict": 1, "missing": 1, "gone": 1}
    assert [(one["source"], one["state"], one["line"]) for one in found["troubles"]] == [
        ("b.md", "refused", 3),
        ("c.md", "conflict", 0),
        ("d.md", "missing", 0),
    ]
    assert found["troubles"][2]["error"] == "it was absent at the last full scan"
    cut = status.overview(room.store.store, now=NOON, troubles=1)
    assert (len(cut["troubles"]), cut["troubled"]) == (1, 3)


def test_what_is_public_and_what_is_to_come(room: Newsroom) -> None:
    late, soon = (
        make_article(name, embargo=NOON + timedelta(hours=hours)) for name, hours in (("late", 5), ("soon", 2))
    )
    room.put(make_article("ferry"), late, soon, make_article("wall", sections=("town/council",)))
    found = status.overview(room.store.store, now=NOON)
    assert {one["source"] for one in found["newest"]} == {"harbour/ferry.md", "harbour/wall.md"}
    assert [(one["id"], one["until"]) for one in found["scheduled"]] == [
        (soon.id, NOON + timedelta(hours=2)),
        (late.id, NOON + timedelta(hours=5)),
    ]
    public = {one["path"]: one["public"] for one in found["sections"]}
    assert public == {"harbour": 1, "town": 1, "town/council": 1}


def test_the_last_pass(room: Newsroom) -> None:
    report = {"files": 3, "waiting": ["a.md"], "held": "the content folder cannot be listed", "unlisted": {"x/": "no"}}
    room.store.store.record_pass(report, started=NOON, finished=NOON)
    found = status.overview(room.store.store, now=NOON)
    assert found["last_pass"]["finished"] == NOON
    assert (found["waiting"], found["held"], found["unlisted"]) == (["a.md"], report["held"], {"x/": "no"})


def test_what_is_held_names_the_first_files(room: Newsroom) -> None:
    paths = [f"{number}.md" for number in range(status.HELD_PATHS + 50)]
    room.store.store.hold("missing", {"reason": "too many", "paths": paths}, now=NOON)
    held = status.overview(room.store.store, now=NOON)["holds"]["missing"]
    assert (held["reason"], held["files"], len(held["paths"])) == ("too many", len(paths), status.HELD_PATHS)
    assert (held["since"], held["accepted"]) == (NOON, None)


def test_what_waits_is_of_the_last_look_whether_it_changed_anything_or_not(room: Newsroom) -> None:
    store, later = room.store.store, NOON + timedelta(seconds=5)
    store.record_pass({"waiting": ["a.md"]}, started=NOON, finished=NOON)
    store.beat(SCAN, {"waiting": [{"source": "b.md"}]}, now=later)
    assert status.overview(store, now=later)["waiting"] == ["b.md"]
