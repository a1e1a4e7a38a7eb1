"""What the service writes into its log, and what it holds on to, while it runs."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from e2e.articles import markdown
from e2e.newsroom import FORMATS, Newsroom, Service, until


def test_the_log_has_one_line_of_json_for_each_event(newsroom: Newsroom, service: Service) -> None:
    newsroom.drop("town/a.md", markdown("Pier"))
    newsroom.drop("town/bad.md", b"")
    service.wait_for("Pier")
    until(lambda: service.events("refused"))
    for _ in range(50):
        service.feed("all")
        service.get("/")
        service.get("/nothing")
    service.stop()
    told = service.err.read_text()
    assert told.endswith("\n")
    lines = service.lines()
    assert all(line.keys() >= {"event", "level", "logger", "timestamp"} for line in lines)
    assert all(line["logger"].startswith("feedsvc") for line in lines)
    assert all("/feeds/" not in str(line) for line in lines), "a line for a request"
    assert len(lines) <= 8
    (refused,) = service.events("refused")
    assert refused["source"] == "town/bad.md"
    assert service.out.read_text().count("feedsvc is up at") == 1
    assert len(service.out.read_text().splitlines()) <= 8


def test_files_and_threads_do_not_pile_up(newsroom: Newsroom, service: Service) -> None:
    def exercise(round_: int) -> None:
        titles = [f"Round {round_} boat {number}" for number in range(20)]
        for number, title in enumerate(titles):
            newsroom.drop(f"town/{number}.md", markdown(title, date=""))
        service.wait_for(*titles)
        with ThreadPoolExecutor(16) as pool:
            paths = [f"/feeds/{name}.{suffix}" for name in ("all", "town") for suffix in FORMATS]
            paths += ["/", "/sections/town", "/nothing", service.page_of(titles[0])]
            assert all(answer.status < 500 for answer in pool.map(service.get, paths * 20))

    exercise(0)
    exercise(1)
    before = _held(service)
    for round_ in range(2, 5):
        exercise(round_)
    until(lambda: _within(before, _held(service)), what=f"no more than {before}")


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_taking_in_steps_back_and_workers_do_not_interrupt_themselves(newsroom: Newsroom) -> None:
    service = newsroom.start(environment={"FEEDSVC_SERVER__INGEST_NICENESS": "7"}).wait_ready().wait_ingesting()
    scheduler = service.scheduler_pid()
    priority = os.getpriority(os.PRIO_PROCESS, service.pid)
    assert os.getpriority(os.PRIO_PROCESS, scheduler) == min(19, priority + 7)

    def in_batches() -> list[int]:
        with suppress(OSError):
            threads = {pid: list(Path(f"/proc/{pid}/task").iterdir()) for pid in service.members()}
            return [
                pid
                for pid, own in threads.items()
                if any(os.sched_getscheduler(int(one.name)) == os.SCHED_BATCH for one in own)
            ]
        return []

    until(lambda: len(in_batches()) == 2, what="both workers do so")
    assert not {scheduler, service.pid} & set(in_batches())


def _held(service: Service) -> dict[int, tuple[int, int]]:
    """How many files and threads each process has."""
    held = {}
    for pid in service.members():
        with suppress(OSError):
            files, threads = (len(list(Path(f"/proc/{pid}/{kind}").iterdir())) for kind in ("fd", "task"))
            held[pid] = files, threads
    return held


def _within(before: dict[int, tuple[int, int]], after: dict[int, tuple[int, int]]) -> bool:
    spare = 20  # pools that fill up to their bound; one file kept for each poll or drop would be sixty and more
    return before.keys() == after.keys() and all(
        after[pid][kind] <= before[pid][kind] + spare for pid in before for kind in (0, 1)
    )
