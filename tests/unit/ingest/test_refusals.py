"""Bad files: told once, tried again when they change, and never in the way of the others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.model import SourceState
from feedsvc.normalise import bylines

BAD = "---\ntitle: [never closed\n---\n\nText.\n"


def test_a_bad_file_is_told_once_with_its_name_reason_and_line(desk: Desk) -> None:
    desk.write("town/bad.md", BAD)
    (refusal,) = desk.scan().refused
    assert refusal.source == "town/bad.md"
    assert refusal.line > 0
    assert str(refusal).startswith(f"town/bad.md, line {refusal.line}: ")
    record = desk.source("town/bad.md")
    assert (record.state, record.error, record.line) == (SourceState.REFUSED, refusal.error, refusal.line)
    for _ in range(2):
        report = desk.scan()
        assert (report.refused, report.read) == ([], 0)
    (desk.root / "town/bad.md").touch()
    assert desk.scan().refused == []
    desk.restart()
    assert desk.scan().refused == []


def test_it_is_tried_again_when_it_changes(desk: Desk) -> None:
    desk.write("bad.md", BAD)
    desk.scan()
    desk.write("bad.md", BAD.replace("never", "not"))
    assert len(desk.scan().refused) == 1
    desk.article("bad.md", "Good now")
    report = desk.scan()
    assert (report.refused, desk.titles()) == ([], ["Good now"])
    assert desk.source("bad.md").error == ""


def test_a_bad_edit_keeps_the_last_good_version(desk: Desk) -> None:
    desk.article("a.md", "Good")
    desk.scan()
    before = (desk.shown(), desk.sequence(), desk.stored("a.md"))
    desk.write("a.md", BAD)
    assert len(desk.scan().refused) == 1
    assert desk.scan().refused == []
    assert desk.state("a.md") is SourceState.REFUSED
    assert (desk.shown(), desk.sequence(), desk.stored("a.md")) == before
    desk.article("a.md", "Good")
    desk.scan()
    assert desk.state("a.md") is SourceState.ACCEPTED
    assert (desk.shown(), desk.sequence(), desk.stored("a.md")) == before


def test_a_file_that_breaks_its_format_is_told_so(desk: Desk) -> None:
    desk.items("a.items", "boom")
    desk.items("b.items")
    desk.article("c.md")
    report = desk.scan()
    told = {refusal.source: refusal.error for refusal in report.refused}
    assert "RuntimeError: boom" in told["a.items"]
    assert "report it" in told["a.items"]
    assert "no article" in told["b.items"]
    assert len(desk.titles()) == 1


def test_what_normalising_cannot_bear_is_told_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours in one article must not end the pass."""

    def fail(line: str, *_: object, **__: object) -> tuple[str, tuple[()]]:
        if line:
            raise ZeroDivisionError("of ours")
        return "", ()

    desk.article("a.md", byline="Jane")
    desk.article("b.md")
    monkeypatch.setattr(bylines, "byline_of", fail)
    (refusal,) = desk.scan().refused
    assert refusal.source == "a.md"
    assert "ZeroDivisionError: of ours" in refusal.error
    assert len(desk.titles()) == 1


def test_text_that_no_store_can_hold_is_cleaned(desk: Desk) -> None:
    """Lone surrogates come with JSON; they may be in any field."""
    spoilt = "x\ud800y"
    desk.write(
        "a.items",
        '{"items": [{"title": "A\\ud800 title", "id": "x\\ud800y", "body": "<p>Text \\ud800.</p>",'
        ' "sections": ["Town \\ud800 hall"], "crumbs": "\\ud800", "byline": "By \\ud800 Jane", "slug": "\\ud800",'
        ' "notes": ["n\\ud800"], "origin": {"title": "o\\ud800"}, "published": "\\ud800", "language": "\\ud800",'
        ' "categories": [{"term": "t\\ud800", "scheme": "\\ud800"}], "status": "\\ud800 usable", "link": "\\ud800",'
        ' "media": [{"url": "http://x.example.org/\\ud800.jpg", "alt": "\\ud800"}], "agency": "\\ud800"}]}',
    )
    report = desk.scan()
    assert report.refused == []
    assert desk.id("a.items").endswith("id/xy")
    assert spoilt not in str(desk.stored("a.items"))


def test_300_bad_files_are_not_in_the_way_of_50_good_ones(desk: Desk) -> None:
    bad = [BAD, "", "   \n", "\x00\x01\x02", "<not-an-article/>", "{", '{"items": ["boom"]}', "a line"]
    names = ["md", "txt", "md", "md", "xml", "json", "items", "txt"]
    for number in range(300):
        kind = number % len(bad)
        desk.write(f"mixed/{number:03d}.{names[kind]}", bad[kind])
    for number in range(50):
        desk.article(f"mixed/good-{number:02d}.md")
    report = desk.scan()
    assert (len(report.refused), len(desk.titles("mixed"))) == (300, 50)
    assert all(refusal.error for refusal in report.refused)
    report = desk.scan()
    assert (report.refused, report.read) == ([], 0)
    assert len(report.as_json()["refused"]) == 0


# ---------------------------------------------------------------------- what is no regular file
def fifo(path: Path) -> None:
    os.mkfifo(path)


def socket_(path: Path) -> None:
    os.mknod(path, 0o140644)


def device(path: Path) -> None:
    try:
        os.mknod(path, 0o020644, os.makedev(1, 5))  # /dev/zero, which never ends
    except PermissionError:
        pytest.skip("only root may make devices")


def link(path: Path) -> None:
    (path.parent.parent / "secret.md").write_text("# A secret\n\nThat nobody may read.\n")
    path.symlink_to(path.parent.parent / "secret.md")


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [fifo, socket_, device, link, loop])
def test_only_regular_files_are_read(desk: Desk, make: Callable[[Path], None]) -> None:
    make(desk.root / "a.md")
    desk.article("b.md", "Good")
    (refusal,) = desk.scan().refused
    assert refusal.source == "a.md"
    assert "put the file itself here" in refusal.error
    assert desk.titles() == ["Good"]
    assert desk.scan().refused == []
    (desk.root / "a.md").unlink()
    desk.article("a.md", "Regular now")
    desk.scan()
    assert desk.titles() == ["Good", "Regular now"]


def test_folders_that_are_links_are_not_entered(desk: Desk) -> None:
    outside = desk.folder / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("# A secret\n\nThat nobody may read.\n")
    (desk.root / "town").symlink_to(outside)
    (desk.root / "port").mkdir()
    (desk.root / "port/back").symlink_to(desk.root)
    report = desk.scan()
    assert {refusal.source for refusal in report.refused} == {"port/back", "town"}
    assert desk.titles() == []
    # A name from an event leads through the link, and the file is not read either.
    assert "link" in desk.some(changed=["town/a.md"]).refused[0].error


def test_an_article_that_is_replaced_by_a_link_and_put_back(desk: Desk) -> None:
    file = desk.article("a.md", "Good")
    desk.scan()
    before = (desk.shown(), desk.sequence())
    written = file.read_bytes()
    file.unlink()
    link(file)
    assert len(desk.scan().refused) == 1
    desk.scans(2)
    assert (desk.shown(), desk.sequence()) == before
    assert desk.state("a.md") is SourceState.REFUSED
    file.unlink()
    file.write_bytes(written)
    desk.scan()
    assert desk.state("a.md") is SourceState.ACCEPTED
    assert (desk.shown(), desk.sequence()) == before


# ---------------------------------------------------------------------- what cannot be opened
def test_unreadable_is_not_removed_and_is_tried_again(desk: Desk, unprivileged: None) -> None:
    file = desk.article("town/a.md", "Good")
    desk.scan()
    before = (desk.shown(), desk.sequence())
    file.chmod(0)
    (refusal,) = desk.scan().refused
    assert "cannot be read: Permission denied" in refusal.error
    report = desk.scans(3)
    assert (report.refused, report.changed) == ([], False)
    assert (desk.shown(), desk.sequence()) == before
    file.chmod(0o644)
    desk.scan()
    assert desk.state("town/a.md") is SourceState.ACCEPTED
    assert (desk.shown(), desk.sequence()) == before


def test_what_was_unreadable_for_a_reason_elsewhere_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system leaves no trace in the file's stat when it ends."""
    file = desk.article("a.md", "Good")
    real = os.open

    def failing(path: object, *args: object, **named: object) -> int:
        if path == "a.md":
            raise OSError(5, "Input/output error")
        return real(path, *args, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(os, "open", failing)
        assert "Input/output error" in desk.scan().refused[0].error
        assert desk.scan().refused == []
    before = file.stat()
    desk.scan()
    assert desk.titles() == ["Good"]
    assert file.stat().st_ctime_ns == before.st_ctime_ns


def test_a_huge_file_is_refused_without_being_read(desk: Desk) -> None:
    file = desk.write("a.md", "")
    os.truncate(file, 10**12)  # sparse
    (refusal,) = desk.scan().refused
    assert "max_file" in refusal.error
    report = desk.scan()
    assert (report.refused, report.read) == ([], 0)


def test_the_limit_on_size_is_the_configured_one(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(content={"max_file": "1 kB"})
    desk.article("small.md", "Small")
    desk.article("large.md", "Large", body="x " * 500)
    assert [refusal.source for refusal in desk.scan().refused] == ["large.md"]
    desk.configure(content={"max_file": "5 kB"})
    desk.scan()
    assert desk.titles() == ["Large", "Small"]


def test_a_file_that_vanishes_before_it_is_read_is_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedsvc.ingest import openfile

    desk.article("a.md")
    real = openfile.read

    def gone(*args: object, **named: object) -> object:
        (desk.root / "a.md").unlink(missing_ok=True)
        return real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(openfile, "read", gone)
    report = desk.scan()
    assert (report.read, report.refused) == (0, [])
    assert desk.store.source("a.md") is None


# ---------------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("name", "shown", "why"),
    [
        (b"news\xff.md", "news\\xff.md", "not UTF-8"),
        (b"two\nlines.md", "two\\x0alines.md", "control character"),
        (b"folder\xff/a.md", "folder\\xff/a.md", "not UTF-8"),
        (b"/".join([b"x" * 250] * 4 + [b"y" * 18 + b".md"]), "", "longer than 1,024 bytes"),
        ("/".join(["\u6f01" * 80] * 5).encode() + b".md", "", "longer than 1,024 bytes"),
    ],
)
def test_a_name_that_cannot_be_is_refused(desk: Desk, name: bytes, shown: str, why: str) -> None:
    desk.write(os.fsdecode(name), "# A title\n\nA text of one sentence.\n")
    desk.article("good.md")
    (refusal,) = desk.scan().refused
    assert refusal.source == shown or not shown
    assert why in refusal.error
    assert desk.scan().refused == []
    assert len(desk.titles()) == 1


@pytest.mark.parametrize(
    "name", ["a:b,c#d (1).md", "tag_wire.example.com_2014_note", "$HOME;rm -rf.md", "%2e%2e.md", "😀.XML.md"]
)
def test_any_other_name_works(desk: Desk, name: str) -> None:
    desk.write(name, "A title above the text\n\nA text that is told here in one sentence.\n")
    assert desk.scan().refused == []
    assert desk.titles() == ["A title above the text"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.md", ".git/a.md", "CVS/a.md", "a.md~", "~$a.md", "#a.md#", ".#a.md", "a.md.tmp", "a.md.part",
        "a.tmp.x7Yz", "a.md.swp", "a.md.bak", "a.md.crdownload", "a.md.filepart", "a.md.lock", ".a.md.Xy12Ab",
        "__MACOSX/a.md", "Thumbs.db", "town/.nfs000000000001", "a.md.orig",
    ],
)  # fmt: skip
def test_temporary_and_hidden_names_are_never_read(desk: Desk, name: str) -> None:
    file = desk.write(name, "---\ntitle: Hidden\n---\n\nA text of one sentence.\n")
    file.chmod(0)
    report = desk.scan()
    assert (report.files, report.read, report.refused) == (0, 0, [])
    report = desk.some({name: ""}, [name])
    assert (report.files, report.read, report.refused) == (0, 0, [])
    assert desk.store.sources() == {}


@pytest.mark.parametrize(
    "name", ["tmp.md", "partly.md", "old.md", "bak/a.md", "git.md", "a.temperature.md", "lock.txt"]
)
def test_names_that_only_sound_so_are_read(desk: Desk, name: str) -> None:
    desk.write(name, "A title above the text\n\nA text that is told here in one sentence.\n")
    desk.scan()
    assert desk.titles() == ["A title above the text"]


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "_index.md", "town/scan.log"])
def test_names_that_the_configuration_leaves_out_are_known_as_ignored(desk: Desk, name: str) -> None:
    desk.write(name, "---\ntitle: No article\n---\n\nA text of one sentence.\n")
    report = desk.scan()
    assert (report.refused, report.read, desk.titles()) == ([], 0, [])
    assert desk.state(name) is SourceState.IGNORED
    assert "[content] ignore" in desk.source(name).error
    desk.remove(name)
    desk.scans(2)
    assert desk.store.source(name) is None


def test_a_file_that_is_left_out_no_longer_is_read(desk: Desk) -> None:
    desk.article("README.md", "An article after all")
    desk.scan()
    desk.configure(content={"ignore": []})
    desk.scan()
    assert desk.titles() == ["An article after all"]


def test_folders_that_are_too_deep_are_refused(desk: Desk) -> None:
    desk.article("/".join("abcdefghij" * 5) + "/a.md")
    desk.article("/".join("abcdefghij" * 4)[:-2] + "/b.md")
    (refusal,) = desk.scan().refused
    assert "deep" in refusal.error
    assert len(desk.titles()) == 1


def test_a_picture_among_the_articles_is_refused_with_what_it_is(desk: Desk) -> None:
    desk.write("photo.md", b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    (refusal,) = desk.scan().refused
    assert "PNG picture" in refusal.error
