"""Pictures inside files: kept once, served, restored when lost, removed when nobody names them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from unit.formats.office.words import docx, par, picture
from unit.ingest.newsdesk import Desk
from unit.ingest.test_media import png

from feedsvc.config import Content
from feedsvc.formats.base import RawAttachment, RawItem
from feedsvc.ingest import attached
from feedsvc.ingest.media import place
from feedsvc.model import Medium


def item(*files: RawAttachment) -> RawItem:
    return RawItem(title="A quay", body="<p>It stands.</p>", attached=files)


def kept(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def test_a_picture_is_kept_once_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    one = RawAttachment(address="cid:1", data=png(3, 2), name="Quay One.JPEG")
    found = attached.keep([item(one, RawAttachment(address="cid:2", data=png(3, 2)))], tmp_path)
    first, second = found["cid:1"], found["cid:2"]
    assert first.hash == second.hash
    assert first.mtime_ns == second.mtime_ns
    assert (first.type, first.width, first.height, first.length) == ("image/png", 3, 2, len(png(3, 2)))
    assert (first.name, second.name) == ("quay-one.png", "attached.png")
    assert kept(tmp_path) == [first.hash]
    folder, path = place(first, Content(attached=tmp_path))
    assert (folder / path).read_bytes() == png(3, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>1</script>",
        b"%PDF-1.4",
        b"\x01\x00\x00\x00emf",
    ],
)
def test_nothing_else_is_kept(tmp_path: Path, data: bytes) -> None:
    assert attached.keep([item(RawAttachment(address="cid:1", data=data, name="x.png"))], tmp_path) == {}
    assert kept(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.exe", "/x.html", "\0", "<b>.png", "x" * 500, "."])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    found = attached.keep([item(RawAttachment(address="a", data=png(), name=name))], tmp_path / "kept")["a"]
    assert "/" not in found.name
    assert found.name.endswith(".png")
    assert len(found.name) < 80
    assert kept(tmp_path) == [found.hash]


def test_there_are_limits(tmp_path: Path) -> None:
    many = [RawAttachment(address=f"a{shade}", data=png(shade=shade)) for shade in range(60)]
    assert len(attached.keep([item(*many)], tmp_path)) == 50


def test_measuring_keeps_nothing(tmp_path: Path) -> None:
    found = attached.measured([item(RawAttachment(address="a", data=png(5, 4)))])
    assert (found["a"].width, found["a"].height) == (5, 4)
    assert attached.measured([RawItem()]) == {}


def test_only_what_is_named_stays(tmp_path: Path) -> None:
    found = attached.keep([item(*(RawAttachment(address=str(n), data=png(shade=n)) for n in range(3)))], tmp_path)
    (tmp_path / ".incoming-left").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"somebody's own")
    named = {"town/a.eml": [found["0"]], "town/b.md": [Medium(path="town/x.png", hash=found["1"].hash)]}
    assert attached.sweep(tmp_path, named) == 3
    assert kept(tmp_path) == sorted([found["0"].hash, "notes.txt"])
    assert attached.lost(named, tmp_path) == set()
    (tmp_path / attached._path(found["0"].hash)).unlink()
    assert attached.lost(named, tmp_path) == {"town/a.eml"}


MAIL = b"""\
From: Nell Harker <nell@desk.example>
To: desk@news.example
Date: Tue, 13 Mar 2040 09:30:00 +0100
Subject: Harbour frozen over
Message-ID: <frozen-1@desk.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

The harbour froze over on Sunday night. It will stay so.
--b
Content-Type: image/png; name=quay.png
Content-Disposition: attachment; filename=quay.png
Content-Transfer-Encoding: base64

%s
--b--
"""


def mail() -> bytes:
    import base64

    return MAIL % base64.encodebytes(png(30, 20))


def hash_of(desk: Desk, path: str) -> str:
    (enclosure,) = desk.read(path).enclosures
    assert (enclosure.type, enclosure.width, enclosure.height) == ("image/png", 30, 20)
    assert enclosure.url.endswith("/quay.png")
    return enclosure.url.split("/")[2]


def test_a_picture_in_a_mail_is_served_restored_and_removed(desk: Desk) -> None:
    folder = desk.settings.content.attached
    desk.write("town/frozen.eml", mail())
    desk.article("town/other.md")
    desk.scan()
    content_hash = hash_of(desk, "town/frozen.eml")
    known = desk.store.medium(content_hash, desk.clock())
    assert known is not None
    root, path = place(known, desk.settings.content)
    assert (root / path).read_bytes() == png(30, 20)

    assert desk.scan().read == 0
    shutil.rmtree(folder)
    assert desk.scan().read == 1
    assert hash_of(desk, "town/frozen.eml") == content_hash
    assert kept(folder) == [content_hash]

    desk.move("town/frozen.eml", "sport/frozen.eml")
    before = desk.read("town/frozen.eml").updated
    desk.scans(2)
    assert hash_of(desk, "sport/frozen.eml") == content_hash
    assert desk.read("sport/frozen.eml").updated == before

    desk.remove("sport/frozen.eml")
    desk.scans(3)
    assert desk.store.medium(content_hash, desk.clock()) is None
    desk.scan(seconds=4000)
    assert kept(folder) == []


def test_a_folder_that_cannot_be_written_refuses_the_file_until_it_can(desk: Desk) -> None:
    folder = desk.settings.content.attached
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    desk.write("town/frozen.eml", mail())
    report = desk.scan()
    assert "cannot be kept" in report.refused[0].error
    folder.unlink()
    desk.scan()
    assert hash_of(desk, "town/frozen.eml")


def test_pictures_in_a_word_document_are_served(desk: Desk) -> None:
    held = {"p1": ("a.png", png(30, 20)), "p2": ("b.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}
    desk.write(
        "town/ice.docx",
        docx(
            par("Harbour frozen"),
            par("The harbour froze over on Sunday night."),
            picture("p1", "Quay"),
            picture("p2"),
            pictures=held,
        ),
    )
    desk.scan()
    article = desk.read("town/ice.docx")
    assert article.title == "Harbour frozen"
    assert 'src="/media/' in article.content
    assert "/quay.png" in article.content
    assert "svg" not in article.content
    assert "attached:" not in article.content
