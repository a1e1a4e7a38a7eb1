"""Several files with one id of their own: versions, conflicts, withdrawals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.model import SourceState

ACCEPTED, SUPERSEDED, CONFLICT = SourceState.ACCEPTED, SourceState.SUPERSEDED, SourceState.CONFLICT
OWN = "urn:test:1"


def version(desk: Desk, path: str, number: object, title: str = "", **fields: object) -> None:
    """A file that gives the article ``OWN`` in a version; it says so in its title."""
    given = {} if number is None else {"version": str(number)}
    desk.items(path, {"id": OWN, "title": title or f"Version {number}", **given, **fields})


def states(desk: Desk, *paths: str) -> list[SourceState]:
    return [desk.state(path) for path in paths]


def test_the_higher_version_takes_over(desk: Desk) -> None:
    version(desk, "a.items", 9)
    desk.scan()
    version(desk, "b.items", 11)
    desk.scan()
    assert states(desk, "a.items", "b.items") == [SUPERSEDED, ACCEPTED]
    assert desk.source("a.items").error == "b.items gives its article now"
    assert desk.titles() == ["Version 11"]
    assert desk.tombstones() == []


@pytest.mark.parametrize("order", list(permutations((2, 10, 1542761538))))
def test_the_highest_version_holds_the_id_in_whatever_order_they_come(desk: Desk, order: Sequence[int]) -> None:
    for number in order:
        version(desk, f"{number}.items", number)
        desk.scan()
    assert desk.titles() == ["Version 1542761538"]
    assert desk.state("1542761538.items") is ACCEPTED
    assert states(desk, "2.items", "10.items") == [SUPERSEDED, SUPERSEDED]


def test_a_lower_version_is_superseded_and_says_by_what(desk: Desk) -> None:
    version(desk, "a.items", 3)
    desk.scan()
    version(desk, "b.items", 2)
    desk.scan()
    assert states(desk, "a.items", "b.items") == [ACCEPTED, SUPERSEDED]
    assert "version 2" in desk.source("b.items").error
    assert "a.items" in desk.source("b.items").error
    assert desk.titles() == ["Version 3"]


def test_a_lower_version_in_the_same_file_is_superseded(desk: Desk) -> None:
    version(desk, "a.items", 3)
    desk.scan()
    version(desk, "a.items", 2)
    desk.scan()
    assert desk.state("a.items") is SUPERSEDED
    assert desk.titles() == ["Version 3"]
    version(desk, "a.items", 4)
    desk.scan()
    assert desk.titles() == ["Version 4"]


def test_an_edit_in_the_same_version_is_taken(desk: Desk) -> None:
    version(desk, "a.items", 3)
    desk.scan()
    version(desk, "a.items", 3, "Version 3, edited")
    desk.scan()
    assert desk.titles() == ["Version 3, edited"]


def test_an_equal_version_with_the_same_bytes_is_superseded(desk: Desk) -> None:
    version(desk, "a.items", 3)
    version(desk, "b.items", 3)
    desk.scan()
    assert states(desk, "a.items", "b.items") == [ACCEPTED, SUPERSEDED]
    assert "copy" in desk.source("b.items").error


@pytest.mark.parametrize("number", [None, 3])
def test_an_equal_version_with_other_bytes_is_a_conflict_that_never_flips(desk: Desk, number: int | None) -> None:
    version(desk, "b.items", number, "First")
    desk.scan()
    version(desk, "a.items", number, "Second")
    desk.scan()

    def held() -> bool:
        return states(desk, "a.items", "b.items") == [CONFLICT, ACCEPTED] and desk.titles()[0].startswith("First")

    assert held()
    assert "raise the version" in desk.source("a.items").error
    for path in ("a.items", "b.items"):
        (desk.root / path).touch()
        desk.scan()
        assert held()
    version(desk, "a.items", number, "Second, edited")
    desk.scan()
    assert held()
    version(desk, "b.items", number, "First, edited")
    desk.scan()
    assert held()
    desk.configure(site={"language": "de"})  # both are read again
    desk.scan()
    assert held()
    file = desk.root / "b.items"
    written = file.read_bytes()
    file.unlink()
    desk.scan()
    version(desk, "a.items", number, "Second, edited again")
    file.write_bytes(written)
    desk.scan()
    assert held()


def test_a_higher_version_ends_a_conflict(desk: Desk) -> None:
    version(desk, "a.items", 1, "First")
    version(desk, "b.items", 1, "Second")
    desk.scan()
    version(desk, "b.items", 2, "Second")
    desk.scan()
    assert states(desk, "a.items", "b.items") == [SUPERSEDED, ACCEPTED]
    assert desk.titles() == ["Second"]


@pytest.mark.parametrize(
    ("left", "shown"),
    [(3, ["Keep", "Third"]), (4, ["Fourth", "Keep"]), (2, ["Keep"])],
    ids=["equal", "higher", "lower"],
)
def test_who_inherits_when_the_holder_is_removed(desk: Desk, left: int, shown: list[str]) -> None:
    names = {2: "Second", 3: "Third", 4: "Fourth"}
    desk.article("keep.md", "Keep")
    version(desk, "holder.items", 3, "Holder")
    desk.scan()
    if left == 4:
        # It came with a lower version first, and was raised while the holder was going.
        version(desk, "other.items", 1, names[left])
        desk.scan()
        desk.remove("holder.items")
        version(desk, "other.items", 4, names[left])
    else:
        version(desk, "other.items", left, names[left])
        desk.scan()
        desk.remove("holder.items")
    desk.scans(3)
    assert desk.titles() == shown
    assert desk.tombstones() == ([] if len(shown) == 2 else [OWN])


def test_the_rival_that_drops_the_id_is_an_article_of_its_own(desk: Desk) -> None:
    version(desk, "a.items", 1, "First")
    version(desk, "b.items", 1, "Second")
    desk.scan()
    desk.items("b.items", {"title": "Second"})
    desk.scan()
    assert desk.id("b.items") == f"{TAG}b.items"
    assert states(desk, "a.items", "b.items") == [ACCEPTED, ACCEPTED]
    assert desk.titles() == ["First", "Second"]


def test_a_removed_superseded_file_changes_nothing(desk: Desk) -> None:
    version(desk, "a.items", 1)
    version(desk, "b.items", 2)
    desk.scan()
    before = desk.sequence()
    desk.remove("a.items")
    desk.scans(3)
    assert desk.titles() == ["Version 2"]
    assert desk.sequence() == before


@pytest.mark.parametrize("number", [None, 5], ids=["without a version", "with a higher one"])
@pytest.mark.parametrize("said", [{"withdrawal": True}, {"status": "stat:canceled"}], ids=["item", "status"])
def test_a_withdrawal_without_a_body_takes_the_article_back(
    desk: Desk, number: int | None, said: dict[str, object]
) -> None:
    version(desk, "a.items", 3)
    desk.scan()
    version(desk, "kill.items", number, title="", body="", **said)
    report = desk.scan()
    assert report.refused == []
    assert desk.titles() == []
    assert desk.tombstones() == [OWN]
    assert states(desk, "a.items", "kill.items") == [SUPERSEDED, ACCEPTED]


@pytest.fixture
def killed(desk: Desk) -> Desk:
    """An article in version 3, and its withdrawal by another file without a version."""
    desk.article("keep.md", "Keep")
    version(desk, "a.items", 3)
    desk.scan()
    version(desk, "kill.items", None, body="", withdrawal=True)
    desk.scan()
    return desk


def test_a_killed_article_does_not_come_back_by_the_version_that_was_killed(killed: Desk) -> None:
    version(killed, "a.items", 3, "Version 3, edited")
    killed.scan()
    assert killed.titles() == ["Keep"]
    killed.remove("kill.items")
    killed.scans(3)
    assert killed.titles() == ["Keep"]
    version(killed, "b.items", 3, "Version 3 in another file")
    version(killed, "c.items", 2, "Version 2")
    killed.scan()
    killed.configure(site={"language": "de"})
    killed.scans(2)
    assert killed.titles() == ["Keep"]


def test_a_killed_article_comes_back_by_a_higher_version(killed: Desk) -> None:
    version(killed, "b.items", 4)
    killed.scan()
    assert killed.titles() == ["Keep", "Version 4"]
    assert killed.tombstones() == []


def test_the_file_that_killed_may_take_it_back(killed: Desk) -> None:
    version(killed, "kill.items", 3, "Not killed after all")
    killed.scan()
    assert killed.titles() == ["Keep", "Not killed after all"]


def test_a_second_withdrawal_is_no_conflict(killed: Desk) -> None:
    version(killed, "kill2.items", None, body="", withdrawal=True)
    killed.scan()
    assert killed.state("kill2.items") is SUPERSEDED
    assert killed.state("kill.items") is ACCEPTED
    killed.remove("kill.items")
    killed.scans(3)
    assert killed.titles() == ["Keep"]


def test_a_withdrawal_that_comes_first_holds(desk: Desk, make_desk: Callable[..., Desk]) -> None:
    version(desk, "1-kill.items", None, body="", withdrawal=True)
    version(desk, "2.items", None)
    desk.scan()
    assert desk.titles() == []
    assert states(desk, "1-kill.items", "2.items") == [ACCEPTED, SUPERSEDED]


def test_an_article_is_killed_and_revived_in_its_own_file(desk: Desk) -> None:
    desk.article("town/a.md", "One", date="2040-03-10")
    desk.scan()
    before = desk.stored("town/a.md")
    desk.article("town/a.md", "One", date="2040-03-10", status="canceled")
    desk.scan()
    assert (desk.titles(), desk.tombstones()) == ([], [before.article.id])
    desk.article("town/a.md", "One", date="2040-03-10")
    desk.scan()
    after = desk.stored("town/a.md")
    assert (desk.titles(), desk.tombstones()) == (["One"], [])
    assert (after.article.id, after.article.published, after.path) == (
        before.article.id,
        before.article.published,
        before.path,
    )


def test_an_own_id_moves_with_its_file(desk: Desk) -> None:
    version(desk, "town/a.items", 2)
    desk.scan()
    desk.move("town/a.items", "port/a.items")
    desk.scan()
    assert desk.state("port/a.items") is ACCEPTED
    assert (desk.titles("town"), desk.titles("port")) == ([], ["Version 2"])
    version(desk, "port/a.items", 2, "Version 2, edited")
    desk.scan()
    assert desk.titles("port") == ["Version 2, edited"]


def test_a_file_that_moves_and_gives_an_older_version_keeps_the_newer(desk: Desk) -> None:
    desk.article("keep.md", "Keep")
    version(desk, "town/a.items", 2)
    desk.scan()
    version(desk, "town/a.items", 1)
    desk.move("town/a.items", "port/a.items")
    desk.scan()
    assert desk.state("port/a.items") is SUPERSEDED
    assert desk.titles() == ["Keep", "Version 2"]
    assert desk.by_id(OWN).article.source == "port/a.items"
    desk.remove("port/a.items")
    desk.scans(2)
    assert desk.titles() == ["Keep"]


def test_a_file_that_was_only_touched_keeps_what_became_of_it_in_the_same_pass(desk: Desk) -> None:
    """Its holder dropped the article, or took it over, just before it was looked at."""
    desk.items("a.items", {"id": OWN, "title": "One", "version": "2"}, {"id": "urn:test:2", "title": "Two"})
    desk.items("b.items", {"id": OWN, "title": "One by another", "version": "2"})
    desk.items("c.items", {"id": "urn:test:3", "title": "Three"})
    desk.scan()
    desk.items("a.items", {"id": "urn:test:3", "title": "Four", "version": "1"}, {"id": "urn:test:2", "title": "Two"})
    for path in ("b.items", "c.items"):
        (desk.root / path).touch()
    desk.scan()
    assert desk.titles() == ["Four", "One by another", "Two"]
    assert states(desk, "a.items", "b.items", "c.items") == [ACCEPTED, ACCEPTED, SUPERSEDED]
