"""The bell of a board: who listens is woken by whoever rings in the same folder, and by nobody else."""

from __future__ import annotations

import threading
from pathlib import Path

from feedsvc.board import Board


def test_whoever_rings_is_heard_by_all_who_listen(tmp_path: Path) -> None:
    heard = [threading.Event(), threading.Event()]
    for one in heard:
        Board(tmp_path).listen(one.set)
    for _ in range(2):
        Board(tmp_path).ring()
        for one in heard:
            assert one.wait(30)
            one.clear()


def test_nobody_need_listen(tmp_path: Path) -> None:
    Board(tmp_path).ring()
    (tmp_path / "4000000-gone.bell").write_bytes(b"")  # of one that ended
    Board(tmp_path).ring()
    Board().ring()
    Board().listen(lambda: None)
    Board(tmp_path / "missing").listen(lambda: None)
    Board(tmp_path / "missing").ring()
    assert not Board(tmp_path).all().numbers
