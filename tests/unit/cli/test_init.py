"""``feedsvc init``: three answers make a newsroom that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc import config
from feedsvc.cli.main import cli
from feedsvc.config import Settings


def run(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(cli, ["init", *arguments], input=answers)


def made(folder: Path) -> Settings:
    return config.load(folder / "config" / "feedsvc.toml", {})


def test_three_answers_make_a_newsroom_that_takes_its_first_article_in(tmp_path: Path) -> None:
    folder = tmp_path / "courier"
    result = run(str(folder), answers='The "Courier"\nhttps://news.example.org/\nTown, World/Europe & Asia, Sport\n')
    assert result.exit_code == 0, result.output
    assert result.output.count("?") == 3
    settings = made(folder)
    assert settings.site.title == 'The "Courier"'
    assert settings.site.base_url == "https://news.example.org"
    assert settings.site.authority.startswith("news.example.org,2")
    assert {path: section.title for path, section in settings.sections.items()} == {
        "town": "Town",
        "world/europe-asia": "Europe & Asia",
        "sport": "Sport",
    }
    assert all((folder / "content" / path).is_dir() for path in settings.sections)
    taken = CliRunner().invoke(cli, ["ingest", "--config", str(folder / "config" / "feedsvc.toml")])
    assert "1 published" in taken.output, taken.output


def test_return_three_times_is_an_answer(tmp_path: Path) -> None:
    result = run(str(tmp_path), answers="\n\n\n")
    assert result.exit_code == 0, result.output
    assert made(tmp_path).site.base_url == "http://127.0.0.1:8000"
    assert list(made(tmp_path).sections) == ["news", "sport", "culture"]


@pytest.mark.parametrize(
    ("address", "port"),
    [("http://127.0.0.1:9123", 9123), ("http://localhost:9123/paper", 9123), ("http://127.0.0.1", 8000),
     ("https://news.example.org:9123", 8000), ("http://news.example.org", 8000)],
)  # fmt: skip
def test_it_listens_where_readers_on_this_machine_look(tmp_path: Path, address: str, port: int) -> None:
    result = run(str(tmp_path), answers=f"\n{address}\n\n")
    assert result.exit_code == 0, result.output
    assert made(tmp_path).server.port == port


def test_a_program_gets_one_object(tmp_path: Path) -> None:
    result = run(str(tmp_path), "--json", answers="\n\n\n")
    told = json.loads(result.stdout)
    assert Path(told["config"]).is_file()
    assert Path(told["article"]).is_file()
    assert (told["title"], told["port"]) == ("The Daily Example", 8000)


def test_what_an_option_answers_is_not_asked(tmp_path: Path) -> None:
    options = ["--title", "Bote", "--base-url", "https://bote.example.org", "--sections", "Stadt"]
    result = run(str(tmp_path), *options, "--timezone", "Europe/Berlin", "--language", "de")
    assert result.exit_code == 0, result.output
    assert "?" not in result.output
    assert made(tmp_path).site.timezone.key == "Europe/Berlin"
    assert made(tmp_path).site.language == "de"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--sections", "Media"], "reserved"),
        (["--sections", " , "], "one section at least"),
        (["--base-url", "news.example.org"], "base_url"),
        (["--timezone", "Mars/Olympus"], "timezone"),
    ],
)
def test_an_answer_that_cannot_be_is_told_and_nothing_is_made(tmp_path: Path, options: list[str], told: str) -> None:
    result = run(str(tmp_path / "new"), *options, answers="\n\n\n")
    assert result.exit_code != 0
    assert told in result.output
    assert not (tmp_path / "new").exists()


def test_a_newsroom_that_is_there_is_left_alone(tmp_path: Path) -> None:
    run(str(tmp_path), answers="\n\n\n")
    article = tmp_path / "content" / "news" / "first-article.md"
    article.write_text("mine")
    again = run(str(tmp_path), answers="\n\n\n")
    assert again.exit_code == 1
    assert "is there already" in again.output
    assert article.read_text() == "mine"
