"""Pictures, sounds and films that an article names and that lie below ``content/``."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import posixpath
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feedsvc import links
from feedsvc.config import Content
from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.ingest import films, mediatypes, names, openfile
from feedsvc.model import Enclosure, Medium

MAX_MEDIA = 50
ATTACHED = ".attached/"
"""What the path of a medium begins with that was inside a file; a hidden name: nothing below ``content/`` has it."""
MOST_BYTES = 4 * 10**9
"""A larger file is not served: to make its address it is read to the end."""
_HASH_LENGTH = 20
_SHOWN = 100
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"<>]{1,500})"|'([^'<>]{1,500})')""", re.IGNORECASE)


def own_media(items: Sequence[RawItem], source: str, root: Path) -> dict[str, Medium]:
    """The media below *root* that *items* of the file *source* name, by the address as it is written there.

    A relative address counts from the file's own folder, one with a first ``/`` from *root*. One that is not there,
    or is no picture, sound or film, has no hash: it stays an address like any other until it comes.
    """
    found: dict[str, Medium] = {}
    for written in _addresses(items):
        path = _path(written, source)
        if path and written not in found and len(found) < MAX_MEDIA:
            found[written] = read_medium(root, path)
    return found


def read_medium(root: Path, path: str, *, most_bytes: int = MOST_BYTES) -> Medium:
    """The medium at *path* below *root*; without a hash if there is none, or none yet: it may still be written to."""
    width = height = duration = 0
    try:
        with openfile.opened(root, path) as (handle, status), os.fdopen(os.dup(handle), "rb") as file:
            there = Medium(path=path, length=status.st_size, mtime_ns=status.st_mtime_ns)
            kind = mediatypes.type_of(file, path)
            if not kind or status.st_size > most_bytes:
                return there
            if kind.startswith("image/"):
                width, height = mediatypes.size_of(file)
            elif kind.startswith(("audio/", "video/")):
                film = films.film_of(file, kind)
                width, height = film.width, film.height
                duration = film.seconds or mediatypes.duration_of(file, path)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256")
            openfile.unchanged(handle, status)
    except (ContentError, OSError, openfile.StillWritten):
        return Medium(path=path)
    return replace(there, hash=hash_of(digest), type=kind, width=width, height=height, duration=duration)


def hash_of(digest: hashlib._Hash) -> str:
    """What stands for the bytes in an address: a hundred bits, so that nobody finds what he cannot know."""
    return base64.b32encode(digest.digest())[:_HASH_LENGTH].decode().lower()


def place(medium: Medium, content: Content) -> tuple[Path, str]:
    """The folder in which *medium* lies, and its path below it."""
    if medium.path.startswith(ATTACHED):
        return content.attached, f"{medium.hash[:2]}/{medium.hash}"
    return content.path, medium.path


def enclosures(media: Mapping[str, Medium]) -> dict[str, Enclosure]:
    """Those of *media* that are there, as the articles carry them, by the address as it is written."""
    return {
        written: Enclosure(
            url=links.medium(medium.hash, medium.name),
            type=medium.type,
            length=medium.length,
            width=medium.width,
            height=medium.height,
            duration=medium.duration,
        )
        for written, medium in media.items()
        if medium.hash
    }


def altered(media: Mapping[str, Sequence[Medium]], root: Path) -> set[str]:
    """The files of which a medium is otherwise on disk than when they were read: new, changed, or gone."""
    signs: dict[str, tuple[int, int]] = {}
    for medium in {medium.path: medium for named in media.values() for medium in named}.values():
        try:
            status = os.lstat(root / medium.path)
            regular = stat.S_ISREG(status.st_mode)
            signs[medium.path] = (status.st_size, status.st_mtime_ns) if regular else (0, 0)
        except (OSError, ValueError):
            signs[medium.path] = (0, 0)
    return {
        source
        for source, named in media.items()
        if any((medium.length, medium.mtime_ns) != signs[medium.path] for medium in named)
    }


def noted(items: Sequence[RawItem], media: Mapping[str, Medium]) -> list[RawItem]:
    """*items*, each with a note for every medium that it names and that is not there, or is none."""
    if not media:
        return list(items)
    found = []
    for item in items:
        if item.base or item.link:  # what it says counts from there
            found.append(item)
            continue
        told = [_note(written, media[written]) for written in dict.fromkeys(_addresses([item])) if written in media]
        told = [note for note in told if note]
        found.append(replace(item, notes=(*item.notes, *told)) if told else item)
    return found


def _note(written: str, medium: Medium) -> str:
    name = written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"
    if medium.hash:
        return ""
    if not medium.mtime_ns:
        return (
            f"“{name}” does not lie at {medium.path} in the content folder, so it is linked as an address of the site;"
            " put the file there, or name it as it is called"
        )
    return (
        f"{medium.path} (“{name}”) is no picture, sound or film that is served, by its bytes, or it is too large, so it"
        " is linked as an address of the site; save it as JPEG, PNG, GIF, WebP, AVIF, MP3, M4A, Ogg, MP4 or WebM"
    )


def _addresses(items: Sequence[RawItem]) -> Iterator[str]:
    for item in items:
        for medium in item.media:
            yield medium.url
        if item.episode is not None:
            yield from item.episode.addresses
        if "src" not in item.body.casefold():
            continue  # nearly every text, and much faster found out so
        for double, single in _SOURCE.findall(item.body):
            yield html.unescape(double or single)


def _path(written: str, source: str) -> str:
    """The path below the content folder that *written* means; empty where it means none."""
    try:
        parts = urlsplit(written.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = unquote(parts.path)
    folder = "" if path.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    hidden = any(names.never_read(part) for part in path.split("/"))
    return "" if hidden or path.startswith("../") or path in (".", "..") or names.unusable(path) else path
