"""How large and how long a film is: out of the boxes of MP4 (ISO 14496-12) and the elements of WebM (RFC 8794)."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MOST = 1_000
"""Boxes or elements that are looked at within one."""
_MOST_TRACKS = 20
_HEADER = 200
"""Bytes of a track's header that are read."""
_SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_TRACK, _VIDEO, _WIDTH, _HEIGHT, _SCALE, _DURATION = 0xAE, 0xE0, 0xB0, 0xBA, 0x2AD7B1, 0x4489


@dataclass(slots=True)
class Film:
    """*width* and *height* in pixels, as it is to be shown; *seconds*; 0 where the file does not say."""

    width: int = 0
    height: int = 0
    seconds: int = 0


def film_of(file: BinaryIO, kind: str) -> Film:
    """What *file*, of the media type *kind*, says; of a broken one what it says up to there."""
    film = Film()
    with contextlib.suppress(struct.error, IndexError, OverflowError):
        end = file.seek(0, io.SEEK_END)
        if kind.endswith("/webm"):
            _read_webm(file, end, film)
        elif kind.endswith(("/mp4", "/quicktime")):
            _read_mp4(file, end, film)
    return film


def _read_mp4(file: BinaryIO, end: int, film: Film) -> None:
    movie = next((one for one in _boxes(file, 0, end) if one[0] == b"moov"), None)
    tracks = [one for one in _boxes(file, movie[1], movie[2]) if one[0] == b"trak"] if movie is not None else []
    for _, begin, stop in tracks[:_MOST_TRACKS]:
        header = next((one for one in _boxes(file, begin, stop) if one[0] == b"tkhd"), None)
        if header is None:
            continue
        file.seek(header[1])
        written = file.read(_HEADER)
        at = 52 if written[0] == 1 else 40  # of the matrix: times are longer in the newer version
        across, down = struct.unpack_from(">ii", written, at)  # both are 0 where a writer left the matrix empty
        width, height = (number >> 16 for number in struct.unpack_from(">II", written, at + 36))
        if width and height:
            film.width, film.height = (height, width) if down and not across else (width, height)
            return


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box between *at* and *end*, and where its contents begin and end."""
    for _ in range(_MOST):
        if at + 8 > end:
            return
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        begin = at + 8
        if size == 1:
            size, begin = struct.unpack(">Q", file.read(8))[0], at + 16
        stop = end if size == 0 else at + size
        if not begin <= stop <= end:
            return
        yield kind, begin, stop
        at = stop


def _read_webm(file: BinaryIO, end: int, film: Film) -> None:
    segment = next((one for one in _elements(file, 0, end) if one[0] == _SEGMENT), None)
    for kind, begin, stop in _elements(file, segment[1], segment[2]) if segment is not None else ():
        if kind == _INFO:
            said = {one: _payload(file, first, last) for one, first, last in _elements(file, begin, stop)}
            length = said.get(_DURATION, b"")
            if len(length) in (4, 8):
                scale = int.from_bytes(said.get(_SCALE, b""), "big") or 1_000_000
                seconds = struct.unpack(">f" if len(length) == 4 else ">d", length)[0] * scale / 1e9
                film.seconds = round(seconds) if 0 < seconds < 10**7 else 0
        elif kind == _TRACKS:
            _read_tracks(file, begin, stop, film)
        elif kind == _CLUSTER:
            return


def _read_tracks(file: BinaryIO, at: int, end: int, film: Film) -> None:
    for kind, begin, stop in list(_elements(file, at, end))[:_MOST_TRACKS]:
        video = (
            next((one for one in _elements(file, begin, stop) if one[0] == _VIDEO), None) if kind == _TRACK else None
        )
        if video is not None:
            said = {one: _payload(file, first, last) for one, first, last in _elements(file, video[1], video[2])}
            film.width, film.height = (int.from_bytes(said.get(one, b""), "big") for one in (_WIDTH, _HEIGHT))
            return


def _elements(file: BinaryIO, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The id of each element between *at* and *end*, and where its contents begin and end."""
    for _ in range(_MOST):
        if at >= end:
            return
        file.seek(at)
        head = file.read(12)
        wide = 9 - head[0].bit_length()
        long = 9 - head[wide].bit_length()
        if wide > 4 or long > 8:
            return
        size = int.from_bytes(head[wide : wide + long], "big") & ((1 << 7 * long) - 1)
        begin = at + wide + long
        # All ones: its writer did not know. It goes on to the end.
        stop = end if size == (1 << 7 * long) - 1 else min(begin + size, end)
        yield int.from_bytes(head[:wide], "big"), begin, stop
        at = stop


def _payload(file: BinaryIO, begin: int, end: int) -> bytes:
    if end - begin > 8:
        return b""
    file.seek(begin)
    return file.read(end - begin)
