"""Markdown files, and the fields that each must give: pair by pair."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.errors import ContentError
from feedsvc.formats.markdown.format import Markdown

GOLDEN = Path(__file__).parents[3] / "golden" / "markdown"
CASES = sorted(GOLDEN.glob("*.md"))


def read(path: Path) -> dict[str, Any]:
    """The fields of the article at *path* that are not empty, or the reason for which it is refused."""
    try:
        (item,) = Markdown().parse(path.read_bytes(), PurePosixPath(path.name))
    except ContentError as error:
        return {"refused": type(error).__name__, "reason": str(error), "line": error.line}
    fields = {name: value for name, value in dataclasses.asdict(item).items() if value}
    fields["literal"] = sorted(item.literal)
    return dict(json.loads(json.dumps(fields, ensure_ascii=False)))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_gives_the_fields_beside_it(path: Path, update_golden: bool) -> None:
    got = read(path)
    expected = path.with_suffix(".json")
    if update_golden:
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert got == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_field_says_where_it_came_from(path: Path) -> None:
    got = read(path)
    if "refused" not in got:
        assert set(got) - {"origin", "notes", "literal"} == set(got["origin"])


def test_there_are_files_that_are_refused_and_files_that_are_not() -> None:
    assert {"refused" in read(path) for path in CASES} == {True, False}
