"""How large and how long films are; hostile bytes have an end."""

from __future__ import annotations

import io
import struct

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.ingest.films import Film, film_of


def box(kind: bytes, data: bytes = b"", *, long: bool = False) -> bytes:
    if long:
        return struct.pack(">I4sQ", 1, kind, len(data) + 16) + data
    return struct.pack(">I4s", len(data) + 8, kind) + data


def track(width: int, height: int, *, version: int = 0, turned: bool = False) -> bytes:
    matrix = (0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30) if turned else (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    times = b"\0" * (48 if version else 36)
    head = (
        bytes([version, 0, 0, 7]) + times + struct.pack(">9i", *matrix) + struct.pack(">II", width << 16, height << 16)
    )
    return box(b"trak", box(b"tkhd", head))


def element(kind: int, data: bytes, *, unknown: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if unknown else (len(data) | 1 << 28).to_bytes(4, "big")
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + size + data


def webm(*, unknown: bool = False, seconds: bytes = struct.pack(">d", 12_400.0)) -> bytes:
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + element(0x4489, seconds))
    video = element(
        0xAE, element(0x83, b"\x01") + element(0xE0, element(0xB0, b"\x02\x80") + element(0xBA, b"\x01\x68"))
    )
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, b"\x02")) + video)
    return element(0x1A45DFA3, b"\x42\x82\x84webm") + element(
        0x18538067, info + tracks + element(0x1F43B675, b"x" * 50), unknown=unknown
    )


FRONT = box(b"ftyp", b"isom\0\0\0\0isom")


@pytest.mark.parametrize(
    ("kind", "data", "film"),
    [
        ("video/mp4", FRONT + box(b"moov", track(0, 0) + track(1280, 720)), Film(1280, 720)),
        (
            "video/mp4",
            FRONT + box(b"mdat", b"x" * 99, long=True) + box(b"moov", track(640, 360, version=1)),
            Film(640, 360),
        ),
        ("video/quicktime", FRONT + box(b"moov", track(1920, 1080, turned=True)), Film(1080, 1920)),
        (
            "video/mp4",
            FRONT + box(b"moov", box(b"trak", box(b"tkhd", b"\0" * 76 + struct.pack(">II", 4 << 16, 3 << 16)))),
            Film(4, 3),
        ),
        ("audio/mp4", FRONT + box(b"moov", track(0, 0)), Film()),
        ("video/mp4", FRONT, Film()),
        ("video/webm", webm(), Film(640, 360, 12)),
        ("video/webm", webm(unknown=True), Film(640, 360, 12)),
        ("video/webm", webm(seconds=struct.pack(">f", 9_600.0)), Film(640, 360, 10)),
        ("video/webm", webm(seconds=struct.pack(">d", float("nan"))), Film(640, 360)),
        ("video/ogg", b"OggS", Film()),
    ],
)
def test_what_a_film_says(kind: str, data: bytes, film: Film) -> None:
    assert film_of(io.BytesIO(data), kind) == film


@given(
    st.sampled_from([FRONT, box(b"moov")[:4], b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67", b""]),
    st.binary(max_size=3000),
    st.sampled_from(["video/mp4", "video/webm"]),
)
@settings(max_examples=60)
def test_any_bytes_have_an_end(head: bytes, data: bytes, kind: str) -> None:
    with at_most(5):
        film = film_of(io.BytesIO(head + data), kind)
        assert min(film.width, film.height, film.seconds) >= 0
