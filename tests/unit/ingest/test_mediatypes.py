"""What a file is by its bytes; hostile bytes cost little."""

from __future__ import annotations

import io

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.ingest.mediatypes import duration_of, size_of, type_of

CHAPTERS = b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Start"}]}'


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("x.bin", b"GIF89a", "image/gif"),
        ("x", b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        ("x.m4a", b"\x00\x00\x00\x20ftypisom", "audio/mp4"),
        ("x.mp4", b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        ("x.mov", b"\x00\x00\x00\x20ftypqt  ", "video/quicktime"),
        ("x.ogv", b"OggS" + b"\0" * 24 + b"\x80theora", "video/ogg"),
        ("x.opus", b"OggS" + b"\0" * 24 + b"OpusHead", "audio/ogg"),
        ("x.aac", b"\xff\xf1\x50\x80", "audio/aac"),
        ("x.webm", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm", "video/webm"),
        ("x.mkv", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x88matroska", ""),
        ("x.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello", "text/vtt"),
        ("x.vtt", b"WEBVTTX", ""),
        ("x.vtt", b"<html>", ""),
        ("x.srt", b"1\n00:00:00,000 --> 00:00:01,000\nHello\n", "application/x-subrip"),
        ("x.srt", b"<script>", ""),
        ("x.json", CHAPTERS, "application/json"),
        ("x.json", b'{"title": "An article", "body": "<p>Secret</p>"}', ""),
        ("x.json", b'{"version": "1", "chapters": 1}', ""),
        ("x.json", b"[" * 100_000, ""),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", ""),
        ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        ("x.png", b"<!doctype html><script>1</script>", ""),
        ("x.mp3", b"\xff\xfe<\0h\0t\0m\0l\0", ""),
        ("x.pdf", b"%PDF-1.7", ""),
        ("x.swf", b"FWS\x05", ""),
        ("", b"", ""),
    ],
)
def test_by_its_bytes(name: str, data: bytes, kind: str) -> None:
    assert type_of(io.BytesIO(data), name) == kind


@given(st.sampled_from([b"ID3\x04\0\0\0\0\x0f\x7f", b"OggS", b"fLaC", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x20ftypM4A ", b""]),
       st.binary(max_size=3000), st.sampled_from(["x.mp3", "x.ogg", "x.m4a", "x.wav", "x.flac", "x"]))  # fmt: skip
@settings(max_examples=60)
def test_any_bytes_have_an_end(head: bytes, data: bytes, name: str) -> None:
    with at_most(5):
        assert duration_of(io.BytesIO(head + data), name) >= 0
        assert min(size_of(io.BytesIO(head + data))) >= 0
