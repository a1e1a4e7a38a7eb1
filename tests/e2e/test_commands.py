"""The other commands beside the service, and without it."""

from __future__ import annotations

import json

from e2e.articles import markdown, wire
from e2e.newsroom import FORMATS, Newsroom, Service


def test_ingest_takes_everything_in_to_the_end(newsroom: Newsroom) -> None:
    newsroom.write("town/old.md", markdown("Pier"))
    newsroom.write("sport/x.txt", wire())
    newsroom.write("town/bad.md", b"")
    newsroom.write("town/new.md", markdown("Quay"))  # written this very moment: it has to settle
    done = newsroom.command("ingest")
    assert done.returncode == 0, done.stderr.decode()
    told = done.stdout.decode()
    assert "3 published" in told
    assert "town/bad.md" in told
    assert done.stderr == b""
    assert newsroom.status()["files"] == {"accepted": 3, "refused": 1}
    again = newsroom.command("ingest", "--json")
    assert again.returncode == 0
    report = json.loads(again.stdout)
    assert (report["files"], report["read"], report["refused"]) == (4, 0, [])
    assert newsroom.status()["holder"] == ""


def test_ingest_beside_a_service_waits_and_says_who_is_at_it(newsroom: Newsroom, service: Service) -> None:
    done = newsroom.command("ingest", "--patience", "1")
    assert done.returncode == 3
    waiting, gave_up = done.stderr.decode().splitlines()
    pid = str(service.scheduler_pid())
    assert waiting.startswith("waiting for ")
    assert pid in waiting
    assert gave_up.startswith("feedsvc: ")
    assert pid in gave_up
    assert "stop it" in gave_up
    newsroom.drop("town/a.md", markdown("Pier"))
    service.wait_for("Pier")  # the service did not mind


def test_ingest_after_a_killed_service_does_not_wait(newsroom: Newsroom, service: Service) -> None:
    service.kill_all()
    newsroom.write("town/a.md", markdown("Pier"))
    done = newsroom.command("ingest", "--patience", "0")
    assert done.returncode == 0, done.stderr.decode()
    assert "1 published" in done.stdout.decode()


def test_feed_prints_what_is_served(newsroom: Newsroom) -> None:
    for number in range(5):
        newsroom.write(f"town/{number}.md", markdown(f"Boat {number}"))
    assert newsroom.command("ingest").returncode == 0
    service = newsroom.start()
    for name, suffix in zip(("all", "town", "all"), FORMATS, strict=True):
        printed = newsroom.command("feed", name, "--format", suffix)
        assert printed.returncode == 0, printed.stderr.decode()
        assert printed.stdout == service.feed(name, suffix).body
