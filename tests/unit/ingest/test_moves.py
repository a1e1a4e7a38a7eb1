"""Files that are renamed and moved keep their articles."""

from __future__ import annotations

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.model import SourceState


def test_a_move_to_another_section_keeps_id_and_address_and_leaves_no_tombstone(desk: Desk) -> None:
    desk.article("town/a.md", "One")
    desk.scan()
    before = desk.stored("town/a.md")
    desk.move("town/a.md", "port/a.md")
    report = desk.scan()
    after = desk.stored("port/a.md")
    assert (after.article.id, after.path, after.article.updated) == (
        before.article.id,
        before.path,
        before.article.updated,
    )
    assert after.article.sections == ("port",)
    assert (desk.titles("town"), desk.titles("port"), desk.titles()) == ([], ["One"], ["One"])
    assert desk.tombstones("town") == desk.tombstones() == []
    assert report.outcomes["withdrawn"] == 0
    assert desk.scans(3).outcomes == {}
    assert desk.state("town/a.md") is SourceState.GONE
    assert desk.titles() == ["One"]


def test_a_renamed_file_that_was_edited_too_is_known_by_its_inode_and_title(desk: Desk) -> None:
    file = desk.article("town/a.md", "One")
    desk.scan()
    file.write_text("---\ntitle: One\n---\n\nAn edited text, in the same file.\n")
    desk.move("town/a.md", "town/b.md")
    desk.scan()
    assert desk.id("town/b.md") == f"{TAG}town/a.md"
    assert "edited" in desk.read("town/b.md").content


def test_a_moved_file_that_was_edited_too_is_known_by_its_inode_and_name(desk: Desk) -> None:
    file = desk.article("town/a.md", "One")
    desk.scan()
    file.write_text("---\ntitle: Another title\n---\n\nAn edited text, in the same file.\n")
    desk.move("town/a.md", "port/a.md")
    desk.scan()
    assert desk.id("port/a.md") == f"{TAG}town/a.md"


def in_the_same_inode(desk: Desk, path: str, to: str, title: str) -> None:
    """Another file *to*, which got the inode of *path*: what happens when that is removed just before."""
    desk.move(path, to)
    before = (desk.root / to).stat().st_ino
    desk.article(to, title)
    assert (desk.root / to).stat().st_ino == before


def test_an_inode_that_is_used_again_is_no_move(desk: Desk) -> None:
    desk.article("town/a.md", "One")
    desk.article("town/keep.md", "Keep")
    desk.scan()
    in_the_same_inode(desk, "town/a.md", "town/b.md", "Two")
    desk.scan()
    assert desk.id("town/b.md") == f"{TAG}town/b.md"
    desk.scan()
    assert desk.titles() == ["Keep", "Two"]
    assert desk.tombstones() == [f"{TAG}town/a.md"]


def test_an_inode_that_is_used_again_for_another_index_page_is_no_move(desk: Desk) -> None:
    desk.article("town/fire/index.md", "One")
    desk.article("town/keep.md", "Keep")
    desk.scan()
    in_the_same_inode(desk, "town/fire/index.md", "town/flood/index.md", "Two")
    desk.scan()
    assert desk.id("town/flood/index.md") == f"{TAG}town/flood/index.md"


def test_a_folder_that_moves_takes_its_articles_along(desk: Desk) -> None:
    for number in range(8):
        desk.article(f"town/council/{number}.md", f"Number {number}")
    desk.scan()
    before = {desk.id(f"town/council/{number}.md") for number in range(8)}
    desk.move("town/council", "politics")
    desk.scan()
    assert {desk.id(f"politics/{number}.md") for number in range(8)} == before
    assert desk.titles("town") == []
    assert len(desk.titles("politics")) == 8
    assert desk.scans(2).held == ""
    assert desk.tombstones() == []


def test_a_file_that_moves_away_and_back_keeps_its_id(desk: Desk) -> None:
    desk.article("a.md")
    desk.scan()
    desk.move("a.md", "b/c.md")
    desk.scan()
    desk.move("b/c.md", "a.md")
    desk.scan()
    assert desk.id("a.md") == f"{TAG}a.md"
    assert desk.scans(2).outcomes == {}


def test_one_of_two_copies_that_appear_has_moved_the_other_is_a_copy(desk: Desk) -> None:
    file = desk.article("a.md", "One")
    desk.scan()
    desk.write("b/x.md", file.read_bytes())
    desk.move("a.md", "c/x.md")
    desk.scan()
    assert desk.ids("b/x.md") == desk.ids("c/x.md") == [f"{TAG}a.md"]
    assert {desk.state("b/x.md"), desk.state("c/x.md")} == {SourceState.ACCEPTED, SourceState.DUPLICATE}
    assert desk.titles() == ["One"]


def test_a_move_in_the_grace_of_a_removal_is_a_move(desk: Desk) -> None:
    file = desk.article("a.md", "One")
    desk.article("keep.md")
    desk.scan()
    written = file.read_bytes()
    desk.remove("a.md")
    desk.scan()
    assert desk.state("a.md") is SourceState.MISSING
    desk.write("town/a.md", written)
    desk.scan()
    assert desk.id("town/a.md") == f"{TAG}a.md"
    assert desk.scans(2).outcomes == {}


def test_a_missing_copy_that_comes_back_under_another_name_does_not_take_the_article(desk: Desk) -> None:
    file = desk.article("a.md", "One")
    desk.write("port/c.md", file.read_bytes())
    desk.scan()
    desk.remove("port/c.md")
    desk.scan()
    desk.write("town/d.md", file.read_bytes())
    desk.scan()
    assert desk.state("a.md") is SourceState.ACCEPTED
    assert desk.read("a.md").source == "a.md"
    assert desk.state("town/d.md") is SourceState.DUPLICATE
    desk.scan()
    assert desk.read("a.md").sections == ("news", "town")


def test_a_file_that_moves_and_is_bad_keeps_its_last_good_version(desk: Desk) -> None:
    file = desk.article("town/a.md", "One")
    desk.scan()
    first = desk.id("town/a.md")
    file.write_text("---\ntitle: [One\n---\n\nBad front matter.\n")
    desk.scan()
    desk.move("town/a.md", "port/a.md")
    desk.scan()
    assert desk.state("port/a.md") is SourceState.REFUSED
    desk.scans(2)
    assert desk.titles() == ["One"]
    desk.article("port/a.md", "One, mended")
    desk.scan()
    assert desk.id("port/a.md") == first
    assert desk.titles("port") == ["One, mended"]
    desk.article("keep.md")
    desk.remove("port/a.md")
    desk.scans(2)
    assert desk.tombstones() == [first]


def test_a_file_that_moves_where_it_cannot_be_keeps_its_last_good_version(desk: Desk) -> None:
    desk.article("town/a.md", "One")
    desk.scan()
    desk.move("town/a.md", "search/a.md")
    report = desk.scan()
    assert "'search'" in str(report.refused[0])
    desk.scans(2)
    assert desk.titles("town") == ["One"]
    desk.move("search/a.md", "port/a.md")
    desk.scan()
    assert desk.id("port/a.md") == f"{TAG}town/a.md"
    assert (desk.titles("town"), desk.titles("port")) == ([], ["One"])


@pytest.mark.parametrize("name", ["b.md", "cafe\u0301.md"])
def test_a_rename_that_was_announced_is_a_move_at_once(desk: Desk, name: str) -> None:
    desk.article("a.md", "One")
    desk.scan()
    desk.move("a.md", name)
    desk.some({name: "a.md"})
    assert desk.ids("b.md" if name == "b.md" else "caf\u00e9.md") == [f"{TAG}a.md"]
    desk.move(name, "c.md")
    desk.some({"c.md": name})
    assert desk.id("c.md") == f"{TAG}a.md"
    assert desk.titles() == ["One"]


def test_a_move_over_another_file_is_an_edit_of_that_and_the_removal_of_this(desk: Desk) -> None:
    desk.article("a.md", "One")
    desk.article("b.md", "Two")
    desk.scan()
    desk.move("a.md", "b.md")
    desk.scans(3)
    assert desk.id("b.md") == f"{TAG}b.md"
    assert desk.titles() == ["One"]
    assert desk.tombstones() == [f"{TAG}a.md"]
