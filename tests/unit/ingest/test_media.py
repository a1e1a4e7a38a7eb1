"""Pictures and sounds below the content folder: found, measured, addressed, and noticed when they change."""

from __future__ import annotations

import json
import os
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import silence
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
    medium = desk.store.medium(content_hash, desk.clock())
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
    assert desk.store.medium(content_hash, desk.clock()) is None


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


def test_what_is_not_there_is_noted(desk: Desk) -> None:
    desk.write("town/page.png", "<html>no picture</html>")
    desk.article("town/ferry.md", image="quay.png", body="Words.\n\n![A page](page.png)\n")
    desk.running.full(desk.lease)
    record = desk.store.source("town/ferry.md")
    assert record is not None
    notes = record.notes[record.articles[0]]
    assert any("“quay.png” does not lie at town/quay.png in the content folder" in note for note in notes)
    assert any("town/page.png (“page.png”) is no picture" in note for note in notes)
    desk.write("town/quay.png", png())
    desk.running.full(desk.lease)
    record = desk.store.source("town/ferry.md")
    assert record is not None
    assert not any("quay.png" in note for note in record.notes[record.articles[0]])


def test_what_no_public_article_shows_is_not_given_out(desk: Desk) -> None:
    desk.write("town/quay.png", png())
    desk.article("town/ferry.md", image="quay.png", embargo="2040-03-14T13:00:00Z")
    desk.running.full(desk.lease)
    content_hash = picture(desk).url.split("/")[2]
    assert desk.store.medium(content_hash, desk.clock()) is None
    later = desk.clock() + timedelta(hours=2)
    assert desk.store.medium(content_hash, later) is not None
    record = desk.store.source("town/ferry.md")
    assert record is not None
    with desk.store.writing(None, at=desk.clock()) as writer:
        writer.takedown(record.articles[0], now=desk.clock(), reason="error")
    assert desk.store.medium(content_hash, later) is None


def test_of_several_articles_in_a_file_only_the_public_count(desk: Desk) -> None:
    desk.write("town/one.png", png(shade=1))
    desk.write("town/two.png", png(shade=2))
    items = [
        {"id": f"tag:x.example,2026:{name}", "title": name, "body": "<p>Words.</p>", "media": [{"url": f"{name}.png"}],
         "status": status, "published": "2040-03-13"}
        for name, status in (("one", "usable"), ("two", "withheld"))
    ]  # fmt: skip
    desk.write("town/both.items", json.dumps({"items": items}))
    desk.running.full(desk.lease)
    one, two = (read_medium(desk.root, f"town/{name}.png").hash for name in ("one", "two"))
    assert desk.store.medium(one, desk.clock()) is not None
    assert desk.store.medium(two, desk.clock()) is None


def test_a_picture_that_is_still_written_to_waits(tmp_path: Path) -> None:
    with (tmp_path / "x.png").open("wb") as file:
        file.write(png())
        file.flush()
        assert not read_medium(tmp_path, "x.png").hash
    assert read_medium(tmp_path, "x.png").hash


def test_a_link_is_not_read_again_and_again(desk: Desk) -> None:
    (desk.folder / "secret.png").write_bytes(png())
    (desk.root / "town").mkdir()
    (desk.root / "town" / "quay.png").symlink_to(desk.folder / "secret.png")
    desk.article("town/ferry.md", image="quay.png")
    desk.running.full(desk.lease)
    assert desk.running.full(desk.lease).read == 0


def test_a_bad_new_version_at_a_new_place_keeps_its_pictures(desk: Desk) -> None:
    desk.write("town/quay.png", png())
    file = desk.article("town/ferry.md", image="quay.png")
    desk.running.full(desk.lease)
    content_hash = picture(desk).url.split("/")[2]
    file.write_text("---\ntitle: [unclosed\n---\n")
    desk.running.full(desk.lease)
    assert desk.store.medium(content_hash, desk.clock()) is not None


def test_a_sound_tells_how_long_it_is(desk: Desk) -> None:
    desk.write("town/talk.wav", silence(7))
    desk.article("town/ferry.md", audio="talk.wav")
    desk.running.full(desk.lease)
    assert (picture(desk).type, picture(desk).duration, picture(desk).length) == ("audio/wav", 7, len(silence(7)))


def test_a_name_never_says_another_type_than_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "quay.html").write_bytes(png())
    (tmp_path / "quay.JPG").write_bytes(b"\xff\xd8\xff" + b"\x00" * 60)
    assert read_medium(tmp_path, "quay.html").name == "quay.html.png"
    assert read_medium(tmp_path, "quay.JPG").name == "quay.JPG"


def test_sounds_are_known_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "talk.bin").write_bytes(b"ID3\x04" + b"\x00" * 60)
    medium = read_medium(tmp_path, "talk.bin")
    assert (medium.type, medium.length, medium.width) == ("audio/mpeg", 64, 0)
