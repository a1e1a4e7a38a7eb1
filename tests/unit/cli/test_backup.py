"""``feedsvc backup``."""

from __future__ import annotations

import json
import sqlite3
from typing import Any


def test_a_backup_and_back_again(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    feed, store = room.run("feed", "all").stdout, room.folder / "var" / "feedsvc.db"
    copy = room.folder / "copy.db"
    result = room.run("backup", str(copy))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"backed up to {copy}: {copy.stat().st_size:,} bytes in ")
    room.write("harbour/later.md", "Later\n\nThis came after the backup.\n")
    room.take_in()
    assert room.run("feed", "all").stdout != feed
    for path in store.parent.glob("feedsvc.db*"):
        path.unlink()
    store.write_bytes(copy.read_bytes())
    assert room.run("feed", "all").stdout == feed


def test_it_refuses_what_would_be_lost(room: Any) -> None:
    room.write("harbour/ferry.md")
    room.take_in()
    copy = room.folder / "copy.db"
    copy.write_text("precious")
    result = room.run("backup", str(copy))
    assert (result.exit_code, copy.read_text()) == (3, "precious")
    assert result.stderr == (
        f"feedsvc: {copy} is there already; name another file, or let it be replaced with --force\n"
    )
    result = room.run("backup", str(copy), "--force", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["file"], told["bytes"]) == (str(copy), copy.stat().st_size)
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    connection.close()


def test_no_store_is_made_to_be_backed_up(room: Any) -> None:
    result = room.run("backup", str(room.folder / "copy.db"))
    assert result.exit_code == 3
    assert "there is no store at" in result.stderr
    assert not (room.folder / "var").exists()
    assert not (room.folder / "copy.db").exists()
