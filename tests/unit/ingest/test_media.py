"""Pictures and sounds below the content folder: found, measured, addressed, and noticed when they change."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.formats.base import RawItem, RawMedium
from feedsvc.ingest.media import own_media, read_medium
from feedsvc.model import Enclosure


def png(width: int = 3, height: int = 2, shade: int = 0) -> bytes:
    """The smallest PNG of that size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\x00" + bytes([shade]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def picture(desk: Desk, path: str = "town/ferry.md") -> Enclosure:
    """The first enclosure of the article that *path* gives."""
    record = desk.store.source(path)
    assert record is not None
    stored = desk.store.get(record.articles[0])
    assert stored is not None
    return stored.article.enclosures[0]


def test_a_picture_beside_its_article_is_ours(desk: Desk) -> None:
    desk.write("town/pictures/quay.png", png(30, 20))
    desk.article("town/ferry.md", image="pictures/quay.png", image_alt="The quay")
    desk.running.full(desk.lease)
    found = picture(desk)
    assert found.url.startswith("/media/")
    assert found.url.endswith("/quay.png")
    assert (found.type, found.length, found.width, found.height) == ("image/png", len(png(30, 20)), 30, 20)
    assert found.alt == "The quay"
    content_hash = found.url.split("/")[2]
    medium = desk.store.medium(content_hash)
    assert medium is not None
    assert medium.path == "town/pictures/quay.png"
    source = desk.store.source("town/pictures/quay.png")
    assert source is not None
    assert source.state == "ignored"


def test_a_picture_in_the_body_gets_its_address_there(desk: Desk) -> None:
    desk.write("town/quay one.png", png())
    desk.article("town/ferry.md", body="The quay.\n\n![Seen](<quay one.png>)\n\n![Elsewhere](not-there.png)\n")
    desk.running.full(desk.lease)
    record = desk.store.source("town/ferry.md")
    assert record is not None
    stored = desk.store.get(record.articles[0])
    assert stored is not None
    assert 'src="/media/' in stored.article.content
    assert "/quay%20one.png" in stored.article.content
    assert 'src="/town/not-there.png"' in stored.article.content


def test_the_address_is_that_of_the_bytes(desk: Desk) -> None:
    desk.write("a/one.png", png(shade=1))
    desk.write("b/two.png", png(shade=1))
    desk.write("b/three.png", png(shade=2))
    one, two, three = (read_medium(desk.root, path).hash for path in ("a/one.png", "b/two.png", "b/three.png"))
    assert one == two != three


def test_a_changed_picture_is_noticed_and_dates_nothing_anew(desk: Desk) -> None:
    file = desk.write("town/quay.png", png(3, 2))
    desk.article("town/ferry.md", image="quay.png")
    desk.running.full(desk.lease)
    before = picture(desk)
    record = desk.store.source("town/ferry.md")
    assert record is not None
    first = desk.store.get(record.articles[0])
    file.write_bytes(png(6, 4))
    os.utime(file, ns=(1, 1))
    desk.running.full(desk.lease)
    after = picture(desk)
    assert (after.width, after.height) == (6, 4)
    assert after.url != before.url
    second = desk.store.get(record.articles[0])
    assert first is not None
    assert second is not None
    assert second.article.updated == first.article.updated
    report = desk.running.full(desk.lease)
    assert report.read == 0


def test_a_picture_that_comes_later_is_taken_then(desk: Desk) -> None:
    desk.article("town/ferry.md", image="quay.png")
    desk.running.full(desk.lease)
    assert picture(desk).url == "/town/quay.png"
    desk.write("town/quay.png", png())
    desk.running.full(desk.lease)
    assert picture(desk).url.startswith("/media/")


def test_a_withdrawn_article_lets_go_of_its_pictures(desk: Desk) -> None:
    desk.write("town/quay.png", png())
    desk.article("town/other.md")
    file = desk.article("town/ferry.md", image="quay.png")
    desk.running.full(desk.lease)
    content_hash = picture(desk).url.split("/")[2]
    file.unlink()
    desk.scans(3)
    assert desk.store.medium(content_hash) is None


@pytest.mark.parametrize(
    "written",
    ["../../secret.png", "/../secret.png", "..%2f..%2fsecret.png", ".hidden.png", "link.png", "https://else.example/x.png",
     "//else.example/x.png", "data:image/png;base64,AAAA", "vector.svg", "page.html", "", "folder"],
)  # fmt: skip
def test_nothing_else_becomes_ours(tmp_path: Path, written: str) -> None:
    root = tmp_path / "content"
    (root / "town" / "folder").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(png())
    (root / "town" / ".hidden.png").write_bytes(png())
    (root / "town" / "link.png").symlink_to(tmp_path / "secret.png")
    (root / "town" / "vector.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (root / "town" / "page.html").write_text("<html><script>1</script></html>")
    found = own_media([RawItem(media=(RawMedium(url=written),))], "town/ferry.md", root)
    assert not any(medium.hash for medium in found.values())


def test_a_broken_picture_has_no_size(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40)
    medium = read_medium(tmp_path, "x.png")
    assert medium.type == "image/png"
    assert medium.hash


def test_sounds_are_known_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "talk.bin").write_bytes(b"ID3\x04" + b"\x00" * 60)
    medium = read_medium(tmp_path, "talk.bin")
    assert (medium.type, medium.length, medium.width) == ("audio/mpeg", 64, 0)
