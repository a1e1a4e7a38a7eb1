"""``feedsvc config``: what is in force, and from where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from feedsvc import config
from feedsvc.cli.main import cli


def test_json_is_one_object_for_each_key(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_FEEDS__LIMIT", "7")
    result = room.run("config", "--json")
    found = {one["key"]: one for one in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 0
    assert all(set(one) == {"key", "value", "origin"} for one in found.values())
    assert set(found) == {setting.key for setting in config.explain(room.config)}
    assert found["site.title"] == {"key": "site.title", "value": "The Harbour Courier", "origin": str(room.config)}
    assert (found["feeds.limit"]["value"], found["feeds.limit"]["origin"]) == ("7", "environment, FEEDSVC_FEEDS__LIMIT")
    assert found["server.port"]["origin"] == "default"
    assert found['sections."harbour".title']["value"] == "Harbour"


def test_people_get_a_line_for_each_key(room: Any) -> None:
    shown = room.run("config").stdout.splitlines()
    assert len(shown) == len(config.explain(room.config))
    (line,) = (line for line in shown if line.startswith("feeds.max_age "))
    assert line.split() == ["feeds.max_age", "60s", "default"]


def test_a_password_is_not_shown(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_STORE__URL", "postgresql://desk:s3cret@db.example.org/news")
    shown = room.run("config").stdout
    assert "s3cret" not in shown
    assert "postgresql://desk:***@db.example.org/news" in shown


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("base_url", "# base_url", "site.base_url is required"),
        ("[sections.harbour]", "[feds]", "did you mean 'feeds'?"),
        ("settle =", "setle =", "did you mean 'settle'?"),
        ("[site]", "[site", "this is not valid TOML"),
        ("Europe/Berlin", "Berlin", "site.timezone = 'Berlin': write the name of a time zone"),
    ],
)
def test_what_is_wrong_is_one_line(room: Any, old: str, new: str, message: str) -> None:
    room.config.write_text(room.config.read_text().replace(old, new))
    result = room.run("config")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_a_config_file_it_says_how_to_name_one(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room.content)
    monkeypatch.delenv("FEEDSVC_CONFIG", raising=False)
    result = CliRunner().invoke(cli, ["config"])
    assert result.exit_code == 2
    assert "--config FILE" in result.stderr
