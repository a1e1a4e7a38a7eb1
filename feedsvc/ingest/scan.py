"""What lies below ``content/`` now: a walk with stat, without reading a byte."""

from __future__ import annotations

import functools
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from feedsvc.ingest import names
from feedsvc.model import Signature

MAX_DEPTH = 40
_SIGNED = (1 << 63) - 1
NO_SIGNATURE = Signature(size=-1, mtime_ns=0, ctime_ns=0, inode=0)
"""What no file has: one that is remembered with it is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that may be an article. *source* is its path as the store knows it, *name* as the disk does."""

    source: str
    name: str
    signature: Signature

    @property
    def path(self) -> PurePosixPath:
        """*source* as a path."""
        return _path(self.source)


@functools.lru_cache(maxsize=4)
def _path(source: str) -> PurePosixPath:
    """Remembered for the file in hand: a path is dear to make, and remembers its parts."""
    return PurePosixPath(source)


@dataclass(slots=True, kw_only=True)
class Scan:
    """What a look at the folder gave.

    *files* by source path. *refused* are those that will not be read, with the reason, *ignored* those that the
    configuration leaves out. *unlisted* are folders (with a last ``/``; empty for the root) and single files of which
    nothing is known now, with the reason: what begins so is neither present nor absent.
    """

    files: dict[str, Found] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)

    def renew(self, root: Path, name: str, *, ignore: Sequence[str]) -> None:
        """Let it hold of the file *name* what is so now."""
        now, source = look(root, [name], ignore=ignore), source_of(root, name)
        for mapping in (self.files, self.refused, self.ignored):
            mapping.pop(source, None)
        self.files |= now.files
        self.refused |= now.refused
        self.ignored |= now.ignored

    def unknown(self, source: str) -> bool:
        """Whether *source* lies in a folder of which nothing is known now."""
        return any(source.startswith(folder) for folder in self.unlisted)


def signature(status: os.stat_result) -> Signature:
    """The signature of a file by its stat; inode and device cut to what a database holds."""
    return Signature(
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        ctime_ns=status.st_ctime_ns,
        inode=status.st_ino & _SIGNED,
        device=status.st_dev & _SIGNED,
    )


def scan(root: Path, *, ignore: Sequence[str], between: Callable[[], None] = lambda: None) -> Scan:
    """Walk *root* without following links. Never raises: what cannot be listed is in ``unlisted``.

    *between* is called between two files.
    """
    found = Scan()
    pending = [("", "", 0)]
    while pending:
        folder, known_as, depth = pending.pop()
        try:
            with os.scandir(root / folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            found.unlisted[names.printable(known_as)] = error.strerror or str(error)
            continue
        taken = {entry.name for entry in listed}
        for entry in listed:
            between()
            if names.never_read(entry.name):
                continue
            # In NFC, so that copies over other systems keep their ids; but two names that look alike are two files.
            last = entry.name if _nfc(entry.name) in taken else _nfc(entry.name)
            name, source = folder + entry.name, known_as + last
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:
                # Such as a folder that may be listed and not entered: the files may well be there.
                found.unlisted[names.printable(known_as or source)] = error.strerror or str(error)
                continue
            if not stat.S_ISDIR(status.st_mode):
                _add(found, name, source, status, ignore=ignore)
            elif depth < MAX_DEPTH:
                pending.append((f"{name}/", f"{source}/", depth + 1))
            else:
                found.refused[names.printable(source)] = f"folders are nested more than {MAX_DEPTH} deep"
    return found


def look(root: Path, source_names: Iterable[str], *, ignore: Sequence[str]) -> Scan:
    """The same for single files, by their names on disk; those that are not there are left out."""
    found = Scan()
    for name in source_names:
        if any(names.never_read(part) for part in name.split("/")):
            continue
        try:
            status = os.lstat(root / name)
        except (OSError, ValueError):
            continue
        if not stat.S_ISDIR(status.st_mode):
            _add(found, name, source_of(root, name), status, ignore=ignore)
    return found


def source_of(root: Path, name: str) -> str:
    """The source path of the file that lies below *root* as *name*, or lay there."""
    if unicodedata.is_normalized("NFC", name):
        return name
    source, folder = "", root
    for part in name.split("/"):
        source += "/" if source else ""
        source += part if os.path.lexists(folder / _nfc(part)) else _nfc(part)
        folder /= part
    return source


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _add(found: Scan, name: str, source: str, status: os.stat_result, *, ignore: Sequence[str]) -> None:
    reason = names.unusable(name)
    if reason:
        found.refused[names.printable(name)] = reason
        return
    if not stat.S_ISREG(status.st_mode):
        kind = "a link" if stat.S_ISLNK(status.st_mode) else "no regular file"
        found.refused[source] = f"it is {kind}; put the file itself here"
        return
    last = source.rpartition("/")[2]
    if names.is_medium(last):
        found.ignored[source] = "it is a picture, sound or film: it is served where an article names it"
        return
    pattern = names.ignored_by(last, ignore)
    if pattern:
        found.ignored[source] = f"its name matches {pattern!r} in [content] ignore, so it is taken for no article"
        return
    found.files[source] = Found(source=source, name=name, signature=signature(status))
