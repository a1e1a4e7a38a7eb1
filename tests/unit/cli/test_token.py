"""``feedsvc token``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli.main import cli
from feedsvc.clock import utc_now
from feedsvc.web.desk import tokens
from feedsvc.web.desk.ended import Ended


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feedsvc.toml"
    site = 'base_url = "https://news.example.org"\ntitle = "The Gannet"\nauthority = "news.example.org,2026"\n'
    path.write_text(f"[site]\n{site}")
    return path


def token(config: Path, *options: str) -> str:
    done = CliRunner().invoke(cli, ["token", "--config", str(config), *options])
    assert done.exit_code == 0, done.output
    return done.output.strip()


def test_the_link_signs_in_for_a_while_and_does_not_hold_the_token(config: Path) -> None:
    link = token(config)
    base, _, ticket = link.partition("?ticket=")
    assert base == "https://news.example.org/desk"
    made = tokens.read(config.parent / "var" / "desk-token")
    assert made is not None
    assert made.admits(ticket, utc_now())
    assert not made.admits(ticket, utc_now() + timedelta(minutes=16))
    secret = token(config, "--show")
    assert made.is_(secret)
    assert secret not in link


def test_a_new_token_ends_the_links_of_the_old_one(config: Path) -> None:
    ticket = token(config).partition("?ticket=")[2]
    old = token(config, "--show")
    assert token(config, "--rotate", "--show") != old
    made = tokens.read(config.parent / "var" / "desk-token")
    assert made is not None
    assert not made.admits(ticket, utc_now())


def test_a_file_without_a_token_is_told(config: Path) -> None:
    (config.parent / "var").mkdir()
    (config.parent / "var" / "desk-token").write_text("short")
    done = CliRunner().invoke(cli, ["token", "--config", str(config)])
    assert done.exit_code == 1
    assert "--rotate" in done.output


def test_one_session_is_ended(config: Path) -> None:
    token(config)
    made = tokens.read(config.parent / "var" / "desk-token")
    assert made is not None
    one, other = (made.begin(utc_now())[0] for _ in range(2))
    assert token(config, "--end", one.id) == f"ended: {one.id}"
    ended = Ended(config.parent / "var" / "desk-token")
    assert one.id in ended
    assert other.id not in ended
    token(config, "--end", other.id, "--json")
    assert other.id in ended
    done = CliRunner().invoke(cli, ["token", "--config", str(config), "--end", "../x\n"])
    assert done.exit_code == 1
    assert "is no session; the log names each" in done.output
