"""The list of sessions that ended before their time."""

from __future__ import annotations

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
