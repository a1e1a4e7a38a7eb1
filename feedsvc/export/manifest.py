"""The record of what an export wrote: what is not in it is somebody else's, and stays as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    address TEXT PRIMARY KEY, place TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, mtime INTEGER NOT NULL, type TEXT NOT NULL, codings TEXT NOT NULL, round INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS moved (
    address TEXT PRIMARY KEY, status INTEGER NOT NULL, target TEXT NOT NULL, round INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS named (address TEXT, target TEXT, PRIMARY KEY (address, target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_named_target ON named (target);
CREATE TABLE IF NOT EXISTS headers (
    kind TEXT, name TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Known(NamedTuple):
    """A file that an export wrote, or was about to write where *sha256* is empty.

    *size* is in bytes; *modified*, the time that its document told, and *mtime*, the one that it got, in seconds since
    1970. *codings* are those that lie beside it.
    """

    address: str
    place: str
    sha256: str
    size: int
    modified: int
    mtime: int
    type: str
    codings: tuple[str, ...]
    round: int


class Manifest:
    """The record in the file *path*, which is made if there is none. It survives a crash at any moment."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def begin(self) -> None:
        """Begin what :meth:`commit` makes last."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN")

    def commit(self) -> None:
        """Make last what was written since."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def undo(self) -> None:
        """Forget what was written since :meth:`begin`."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    # ---------------------------------------------------------------- files
    def file(self, address: str) -> Known | None:
        """What is known of the file for *address*."""
        row = self._connection.execute("SELECT * FROM files WHERE address = ?", (address,)).fetchone()
        return _known(row) if row else None

    def files(self, prefix: str = "", *, before: int | None = None) -> list[Known]:
        """The files whose addresses begin with *prefix*, in order; those not met since the round *before*, if given."""
        query = "SELECT * FROM files WHERE address >= ? AND substr(address, 1, ?) = ? AND round < ? ORDER BY address"
        limit = 2**62 if before is None else before
        return [_known(row) for row in self._connection.execute(query, (prefix, len(prefix), prefix, limit))]

    def put(self, known: Known) -> None:
        """Note a file. Raises sqlite3.IntegrityError where its place is that of another address."""
        self._connection.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET"
            " place = excluded.place, sha256 = excluded.sha256, size = excluded.size, modified = excluded.modified,"
            " mtime = excluded.mtime, type = excluded.type, codings = excluded.codings, round = excluded.round",
            (*known[:7], " ".join(known.codings), known.round),
        )

    def seen(self, address: str, number: int) -> None:
        """Note that the file or the redirect at *address* was met in the round *number*."""
        for table in ("files", "moved"):
            self._connection.execute(f"UPDATE {table} SET round = ? WHERE address = ?", (number, address))  # noqa: S608

    def drop(self, address: str) -> None:
        """Forget the file for *address*, and what it named."""
        self._connection.execute("DELETE FROM files WHERE address = ?", (address,))
        self._connection.execute("DELETE FROM named WHERE address = ?", (address,))

    def types(self) -> list[tuple[str, str]]:
        """Each suffix of a file with its media type, the commonest where there are several."""
        found: dict[str, tuple[int, str]] = {}
        query = "SELECT place, type, count(*) FROM files WHERE sha256 != '' GROUP BY replace(place, rtrim(place,"
        query += " replace(place, '.', '')), ''), type"
        for name, media_type, count in self._connection.execute(query):
            suffix = name.rpartition("/")[2].rpartition(".")[2].lower()
            found[suffix] = max(found.get(suffix, (0, "")), (count, media_type))
        return sorted((suffix, media_type) for suffix, (_, media_type) in found.items())

    # ---------------------------------------------------------------- redirects
    def move(self, address: str, status: int, target: str, number: int) -> None:
        """Note that *address* is answered with a redirect, as met in the round *number*."""
        self._connection.execute("INSERT OR REPLACE INTO moved VALUES (?, ?, ?, ?)", (address, status, target, number))

    def unmove(self, address: str) -> None:
        """Forget a redirect."""
        self._connection.execute("DELETE FROM moved WHERE address = ?", (address,))

    def moved(self, prefix: str = "", *, before: int | None = None) -> list[tuple[str, int, str]]:
        """The redirects from addresses that begin with *prefix*: address, status, target; as for :meth:`files`."""
        query = "SELECT address, status, target FROM moved WHERE substr(address, 1, ?) = ? AND round < ? ORDER BY 1"
        limit = 2**62 if before is None else before
        return self._connection.execute(query, (len(prefix), prefix, limit)).fetchall()

    # ---------------------------------------------------------------- what documents name
    def name(self, address: str, targets: Iterable[str]) -> None:
        """Note which of our own files the document at *address* names."""
        self._connection.execute("DELETE FROM named WHERE address = ?", (address,))
        rows = [(address, target) for target in sorted(set(targets))]
        self._connection.executemany("INSERT INTO named VALUES (?, ?)", rows)

    def wanted(self) -> list[str]:
        """What documents name, in order."""
        return [row[0] for row in self._connection.execute("SELECT DISTINCT target FROM named ORDER BY target")]

    # ---------------------------------------------------------------- headers and facts
    def header(self, kind: str, name: str, value: str) -> None:
        """Note a header of documents of that *kind*, unless a longer life is known for it."""
        row = self._connection.execute("SELECT value FROM headers WHERE kind = ? AND name = ?", (kind, name)).fetchone()
        if row is not None and (row[0] == value or (name == "cache-control" and _age(row[0]) >= _age(value))):
            return
        self._connection.execute("INSERT OR REPLACE INTO headers VALUES (?, ?, ?)", (kind, name, value))

    def headers(self) -> Mapping[str, Mapping[str, str]]:
        """The headers of documents, by kind."""
        found: dict[str, dict[str, str]] = {}
        for kind, name, value in self._connection.execute("SELECT kind, name, value FROM headers ORDER BY kind, name"):
            found.setdefault(kind, {})[name] = value
        return found

    def forget_headers(self) -> None:
        """Begin anew with the headers: the settings may say otherwise now."""
        self._connection.execute("DELETE FROM headers")

    def fact(self, name: str) -> str:
        """What was noted under *name*; empty if nothing was."""
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Note something under *name*."""
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _known(row: tuple[Any, ...]) -> Known:
    *most, codings, number = row
    return Known._make((*most, tuple(codings.split()), number))


def _age(value: str) -> tuple[int, int]:
    """How long caches may keep what is told so: by the first number, then by all it allows besides."""
    digits = "".join(one if one.isdigit() else " " for one in value).split()
    return int(digits[0]) if digits else 0, sum(map(int, digits))
