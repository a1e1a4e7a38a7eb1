"""Byte-identical copies: one article, in the sections of all of them."""

from __future__ import annotations

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.model import SourceState


@pytest.fixture
def copied(desk: Desk) -> Desk:
    """``town/a.md`` and its copy ``port/a.md``, and another article."""
    file = desk.article("town/a.md", "One", tags="[x]")
    desk.article("town/keep.md", "Keep")
    desk.scan()
    desk.write("port/a.md", file.read_bytes())
    desk.scan()
    return desk


def test_a_copy_places_the_article_in_its_own_section_too(copied: Desk) -> None:
    assert copied.state("port/a.md") is SourceState.DUPLICATE
    assert copied.ids("port/a.md") == copied.ids("town/a.md")
    assert (copied.titles("town"), copied.titles("port")) == (["Keep", "One"], ["One"])
    assert copied.titles() == ["Keep", "One"]
    assert copied.read("town/a.md").sections == ("town", "port")
    assert "town/a.md" in copied.source("port/a.md").error


def test_a_copy_that_is_removed_takes_its_section_along(copied: Desk) -> None:
    copied.remove("port/a.md")
    copied.scans(2)
    assert (copied.titles("town"), copied.titles("port")) == (["Keep", "One"], [])
    assert copied.read("town/a.md").sections == ("town",)
    assert copied.tombstones("port") == []


def test_a_copy_inherits_the_article_when_the_first_file_goes(copied: Desk) -> None:
    before = copied.stored("town/a.md")
    copied.remove("town/a.md")
    report = copied.scans(2)
    after = copied.stored("port/a.md")
    assert copied.state("port/a.md") is SourceState.ACCEPTED
    assert (after.article.id, after.article.updated, after.path) == (
        before.article.id,
        before.article.updated,
        before.path,
    )
    assert (after.article.source, after.article.sections) == ("port/a.md", ("port",))
    assert (copied.titles("town"), copied.titles("port")) == (["Keep"], ["One"])
    assert report.outcomes["withdrawn"] == 0
    assert copied.tombstones() == []


def test_both_files_removed_at_once_withdraw_the_article(copied: Desk) -> None:
    copied.remove("town/a.md", "port/a.md")
    report = copied.scans(2)
    assert report.outcomes == {"withdrawn": 1}
    assert copied.tombstones() == copied.tombstones("town") == [f"{TAG}town/a.md"]


def test_the_copy_may_come_back_alone(copied: Desk) -> None:
    written = (copied.root / "port/a.md").read_bytes()
    copied.remove("town/a.md", "port/a.md")
    copied.scans(2)
    copied.write("port/a.md", written)
    copied.scan()
    assert copied.id("port/a.md") == f"{TAG}town/a.md"
    assert copied.titles("port") == ["One"]


def test_the_copy_inherits_though_it_was_missing_itself(copied: Desk) -> None:
    written = (copied.root / "port/a.md").read_bytes()
    copied.remove("town/a.md", "port/a.md")
    copied.scan()
    copied.write("port/a.md", written)
    copied.scans(2)
    assert copied.id("port/a.md") == f"{TAG}town/a.md"
    assert (copied.titles("town"), copied.titles("port")) == (["Keep"], ["One"])
    assert copied.tombstones() == []


def test_an_edited_copy_is_an_article_of_its_own(copied: Desk) -> None:
    copied.article("port/a.md", "One, for the port")
    copied.scan()
    assert copied.id("port/a.md") == f"{TAG}port/a.md"
    assert copied.state("port/a.md") is SourceState.ACCEPTED
    assert copied.titles("port") == ["One, for the port"]
    assert copied.read("town/a.md").sections == ("town",)
    assert copied.titles() == ["Keep", "One", "One, for the port"]


def test_a_copy_stays_one_when_the_first_file_is_edited(copied: Desk) -> None:
    """A correction shows in both sections; the stale copy does not turn up as an old article."""
    copied.article("town/a.md", "One, corrected")
    copied.scan()
    assert (copied.titles("town"), copied.titles("port")) == (["Keep", "One, corrected"], ["One, corrected"])
    copied.configure(site={"language": "de"})  # everything is read again
    copied.scan()
    assert copied.state("port/a.md") is SourceState.DUPLICATE
    assert copied.titles("port") == ["One, corrected"]


def test_a_stale_copy_that_inherits_is_a_change_of_the_article(copied: Desk) -> None:
    copied.article("town/a.md", "One, corrected")
    copied.scan()
    copied.remove("town/a.md")
    copied.scans(2)
    assert copied.titles("port") == ["One"]
    assert copied.read("port/a.md").updated == copied.clock()


def test_an_edit_without_a_change_of_meaning_does_not_date_a_copied_article(copied: Desk) -> None:
    before = copied.read("town/a.md")
    file = copied.root / "town/a.md"
    file.write_text(file.read_text().replace("tags: [x]", "tags:   [x]"))
    copied.scan()
    assert copied.source("town/a.md").sha256 != copied.source("port/a.md").sha256
    assert copied.read("town/a.md") == before


def test_a_copy_does_not_bring_a_killed_article_back(copied: Desk) -> None:
    copied.article("town/a.md", "One", status="canceled")
    copied.scan()
    assert copied.titles() == ["Keep"]
    copied.remove("town/a.md")
    copied.scans(2)
    assert copied.titles() == ["Keep"]
    copied.configure(site={"language": "de"})
    copied.scans(2)
    assert copied.titles() == ["Keep"]


def test_a_copy_of_a_file_with_an_id_of_its_own_is_superseded(desk: Desk) -> None:
    file = desk.article("town/a.md", "One", guid="one")
    desk.write("port/a.md", file.read_bytes())
    desk.scan()
    states = {desk.state("town/a.md"), desk.state("port/a.md")}
    assert states == {SourceState.ACCEPTED, SourceState.SUPERSEDED}
    assert desk.titles() == ["One"]


def test_a_copy_of_a_file_that_got_an_id_later_shares_its_article(desk: Desk) -> None:
    desk.article("town/a.md", "One")
    desk.scan()
    file = desk.article("town/a.md", "One", guid="one")
    desk.scan()
    desk.write("port/a.md", file.read_bytes())
    desk.scan()
    assert desk.id("port/a.md") == f"{TAG}town/a.md"
    assert desk.titles() == ["One"]


def test_a_copy_of_a_file_of_several_articles_shares_them_all(desk: Desk) -> None:
    file = desk.parts("town/a.items", "One", "Two")
    desk.scan()
    desk.write("port/a.items", file.read_bytes())
    desk.scan()
    assert desk.ids("port/a.items") == desk.ids("town/a.items")
    assert desk.titles("port") == desk.titles("town") == desk.titles() == ["One", "Two"]


def test_the_heir_that_is_just_being_written_inherits_when_it_has_settled(copied: Desk) -> None:
    """The article stays public until then, under its id."""
    copied.remove("town/a.md")
    copied.scan()
    with (copied.root / "port/a.md").open("ab"):
        (copied.root / "port/a.md").touch()
        copied.scan()
        copied.scan()
        assert copied.titles() == ["Keep", "One"]
    copied.scan()
    assert copied.read("port/a.md").source == "port/a.md"
    assert copied.id("port/a.md") == f"{TAG}town/a.md"
    assert copied.tombstones() == []


def test_of_an_article_and_its_copy_that_both_move_the_article_goes_along(copied: Desk) -> None:
    copied.move("town/a.md", "b/first.md")
    copied.remove("port/a.md")
    copied.scan()
    assert copied.id("b/first.md") == f"{TAG}town/a.md"
    copied.scan()
    assert (copied.titles("b"), copied.titles("port")) == (["One"], [])
