"""Pictures, sounds and films that an article names and that lie below ``content/``."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.ingest import names, openfile
from feedsvc.ingest.openfile import StillWritten
from feedsvc.model import Medium

MAX_BYTES = 200 * 10**6
MAX_MEDIA = 50
_HASH_LENGTH = 20
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

    A relative address counts from the file's own folder, one with a first ``/`` from *root*. What is not there, or
    is no picture, sound or film, is left out; it stays an address like any other.
    """
    found: dict[str, Medium] = {}
    for written in _addresses(items):
        path = _path(written, source)
        if path and written not in found and len(found) < MAX_MEDIA:
            medium = read_medium(root, path)
            if medium is not None:
                found[written] = medium
    return found


def read_medium(root: Path, path: str) -> Medium | None:
    """The medium at *path* below *root*; None if there is none."""
    import imagesize

    try:
        data, _ = openfile.read(root, path, limit=MAX_BYTES)
    except (ContentError, StillWritten, FileNotFoundError):
        return None
    kind = next((kind for signature, kind in _TYPES if signature.match(data)), "")
    if not kind:
        return None
    width = height = -1
    if kind.startswith("image/"):
        try:
            width, height = imagesize.get(io.BytesIO(data))
        except (ValueError, OSError, IndexError, OverflowError):
            width = height = -1
    digest = base64.b32encode(hashlib.sha256(data).digest())[:_HASH_LENGTH].decode().lower()
    return Medium(
        hash=digest,
        name=posixpath.basename(path),
        path=path,
        type=kind,
        length=len(data),
        width=max(int(width), 0),
        height=max(int(height), 0),
    )


def _addresses(items: Sequence[RawItem]) -> Iterator[str]:
    for item in items:
        for medium in item.media:
            yield medium.url
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
