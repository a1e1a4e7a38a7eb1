"""Which article a file speaks of: ids follow the article, never its title, date, section or address."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.model import SourceState


def test_an_own_id_that_is_a_uri_is_used_character_for_character(desk: Desk) -> None:
    own = "urn:newsml:localhost:2016-09-30:A%2f(1)~x;v=2"
    desk.items("a.items", {"id": own})
    desk.scan()
    assert desk.id("a.items") == own


def test_any_other_own_id_becomes_a_tag(desk: Desk) -> None:
    desk.article("town/a.md", guid="Kürbis 7/b")
    desk.scan()
    assert desk.id("town/a.md") == f"{TAG}id/K%C3%BCrbis%207/b"


def test_without_an_id_it_is_minted_from_the_path(desk: Desk) -> None:
    desk.article("town/Häfen & Boote.md")
    desk.scan()
    assert desk.id("town/Häfen & Boote.md") == f"{TAG}town/H%C3%A4fen%20%26%20Boote.md"


def test_a_name_in_nfd_gives_the_id_of_the_name_in_nfc(desk: Desk) -> None:
    desk.article(unicodedata.normalize("NFD", "café/é.md"))
    desk.scan()
    assert desk.id("café/é.md") == f"{TAG}caf%C3%A9/%C3%A9.md"


def test_no_edit_changes_the_id(desk: Desk) -> None:
    desk.article("town/a.md", "The mayor resigns", date="2040-03-10")
    desk.scan()
    first = desk.stored("town/a.md")
    edits: list[dict[str, object]] = [
        {"title": "The mayor stays"},
        {"slug": "mayor"},
        {"date": "2040-03-11"},
        {"section": "politics"},
        {"canonical_url": "https://other.example.org/mayor"},
        {"body": "Quite another text about the very same thing."},
    ]
    for edit in edits:
        desk.article("town/a.md", **{"title": "The mayor resigns", "date": "2040-03-10"} | edit)  # type: ignore[arg-type]
        report = desk.scan()
        assert report.refused == []
        now = desk.stored("town/a.md")
        assert (now.article.id, now.path) == (first.article.id, first.path)
    assert len(desk.placed()) == 1


def test_an_id_that_is_added_later_leaves_the_minted_one(desk: Desk) -> None:
    desk.article("a.md", "One")
    desk.scan()
    desk.article("a.md", "One", guid="one")
    desk.scan()
    assert desk.id("a.md") == f"{TAG}a.md"
    assert "is not used" in desk.notes("a.md")
    desk.article("a.md", "One, changed", guid="one")
    desk.scan()
    assert desk.id("a.md") == f"{TAG}a.md"
    assert desk.titles() == ["One, changed"]


def test_an_id_that_is_added_later_and_taken_leaves_the_minted_one(desk: Desk) -> None:
    desk.article("a.md", "One")
    desk.article("b.md", "Two", guid="two")
    desk.scan()
    desk.article("a.md", "One", guid="two")
    desk.scan()
    assert desk.id("a.md") == f"{TAG}a.md"
    assert desk.titles() == ["One", "Two"]


def test_an_id_that_is_taken_out_later_stays(desk: Desk) -> None:
    desk.article("a.md", "One", guid="one")
    desk.scan()
    desk.article("a.md", "One")
    desk.scan()
    assert desk.id("a.md") == f"{TAG}id/one"
    assert len(desk.placed()) == 1


def test_look_alikes_stay_separate(desk: Desk) -> None:
    """The same title, stem, case, and names that look the same."""
    names = ["a/ferry.md", "b/ferry.md", "a/Ferry.md", "a/ferry.txt", "a/caf\u00e9.md", "a/cafe\u0301.md"]
    for number, name in enumerate(names):
        text = f"The ferry sails\n\nText number {number} of the ferry, which is told in a sentence.\n"
        desk.write(name, text if name.endswith(".txt") else f"# {text}")
    desk.scan()
    ids = [desk.id(name) for name in names]
    assert len(set(ids)) == len(names)
    assert desk.titles() == ["The ferry sails"] * len(names)
    texts = {desk.by_id(article_id).article.content for article_id in ids}
    assert len(texts) == len(names)


def test_folders_that_look_alike_stay_separate(desk: Desk) -> None:
    desk.article("caf\u00e9/a.md", "One")
    desk.article("cafe\u0301/a.md", "Two")
    desk.scan()
    assert desk.titles() == ["One", "Two"]
    assert desk.scan().read == 0


def test_a_file_that_comes_back_with_the_same_bytes_restores_its_article(desk: Desk) -> None:
    desk.article("town/keep.md")
    file = desk.article("town/a.md", "One")
    desk.scan()
    first, written = desk.stored("town/a.md"), file.read_bytes()
    desk.remove("town/a.md")
    desk.scans(2)
    assert desk.stored("town/a.md").withdrawn is not None
    desk.write("town/a.md", written)
    report = desk.scan()
    again = desk.stored("town/a.md")
    assert report.outcomes["restored"] == 1
    assert (again.article, again.path, again.withdrawn) == (first.article, first.path, None)


def test_a_file_that_comes_back_elsewhere_with_the_same_bytes_restores_its_article(desk: Desk) -> None:
    desk.article("town/keep.md")
    file = desk.article("town/a.md", "One")
    desk.scan()
    written = file.read_bytes()
    desk.remove("town/a.md")
    desk.scans(2)
    desk.write("port/b.md", written)
    desk.scan()
    assert desk.id("port/b.md") == f"{TAG}town/a.md"
    assert desk.titles("port") == ["One"]


@pytest.mark.parametrize("keys", [{"title": "One"}, {"title": "Other", "guid": "own"}], ids=["title", "own id"])
def test_a_file_that_comes_back_with_the_same_title_or_id_restores_its_article(
    desk: Desk, keys: dict[str, str]
) -> None:
    own = {"guid": keys["guid"]} if "guid" in keys else {}
    desk.article("town/keep.md")
    desk.article("town/a.md", "One", **own)
    desk.scan()
    first = desk.id("town/a.md")
    desk.remove("town/a.md")
    desk.scans(2)
    desk.article("town/a.md", body="The text was written again, from memory.", **keys)
    desk.scan()
    assert desk.id("town/a.md") == first
    assert desk.stored("town/a.md").withdrawn is None


def test_another_article_at_the_path_of_a_withdrawn_one_is_a_new_one(desk: Desk) -> None:
    desk.article("keep.md")
    for number, title in enumerate(["First", "Second", "Third"], start=1):
        desk.article("a.md", title)
        desk.scan()
        again = f"~{number}" if number > 1 else ""
        assert desk.id("a.md") == f"{TAG}a.md{again}"
        desk.remove("a.md")
        desk.scans(2)
    assert len(desk.tombstones()) == 3


def test_a_new_article_does_not_restore_a_withdrawn_one_after_it_was_refused(desk: Desk) -> None:
    """A first bad version at the path of a withdrawn article must not open it to the next good one."""
    desk.article("keep.md")
    desk.article("a.md", "First")
    desk.scan()
    desk.remove("a.md")
    desk.scans(2)
    desk.write("a.md", "---\ntitle: [Second\n---\n\nText.\n")
    desk.scan()
    assert desk.state("a.md") is SourceState.REFUSED
    desk.article("a.md", "Second")
    desk.scan()
    assert desk.id("a.md") == f"{TAG}a.md~2"
    assert desk.by_id(f"{TAG}a.md").withdrawn is not None


def test_a_new_article_where_another_moved_away_is_a_new_one(desk: Desk) -> None:
    desk.article("a.md", "First")
    desk.scan()
    desk.move("a.md", "b.md")
    desk.scan()
    desk.article("a.md", "Second")
    desk.scan()
    assert (desk.id("b.md"), desk.id("a.md")) == (f"{TAG}a.md", f"{TAG}a.md~2")


def test_a_store_that_is_rebuilt_from_the_folder_gives_the_same_ids(desk: Desk, make_desk: Callable[..., Desk]) -> None:
    desk.article("town/a.md", "One")
    desk.article("port/b.md", "Two", guid="two")
    desk.parts("port/c.items", "Three", "Four")
    desk.article("town/d.md", "Five")
    desk.scan()
    desk.article("town/a.md", "One, edited")
    desk.scan()
    fresh = make_desk(content={"path": desk.root})
    fresh.scan()
    paths = ["town/a.md", "port/b.md", "port/c.items", "town/d.md"]
    assert [fresh.ids(path) for path in paths] == [desk.ids(path) for path in paths]
    keys = [[one.by_id(article_id).key for path in paths for article_id in one.ids(path)] for one in (fresh, desk)]
    assert keys[0] == keys[1]  # and so the addresses lead to them
