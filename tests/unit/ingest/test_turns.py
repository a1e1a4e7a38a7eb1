"""Turns with the folder: what is urgent comes before a long look, and neither loses what the other one saw."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.ingest.run import COMPARED, LENIENT_SECONDS
from feedsvc.ingest.turns import Turn

PATIENCE = 60.0


def test_what_is_urgent_goes_first_and_the_patient_one_goes_on() -> None:
    turn, done = Turn(itertools.count().__next__), []

    def urgent() -> None:
        with turn.urgently():
            done.append("urgent")

    for _ in range(20):
        thread = threading.Thread(target=urgent, daemon=True)
        with turn:
            thread.start()
            end = time.monotonic() + PATIENCE
            while not done and time.monotonic() < end:
                turn.give_way()
            done.append("patient")
        thread.join(PATIENCE)
        assert done == ["urgent", "patient"]
        assert turn.given > 0
        done.clear()


def test_who_is_not_urgent_waits() -> None:
    turn, done = Turn(itertools.count().__next__), []

    def other() -> None:
        with turn:
            done.append("other")

    thread = threading.Thread(target=other, daemon=True)
    with turn:
        thread.start()
        for _ in range(1000):
            turn.give_way()
        assert not done
        assert turn.given == 0
    thread.join(PATIENCE)
    assert done == ["other"]


def test_an_error_gives_the_turn_back() -> None:
    turn = Turn(time.monotonic)
    with pytest.raises(RuntimeError), turn.urgently():
        raise RuntimeError
    with pytest.raises(RuntimeError), turn:
        raise RuntimeError
    with turn.urgently():
        pass


# ---------------------------------------------------------------------- a pass in the midst of a scan
def set_up(make_desk: Callable[..., Desk]) -> Desk:
    """A desk that knows some files; since its last scan one was removed, one changed, one came."""
    desk = make_desk()
    for name in ("a/gone", "a/changed", "a/stays", "b/moved", "b/stays", "c/old"):
        desk.article(f"{name}.md")
    desk.article("c/rival.md", id="of-its-own", version=1)
    desk.scans(2)
    desk.remove("a/gone.md")
    desk.article("a/changed.md", "Said in another way")
    desk.article("b/new.md")
    return desk


def arrive(desk: Desk) -> None:
    """Files are renamed into place: a new one, one that moves, one that is overwritten, one that displaces another."""
    desk.article("a/.new.tmp", "Just in")
    desk.article("c/.old.tmp", "Another text of the old one")
    desk.article("c/.better.tmp", "A better version", id="of-its-own", version=2)
    desk.move("a/.new.tmp", "a/new.md")
    desk.move("c/.old.tmp", "c/old.md")
    desk.move("c/.better.tmp", "c/better.md")
    desk.move("b/moved.md", "c/moved.md")
    desk.some({"a/new.md": "", "c/old.md": "", "c/better.md": "", "c/moved.md": "b/moved.md"})


def known(desk: Desk) -> dict[str, tuple[object, ...]]:
    return {path: (one.state, one.articles, one.error) for path, one in desk.store.sources().items()}


def scanned(desk: Desk, *, at: int = -1) -> int:
    """Let files arrive when a scan comes to its call number *at*; answers how many there were."""
    count = 0

    def between() -> None:
        nonlocal count
        count += 1
        if count - 1 == at:
            arrive(desk)

    desk.clock.move(seconds=10)
    desk.running.full(desk.lease, between=between)
    return count


def test_wherever_a_scan_is_when_files_arrive_nothing_is_lost(make_desk: Callable[..., Desk]) -> None:
    before = set_up(make_desk)
    arrive(before)
    scanned(before)
    count = scanned(set_up(make_desk))
    assert count > 20
    for at in range(0, count, 3):
        desk = set_up(make_desk)
        assert scanned(desk, at=at) > count
        assert known(desk) == known(before)
        assert desk.titles() == before.titles()
        again = desk.scan(seconds=0)
        assert (again.read, again.missing, dict(again.outcomes)) == (0, 0, {})
        assert desk.scan().outcomes == {"withdrawn": 1}  # the one that was removed, and no other


def test_a_scan_comes_to_its_end_however_much_arrives(make_desk: Callable[..., Desk]) -> None:
    desk = set_up(make_desk)
    calls = count = 0

    def between() -> None:
        nonlocal calls, count
        calls += 1
        if calls % 5 == 0:
            count += 1
            desk.article(f"d/.{count}.tmp", f"Number {count}")
            desk.move(f"d/.{count}.tmp", f"d/{count}.md")
            desk.some({f"d/{count}.md": ""})

    desk.running.full(desk.lease, between=between)
    assert count >= COMPARED - 1
    assert {f"Number {number}" for number in range(1, count + 1)} <= set(desk.titles())
    assert desk.scan(seconds=0).missing == 0


def test_the_store_is_not_kept_waiting_in_the_midst_of_a_question(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much arrives meanwhile: a database ends the session of whoever does nothing for a minute."""
    desk = make_desk()
    for number in range(40):
        desk.article(f"{number}.md")
    desk.scans(2)
    waits: list[float] = []
    sources = desk.store.sources

    def asked(*, between: Callable[[], None]) -> object:
        began = desk.ticks
        known = sources(between=between)
        waits.append(desk.ticks - began)
        return known

    def between() -> None:
        desk.ticks += 1

    monkeypatch.setattr(desk.store, "sources", asked)
    desk.running.full(desk.lease, between=between)
    assert waits == [LENIENT_SECONDS]
