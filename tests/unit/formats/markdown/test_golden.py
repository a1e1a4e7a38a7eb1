"""Markdown files, and the fields that each must give: pair by pair."""

from __future__ import annotations

from pathlib import Path

import pytest
from goldens import Judge, Pairs, read_one, unexplained

from feedsvc.formats.markdown.format import Markdown

PAIRS = Pairs("markdown")
every_file = pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: path.stem)


@every_file
def test_a_file_gives_the_fields_beside_it(path: Path, judge: Judge) -> None:
    judge.said(read_one(Markdown(), path), PAIRS.expected(path))


@every_file
def test_each_field_says_where_it_came_from(path: Path) -> None:
    got = read_one(Markdown(), path)
    if "refused" not in got:
        assert not unexplained(got)
        assert set(got["origin"]) <= set(got)


def test_there_are_files_that_are_refused_and_files_that_are_not() -> None:
    assert {"refused" in read_one(Markdown(), path) for path in PAIRS.inputs} == {True, False}
    assert not PAIRS.strays()
