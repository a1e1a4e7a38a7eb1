"""One file is read whole, or not at all, and nothing but it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from feedsvc.errors import ContentError, TooLarge
from feedsvc.ingest.openfile import StillWritten, read
from feedsvc.ingest.scan import signature

LIMIT = 1000


def test_the_bytes_and_the_signature(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    file = tmp_path / "a/b.md"
    file.write_bytes(b"text")
    assert read(tmp_path, "a/b.md", limit=LIMIT) == (b"text", signature(file.stat()))


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.md").write_bytes(b"text")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read(tmp_path / "link", "a.md", limit=LIMIT)[0] == b"text"


@pytest.mark.parametrize("name", ["link.md", "folder/a.md"])
def test_no_link_is_followed(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_bytes(b"secret")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.md").symlink_to(outside / "a.md")
    (root / "folder").symlink_to(outside)
    with pytest.raises(ContentError, match="a link is in its path"):
        read(root, name, limit=LIMIT)


def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(ContentError, match="no regular file"):
        read(tmp_path, "a.md", limit=LIMIT)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(ContentError, match="no regular file"):
        read(tmp_path, "a.md", limit=LIMIT)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path, "a/b.md", limit=LIMIT)


def test_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * LIMIT)
    assert len(read(tmp_path, "a.md", limit=LIMIT)[0]) == LIMIT
    (tmp_path / "a.md").write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(TooLarge, match=r"1,001 bytes, more than the 1,000 of \[content\] max_file"):
        read(tmp_path, "a.md", limit=LIMIT)


@pytest.mark.parametrize("complete", [False, True])
def test_a_file_that_is_open_for_writing_is_not_read(tmp_path: Path, complete: bool) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"text")
    with file.open("ab"), pytest.raises(StillWritten):
        read(tmp_path, "a.md", limit=LIMIT, complete=complete)
    assert read(tmp_path, "a.md", limit=LIMIT, complete=complete)[0] == b"text"


def test_a_file_that_is_open_for_reading_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"text")
    with file.open("rb"):
        assert read(tmp_path, "a.md", limit=LIMIT, complete=True)[0] == b"text"


def test_where_the_system_cannot_tell_only_a_second_look_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on network file systems, or for files of another user."""
    (tmp_path / "a.md").write_bytes(b"text")

    def refused(*_: object) -> None:
        raise PermissionError(13, "no lease here")

    monkeypatch.setattr(fcntl, "fcntl", refused)
    assert read(tmp_path, "a.md", limit=LIMIT)[0] == b"text"
    with pytest.raises(StillWritten):
        read(tmp_path, "a.md", limit=LIMIT, complete=True)


@pytest.mark.parametrize(
    "written", [b"x", b"other", b"x" * (LIMIT + 1)], ids=["less", "same length", "beyond the limit"]
)
def test_a_file_that_changes_while_it_is_read_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes
) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"first")
    real = os.read

    def changing(handle: int, size: int) -> bytes:
        if file.read_bytes() == b"first":
            file.write_bytes(written)
        return real(handle, size)

    monkeypatch.setattr(os, "read", changing)
    with pytest.raises(StillWritten):
        read(tmp_path, "a.md", limit=LIMIT)


def test_no_handle_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.md").write_bytes(b"text")
    (tmp_path / "link").symlink_to("a/b.md")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("a/b.md", "a/none", "link", "a"):
        try:
            read(tmp_path, name, limit=LIMIT)
        except (ContentError, FileNotFoundError):
            continue
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_large_wordpress_export_is_told_of_the_command(tmp_path: Path) -> None:
    head = b'<?xml version="1.0"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/">'
    (tmp_path / "site.xml").write_bytes(head.ljust(LIMIT + 1))
    with pytest.raises(TooLarge, match="feedsvc import FILE"):
        read(tmp_path, "site.xml", limit=LIMIT)
