"""``feedsvc export``: what it says, and how it ends."""

from __future__ import annotations

import json

from unit.cli.conftest import FERRY, Newsroom


def test_it_tells_what_it_did(newsroom: Newsroom) -> None:
    newsroom.drop("harbour/ferry.md", FERRY)
    newsroom.ingest()
    site = newsroom.folder / "site"
    done = newsroom.run("export", str(site))
    assert done.exit_code == 0, done.output
    assert f"exported to {site}: " in done.output
    assert "nginx -s reload" in done.output
    assert (site / "feeds" / "harbour.rss").exists()
    assert b"The ferry sails again" in (site / "index.html").read_bytes()
    again = newsroom.run("export", str(site), "--json")
    told = json.loads(again.output)
    assert (told["written"], told["full"], told["reload"], told["failed"]) == (0, False, False, [])


def test_a_folder_of_somebody_else(newsroom: Newsroom) -> None:
    newsroom.drop("harbour/ferry.md", FERRY)
    newsroom.ingest()
    done = newsroom.run("export", str(newsroom.folder))
    assert done.exit_code == 1
    assert "is not empty, and no export made it" in done.output


def test_no_store_is_made(newsroom: Newsroom) -> None:
    done = newsroom.run("export", str(newsroom.folder / "site"))
    assert done.exit_code == 3
    assert "there is no store" in done.output
