"""``feedsvc store copy``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import postgres
import pytest
from click.testing import CliRunner, Result

from feedsvc.cli.main import cli
from feedsvc.ingest import holder
from feedsvc.ingest.onepass import LEASE_TTL
from feedsvc.store.base import INGEST


def copy(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["store", "copy", *arguments])


def test_a_copy_serves_the_same(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    feed = room.run("feed", "all").stdout
    monkeypatch.chdir(room.folder)
    result = copy("sqlite:///var/feedsvc.db", "sqlite:///moved/store.db")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("copied in ")
    assert "1 articles" in result.stdout
    room.config.write_text(room.config.read_text() + '\n[store]\nurl = "sqlite:///moved/store.db"\n')
    assert room.run("feed", "all").stdout == feed
    again = copy("sqlite:///var/feedsvc.db", "sqlite:///again.db", "--json")
    assert json.loads(again.stdout)["rows"]["articles"] == 1


def test_it_refuses_what_would_lose_something(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    url, target = room.settings.store.url, f"sqlite:///{room.folder}/target.db"
    with room.store() as store:
        lease = store.lease(INGEST, holder.this_process() + "/other", ttl=LEASE_TTL)
    result = copy(url, target)
    assert result.exit_code == 3
    assert "takes files in; stop it first" in result.stderr
    assert not Path(target.removeprefix("sqlite:///")).exists()
    with room.store() as store:
        store.release(lease)
    same = copy(url, url)
    assert (same.exit_code, same.stderr) == (3, "feedsvc: FROM and TO are the same store\n")
    assert copy(url, target).exit_code == 0
    assert "the target is not empty" in copy(url, target).stderr
    missing = copy(f"sqlite:///{room.folder}/none.db", f"sqlite:///{room.folder}/new.db")
    assert missing.exit_code == 3
    assert "there is no store at" in missing.stderr
    assert not (room.folder / "none.db").exists()
    with room.store() as store:
        assert store.lease_holder(INGEST) == "", "it is given back"


@pytest.mark.skipif(bool(postgres.lacking()), reason=postgres.lacking() or "-")
def test_the_commands_on_postgresql(room: Any) -> None:
    url = postgres.shared().url(postgres.shared().database())
    room.write("harbour/ferry.md")
    room.take_in()
    feed = room.run("feed", "all").stdout
    assert copy(room.settings.store.url, url).exit_code == 0
    room.config.write_text(room.config.read_text() + f'\n[store]\nurl = "{url}"\n')
    assert room.run("feed", "all").stdout == feed
    room.take_in()
    assert room.run("feed", "all").stdout == feed
    assert json.loads(room.run("status", "--json").stdout)["files"] == {"accepted": 1}
    assert "published" in room.run("history").stdout
    backup = room.run("backup", str(room.folder / "copy.db"))
    assert backup.exit_code == 3
    assert "pg_dump" in backup.stderr
    assert room.run("takedown", str(room.content / "harbour" / "ferry.md"), "--reason", "order").exit_code == 0
    assert room.run("validate").exit_code == 0
