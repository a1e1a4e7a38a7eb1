"""Transactions, leases, stopping, and what a pass reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.errors import LeaseLost, StoreUnavailable
from feedsvc.ingest import crew, onepass
from feedsvc.store.base import INGEST, Lease, Store


class Counting:
    """A store that counts the transactions that take files in, and how many files are remembered in each."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.batches: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @contextmanager
    def writing(self, lease: Lease | None, **named: Any) -> Iterator[Any]:
        with self.store.writing(lease, **named) as writer:
            count = 0
            remember, add = writer.remember, writer.add

            def counted(*args: Any) -> None:
                nonlocal count
                count += 1
                remember(*args)

            def counted_all(*args: Any, **named: Any) -> int:
                nonlocal count
                added = add(*args, **named)
                count += added
                return added

            writer.remember = counted  # type: ignore[assignment,method-assign]
            writer.add = counted_all  # type: ignore[method-assign]
            yield writer
        self.batches.append(count)


@pytest.fixture
def counted(desk: Desk) -> Counting:
    counting = Counting(desk.store)
    desk.store = counting
    desk.restart()
    return counting


def fill(desk: Desk, count: int) -> None:
    for number in range(count):
        desk.article(f"town/{number:02d}.md", f"Number {number:02d}")


def scan_slowly(desk: Desk) -> None:
    """A pass in which 0.07 s go by from each look at the clock to the next."""
    ticks = iter(number * 0.07 for number in range(10_000))
    desk.tick = lambda: next(ticks)  # type: ignore[method-assign]
    desk.restart()
    desk.scan()


def test_one_transaction_holds_many_files(desk: Desk, counted: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onepass, "BATCH_FILES", 10)
    fill(desk, 25)
    desk.scan()
    assert counted.batches == [10, 10, 5]


def test_a_transaction_ends_after_a_fifth_of_a_second(desk: Desk, counted: Counting) -> None:
    fill(desk, 6)
    scan_slowly(desk)
    assert sum(counted.batches) == 6
    assert 1 < len(counted.batches) < 6


def test_among_many_new_files_a_transaction_may_take_longer(
    desk: Desk, counted: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "FEWEST", 20)
    monkeypatch.setattr(crew, "processes", lambda: 0)
    fill(desk, 24)
    scan_slowly(desk)
    assert sum(counted.batches) == 24
    assert 10 <= counted.batches[0] <= 16


def test_a_transaction_ends_with_many_bytes(desk: Desk, counted: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onepass, "BATCH_BYTES", 200)
    fill(desk, 4)
    desk.scan()
    assert len(counted.batches) == 2


def test_a_pass_without_news_writes_nothing(desk: Desk, counted: Counting) -> None:
    fill(desk, 2)
    desk.write("bad.md", "---\ntitle: [x\n---\n")
    desk.write("README.md", "Left out")
    desk.scan()
    counted.batches.clear()
    report = desk.scan()
    assert counted.batches == []
    assert (report.files, report.read, report.changed) == (3, 0, False)


def test_the_loss_of_the_lease_leaves_whole_files_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process takes over in the middle: what it finds is whole, and what follows is refused."""
    monkeypatch.setattr(onepass, "BATCH_FILES", 3)
    fill(desk, 9)
    done: list[int] = []

    def taken_over(number: int, of: int) -> None:
        done.append(number)
        if number == 6:
            desk.store.lease(INGEST, "another", ttl=onepass.LEASE_TTL, displacing="desk")

    lease = desk.lease
    with pytest.raises(LeaseLost):
        desk.running.full(lease, progress=taken_over)
    assert done == [3, 6]
    assert desk.titles() == [f"Number {number:02d}" for number in range(6)]
    assert len(desk.store.sources()) == 6
    desk.store.release(desk.store.lease(INGEST, "another", ttl=onepass.LEASE_TTL))  # type: ignore[arg-type]
    assert desk.scan().outcomes == {"published": 3}


def test_the_loss_of_the_lease_within_a_transaction_undoes_it(desk: Desk) -> None:
    fill(desk, 3)
    old = desk.lease
    desk.store.lease(INGEST, "another", ttl=onepass.LEASE_TTL, displacing="desk")
    with pytest.raises(LeaseLost):
        desk.running.full(old)
    assert desk.store.sources() == {}


def test_a_store_that_fails_in_the_middle_leaves_whole_files_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedsvc.store.writer import SqlWriter

    fill(desk, 4)
    desk.write("town/02.md", desk.root.joinpath("town/01.md").read_bytes())  # a copy, so that it goes the long way
    real = SqlWriter.remember

    def failing(self: SqlWriter, record: Any, *args: Any) -> None:
        if record.path == "town/02.md":
            raise StoreUnavailable("the disk is full")
        real(self, record, *args)

    with monkeypatch.context() as broken:
        broken.setattr(SqlWriter, "remember", failing)
        with pytest.raises(StoreUnavailable):
            desk.scan()
    assert desk.store.sources() == {}
    assert desk.titles() == []
    assert desk.scan().outcomes == {"published": 3}
    assert len(desk.titles()) == 3


def test_stopping_is_asked_between_files_and_keeps_what_was_read(desk: Desk) -> None:
    fill(desk, 5)
    asked = iter([False, False, False])
    desk.stopping = lambda: next(asked, True)
    report = desk.scan()
    assert report.read == 3
    assert desk.titles() == ["Number 00", "Number 01", "Number 02"]
    desk.stopping = lambda: False
    assert desk.scan().read == 2


def test_a_pass_that_is_stopped_withdraws_nothing(desk: Desk) -> None:
    """What moved may stand among the files that it did not come to."""
    fill(desk, 3)
    desk.scan()
    desk.move("town/00.md", "zoo/00.md")
    desk.remove("town/01.md")
    desk.stopping = lambda: True
    desk.scans(3)
    assert len(desk.titles()) == 3
    desk.stopping = lambda: False
    desk.scans(2)
    assert desk.titles() == ["Number 00", "Number 02"]
    assert desk.titles("zoo") == ["Number 00"]


def test_progress_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onepass, "BATCH_FILES", 2)
    fill(desk, 5)
    told: list[tuple[int, int]] = []
    desk.running.full(desk.lease, progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_the_first_pass_dates_its_feeds_by_their_articles(desk: Desk) -> None:
    desk.article("town/a.md", date="2040-03-10T09:00:00Z")
    desk.scan()
    assert desk.store.versions()["town"].updated.isoformat() == "2040-03-10T09:00:00+00:00"
    desk.article("town/b.md", date="2040-03-01T09:00:00Z")
    desk.scan()
    assert desk.store.versions()["town"].updated == desk.clock()


def test_the_report_counts_what_became_of_articles(desk: Desk) -> None:
    desk.article("a.md")
    desk.article("b.md", draft="true")
    desk.article("c.md", date="2041-01-01")
    report = desk.scan()
    assert report.outcomes == {"published": 1, "withheld": 1, "scheduled": 1}
    assert report.as_json()["outcomes"] == {"published": 1, "scheduled": 1, "withheld": 1}
    desk.article("a.md", "Edited")
    assert desk.scan().outcomes == {"updated": 1}


@pytest.mark.parametrize("paths", [["z/a.md", "a/z.md"], ["a/z.md", "z/a.md"]])
def test_files_are_taken_in_by_their_paths_in_whatever_order_they_were_made(
    make_desk: Callable[..., Desk], paths: list[str]
) -> None:
    desk = make_desk()
    for path in paths:
        desk.article(path, "The same", body="The same text in two files.")
    desk.scan()
    assert desk.read("z/a.md").source == "a/z.md"
