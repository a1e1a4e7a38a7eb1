"""The desk's token: made once, kept in a file, and what is signed with it: links, sessions, forms.

The token itself is in no address, no cookie and no log. Everything that it signs ends with it, on every node that
shares the file. A store is not needed: the desk can be entered while the store is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer

TICKET_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
_LEAST = 32
"""A token of fewer characters was not made by us, and might be guessed."""
_MOST_BYTES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who has signed in. *id* is random and tells one sign-in from another."""

    id: str
    until: datetime


class Token:
    """The secret of the desk, and what is signed with it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def is_(self, given: str) -> bool:
        """Whether *given* is the token; it takes as long for every wrong one."""
        return hmac.compare_digest(_digest(self._secret), _digest(given))

    def ticket(self, now: datetime) -> str:
        """What a link carries in the place of the token: it signs in for a quarter of an hour."""
        return self._sign("ticket", secrets.token_urlsafe(8), now + TICKET_LASTS)

    def admits(self, ticket: str, now: datetime) -> bool:
        """Whether *ticket* still signs in at *now*."""
        return self._read("ticket", ticket, now) is not None

    def begin(self, now: datetime) -> tuple[Session, str]:
        """A new session, and what its cookie holds."""
        session = Session(id=secrets.token_hex(8), until=now + SESSION_LASTS)
        return session, self._sign("session", session.id, session.until)

    def session(self, cookie: str, now: datetime) -> Session | None:
        """The session of *cookie*; None if it is over, or not of this token."""
        return self._read("session", cookie, now)

    def form_key(self, session: Session) -> str:
        """What every form of *session* carries, and no other site can know."""
        return hmac.new(self._secret.encode(), f"form {session.id}".encode(), hashlib.sha256).hexdigest()[:32]

    def _sign(self, use: str, name: str, until: datetime) -> str:
        signed = self._signer(use).dumps([name, int(until.timestamp())])
        return signed if isinstance(signed, str) else signed.decode()

    def _read(self, use: str, text: str, now: datetime) -> Session | None:
        try:
            name, until = self._signer(use).loads(text)
            ends = datetime.fromtimestamp(until, now.tzinfo)
        except (BadData, TypeError, ValueError, OverflowError, OSError):
            return None
        return Session(id=str(name), until=ends) if now < ends else None

    def _signer(self, use: str) -> URLSafeSerializer:
        options: dict[str, object] = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self._secret, salt=f"feedsvc desk {use}", signer_kwargs=options)


class TokenFile:
    """The token in the file at *path*, read anew whenever the file is another one. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[tuple[int, ...], Token | None] | None = None

    def token(self) -> Token | None:
        """The token that is in force; None where there is none, and the desk is closed."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        mark = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        known = self._known
        if known is None or known[0] != mark:
            known = self._known = (mark, read(self._path))
        return known[1]


def read(path: Path) -> Token | None:
    """The token in the file at *path*; None where there is no file, or none of ours in it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            secret = file.read(_MOST_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Token(secret) if len(secret) >= _LEAST else None


def ensure(path: Path) -> bool:
    """Make the file with a new token if there is none; whether one was made. Raises OSError."""
    if path.exists():
        return False
    made = _written(path)
    try:
        os.link(made, path)  # of several that start together one makes it, whole
    except FileExistsError:
        return False
    finally:
        made.unlink()
    return True


def rotate(path: Path) -> None:
    """Put a new token in the place of the old one: all sessions and links end. Raises OSError."""
    _written(path).replace(path)


def link(base_url: str, token: Token, now: datetime) -> str:
    """The address that signs in to the desk below *base_url*."""
    return f"{base_url}/desk?ticket={token.ticket(now)}"


def _written(path: Path) -> Path:
    """A file beside *path* with a new token, which its owner alone may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.token_urlsafe(32)}\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
