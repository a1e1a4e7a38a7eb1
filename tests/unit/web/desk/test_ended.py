"""The list of sessions that ended before their time."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON

from feedsvc.web.desk.ended import Ended


def test_nothing_has_ended_where_there_is_no_file(tmp_path: Path) -> None:
    assert "aa" not in Ended(tmp_path / "token")


def test_it_is_private_and_what_is_no_line_of_it_is_passed_over(tmp_path: Path) -> None:
    ended = Ended(tmp_path / "token")
    ended.add("aa", NOON)
    path = tmp_path / "token.ended"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"\xff\xfe nonsense\n12\nx y\n" + path.read_bytes())
    assert "aa" in ended
    assert "y" not in ended


def test_another_worker_learns_of_it(tmp_path: Path) -> None:
    one, other = Ended(tmp_path / "token"), Ended(tmp_path / "token")
    one.add("aa", NOON)
    assert "aa" in other
    one.add("bb", NOON)
    assert "bb" in other


def test_sessions_whose_time_is_over_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.web.desk.ended._ROOM", 40)
    ended = Ended(tmp_path / "token")
    ended.add("old", NOON)
    ended.add("new", NOON + timedelta(hours=11))
    ended.add("newest", NOON + timedelta(hours=13))
    assert "old" not in ended
    assert "new" in ended
    assert "newest" in ended
    assert [path.name for path in tmp_path.iterdir()] == ["token.ended"]


@pytest.mark.parametrize("left", [b"1700000000 half-a-li", b"9" * 5000 + b" aa\n", b"x" * 3 * 2**20])
def test_one_that_ends_after_the_file_was_damaged_is_over(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "token.ended").write_bytes(left)
    ended = Ended(tmp_path / "token")
    ended.add("aa", NOON)
    assert "aa" in ended
    assert "bb" not in ended


def test_where_it_cannot_be_read_nothing_is_said_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "token.ended").mkdir()
    with pytest.raises(OSError, match="directory"):
        assert "aa" in Ended(tmp_path / "token")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_whoever_ends_a_session_the_service_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").touch()
    os.chown(tmp_path / "token", 10001, 10002)
    ended = Ended(tmp_path / "token")
    for room in (64 * 2**10, 0):
        monkeypatch.setattr("feedsvc.web.desk.ended._ROOM", room)
        ended.add("aa", NOON)
        found = (tmp_path / "token.ended").stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (10001, 10002, 0o600)
