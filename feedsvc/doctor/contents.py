"""The content folder: can it be read, is it as full as it was, and what lies in it that will not be published?"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from feedsvc.doctor import host
from feedsvc.doctor.finding import Finding, Patient, error, ok, warning
from feedsvc.model import SourceRecord, SourceState

SHOWN = 20
"""How many files of one kind are named."""
AHEAD = timedelta(minutes=2)
"""How far ahead of our clock a file may be before it is told of: two clocks are never quite the same."""
_NO_FILES = (SourceState.GONE, SourceState.IGNORED)


def check_content(patient: Patient) -> Iterator[Finding]:
    """Everything that can be said of the content folder."""
    root, scan = patient.settings.content.path, patient.scan
    where = str(root)
    if "" in scan.unlisted:
        yield error(
            where, f"the content folder cannot be listed: {scan.unlisted['']}", "make it, mount it, or correct its path"
        )
        return
    known = {} if patient.store is None else patient.store.sources()
    held = sum(record.state not in _NO_FILES for record in known.values())
    if held and not scan.files:
        yield error(
            where,
            f"it is empty, and held {held} files: nothing is withdrawn",
            "mount it; if this is meant, `feedsvc accept`",
        )
    yield from _of_some(root, "the folder cannot be listed: {}", scan.unlisted, "let the service's user list it")
    unreadable = {name: "" for name in scan.files if not os.access(root / scan.files[name].name, os.R_OK)}
    yield from _of_some(root, "the file cannot be read by this user", unreadable, "let the service's user read it")
    yield from _of_some(root, "it is not read: {}", scan.refused, "")
    yield from _alike(patient)
    yield from _ahead(patient)
    yield from _waiting(patient, known)
    yield from _watched(patient)
    yield ok(where, f"the content folder can be read: {len(scan.files)} files")


def check_media(patient: Patient) -> Iterator[Finding]:
    """What of the content folder a node needs that takes no files in: the media that articles show."""
    root = patient.settings.content.path
    known = 0 if patient.store is None else sum(map(len, patient.store.media().values()))
    if known and not os.access(root, os.R_OK | os.X_OK):
        yield warning(
            str(root),
            f"articles show {known} pictures, sounds or films, and this node cannot read them: it answers 404",
            "mount the content folder here too, for reading; or let /media/ be answered by the nodes that have it",
        )
    else:
        yield ok(str(root), "other nodes take files in; nothing more is needed here")


def _of_some(root: Path, what: str, found: Mapping[str, str], advice: str) -> Iterator[Finding]:
    for name, reason in sorted(found.items())[:SHOWN]:
        yield warning(str(root / name), what.format(reason), advice)
    if len(found) > SHOWN:
        yield warning(str(root), f"the same holds of {len(found) - SHOWN} more", advice)


def _alike(patient: Patient) -> Iterator[Finding]:
    """Names that differ in case or in how letters are composed: different files here, one file elsewhere."""
    same: dict[str, list[str]] = defaultdict(list)
    for name in patient.scan.files:
        same[unicodedata.normalize("NFC", name).casefold()].append(name)
    groups = sorted(sorted(names) for names in same.values() if len(names) > 1)
    for names in groups[:SHOWN]:
        yield warning(
            str(patient.settings.content.path / names[0]),
            f"{len(names)} files have names that look alike: {', '.join(map(ascii, names))}",
            "they are different articles; if they are meant to be one, remove the others",
        )


def _ahead(patient: Patient) -> Iterator[Finding]:
    limit = (patient.now + AHEAD).timestamp() * 1e9
    ahead = sorted(name for name, found in patient.scan.files.items() if found.signature.ctime_ns > limit)
    if ahead:
        yield warning(
            str(patient.settings.content.path / ahead[0]),
            f"{len(ahead)} files were changed in the future by our clock",
            "set the clock of this machine, or of the one that holds the files",
        )


def _waiting(patient: Patient, known: Mapping[str, SourceRecord]) -> Iterator[Finding]:
    """Files that should have been taken in by now."""
    if patient.store is None:
        return
    content = patient.settings.content
    limit = (patient.now - content.settle - 10 * content.scan_every - timedelta(minutes=1)).timestamp() * 1e9
    late = [
        name
        for name, found in patient.scan.files.items()
        if found.signature.ctime_ns < limit and (name not in known or known[name].signature != found.signature)
    ]
    if late:
        yield warning(
            str(content.path / min(late)),
            f"{len(late)} files were not taken in, though they have been complete for long",
            "start the service, or see in its log why it does not read them",
        )


def _watched(patient: Patient) -> Iterator[Finding]:
    root = patient.settings.content.path
    kind = host.file_system(root)
    if host.is_remote(kind):
        yield warning(
            str(root),
            f"it lies on a {kind} file system: what others drop there is seen by the scan alone, every "
            f"{patient.settings.content.scan_every.total_seconds():g} s",
            "",
        )
    most = host.number("/proc/sys/fs/inotify/max_user_watches")
    folders = len({name.rpartition("/")[0] for name in patient.scan.files}) + 1
    if most is not None and folders * 2 > most:
        yield warning(
            "/proc/sys/fs/inotify/max_user_watches",
            f"{folders} folders are to be watched, and {most} is the most that one user may watch",
            "raise fs.inotify.max_user_watches, or files wait for the next scan",
        )
