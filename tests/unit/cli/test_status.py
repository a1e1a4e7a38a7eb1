"""``feedsvc status``: everything, and one file by any of its paths."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc.clock import utc_now
from feedsvc.ingest import holder
from feedsvc.store.base import INGEST

PDF = b"%PDF-1.7" + b"\0" * 20
LATER = "---\ntitle: Tomorrow's tide\nembargo: 2999-01-01T00:00:00Z\n---\nThe tide table for the first of January.\n"


def overview(room: Any) -> dict[str, Any]:
    result = room.run("status", "--json")
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_it_tells_what_was_published_what_waits_and_what_was_refused(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.write("harbour/tide.md", LATER)
    room.write("harbour/broken.json", '{"title": "Half\n')
    room.take_in()
    found = overview(room)
    assert found["files"] == {"accepted": 2, "refused": 1}
    assert [one["title"] for one in found["newest"]] == ["The ferry sails again"]
    (scheduled,) = found["scheduled"]
    assert (scheduled["source"], scheduled["until"]) == ("harbour/tide.md", "2999-01-01T00:00:00Z")
    (refused,) = found["troubles"]
    assert (refused["source"], refused["state"], refused["line"]) == ("harbour/broken.json", "refused", 1)
    assert found["last_pass"]["finished"].endswith("Z")

    shown = room.run("status").stdout
    assert "files        2 accepted, 1 refused\n" in shown
    assert "sections     harbour 1\n" in shown
    assert "scheduled    harbour/tide.md: Tomorrow's tide, until 2999-01-01 01:00:00 CET\n" in shown
    assert "refused      harbour/broken.json, line 1: " in shown
    assert "published    2026-01-05 11:00:00 CET  The ferry sails again  (harbour/ferry.md)\n" in shown


def test_before_the_first_pass(room: Any) -> None:
    with room.store():
        pass
    assert overview(room)["last_pass"] is None
    assert "none yet: start the service, or run `feedsvc ingest`" in room.run("status").stdout


def test_it_makes_no_store_in_the_place_of_a_lost_one(room: Any) -> None:
    room.take_in()
    path = Path(room.settings.store.url.removeprefix("sqlite:///"))
    path.unlink()
    result = room.run("status")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "put it back or restore a backup" in result.stderr
    assert not path.exists()


def test_many_troubles_are_counted(room: Any) -> None:
    for number in range(55):
        room.write(f"harbour/brochure-{number}.pdf", PDF)
    room.take_in()
    assert len(overview(room)["troubles"]) == 55
    shown = room.run("status").stdout
    assert shown.count("refused      harbour/brochure-") == 50
    assert "5 more files want a look" in shown


def test_a_held_deletion_says_what_to_do(room: Any) -> None:
    with room.store() as store:
        paths = [f"harbour/{number}.md" for number in range(12)]
        store.hold("missing", {"reason": "12 of 20 files are missing", "paths": paths}, now=utc_now())
    held = overview(room)["holds"]["missing"]
    assert (held["files"], len(held["paths"]), held["accepted"]) == (12, 12, None)
    shown = room.run("status").stdout
    assert "HELD         12 of 20 files are missing, since " in shown
    assert "`feedsvc accept missing`" in shown
    assert "harbour/9.md" in shown
    assert "… and 2 more" in shown
    assert room.run("accept").exit_code == 0
    assert "accepted; done at the next pass" in room.run("status").stdout


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "taken in by  nobody now\n"),
        ("elsewhere/boot/77/1", "taken in by  process 77 on elsewhere\n"),
        ("a name of another shape", "taken in by  a name of another shape\n"),
    ],
)
def test_who_takes_files_in(room: Any, name: str, shown: str) -> None:
    with room.store() as store:
        if name:
            assert store.lease(INGEST, name, ttl=timedelta(minutes=1))
    assert shown in room.run("status").stdout


def test_a_dead_process_takes_nothing_in(room: Any) -> None:
    here = holder.this_process().split("/")
    with room.store() as store:
        assert store.lease(INGEST, "/".join([*here[:3], "0"]), ttl=timedelta(minutes=1))
    assert f"nobody now (process {here[2]} on {here[0]} has ended)" in room.run("status").stdout


# ---------------------------------------------------------------------- one file
def test_a_file_by_any_of_its_paths(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = room.write("harbour/ferry.md")
    room.take_in()
    typed = [("harbour/ferry.md", room.folder), (str(path), room.folder), ("content/harbour/ferry.md", room.folder),
             ("./ferry.md", room.content / "harbour"), ("../harbour/ferry.md", room.content / "harbour")]  # fmt: skip
    for name, folder in typed:
        monkeypatch.chdir(folder)
        result = room.run("status", name, "--json")
        assert result.exit_code == 0, name
        assert json.loads(result.stdout)["source"] == "harbour/ferry.md"


def test_the_receipt_of_an_article(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    shown = dict(line.split(maxsplit=1) for line in room.run("status", "harbour/ferry.md").stdout.splitlines())
    assert shown["state"] == "accepted"
    assert shown["article"] == "The ferry sails again"
    assert shown["is"] == "public"
    assert shown["id"] == "tag:news.example.org,2026:harbour/ferry.md"
    assert shown["address"].startswith("https://news.example.org/articles/2026/01/05/the-ferry-sails-again-")
    assert shown["published"] == "2026-01-05 11:00:00 CET"


def test_the_receipt_of_a_refused_file(room: Any) -> None:
    room.write("harbour/broken.json", '{"title": "Half\n')
    room.take_in()
    shown = room.run("status", "harbour/broken.json").stdout
    assert "state       refused\n" in shown
    assert "became      refused: The JSON is broken" in shown
    assert "line        1\n" in shown
    assert "why " not in shown  # it is said already
    assert "to do       correct the file and save it again" in shown


def test_the_receipt_of_a_scheduled_article(room: Any) -> None:
    room.write("harbour/tide.md", LATER)
    room.take_in()
    shown = room.run("status", "harbour/tide.md").stdout
    assert "scheduled until 2999-01-01 01:00:00 CET\n" in shown
    assert "address" not in shown


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("harbour/nowhere.md", "no such file was ever below"),
        ("harbour/new.md", "has not been taken in yet"),
        ("harbour/.hidden.md", "is never read"),
        ("harbour", "is a folder; name a file"),
    ],
)
def test_why_nothing_is_known_of_a_file(room: Any, name: str, message: str) -> None:
    room.take_in()
    room.write("harbour/new.md")
    room.write("harbour/.hidden.md")
    result = room.run("status", name, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
