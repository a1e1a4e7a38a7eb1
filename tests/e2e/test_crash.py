"""Killed at any moment, and started again: nothing is lost, doubled or dated anew."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import time

from e2e.articles import markdown
from e2e.newsroom import FORMATS, Newsroom, Service, until

FILES = 500
KILLS = int(os.environ.get("FAULT_ROUNDS", "3"))
"""How often the service is killed; ``make test-faults`` asks for twenty times."""
WAITS = (0.0, 0.15, 0.4)


def test_killed_again_and_again_during_an_ingest(newsroom: Newsroom) -> None:
    newsroom.configure('[feeds]\nlimit = 1000\nmax_bytes = "20 MB"')
    for number in range(FILES):
        newsroom.write(f"town/{number}.md", markdown(f"Boat {number}"))
    time.sleep(0.5)  # they are settled before the first look: ingest begins at once
    seen: dict[str, tuple[str, str, str]] = {}
    for wait in itertools.islice(itertools.cycle(WAITS), KILLS):
        service = newsroom.begin()
        until(lambda service=service: service.events("taking files in"))  # type: ignore[misc]
        time.sleep(wait)
        if wait:
            service.wait_ready()
            seen |= _shown(service)
        service.kill_all()
        until(lambda service=service: not service.members())  # type: ignore[misc]
    service = newsroom.start().wait_ingesting()
    expected = {f"Boat {number}" for number in range(FILES)}
    service.wait_for(*expected)
    items = service.items("town")
    assert len(service.parsed("town", "rss").entries) == FILES
    assert {item["id"] for item in items.values()} == {
        f"tag:harbour.example,2026:town/{number}.md" for number in range(FILES)
    }
    now = _shown(service)
    assert {title: now[title] for title in seen} == seen
    service.stop()
    with sqlite3.connect(newsroom.store) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()


def _shown(service: Service) -> dict[str, tuple[str, str, str]]:
    return {title: (item["id"], item["date_published"], item["url"]) for title, item in service.items("town").items()}


def test_a_restart_serves_the_same_bytes_and_validators(newsroom: Newsroom) -> None:
    newsroom.drop("town/a.md", markdown("Pier"))
    newsroom.drop("sport/b.md", markdown("Regatta"))
    doomed = newsroom.drop("sport/c.md", markdown("Swim"))
    service = newsroom.start()
    service.wait_for("Pier", "Regatta", "Swim")
    doomed.unlink()
    newsroom.drop("town/a.md", markdown("Pier", "It was painted green, and opened again."))
    feeds = [(name, suffix) for name in ("all", "town", "sport") for suffix in FORMATS]
    service.everywhere(lambda: not service.shows("Swim") and "green" in service.feed("all").text)
    service.everywhere(lambda: not service.shows("Swim", feed="sport") and "green" in service.feed("town").text)
    service.wait_at_rest("all", "town", "sport")
    before = {feed: service.feed(*feed).stable() for feed in feeds}
    service.kill_all()
    again = newsroom.start()
    for _ in range(8):
        assert {feed: again.feed(*feed).stable() for feed in feeds} == before
    again.wait_ingesting()
    until(lambda: not newsroom.figures()["waiting"])
    again.stop()
    third = newsroom.start().wait_ingesting()
    assert {feed: third.feed(*feed).stable() for feed in feeds} == before


def test_a_killed_scheduler_is_started_again_and_goes_on(newsroom: Newsroom, service: Service) -> None:
    newsroom.drop("town/a.md", markdown("Pier"))
    service.wait_for("Pier")
    for number in range(150):
        newsroom.write(f"sport/{number}.md", markdown(f"Boat {number}", date=""))

    def look() -> None:
        assert service.feed("town").status == 200

    with service.polled(look):
        os.kill(service.scheduler_pid(), signal.SIGKILL)
        until(lambda: len(service.events("taking files in")) == 2, what="another scheduler takes over")
        newsroom.drop("town/b.md", markdown("Quay"))
        service.wait_for("Quay", feed="town")
        service.everywhere(lambda: len(service.items("sport")) == 50)
    (line,) = service.events("the scheduler died")
    assert line["level"] == "error"
    until(lambda: newsroom.figures()["files"]["accepted"] == 152)
