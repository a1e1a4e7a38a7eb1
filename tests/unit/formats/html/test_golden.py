"""HTML pages and fragments, and the fields that each must give: pair by pair."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from goldens import Judge, Pairs, read_one, unexplained

from feedsvc.formats.html.format import Html

PAIRS = Pairs("html")
every_page = pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: path.stem)


@every_page
def test_a_page_gives_the_fields_beside_it(path: Path, judge: Judge) -> None:
    judge.said(read_one(Html(), path), PAIRS.expected(path))


@every_page
def test_each_field_says_where_it_came_from(path: Path) -> None:
    got = read_one(Html(), path)
    if "refused" not in got:
        assert not unexplained(got)


@every_page
def test_each_is_recognised_whatever_it_is_called(path: Path) -> None:
    assert Html().recognises(path.read_bytes(), PurePosixPath("upload"))


def test_there_are_pages_that_are_refused_and_pages_that_are_not() -> None:
    assert {"refused" in read_one(Html(), path) for path in PAIRS.inputs} == {True, False}
    assert not PAIRS.strays()
