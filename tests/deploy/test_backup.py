"""The nightly backup: proved to open, the newest kept, and nothing of anybody else removed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from deploy.conftest import DEPLOY
from e2e.newsroom import Newsroom

from feedsvc.store.opening import open_store

OLD = [f"feedsvc-2026-01-{day:02}T031700Z.db" for day in range(1, 6)]


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    newsroom.store.parent.mkdir()
    open_store(f"sqlite:///{newsroom.store}").close()
    (newsroom.root / "backups").mkdir()
    return newsroom


def back_up(room: Newsroom, program: str, keep: int) -> subprocess.CompletedProcess[str]:
    feedsvc = room.root / "feedsvc"
    feedsvc.write_text(
        f'#!/bin/sh\nexport FEEDSVC_CONFIG={room.config}\n{program}\nexec {sys.executable} -m feedsvc "$@"\n'
    )
    feedsvc.chmod(0o755)
    return subprocess.run(
        [str(DEPLOY / "backup.sh"), str(room.root / "backups"), str(keep)],
        env=os.environ | {"FEEDSVC": str(feedsvc)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


# A store that has taken nothing in has no feed to show; the script's own question is answered here instead.
NO_FEED = '[ "$1" = feed ] && exit 0'


def test_the_newest_stay(room: Newsroom) -> None:
    backups = room.root / "backups"
    for name in (*OLD, "feedsvc-notes.txt", "other.db", "feedsvc-2026-01-01T031700Z.db.bad"):
        (backups / name).write_text("")
    done = back_up(room, NO_FEED, 3)
    assert done.returncode == 0, done.stderr
    found = sorted(path.name for path in backups.iterdir())
    assert {"feedsvc-notes.txt", "other.db", "feedsvc-2026-01-01T031700Z.db.bad"} <= set(found)
    ours = [name for name in found if name.startswith("feedsvc-2") and name.endswith(".db")]
    assert ours[:2] == OLD[3:]
    assert len(ours) == 3
    assert (backups / ours[2]).stat().st_size > 0
    assert not list(backups.glob("*-wal"))
    assert f"kept as {backups / ours[2]}" in done.stdout


def test_one_that_does_not_open_takes_no_place(room: Newsroom) -> None:
    backups = room.root / "backups"
    for name in OLD:
        (backups / name).write_text("")
    done = back_up(room, '[ "$1" = feed ] && exit 3', 3)
    assert done.returncode == 1
    assert "does not open" in done.stderr
    assert {path.name for path in backups.iterdir() if path.suffix == ".db"} == set(OLD)
    assert len(list(backups.glob("*.bad"))) == 1
