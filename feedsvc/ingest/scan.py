"""What lies below ``content/`` now: a walk with stat, without reading a byte."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from feedsvc.ingest import names
from feedsvc.model import Signature

MAX_DEPTH = 40
_SIGNED = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that may be an article. *source* is its path as the store knows it, *name* as the disk does."""

    source: str
    name: str
    signature: Signature


@dataclass(slots=True, kw_only=True)
class Scan:
    """What a look at the folder gave.

    *files* by source path. *refused* are those that will not be read, with the reason, *ignored* those that the
    configuration leaves out. *unlisted* are folders (with a last ``/``; empty for the root) of which nothing is
    known now: what lies there is neither present nor absent.
    """

    files: dict[str, Found] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)

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


def scan(root: Path, *, ignore: Sequence[str]) -> Scan:
    """Walk *root* without following links. Never raises: what cannot be listed is in ``unlisted``."""
    found = Scan()
    pending = [("", 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            with os.scandir(root / folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            found.unlisted[folder] = error.strerror or str(error)
            continue
        taken = {entry.name for entry in listed}
        for entry in listed:
            name = folder + entry.name
            if names.never_read(entry.name):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(status.st_mode):
                if depth < MAX_DEPTH:
                    pending.append((f"{name}/", depth + 1))
                else:
                    found.refused[names.printable(name)] = f"folders are nested more than {MAX_DEPTH} deep"
                continue
            _add(found, name, entry.name, status, ignore=ignore, taken=taken)
    return found


def look(root: Path, source_names: Iterable[str], *, ignore: Sequence[str]) -> Scan:
    """The same for single files, by their names on disk; those that are not there are left out."""
    found = Scan()
    for name in source_names:
        parts = name.split("/")
        if any(names.never_read(part) for part in parts):
            continue
        try:
            status = os.lstat(root / name)
        except OSError:
            continue
        if not stat.S_ISDIR(status.st_mode):
            _add(found, name, parts[-1], status, ignore=ignore, taken=frozenset())
    return found


def _add(
    found: Scan,
    name: str,
    last: str,
    status: os.stat_result,
    *,
    ignore: Sequence[str],
    taken: Iterable[str],
) -> None:
    reason = names.unusable(name)
    if reason:
        found.refused[names.printable(name)] = reason
        return
    source = unicodedata.normalize("NFC", name)
    if source != name and unicodedata.normalize("NFC", last) in taken:
        source = name  # two names that look alike are two files
    if not stat.S_ISREG(status.st_mode):
        kind = "a link" if stat.S_ISLNK(status.st_mode) else "no regular file"
        found.refused[source] = f"it is {kind}; put the file itself here"
        return
    pattern = names.ignored_by(last, ignore)
    if pattern:
        found.ignored[source] = f"its name matches {pattern!r} in [content] ignore, so it is taken for no article"
        return
    found.files[source] = Found(source=source, name=name, signature=signature(status))
