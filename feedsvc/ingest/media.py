"""Pictures, sounds and films that an article names and that lie below ``content/``."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feedsvc import links
from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.ingest import names, openfile
from feedsvc.model import Enclosure, Medium

MAX_MEDIA = 50
_HASH_LENGTH = 20
_BEGINNING = 64
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"<>]{1,500})"|'([^'<>]{1,500})')""", re.IGNORECASE)
_TYPES = (
    # The beginning of the bytes decides; nothing that a browser would run in our origin (SVG, HTML) is among them.
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftyp(?:avif|avis)", re.DOTALL), "image/avif"),
    (re.compile(rb"....ftyp(?:M4A |M4B )", re.DOTALL), "audio/mp4"),
    (re.compile(rb"....ftyp(?:isom|iso2|mp41|mp42|avc1|M4V |dash)", re.DOTALL), "video/mp4"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/webm"),
)


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


def read_medium(root: Path, path: str) -> Medium:
    """The medium at *path* below *root*; without a hash if there is none."""
    import imagesize

    try:
        with openfile.opened(root, path) as (handle, status), os.fdopen(os.dup(handle), "rb") as file:
            beginning = file.read(_BEGINNING)
            kind = next((kind for signature, kind in _TYPES if signature.match(beginning)), "")
            if not kind:
                return Medium(path=path, length=status.st_size, mtime_ns=status.st_mtime_ns)
            size = (0, 0)
            if kind.startswith("image/"):
                file.seek(0)
                with contextlib.suppress(Exception):  # whatever a broken picture makes it stumble over
                    size = imagesize.get(file)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").digest()
    except (ContentError, OSError):
        return Medium(path=path)
    return Medium(
        path=path,
        hash=base64.b32encode(digest)[:_HASH_LENGTH].decode().lower(),
        type=kind,
        length=status.st_size,
        width=max(int(size[0]), 0),
        height=max(int(size[1]), 0),
        mtime_ns=status.st_mtime_ns,
    )


def enclosures(media: Mapping[str, Medium]) -> dict[str, Enclosure]:
    """Those of *media* that are there, as the articles carry them, by the address as it is written."""
    return {
        written: Enclosure(
            url=links.medium(medium.hash, medium.name),
            type=medium.type,
            length=medium.length,
            width=medium.width,
            height=medium.height,
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
            signs[medium.path] = (status.st_size, status.st_mtime_ns)
        except (OSError, ValueError):
            signs[medium.path] = (0, 0)
    return {
        source
        for source, named in media.items()
        if any((medium.length, medium.mtime_ns) != signs[medium.path] for medium in named)
    }


def _addresses(items: Sequence[RawItem]) -> Iterator[str]:
    for item in items:
        for medium in item.media:
            yield medium.url
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
