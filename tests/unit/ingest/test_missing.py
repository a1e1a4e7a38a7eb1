"""Files that are no longer there: what is a removal, what is only missing, and what is too much to be believed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.ingest.missing import HOLD, absent
from feedsvc.ingest.scan import Scan
from feedsvc.model import SourceState


def fill(desk: Desk, section: str, count: int) -> list[str]:
    paths = [f"{section}/{number:02d}.md" for number in range(count)]
    for path in paths:
        desk.article(path)
    return paths


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Twelve articles in town, eight in port."""
    fill(desk, "town", 12)
    fill(desk, "port", 8)
    desk.scan()
    return desk


def test_a_removed_article_leaves_after_the_second_look(full: Desk) -> None:
    full.remove("town/03.md")
    report = full.scan()
    assert (report.missing, report.outcomes) == (1, {})
    assert full.state("town/03.md") is SourceState.MISSING
    assert len(full.titles()) == 20
    report = full.scan()
    assert report.outcomes == {"withdrawn": 1}
    assert full.state("town/03.md") is SourceState.GONE
    assert len(full.titles()) == 19
    assert full.tombstones() == full.tombstones("town") == [f"{TAG}town/03.md"]
    assert full.scan().changed is False


def test_the_looks_must_be_settle_apart(full: Desk) -> None:
    full.remove("town/03.md")
    full.scan()
    assert full.scan(seconds=1).outcomes == {}
    assert full.scan(seconds=1).outcomes == {"withdrawn": 1}


def test_files_leave_by_their_paths_in_whatever_order_a_store_tells_of_them(full: Desk) -> None:
    known = full.store.sources()
    told = {path: known[path] for path in sorted(known, reverse=True)}
    assert absent(told, Scan(), content=full.settings.content, now=full.clock()).first == sorted(known)


@pytest.mark.parametrize("edit", [False, True], ids=["as it was", "edited"])
def test_a_file_that_was_absent_once_is_no_removal(full: Desk, edit: bool) -> None:
    file = full.root / "town/03.md"
    written = file.read_bytes()
    before = (full.shown(), full.sequence())
    file.unlink()
    full.scan()
    assert (full.shown(), full.sequence()) == before
    file.write_bytes(written.replace(b"told", b"sung") if edit else written)
    full.scan()
    assert full.state("town/03.md") is SourceState.ACCEPTED
    if edit:
        assert "sung" in full.read("town/03.md").content
    else:
        assert (full.shown(), full.sequence()) == before
    assert full.tombstones() == []


def test_on_missing_keep_withdraws_nothing(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(content={"on_missing": "keep"})
    desk.article("a.md")
    desk.article("b.md")
    desk.scan()
    desk.remove("a.md")
    desk.scans(4)
    assert len(desk.titles()) == 2
    assert desk.state("a.md") is SourceState.MISSING


@pytest.mark.parametrize("count", [1, 4])
def test_small_removals_work_whatever_their_share(desk: Desk, count: int) -> None:
    paths = fill(desk, "town", count)
    desk.article("port/keep.md")
    desk.scan()
    desk.remove(*paths)
    assert desk.scans(2).held == ""
    assert len(desk.titles()) == 1


def test_many_of_a_large_folder_work_too(full: Desk) -> None:
    full.remove(*(f"town/{number:02d}.md" for number in range(5)))
    assert full.scans(2).outcomes == {"withdrawn": 5}


def test_half_of_all_is_held_and_told(full: Desk) -> None:
    before = (full.shown(), full.sequence())
    full.remove(*(f"town/{number:02d}.md" for number in range(5)), *(f"port/{number:02d}.md" for number in range(5)))
    report = full.scans(2)
    assert report.outcomes == {}
    assert "10 of 20 files are missing" in report.held
    assert "feedsvc accept" in report.held
    assert (full.shown(), full.sequence()) == before
    (detail,) = full.store.holds().values()
    assert len(detail["paths"]) == 10
    full.restart()
    assert full.scan().held == report.held
    assert (full.shown(), full.sequence()) == before


def test_half_of_a_section_is_held(full: Desk) -> None:
    full.remove(*(f"port/{number:02d}.md" for number in range(5)))
    report = full.scans(2)
    assert "5 of 8 files of the section port are missing" in report.held
    assert len(full.titles("port")) == 8


def test_what_is_held_goes_by_the_word_of_the_operator(full: Desk) -> None:
    lost = [f"port/{number:02d}.md" for number in range(5)]
    full.remove(*lost)
    full.scans(2)
    assert full.store.accept(HOLD, now=full.clock())
    report = full.scan()
    assert (report.held, report.outcomes) == ("", {"withdrawn": 5})
    assert full.tombstones("port") == sorted(f"{TAG}{path}" for path in lost)
    assert full.store.holds() == {}
    assert full.scan().changed is False


def test_the_word_holds_for_what_it_was_given_for(full: Desk) -> None:
    full.remove(*(f"port/{number:02d}.md" for number in range(5)))
    full.scans(2)
    full.store.accept(HOLD, now=full.clock())
    full.remove(*(f"town/{number:02d}.md" for number in range(12)))
    full.scans(2)
    assert len(full.titles("port")) == 3
    assert len(full.titles("town")) == 12
    assert "12 of 15" in full.scan().held


def test_what_is_held_ends_when_the_files_are_back(full: Desk) -> None:
    files = {path: path.read_bytes() for path in (full.root / "port").iterdir()}
    shutil.rmtree(full.root / "port")
    assert full.scans(2).held != ""
    for path, written in files.items():
        full.write(str(path.relative_to(full.root)), written)
    before = full.sequence()
    assert full.scan().held == ""
    assert full.store.holds() == {}
    assert full.sequence() == before
    assert full.counts_of(SourceState.ACCEPTED) == 20


@pytest.mark.parametrize("state", ["gone", "empty", "a file"])
def test_a_folder_that_is_lost_withdraws_nothing(make_desk: Callable[..., Desk], state: str) -> None:
    desk = make_desk()
    fill(desk, "town", 2)  # below the number that other removals need to be held
    desk.scan()
    before = (desk.shown(), desk.sequence())
    aside = desk.root.rename(desk.folder / "aside")
    if state == "empty":
        desk.root.mkdir()
    elif state == "a file":
        desk.root.write_text("no folder")
    report = desk.scans(3)
    assert str(desk.root) in report.held or "empty" in report.held
    desk.restart()
    assert desk.scan().held == report.held
    assert (desk.shown(), desk.sequence()) == before
    if state == "empty":
        desk.root.rmdir()
    elif state == "a file":
        desk.root.unlink()
    aside.rename(desk.root)
    assert desk.scans(2).held == ""
    assert (desk.shown(), desk.sequence()) == before
    desk.remove("town/00.md")
    desk.scans(2)
    assert len(desk.titles()) == 1


def test_an_empty_folder_before_the_first_file_is_nothing(desk: Desk) -> None:
    assert desk.scans(2).held == ""


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111], ids=["closed", "not to be entered", "not to be listed"])
def test_a_folder_that_cannot_be_looked_into_is_unknown(full: Desk, unprivileged: None, mode: int) -> None:
    before = (full.shown(), full.sequence())
    folder = full.root / "town"
    folder.chmod(mode)
    try:
        report = full.scans(3)
        assert list(report.unlisted) == ["town/"]
        assert report.missing == 0
        assert (full.shown(), full.sequence()) == before
        full.remove("port/00.md")
        full.scans(2)
        assert len(full.titles("port")) == 7  # the rest goes on
    finally:
        folder.chmod(0o755)
    assert full.scan().unlisted == {}
    assert len(full.titles("town")) == 12
    assert full.state("town/00.md") is SourceState.ACCEPTED


def test_a_folder_in_nfd_that_cannot_be_listed_is_unknown(desk: Desk, unprivileged: None) -> None:
    desk.article("cafe\u0301/a.md")
    desk.article("keep.md")
    desk.scan()
    (desk.root / "cafe\u0301").chmod(0)
    try:
        desk.scans(3)
        assert desk.state("caf\u00e9/a.md") is SourceState.ACCEPTED
    finally:
        (desk.root / "cafe\u0301").chmod(0o755)


@pytest.mark.parametrize("edited", [False, True], ids=["the same length", "the same inode"])
def test_a_move_whose_new_file_still_settles_is_no_removal(desk: Desk, edited: bool) -> None:
    desk.clock.now = datetime.now(UTC)
    file = desk.article("town/a.md", "One", date="2020-01-01")
    desk.article("town/keep.md", "Keep the other one", date="2020-01-01")
    desk.scan(seconds=3)
    first = desk.id("town/a.md")
    if edited:
        file.write_text(file.read_text() + "\nAnother sentence.\n")
        desk.move("town/a.md", "port/b.md")
    else:
        desk.write("port/b.md", file.read_bytes())
        desk.remove("town/a.md")
    desk.clock.now = datetime.now(UTC)
    assert desk.scan(seconds=0).missing == 1
    desk.clock.move(seconds=2.5)
    desk.ticks += 1  # absent for long enough, and the new file has not settled yet
    report = desk.running.full(desk.lease)
    assert (report.waiting, report.outcomes) == (["port/b.md"], {})
    desk.scan(seconds=3)
    assert desk.id("port/b.md") == first
    assert desk.titles("port") == ["One"]
    assert desk.tombstones() == []


def test_a_removed_file_that_was_never_good_is_forgotten(desk: Desk) -> None:
    desk.write("bad.md", "---\ntitle: [x\n---\n")
    desk.article("keep.md")
    desk.scan()
    desk.remove("bad.md")
    desk.scan()
    assert desk.store.source("bad.md") is None


def test_a_removed_bad_file_takes_its_last_good_version_along(full: Desk) -> None:
    full.write("town/00.md", "---\ntitle: [x\n---\n")
    full.scan()
    full.remove("town/00.md")
    full.scans(2)
    assert len(full.titles("town")) == 11


def test_a_name_that_the_configuration_leaves_out_now_is_a_removal(full: Desk) -> None:
    full.configure(content={"ignore": ["00*"]})
    full.scans(2)
    assert len(full.titles()) == 18
    assert full.scan().changed is False
    assert full.state("town/00.md") is SourceState.IGNORED
    full.configure()
    full.scan()
    assert full.state("town/00.md") is SourceState.ACCEPTED
    assert full.id("town/00.md") == f"{TAG}town/00.md"
    assert len(full.titles()) == 20


def test_a_file_that_is_removed_while_it_is_left_out_comes_back_as_itself(full: Desk) -> None:
    file = full.root / "town/00.md"
    written = file.read_bytes()
    full.configure(content={"ignore": ["00*"]})
    full.scans(3)
    file.unlink()
    full.scans(3)
    full.configure()
    full.write("town/00.md", written)
    full.scan()
    assert full.id("town/00.md") == f"{TAG}town/00.md"
    assert len(full.titles("town")) == 12
