"""The token in its file, and what is signed with it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.web.desk import tokens
from feedsvc.web.desk.tokens import SESSION_LASTS, TICKET_LASTS, Token, TokenFile

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECRET = "x" * 43


def test_the_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "desk-token"
    assert tokens.ensure(path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text()
    assert not tokens.ensure(path)
    assert path.read_text() == before
    assert [file.name for file in path.parent.iterdir()] == ["desk-token"]


def test_of_many_that_start_together_one_makes_it(tmp_path: Path) -> None:
    path, made = tmp_path / "token", list[bool]()
    threads = [threading.Thread(target=lambda: made.append(tokens.ensure(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made.count(True) == 1
    assert tokens.read(path) is not None


def test_a_rotated_token_is_another_and_seen_at_once(tmp_path: Path) -> None:
    path = tmp_path / "token"
    tokens.ensure(path)
    file, secret = TokenFile(path), path.read_text().strip()
    first = file.token()
    assert first is not None
    assert first.is_(secret)
    tokens.rotate(path)
    second = file.token()
    assert second is not None
    assert not second.is_(secret)
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    assert file.token() is None


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 60, b"  \n"])
def test_what_is_no_token_of_ours_opens_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    assert tokens.read(tmp_path / "token") is None
    assert tokens.read(tmp_path) is None


def test_a_session_ends_by_the_clock_and_with_its_token() -> None:
    session, cookie = Token(SECRET).begin(NOW)
    assert Token(SECRET).session(cookie, NOW) == session
    assert Token(SECRET).session(cookie, NOW + SESSION_LASTS - timedelta(seconds=1)) == session
    assert Token(SECRET).session(cookie, NOW + SESSION_LASTS) is None
    assert Token("y" * 43).session(cookie, NOW) is None


def test_a_ticket_is_no_session_and_a_session_no_ticket() -> None:
    token = Token(SECRET)
    ticket, (session, cookie) = token.ticket(NOW), token.begin(NOW)
    assert token.admits(ticket, NOW)
    assert not token.admits(ticket, NOW + TICKET_LASTS)
    assert token.session(ticket, NOW) is None
    assert not token.admits(cookie, NOW)
    assert token.form_key(session) not in cookie
    assert SECRET not in ticket + cookie


@pytest.mark.parametrize("text", ["", "x", "a.b", "W10.x", "é", "W1siYSIsMV0.", "." * 500])
def test_nothing_else_is_a_session(text: str) -> None:
    assert Token(SECRET).session(text, NOW) is None
    assert not Token(SECRET).admits(text, NOW)


def test_a_changed_cookie_is_none() -> None:
    _, cookie = Token(SECRET).begin(NOW)
    for at in range(len(cookie) - 1):  # of the last character some bits mean nothing
        changed = cookie[:at] + ("A" if cookie[at] != "A" else "B") + cookie[at + 1 :]
        assert Token(SECRET).session(changed, NOW) is None, at
