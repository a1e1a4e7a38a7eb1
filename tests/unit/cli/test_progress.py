"""How far work is: shown on a terminal, and nothing elsewhere."""

from __future__ import annotations

import os
import pty
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

import click
import pytest

from feedsvc.cli import progress
from feedsvc.store.sqlitecopy import copy_store


def _all_written_to(terminal: int) -> str:
    """What was written to the other end of *terminal*, which is closed: it comes in pieces, and ends with an error."""
    pieces = []
    with suppress(OSError):
        while piece := os.read(terminal, 100_000):
            pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces).decode()


def test_nobody_looks_at_a_pipe_or_asks_for_json(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        with progress.bar("reading", quiet=quiet) as step, progress.bars(quiet=quiet) as tell:
            assert step is None
            assert tell is None
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_how_far_it_is_and_a_pipe_beside_it_the_results(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, its = pty.openpty()
    with closing(os.fdopen(its, "w")) as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.bar("reading", quiet=False) as step:
            assert step is not None
            click.echo("a result")
            step(3, 4)
    seen = _all_written_to(ours)
    assert "reading" in seen
    assert "3/4" in seen
    assert capsys.readouterr().out == "a result\n"


def test_a_backup_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as store:
        store.execute("CREATE TABLE alembic_version (version_num TEXT)")
        copy_store(
            store, tmp_path / "store.db", tmp_path / "copy.db", progress=lambda done, of: told.append((done, of))
        )
    assert told[-1][0] == told[-1][1] > 0
