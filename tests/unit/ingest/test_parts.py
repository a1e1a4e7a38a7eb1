"""Files of several articles: each of them keeps its id, whatever is done to the others."""

from __future__ import annotations

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.model import SourceState

A, B, C = (f"{TAG}all.items#{number}" for number in (1, 2, 3))


@pytest.fixture
def three(desk: Desk) -> Desk:
    desk.parts("all.items", "Alpha", "Beta", "Gamma")
    desk.scan()
    assert desk.ids("all.items") == [A, B, C]
    return desk


def by_title(desk: Desk, path: str = "all.items") -> dict[str, str]:
    return {desk.by_id(article_id).article.title: article_id for article_id in desk.ids(path)}


def test_reordering_keeps_the_ids(three: Desk) -> None:
    three.parts("all.items", "Gamma", "Alpha", "Beta")
    three.scan()
    assert by_title(three) == {"Alpha": A, "Beta": B, "Gamma": C}
    assert three.tombstones() == []


def test_one_added_on_top_is_new_and_the_others_stay(three: Desk) -> None:
    three.parts("all.items", "Delta", "Alpha", "Beta", "Gamma")
    three.scan()
    assert by_title(three) == {"Delta": f"{TAG}all.items~2#1", "Alpha": A, "Beta": B, "Gamma": C}


def test_one_added_at_the_end_is_new(three: Desk) -> None:
    three.parts("all.items", "Alpha", "Beta", "Gamma", "Delta")
    three.scan()
    assert by_title(three)["Delta"] == f"{TAG}all.items#4"


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_one_removed_is_withdrawn_and_the_others_stay(three: Desk, gone: int) -> None:
    titles = ["Alpha", "Beta", "Gamma"]
    left = titles[:gone] + titles[gone + 1 :]
    three.parts("all.items", *left)
    report = three.scan()
    assert three.titles() == left
    assert three.tombstones() == [[A, B, C][gone]]
    assert report.outcomes["withdrawn"] == 1
    assert by_title(three) == {title: [A, B, C][titles.index(title)] for title in left}


def test_one_that_is_put_back_has_its_id_again(three: Desk) -> None:
    three.parts("all.items", "Alpha", "Gamma")
    three.scan()
    three.parts("all.items", "Alpha", "Beta", "Gamma")
    three.scan()
    assert by_title(three) == {"Alpha": A, "Beta": B, "Gamma": C}
    assert three.tombstones() == []


def test_a_new_title_in_its_place_is_an_edit(three: Desk) -> None:
    three.parts("all.items", "Alpha", "Beta, retitled", "Gamma")
    three.scan()
    assert by_title(three) == {"Alpha": A, "Beta, retitled": B, "Gamma": C}


def test_titles_are_compared_as_readers_see_them(desk: Desk) -> None:
    """Marks that are left out of titles must not make a known article look new."""
    items = [
        {"title": "* One (2)", "part": 1},
        {"title": "<b>Two</b> &amp; more", "part": 2},
        {"title": "Three at the cafÃ©", "part": 3},
        {"title": "Four &lt;script>", "part": 4},
    ]
    shown = ["One", "Two & more", "Three at the café", "Four < script>"]
    desk.items("all.items", *items)
    desk.scan()
    assert desk.titles() == sorted(shown)
    before = by_title(desk)
    desk.items("all.items", *reversed(items))
    desk.scan()
    assert by_title(desk) == before


def test_articles_of_one_title_stay_apart_by_their_place(desk: Desk) -> None:
    same = [{"title": "Weather", "body": f"<p>Text {number}.</p>", "part": number} for number in (1, 2)]
    desk.items("all.items", *same)
    desk.scan()
    desk.items("all.items", same[0], {**same[1], "body": "<p>Text 2, edited.</p>"})
    desk.scan()
    assert "edited" in desk.by_id(B).article.content
    assert "edited" not in desk.by_id(A).article.content


def test_two_articles_with_one_id_are_a_conflict_of_the_file(desk: Desk) -> None:
    desk.items("all.items", {"id": "urn:x:1", "title": "One"}, {"id": "urn:x:1", "title": "Two"})
    desk.scan()
    assert desk.titles() == ["One"]
    assert desk.state("all.items") is SourceState.CONFLICT
    assert "one id" in desk.source("all.items").error
    desk.items("all.items", {"id": "urn:x:1", "title": "One"}, {"id": "urn:x:2", "title": "Two"})
    desk.scan()
    assert desk.titles() == ["One", "Two"]


def test_a_rival_inherits_what_a_file_no_longer_has(desk: Desk) -> None:
    desk.items("a.items", {"id": "urn:x:1", "title": "One"}, {"id": "urn:x:2", "title": "Two"})
    desk.items("b.items", {"id": "urn:x:2", "title": "Two by another"})
    desk.scan()
    assert desk.state("b.items") is SourceState.CONFLICT
    desk.items("a.items", {"id": "urn:x:1", "title": "One"})
    desk.scan()
    assert desk.titles() == ["One", "Two by another"]
    assert desk.state("b.items") is SourceState.ACCEPTED
    assert desk.tombstones() == []
    desk.remove("b.items")
    desk.scans(2)
    assert desk.titles() == ["One"]


def test_a_rival_inherits_also_after_a_pass_over_single_files(desk: Desk) -> None:
    desk.items("a.items", {"id": "urn:x:1", "title": "One"}, {"id": "urn:x:2", "title": "Two"})
    desk.items("b.items", {"id": "urn:x:2", "title": "Two by another"})
    desk.scan()
    desk.items("a.items", {"id": "urn:x:1", "title": "One"})
    desk.some(changed=["a.items"])
    assert desk.titles() == ["One", "Two"]
    desk.scan()
    assert desk.titles() == ["One", "Two by another"]


def test_one_bad_article_refuses_its_file_and_leaves_what_was_there(three: Desk) -> None:
    three.items("all.items", {"title": "Alpha, edited", "part": 1}, {"title": "Beta", "body": "", "part": 2})
    report = three.scan()
    assert len(report.refused) == 1
    assert three.titles() == ["Alpha", "Beta", "Gamma"]
    assert three.state("all.items") is SourceState.REFUSED


def test_a_moved_file_takes_all_its_articles_along(three: Desk) -> None:
    three.move("all.items", "town/more.items")
    three.scan()
    assert three.ids("town/more.items") == [A, B, C]
    assert three.scans(2).outcomes == {}


def test_a_moved_file_with_an_article_less_withdraws_that(three: Desk) -> None:
    file = three.parts("all.items", "Alpha", "Gamma")
    three.move("all.items", "town/more.items")
    assert file.exists() is False
    three.scan()
    assert by_title(three, "town/more.items") == {"Alpha": A, "Gamma": C}
    assert three.tombstones() == [B]


def test_a_rival_of_one_article_does_not_take_part_in_a_move(desk: Desk) -> None:
    """The file that moves holds one article and contests another: it brings only its own along."""
    desk.items("a.items", {"id": "urn:x:1", "title": "One"})
    desk.items("b.items", {"id": "urn:x:1", "title": "One by another"}, {"title": "Two", "part": 2})
    desk.scan()
    desk.move("b.items", "c.items")
    desk.scan()
    assert desk.titles() == ["One", "Two"]
    assert desk.by_id("urn:x:1").article.source == "a.items"
    assert desk.ids("c.items") == ["urn:x:1", f"{TAG}b.items#2"]
