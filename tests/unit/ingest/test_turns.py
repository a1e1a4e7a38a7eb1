"""Turns with the folder: what is urgent comes before a long look, and that comes to its end all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.ingest.turns import Turn
from feedsvc.model import SourceState

PATIENCE = 60.0


class Urgent:
    """A thread that has something urgent to do each time it is asked."""

    def __init__(self, turn: Turn) -> None:
        self.done: list[str] = []
        self._turn = turn
        self._threads: list[threading.Thread] = []

    def come(self) -> None:
        thread = threading.Thread(target=self._do, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _do(self) -> None:
        with self._turn.urgently():
            self.done.append("urgent")

    def join(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def until_broken_off(between: Callable[[], None]) -> None:
    """Work that goes on until it is broken off."""
    end = threading.Event()
    for _ in range(int(PATIENCE / 0.001)):
        between()
        end.wait(0.001)
    pytest.fail("it was never broken off")


def test_patient_work_gives_way_and_begins_anew() -> None:
    turn, begun = Turn(), []
    urgent = Urgent(turn)

    def work(between: Callable[[], None], number: int) -> None:
        begun.append((number, list(urgent.done)))
        if number < 3:
            urgent.come()
            until_broken_off(between)

    turn.patiently(work, most=5)
    urgent.join()
    assert begun == [(1, []), (2, ["urgent"]), (3, ["urgent", "urgent"])]


def test_patient_work_comes_to_its_end_however_much_is_urgent() -> None:
    turn, begun = Turn(), []
    urgent = Urgent(turn)

    def work(between: Callable[[], None], number: int) -> None:
        begun.append(number)
        urgent.come()
        if number <= 2:
            until_broken_off(between)
        for _ in range(100):
            between()

    turn.patiently(work, most=2)
    urgent.join()
    assert begun == [1, 2, 3]
    assert len(urgent.done) == 3


def test_an_error_of_the_work_is_passed_on_and_the_turn_given_back() -> None:
    turn = Turn()

    def work(between: Callable[[], None], number: int) -> None:
        raise RuntimeError(f"{number}")

    with pytest.raises(RuntimeError, match="1"):
        turn.patiently(work, most=2)
    with turn.urgently():
        pass
    with turn:
        pass


# ---------------------------------------------------------------------- a scan that is broken off
class BrokenOff(Exception):
    pass


def broken_off_at(call: int) -> Callable[[], None]:
    calls = iter(range(call))

    def between() -> None:
        if next(calls, None) is None:
            raise BrokenOff

    return between


def test_a_scan_that_is_broken_off_has_done_nothing_and_loses_nothing(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    for number in range(4):
        desk.article(f"a/{number}.md")
    desk.scan()
    desk.remove("a/0.md")
    desk.article("a/1.md", "Another")
    desk.article("b/4.md")
    before = desk.store.sources()
    finished = call = 0
    while not finished:
        try:
            desk.running.full(desk.lease, between=broken_off_at(call))
            finished = call
        except BrokenOff:
            assert desk.store.sources() == before
            call += 1
    assert finished > len(before) + 4  # between rows, between files on disk, and as they are held against each other
    states = {path: record.state for path, record in desk.store.sources().items()}
    assert states == {
        "a/0.md": SourceState.MISSING,
        "a/1.md": SourceState.ACCEPTED,
        "a/2.md": SourceState.ACCEPTED,
        "a/3.md": SourceState.ACCEPTED,
        "b/4.md": SourceState.ACCEPTED,
    }
