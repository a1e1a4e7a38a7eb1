"""Sessions that ended before their time: in a file beside the token, so that every worker and node that has the token
knows of them, and no store is needed.
"""

from __future__ import annotations

import contextlib
import os
import re
from datetime import datetime
from pathlib import Path

from feedsvc.web.desk.tokens import SESSION_LASTS

_ROOM = 64 * 2**10
"""From so many bytes on those whose time is over are dropped."""
_MOST_BYTES = 2**20
_LINE = re.compile(rb"^(\d{1,12}) ([\w-]{1,64})$", re.MULTILINE)


class Ended:
    """The sessions that were ended one by one. Thread-safe; *path* is the token's."""

    def __init__(self, path: Path) -> None:
        self._token = path
        self._path = path.with_name(f"{path.name}.ended")
        self._known: tuple[tuple[int, ...], frozenset[str]] | None = None

    def add(self, session_id: str, now: datetime) -> None:
        """End the session for good. Raises OSError where the file cannot be written."""
        until = int((now + SESSION_LASTS).timestamp())  # no session that there is lasts longer
        with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
            file.write(f"\n{until} {session_id}\n")  # whatever a full disk left of the line before
            size = file.tell()
        self._hand_over(self._path)
        if size > _ROOM:
            self._sweep(now)

    def __contains__(self, session_id: str) -> bool:
        """Whether the session was ended. Raises OSError where that cannot be read."""
        try:
            found = self._path.stat()
        except FileNotFoundError:  # nobody ended one
            return False
        mark = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        known = self._known
        if known is None or known[0] != mark:
            known = self._known = (mark, frozenset(name for _, name in self._lines()))
        return session_id in known[1]

    def _sweep(self, now: datetime) -> None:
        kept = [f"{until} {name}\n" for until, name in self._lines() if until > now.timestamp()]
        made = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        made.touch(0o600)
        made.write_text("".join(kept))
        self._hand_over(made)
        made.replace(self._path)

    def _hand_over(self, path: Path) -> None:
        """Give the file at *path* to whom the token belongs: an operator may end sessions as another user, as root."""
        with contextlib.suppress(OSError):
            owner, found = self._token.stat(), path.stat()
            if (found.st_uid, found.st_gid) != (owner.st_uid, owner.st_gid):
                os.chown(path, owner.st_uid, owner.st_gid)

    def _lines(self) -> list[tuple[int, str]]:
        """The sessions with their ends; what is no such line is passed over."""
        with self._path.open("rb") as file:
            file.seek(max(0, self._path.stat().st_size - _MOST_BYTES))  # the newest stand last
            return [(int(until), name.decode()) for until, name in _LINE.findall(file.read(_MOST_BYTES))]
