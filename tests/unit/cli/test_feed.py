"""``feedsvc feed``: the bytes that readers get, and nothing else."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest

from feedsvc.clock import utc_now
from feedsvc.publish.cache import DocumentCache


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_it_prints_what_is_served(room: Any, suffix: str) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    result = room.run("feed", "harbour", "--format", suffix)
    assert (result.exit_code, result.stderr) == (0, "")
    with room.store() as store:
        served = DocumentCache(store, room.settings, utc_now).get("harbour", suffix)
    assert served is not None
    assert result.stdout_bytes == served.body()


def test_a_process_prints_the_feed_alone(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    done = room.process("feed", "all", "--config", str(room.config))
    assert (done.returncode, done.stderr) == (0, "")
    parsed = feedparser.parse(done.stdout)
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == ["The ferry sails again"]


@pytest.mark.parametrize("typed", ["harbour", "Harbour", "/harbour/", "all"])
def test_a_section_is_found_however_it_is_typed(room: Any, typed: str) -> None:
    room.take_in()
    assert room.run("feed", typed).exit_code == 0


def test_an_unknown_section_names_the_nearest(room: Any) -> None:
    room.take_in()
    result = room.run("feed", "harbor")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "feedsvc: there is no feed 'harbor'; did you mean harbour?\n"
    assert "there are: all, harbour" in room.run("feed", "xyz").stderr


def test_an_unknown_format_is_wrong_usage(room: Any) -> None:
    room.take_in()
    result = room.run("feed", "all", "--format", "pdf")
    assert result.exit_code == 2
    assert "there is no format 'pdf'; there are rss, atom, json" in result.stderr


def test_it_makes_no_store(room: Any) -> None:
    result = room.run("feed", "all")
    assert result.exit_code == 3
    assert not (room.folder / "var").exists()


def test_before_the_first_pass_it_says_what_to_do(room: Any) -> None:
    with room.store():
        pass
    result = room.run("feed", "all")
    assert result.exit_code == 1
    assert "`feedsvc ingest`" in result.stderr


@pytest.mark.parametrize("typed", ["tags/ships-boats", "Tags/Ships & boats", "authors/Ada Quay"])
def test_a_tag_and_an_author_are_found_too(room: Any, typed: str) -> None:
    room.write("harbour/ferry.md", "---\ntitle: The ferry\nauthor: Ada Quay\ntags: [Ships & boats]\n---\n\nIt sails.\n")
    room.take_in()
    result = room.run("feed", typed)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "The ferry" in result.stdout
