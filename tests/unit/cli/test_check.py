"""``feedsvc check``: what files would become, in words and as JSON, without touching anything."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feedsvc.cli.main import cli
from feedsvc.model import Article

PDF = b"%PDF-1.7" + b"\0" * 20
TWO = """\
{"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [
 {"id": "urn:wire:1", "title": "First of two", "content_text": "The quay is closed for a week.",
  "date_published": "2026-02-01T08:00:00Z"},
 {"id": "urn:wire:2", "title": "Second of two", "content_text": "The quay is open again.",
  "date_published": "2026-02-09T08:00:00Z"}]}
"""


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


# ---------------------------------------------------------------------- for programs
def test_an_article_has_the_fields_of_article_and_origin_and_notes(room: Any) -> None:
    room.write("harbour/ferry.md")
    result = room.run("check", "--json", str(room.content))
    assert (result.exit_code, result.stderr) == (0, "")
    (article,) = lines(result.stdout)
    assert list(article) == [*(field.name for field in fields(Article)), "origin", "notes"]
    assert article["id"] == "tag:news.example.org,2026:harbour/ferry.md"
    assert article["source"] == "harbour/ferry.md"
    assert article["sections"] == ["harbour"]
    assert article["published"] == article["updated"] == "2026-01-05T10:00:00Z"
    assert (article["precision"], article["pubstatus"]) == ("instant", "usable")
    assert article["authors"] == [{"name": "Ada Quill", "uri": ""}]
    assert article["embargo"] is None
    assert article["notes"] == []


def test_every_field_that_holds_something_says_where_it_came_from(room: Any) -> None:
    room.write("harbour/ferry.md")
    (article,) = lines(room.run("check", "--json", str(room.content)).stdout)
    filled = {name for name in article if article[name] and name not in ("source", "origin", "notes")}
    assert set(article["origin"]) == filled
    assert article["origin"]["id"] == "the path of the file"
    assert article["origin"]["slug"] == "the title"
    assert article["origin"]["sections"] == "folder"
    assert "line 3" in article["origin"]["published"]


def test_a_refused_file_is_its_source_and_the_reason(room: Any) -> None:
    room.write("harbour/quay.pdf", PDF)
    room.write("town/broken.json", '{"title": "Half\n')
    result = room.run("check", "--json", str(room.content))
    assert result.exit_code == 1
    picture, broken = lines(result.stdout)
    assert picture["source"] == "harbour/quay.pdf"
    assert set(picture) == {"source", "refused"}
    reason = "this is no article but a PDF document; save its text, and drop that"
    assert picture["refused"] == {"reason": reason, "line": 0}
    assert broken["refused"]["line"] == 1


def test_a_file_of_two_articles_gives_two_lines(room: Any) -> None:
    room.write("harbour/wire.json", TWO)
    found = lines(room.run("check", "--json", str(room.content)).stdout)
    assert [(one["source"], one["id"]) for one in found] == [
        ("harbour/wire.json", "urn:wire:1"),
        ("harbour/wire.json", "urn:wire:2"),
    ]


def test_the_output_holds_nothing_but_json(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.write("README.md", "How we work\n\nDrop files here, please.\n")
    result = room.run("check", "--json", str(room.content))
    assert result.exit_code == 0
    assert [one["source"] for one in lines(result.stdout)] == ["harbour/ferry.md"]
    assert result.stderr == "feedsvc: files left out by [content] ignore: 1\n"


# ---------------------------------------------------------------------- for people
def test_people_see_every_field_its_origin_and_what_was_guessed(room: Any) -> None:
    room.write("harbour/ferry.txt", "The ferry sails again\n\nIt is back on the water, the council said.\n")
    result = room.run("check", str(room.content))
    assert result.exit_code == 0
    assert result.stdout.startswith("harbour/ferry.txt: an article, shown at once\n")
    assert "\n  title      The ferry sails again  (line 1)\n" in result.stdout
    assert "\n  published  2" in result.stdout
    assert "  (time of pick-up)\n" in result.stdout
    assert "\n  note       no date is given: the time of pick-up is used\n" in result.stdout
    shown = {line.split()[0] for line in result.stdout.splitlines()[1:]}
    empty = result.stdout.split("  empty      ")[1].splitlines()[0].split(", ")
    assert shown - {"address", "empty", "note"} | set(empty) == {field.name for field in fields(Article)} - {"source"}


def test_people_see_why_and_where_a_file_is_refused(room: Any) -> None:
    room.write("a.json", '{"title": "Half\n')
    room.write("b.md")
    room.write("README.md")
    result = room.run("check", str(room.content))
    assert result.exit_code == 1
    assert "a.json, line 1: refused: " in result.stdout
    assert "README.md: left out: its name matches 'README*'" in result.stdout
    assert result.stderr == "articles: 1, refused files: 1, left out: 1\n"


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        ("embargo: 2999-01-01T00:00:00Z", "shown from 2999-01-01 01:00:00 CET"),
        ("expires: 2020-01-01T00:00:00Z", "not shown (expired 2020-01-01 01:00:00 CET)"),
        ("draft: true", "not shown (withheld)"),
        ("tags: [sea, ships]", "shown at once"),
    ],
)
def test_people_see_when_it_would_be_shown(room: Any, line: str, fate: str) -> None:
    room.write("ferry.md", f"---\ntitle: The ferry\ndate: 2020-01-01\n{line}\n---\nIt sails on Mondays only.\n")
    assert f"ferry.md: an article, {fate}\n" in room.run("check", str(room.content)).stdout


def test_a_long_text_is_cut_for_people_and_whole_for_programs(room: Any) -> None:
    room.write("long.md", "---\ntitle: Long\n---\n" + "The tide comes in and goes out. " * 100)
    assert " characters)" in room.run("check", str(room.content)).stdout
    (article,) = lines(room.run("check", "--json", str(room.content)).stdout)
    assert len(article["content"]) > 3000


def test_a_file_cannot_speak_to_the_terminal(room: Any) -> None:
    room.write("x.md", "---\ntitle: 'Red \u202e\u009b31m alert'\n---\nAll is well at the quay today.\n")
    shown = room.run("check", str(room.content)).stdout
    assert "\x9b" not in shown
    assert "\u202e" not in shown


# ---------------------------------------------------------------------- what is looked at
def test_it_touches_nothing(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.write("harbour/quay.pdf", PDF)

    def tree() -> list[tuple[str, int, int]]:
        found = (path for path in room.folder.rglob("*"))
        return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_ctime_ns) for path in found)

    before = tree()
    assert room.run("check", str(room.content)).exit_code == 1
    assert tree() == before


def test_below_the_content_folder_a_file_counts_by_its_path_there(room: Any) -> None:
    room.write("harbour/ships/ferry.md")
    for path in (room.content / "harbour", room.content / "harbour/ships", room.content / "harbour/ships/ferry.md"):
        (article,) = lines(room.run("check", "--json", str(path)).stdout)
        assert (article["source"], article["sections"]) == ("harbour/ships/ferry.md", ["harbour/ships"])


def test_elsewhere_the_folder_that_is_named_is_the_root(room: Any, tmp_path: Path) -> None:
    other = tmp_path / "inbox" / "town" / "ferry.md"
    other.parent.mkdir(parents=True)
    other.write_text("The ferry\n=========\n\nIt sails on Mondays only, the council said.\n")
    (article,) = lines(room.run("check", "--json", str(tmp_path / "inbox")).stdout)
    assert (article["source"], article["sections"]) == ("town/ferry.md", ["town"])
    (article,) = lines(room.run("check", "--json", str(other)).stdout)
    assert (article["source"], article["sections"]) == ("ferry.md", ["news"])


def test_a_name_that_is_left_out_is_refused_when_it_is_asked_for(room: Any) -> None:
    for name in ("README.md", ".hidden.md", "draft.md~"):
        result = room.run("check", "--json", str(room.write(name)))
        assert result.exit_code == 1
        assert lines(result.stdout)[0]["source"] == name


def test_what_is_no_file_is_refused(room: Any) -> None:
    target = room.write("harbour/ferry.md")
    (room.content / "harbour/link.md").symlink_to(target)
    os.mkfifo(room.content / "harbour/pipe.md")
    refused = [one for one in lines(room.run("check", "--json", str(room.content)).stdout) if "refused" in one]
    assert [one["source"] for one in refused] == ["harbour/link.md", "harbour/pipe.md"]


def test_a_path_that_is_not_there_is_wrong_usage(room: Any) -> None:
    result = room.run("check", str(room.content / "nowhere.md"))
    assert (result.exit_code, result.stdout) == (2, "")


# ---------------------------------------------------------------------- without a newsroom
def test_without_a_config_file_a_neutral_one_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEEDSVC_CONFIG", raising=False)
    (tmp_path / "town").mkdir()
    (tmp_path / "town/ferry.txt").write_text("The ferry\n\nIt sails on Mondays only, the council said.\n")
    result = CliRunner().invoke(cli, ["check", "--json", "."])
    assert result.exit_code == 0
    (article,) = lines(result.stdout)
    assert article["id"] == "tag:localhost,2026:town/ferry.txt"
    assert result.stderr.startswith("feedsvc: there is no config file here, so a neutral one is used")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["town"]


def test_a_config_file_that_is_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["check", ".", "--config", "nowhere.toml"]).exit_code == 2
    monkeypatch.setenv("FEEDSVC_CONFIG", "nowhere.toml")
    assert CliRunner().invoke(cli, ["check", "."]).exit_code == 2


def test_an_episode_is_shown_by_its_parts(room: Any) -> None:
    file = room.write("talk.md", "---\ntitle: Talk\nepisode: 5\nguests: Joss Okafor\n---\n\nWords.\n")
    result = room.run("check", str(file))
    assert result.exit_code == 0
    assert "number 5, persons Joss Okafor" in " ".join(result.stdout.split())
