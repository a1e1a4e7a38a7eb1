"""``feedsvc takedown``, ``restore``, ``accept`` and ``history``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feedsvc.clock import utc_now

FERRY = "tag:news.example.org,2026:harbour/ferry.md"
TWO = """\
{"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [
 {"id": "urn:wire:1", "title": "First of two", "content_text": "The quay is closed for a week."},
 {"id": "urn:wire:2", "title": "Second of two", "content_text": "The quay is open again."}]}
"""


@pytest.fixture
def names(room: Any) -> list[str]:
    """The names of one article that is in: id, file, address."""
    room.write("harbour/ferry.md")
    room.take_in()
    with room.store() as store:
        stored = store.get(FERRY)
    return [FERRY, "harbour/ferry.md", f"https://news.example.org{stored.path}", stored.path]


def test_a_takedown_by_any_name_and_its_end(room: Any, names: list[str]) -> None:
    for name in names:
        result = room.run("takedown", name, "--reason", "a court order")
        assert (result.exit_code, result.stdout) == (0, f"taken down: {FERRY}\n")
        assert "The ferry sails again" not in room.run("feed", "all").stdout
        assert "taken down: a court order" in room.run("status", "harbour/ferry.md").stdout
        room.take_in()
        assert "The ferry sails again" not in room.run("feed", "all").stdout

        assert room.run("restore", name).exit_code == 0
        room.take_in()
        assert "The ferry sails again" in room.run("feed", "all").stdout


def test_a_restore_without_a_takedown(room: Any, names: list[str]) -> None:
    result = room.run("restore", names[0])
    assert result.exit_code == 1
    assert result.stderr == f"feedsvc: no takedown is in force for {FERRY}\n"


def test_a_takedown_of_what_is_not_there(room: Any, names: list[str]) -> None:
    result = room.run("takedown", "harbour/ship.md", "--reason", "x")
    assert result.exit_code == 1
    assert "there is no article 'harbour/ship.md'" in result.stderr
    assert "published: It is public." in room.run("status", names[1]).stdout


def test_a_file_of_several_articles_is_not_enough(room: Any) -> None:
    room.write("harbour/wire.json", TWO)
    room.take_in()
    result = room.run("takedown", "harbour/wire.json", "--reason", "x")
    assert result.exit_code == 1
    assert "holds 2 articles; give the id of one" in result.stderr
    assert "urn:wire:1" in result.stderr
    assert "urn:wire:2" in result.stderr


def test_accept(room: Any) -> None:
    with room.store() as store:
        store.hold("missing", {"reason": "12 of 20 files are missing", "paths": []}, now=utc_now())
    result = room.run("accept")
    assert (result.exit_code, result.stdout) == (
        0, "accepted: 12 of 20 files are missing; it is done at the next pass\n"
    )  # fmt: skip
    with room.store() as store:
        assert store.holds()["missing"]["accepted"] is not None


def test_nothing_to_accept(room: Any) -> None:
    room.take_in()
    result = room.run("accept", "missing")
    assert result.exit_code == 1
    assert result.stderr == "feedsvc: nothing waits under 'missing'; `feedsvc status` shows what does\n"


@pytest.mark.parametrize("order", [("takedown", "x", "--reason", "x"), ("restore", "x"), ("accept",), ("history",)])
def test_an_order_makes_no_store(room: Any, order: tuple[str, ...]) -> None:
    assert room.run(*order).exit_code == 3
    assert not (room.folder / "var").exists()


# ---------------------------------------------------------------------- history
def test_the_life_of_an_article_the_newest_first(room: Any, names: list[str]) -> None:
    room.run("takedown", names[0], "--reason", "a court order")
    room.run("restore", names[0])
    for name in names:
        events = [json.loads(line) for line in room.run("history", name, "--json").stdout.splitlines()]
        assert [event["kind"] for event in events] == ["takedown lifted", "killed", "published"]
        assert {event["id"] for event in events} == {FERRY}
        assert events[1]["detail"] == "a court order"
        assert all(set(event) == {"at", "kind", "id", "detail"} for event in events)


def test_what_happened_last(room: Any, names: list[str]) -> None:
    room.write("town/wall.md", "---\ntitle: The wall\n---\nIt will be mended by the summer.\n")
    room.take_in()
    shown = room.run("history").stdout.splitlines()
    assert [line.split()[-1] for line in shown] == ["town/wall.md", "harbour/ferry.md"]
    assert [line.split()[-1] for line in room.run("history", "--limit", "1").stdout.splitlines()] == ["town/wall.md"]


def test_the_history_of_a_file_that_gave_nothing(room: Any) -> None:
    room.write("harbour/quay.pdf", b"%PDF-1.7")
    room.take_in()
    result = room.run("history", "harbour/quay.pdf")
    assert result.exit_code == 1
    assert "gave no article: refused, this is no article but a PDF document" in result.stderr


def test_the_history_of_what_is_not_known(room: Any) -> None:
    room.take_in()
    result = room.run("history", "nowhere.md")
    assert result.exit_code == 1
    assert "nothing is known of nowhere.md" in result.stderr
