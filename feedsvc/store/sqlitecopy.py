"""A copy of a SQLite store that is in use: of one moment, checked, and in its place as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from feedsvc.errors import StoreError, StoreUnavailable
from feedsvc.store.questions import Copied

PAGES = 1024
"""How many pages are copied in one step; between steps others may write."""
_SIDES = ("", "-wal", "-shm", "-journal")


def copy_store(
    source: sqlite3.Connection, path: Path, target: Path, *, replace: bool = False, progress: Copied | None = None
) -> int:
    """Copy the store at *path*, to which *source* is a connection, into the file *target*; answers its size in bytes.

    Nobody is kept waiting: in WAL mode the copy is of the moment at which it began, whatever is written meanwhile.
    Raises StoreError where *target* exists and *replace* is False, where it is the store itself, where it cannot be
    written, or where the copy is not whole; StoreUnavailable where the store cannot be read. *target* stays as it was.
    """
    _refuse(path, target, replace=replace)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _writing(target):
            _make(partial, like=path)
            with contextlib.closing(sqlite3.connect(partial, isolation_level=None)) as made:
                _copy(source, made, path, progress)
                _check(made, target)
            _sync(partial)
            _refuse(path, target, replace=replace)
            partial.replace(target)
            _sync(target.parent)
            return target.stat().st_size
    finally:
        for side in _SIDES:
            partial.with_name(partial.name + side).unlink(missing_ok=True)


def _refuse(path: Path, target: Path, *, replace: bool) -> None:
    if target.is_dir():
        raise StoreError(f"{target} is a folder; name a file in it")
    ours = [path.with_name(path.name + side) for side in _SIDES]
    if target.resolve() in [one.resolve() for one in ours] or (target.exists() and path.samefile(target)):
        raise StoreError(f"{target} belongs to the store itself; name another file")
    if os.path.lexists(target) and not replace:
        raise StoreError(f"{target} is there already; name another file, or let it be replaced with --force")


def _make(partial: Path, *, like: Path) -> None:
    """An empty file that nobody can read who cannot read the store: it holds what is not published yet."""
    mode = stat.S_IMODE(like.stat().st_mode)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    partial.chmod(mode)


def _copy(source: sqlite3.Connection, made: sqlite3.Connection, path: Path, progress: Copied | None) -> None:
    def told(_status: int, left: int, of: int) -> None:
        if progress is not None:
            progress(of - left, of)

    try:
        # With a transaction of its own the copy need not begin anew each time that somebody writes.
        source.execute("BEGIN")
        try:
            source.execute("SELECT version_num FROM alembic_version").fetchone()
            source.backup(made, pages=PAGES, sleep=0.01, progress=told)
        finally:
            source.execute("ROLLBACK")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_WRITE"):
            raise
        raise StoreUnavailable(f"the store {path} cannot be read: {error}; nothing was copied") from None


def _check(made: sqlite3.Connection, target: Path) -> None:
    # A backup is one file: nothing of it may be left in a WAL. The store goes back to WAL when it is opened.
    made.execute("PRAGMA journal_mode=DELETE")
    found = [row[0] for row in made.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise StoreError(
            f"the copy for {target} is damaged ({found[0]}), so the store is as well: nothing was written. "
            "Restore an older backup, or remove the store and let it be made anew from the content folder"
        )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(f"the backup {target} cannot be written: {reason}; name a place with enough room") from None
