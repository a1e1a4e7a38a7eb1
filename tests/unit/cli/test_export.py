"""``feedsvc export``: what it says, and how it ends."""

from __future__ import annotations

import json

from unit.cli.conftest import Newsroom


def test_it_tells_what_it_did(room: Newsroom) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    site = room.folder / "site"
    done = room.run("export", str(site))
    assert done.exit_code == 0, done.output
    assert f"exported to {site}: " in done.output
    assert "nginx -s reload" in done.output
    assert (site / "feeds" / "harbour.rss").exists()
    assert b"The ferry sails again" in (site / "index.html").read_bytes()
    again = room.run("export", str(site), "--json")
    told = json.loads(again.output)
    assert (told["written"], told["full"], told["reload"], told["failed"]) == (0, False, False, [])


def test_a_folder_of_somebody_else(room: Newsroom) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    done = room.run("export", str(room.folder))
    assert done.exit_code == 1
    assert "is not empty, and no export made it" in done.output


def test_no_store_is_made(room: Newsroom) -> None:
    done = room.run("export", str(room.folder / "site"))
    assert done.exit_code == 3
    assert "there is no store" in done.output
