"""Pictures, sounds and films that lie inside a file (a mail, an office document), kept where they can be served.

They are written once into a folder of the service's own, ``[content] attached``, each under the hash of its bytes.
The folder may be lost at any time: what is missing from it is taken out of its file again at the next full pass.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from feedsvc import text
from feedsvc.formats.base import RawItem
from feedsvc.ingest.media import ATTACHED, MAX_MEDIA, read_medium
from feedsvc.model import Medium

MAX_BYTES = 50 * 10**6
_INCOMING = ".incoming-"
_SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/avif": ".avif",
    "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/ogg": ".ogg", "audio/flac": ".flac", "audio/wav": ".wav",
    "video/mp4": ".mp4", "video/webm": ".webm",
}  # fmt: skip


def keep(items: Sequence[RawItem], folder: Path) -> dict[str, Medium]:
    """Write what is attached to *items* into *folder*; the media by the address that the items give them.

    What is no picture, sound or film by its bytes is left out, and so is what is too large or beyond the fiftieth.
    Raises OSError where *folder* cannot be written.
    """
    found: dict[str, Medium] = {}
    for item in items:
        for one in item.attached:
            if one.address in found or len(found) >= MAX_MEDIA or not 0 < len(one.data) <= MAX_BYTES:
                continue
            medium = _kept(one.data, one.name, folder)
            if medium is not None:
                found[one.address] = medium
    return found


def measured(items: Sequence[RawItem]) -> dict[str, Medium]:
    """The same without keeping anything."""
    if not any(item.attached for item in items):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        return keep(items, Path(folder))


def without(items: Sequence[RawItem]) -> Sequence[RawItem]:
    """*items* without the bytes of what is attached to them, once that is kept."""
    return [replace(item, attached=()) if item.attached else item for item in items]


def is_attached(medium: Medium) -> bool:
    """Whether *medium* was inside a file."""
    return medium.path.startswith(ATTACHED)


def lying_beside(named: Mapping[str, Sequence[Medium]]) -> dict[str, list[Medium]]:
    """Those of the *named* media that are files below ``content/`` themselves, by the file that names them."""
    return {source: [one for one in media if not is_attached(one)] for source, media in named.items()}


def lost(named: Mapping[str, Sequence[Medium]], folder: Path) -> set[str]:
    """The files of which something that was inside is no longer in *folder*."""
    return {
        source
        for source, media in named.items()
        if any(is_attached(one) and not _is_there(folder, one) for one in media)
    }


def sweep(folder: Path, named: Mapping[str, Sequence[Medium]]) -> int:
    """Remove from *folder* what none of the *named* media is; how many files that were."""
    used = {medium.hash for media in named.values() for medium in media if is_attached(medium)}
    removed = 0
    for file in (*folder.glob("[a-z2-7][a-z2-7]/[a-z2-7]*"), *folder.glob(f"{_INCOMING}*")):
        if file.name not in used:
            with contextlib.suppress(OSError):
                file.unlink()
                removed += 1
    return removed


def _kept(data: bytes, name: str, folder: Path) -> Medium | None:
    folder.mkdir(parents=True, exist_ok=True)
    incoming = folder / f"{_INCOMING}{hashlib.sha256(data).hexdigest()}"
    try:
        with incoming.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        medium = read_medium(folder, incoming.name)
        if not medium.hash:
            return None
        target = folder / _path(medium.hash)
        medium = replace(medium, path=f"{ATTACHED}{medium.hash}/{_name(name, medium.type)}")
        if not _has_length(target, medium.length):
            target.parent.mkdir(exist_ok=True)
            incoming.replace(target)
        return replace(medium, mtime_ns=target.stat().st_mtime_ns)
    finally:
        incoming.unlink(missing_ok=True)


def _path(content_hash: str) -> str:
    return f"{content_hash[:2]}/{content_hash}"


def _name(written: str, kind: str) -> str:
    """A file name for people; its suffix is that of what the bytes are."""
    stem = PurePosixPath(written.replace("\\", "/")).stem
    return (text.slug(stem, limit=60) or "attached") + _SUFFIXES.get(kind, "")


def _is_there(folder: Path, medium: Medium) -> bool:
    try:
        status = os.lstat(folder / _path(medium.hash))
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (medium.length, medium.mtime_ns)


def _has_length(file: Path, length: int) -> bool:
    try:
        return os.lstat(file).st_size == length
    except OSError:
        return False
