"""HTML pages and fragments, and the fields that each must give: pair by pair."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.formats.html.format import Html

GOLDEN = Path(__file__).parents[3] / "golden" / "html"
CASES = sorted(GOLDEN.glob("*.html"))


def written(item: RawItem) -> dict[str, Any]:
    """The fields of *item* that are not empty, as JSON has them."""
    fields = {name: value for name, value in dataclasses.asdict(item).items() if value}
    return dict(json.loads(json.dumps(fields, ensure_ascii=False)))


def read(path: Path) -> dict[str, Any]:
    """What the file at *path* gives: its fields, or the reason for which it is refused."""
    try:
        items = Html().parse(path.read_bytes(), PurePosixPath(path.name))
    except ContentError as error:
        return {"refused": type(error).__name__, "reason": str(error)}
    assert len(items) == 1
    return written(items[0])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_gives_the_fields_beside_it(path: Path, update_golden: bool) -> None:
    got = read(path)
    expected = path.with_suffix(".json")
    if update_golden:
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert got == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_field_says_where_it_came_from(path: Path) -> None:
    got = read(path)
    if "refused" not in got:
        assert set(got) - {"origin", "notes"} <= set(got["origin"])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_is_recognised_whatever_it_is_called(path: Path) -> None:
    assert Html().recognises(path.read_bytes(), PurePosixPath("upload"))


def test_there_are_pages_that_are_refused_and_pages_that_are_not() -> None:
    kinds = {"refused" in read(path) for path in CASES}
    assert kinds == {True, False}
