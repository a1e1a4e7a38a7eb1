"""The store: is it there, whole, of this version, on a disk that suits it, and the one that the service has open?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from feedsvc.doctor.finding import Finding, error, ok, warning
from feedsvc.doctor.host import file_system, is_remote
from feedsvc.errors import StoreUnavailable
from feedsvc.store.looking import StoreFile, examine

LITTLE_SPACE = 20 * 10**6
SOME_SPACE = 500 * 10**6
LARGE_WAL = 256 * 10**6


def check_store(path: Path) -> Iterator[Finding]:
    """Everything that can be said of the store file at *path*."""
    where = str(path)
    if not path.exists():
        yield from _missing(path)
        return
    if not path.is_file():
        yield error(where, "it is no regular file", "name a file in [store] url")
        return
    yield from _permissions(path)
    yield from _place(path)
    try:
        found = examine(path)
    except StoreUnavailable as trouble:
        yield error(where, str(trouble), "see that this user may read it, and that nothing has it locked")
        return
    yield from _state(found)


def _missing(path: Path) -> Iterator[Finding]:
    where, folder = str(path), path.parent
    yield warning(
        where, "there is no store yet", "start the service, which makes one; if there was one, restore it first"
    )
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        yield error(str(folder), "the store cannot be made here", "let the service's user write into this folder")


def _permissions(path: Path) -> Iterator[Finding]:
    for place, why in ((path, "the store cannot be written"), (path.parent, "SQLite cannot write beside the store")):
        if not os.access(place, os.W_OK):
            yield error(
                str(place), f"{why} by this user", "run this as the service's user, or let that user write here"
            )


def _place(path: Path) -> Iterator[Finding]:
    kind = file_system(path)
    if is_remote(kind):
        yield error(
            str(path),
            f"it lies on a {kind} file system, on which SQLite cannot share a store between processes",
            "put [store] url on a local disk",
        )
    status = path.stat()
    if status.st_nlink > 1:
        yield warning(
            str(path),
            f"the file has {status.st_nlink} names (hard links)",
            "remove the other names: a copy made so is no backup, and can damage the store",
        )
    free = shutil.disk_usage(path.parent).free
    if free < LITTLE_SPACE:
        yield error(str(path.parent), f"{free / 1e6:.0f} MB are free on its disk", "make room: files are not taken in")
    elif free < max(SOME_SPACE, 2 * status.st_size):
        yield warning(str(path.parent), f"{free / 1e6:.0f} MB are free on its disk", "make room before it is full")


def _state(found: StoreFile) -> Iterator[Finding]:
    where = str(found.path)
    if not found.revision:
        yield error(where, "what stands here is no store of feedsvc", "put the store back, or restore a backup")
        return
    if found.damage:
        yield error(
            where,
            f"the store is damaged: {found.damage}",
            "stop the service and restore a backup; without one, remove it and let it be made anew from the files",
        )
        return
    if found.revision > found.current and not found.fits:
        yield error(
            where,
            f"it was made by a newer feedsvc (schema {found.revision}; this one knows {found.current})",
            "upgrade feedsvc",
        )
        return
    if found.revision < found.current:
        yield warning(
            where,
            f"it has schema {found.revision}; this feedsvc brings it to {found.current} when it starts",
            "make a backup first",
        )
    if found.wal > LARGE_WAL:
        yield warning(
            where,
            f"{found.wal / 1e6:.0f} MB wait in {found.path.name}-wal to be moved into the store",
            "look for a program that has the store open for long, and end it",
        )
    yield ok(where, f"the store is whole: {found.size / 1e6:.1f} MB, schema {found.revision}")
