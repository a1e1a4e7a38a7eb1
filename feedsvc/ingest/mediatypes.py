"""What a picture, sound or film is, how large and how long: by its bytes, which its name only completes."""

from __future__ import annotations

import contextlib
import re
from typing import BinaryIO

HEAD = 4096
_MOST_READS = 20_000
_COMPANION = 2_000_000
"""Bytes that a transcript or a list of chapters may have."""
_SIGNATURES = (
    # The beginning of the bytes decides; nothing that a browser would run in our origin (SVG, HTML) is among them.
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftyp(?:avif|avis)", re.DOTALL), "image/avif"),
    (re.compile(rb"....ftyp(?:M4A |M4B )", re.DOTALL), "audio/mp4"),
    (re.compile(rb"....ftypqt  ", re.DOTALL), "video/quicktime"),
    (re.compile(rb"....ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |dash)", re.DOTALL), "video/mp4"),
    (re.compile(rb"\xff[\xf1\xf9]"), "audio/aac"),
    (re.compile(rb"ID3|\xff[\xfb\xfa\xf3\xf2]"), "audio/mpeg"),
    (re.compile(rb"OggS[^\x80]{0,60}\x80theora", re.DOTALL), "video/ogg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"\x1aE\xdf\xa3.{0,60}?webm", re.DOTALL), "video/webm"),
)
_ONLY_SOUND = {
    ("video/mp4", ".m4a"): "audio/mp4",
    ("video/mp4", ".m4b"): "audio/mp4",
    ("video/webm", ".weba"): "audio/webm",
}
_VTT = re.compile(r"WEBVTT(?:[ \t\r\n]|$)")
_SRT = re.compile(r"\s{0,20}\d{1,9}[ \t]*\r?\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}")


def type_of(file: BinaryIO, name: str) -> str:
    """The media type of *file*, called *name*; empty for what is not served.

    Besides pictures, sounds and films that is what belongs to an episode: transcripts in WebVTT, SubRip or JSON, and
    chapters in JSON, each known by its text as well.
    """
    head = file.read(HEAD)
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            return _ONLY_SOUND.get((kind, suffix), kind)
    if suffix in (".vtt", ".srt", ".json"):
        file.seek(0)
        return _companion(file.read(_COMPANION + 1), suffix)
    return ""


def size_of(file: BinaryIO) -> tuple[int, int]:
    """Width and height of the picture in *file* in pixels, as it is to be shown; (0, 0) where it does not say."""
    import imagesize

    width, height = 0, 0
    with contextlib.suppress(Exception):  # whatever a broken picture makes it stumble over
        file.seek(0)
        width, height = (int(number) for number in imagesize.get(_Patient(file)))
    return (width, height) if width > 0 and height > 0 else (0, 0)


def duration_of(file: BinaryIO, name: str) -> int:
    """How long the sound or film in *file* is, in whole seconds; 0 where that is not to be had cheaply."""
    from tinytag import TinyTag

    with contextlib.suppress(Exception):
        file.seek(0)
        # The name serves to choose a reader for what has no sign of its own.
        tag = TinyTag.get(name, file_obj=_Patient(file), tags=False)  # type: ignore[arg-type]
        seconds = float(tag.duration or 0)
        return round(seconds) if 0 < seconds < 10**7 else 0
    return 0


def _companion(data: bytes, suffix: str) -> str:
    if len(data) > _COMPANION:
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    if suffix == ".vtt":
        return "text/vtt" if _VTT.match(text) else ""
    if suffix == ".srt":
        return "application/x-subrip" if _SRT.match(text) else ""
    return "application/json" if _is_companion_json(text) else ""


def _is_companion_json(text: str) -> bool:
    """Whether *text* holds chapters or a transcript: an article that happens to be JSON must not get out this way."""
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict) or "version" not in found:
        return False
    return any(isinstance(found.get(key), list) for key in ("chapters", "segments"))


class _Patient:
    """A file that may be read so often and no oftener: a loop over hostile bytes comes to an end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MOST_READS

    def read(self, size: int = -1) -> bytes:
        """As the file does. Raises OSError when there was enough of it."""
        self._left -= 1
        if self._left < 0:
            raise OSError("this file makes its reader read for ever")
        return self._file.read(min(size, 1 << 20) if size >= 0 else 1 << 20)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As the file does."""
        self._left -= 1
        if self._left < 0:
            raise OSError("this file makes its reader read for ever")
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As the file does."""
        return self._file.tell()

    def seekable(self) -> bool:
        """As the file does."""
        return True

    def close(self) -> None:
        """Nothing: who opened the file closes it."""
