"""Much at once, and no room left: everything comes in, and readers notice nothing."""

from __future__ import annotations

import resource
import sqlite3
import time

import pytest
from e2e.articles import markdown
from e2e.newsroom import Newsroom, Service, allowed, until

MANY = 2_000
QUICK = 2.0
"""How long, in seconds, a poll may take meanwhile."""


@pytest.mark.slow
def test_two_thousand_files_at_once(newsroom: Newsroom, service: Service) -> None:
    newsroom.drop("sport/race.md", markdown("Race"))
    service.wait_for("Race", feed="sport")
    incoming = newsroom.content / ".incoming"  # hidden: it comes as a whole when it is renamed
    incoming.mkdir()
    for number in range(MANY):
        (incoming / f"{number}.md").write_text(markdown(f"Boat {number}"))
    waits = []

    def look() -> None:
        answer = service.feed("sport")
        assert (answer.status, b"Race" in answer.body) == (200, True)
        waits.append(answer.seconds)

    with service.polled(look, every=0.05):
        incoming.rename(newsroom.content / "wire")
        until(lambda: newsroom.figures()["files"].get("accepted") == MANY + 1, 240, every=0.5, what="all are in")
        service.everywhere(lambda: len(service.items("wire")) == 50)
    assert len(waits) > 20
    assert max(waits) < allowed(QUICK)
    newsroom.drop("wire/last.md", markdown("Last", date="2026-11-11T08:00:00Z"))
    service.wait_for("Last", feed="wire")
    told = newsroom.figures()
    assert told["files"] == {"accepted": MANY + 2}
    assert told["troubles"] == []


def test_no_room_for_the_store(newsroom: Newsroom, service: Service) -> None:
    newsroom.drop("town/a.md", markdown("First"))
    service.wait_for("First")
    before = {name: service.feed(name).body for name in ("all", "town")}
    scheduler = service.scheduler_pid()
    beside = newsroom.store.with_name(newsroom.store.name + "-wal")
    room = max(newsroom.store.stat().st_size, beside.stat().st_size)
    _, hard = resource.prlimit(scheduler, resource.RLIMIT_FSIZE)
    # No file of the scheduler may grow any more: to it that is a disk without room.
    resource.prlimit(scheduler, resource.RLIMIT_FSIZE, (room, hard))
    text = "The harbour office counts what is left. " * 2_000
    for number in range(8):
        newsroom.drop(f"town/late-{number}.md", markdown(f"Late {number}", f"{number} {text}"))
    until(lambda: any("store" in str(line.get("error", "")) for line in service.lines()), what="it is told")
    ended = time.monotonic() + 3

    def look() -> None:
        for name in before:
            answer = service.feed(name)
            assert answer.status == 200
            assert answer.seconds < allowed(QUICK)

    with service.polled(look) as looks:
        while time.monotonic() < ended:
            assert scheduler in service.members()
            assert service.get("/").status == 200
    assert looks[0] > 5
    told = len([line for line in service.lines() if line["level"] == "error"])
    assert told < 10, "told once, not with every try"
    resource.prlimit(scheduler, resource.RLIMIT_FSIZE, (hard, hard))
    service.wait_for("First", *(f"Late {number}" for number in range(8)), feed="town")
    assert service.scheduler_pid() == scheduler
    assert newsroom.figures()["files"] == {"accepted": 9}
    with sqlite3.connect(newsroom.store) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()
