"""NITF, NewsML-G2 and NewsML 1: a file and the items that it must give, pair by pair."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.newsxml.newsml1 import NewsML1
from feedsvc.formats.newsxml.newsmlg2 import NewsMLG2
from feedsvc.formats.newsxml.nitf import Nitf

GOLDEN = Path(__file__).parents[3] / "golden"
FORMATS: dict[str, Format] = {"nitf": Nitf(), "newsml-g2": NewsMLG2(), "newsml-1": NewsML1()}
CASES = [path for folder in FORMATS for path in sorted((GOLDEN / folder).glob("*.xml"))]


def written(item: RawItem) -> dict[str, Any]:
    """The fields of *item* that are not empty, as JSON has them."""
    fields = {name: value for name, value in dataclasses.asdict(item).items() if value}
    return dict(json.loads(json.dumps(fields, ensure_ascii=False)))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_gives_the_items_beside_it(path: Path, update_golden: bool) -> None:
    items = FORMATS[path.parent.name].parse(path.read_bytes(), PurePosixPath(path.name))
    got = [written(item) for item in items]
    expected = path.with_suffix(".json")
    if update_golden:
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert got == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_field_says_where_it_came_from(path: Path) -> None:
    for item in FORMATS[path.parent.name].parse(path.read_bytes(), PurePosixPath(path.name)):
        fields = set(written(item)) - {"origin", "notes", "part", "line", "literal"}
        assert fields <= set(item.origin)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_only_its_own_format_recognises_a_file(path: Path) -> None:
    content = path.read_bytes()
    knowing = {name for name, each in FORMATS.items() if each.recognises(content, PurePosixPath(path.name))}
    assert knowing == {path.parent.name}


@pytest.mark.parametrize("each", FORMATS.values(), ids=FORMATS)
def test_the_formats_keep_their_contract(each: Format) -> None:
    assert isinstance(each, Format)
    assert ".xml" in each.suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in each.suffixes)


def test_there_is_a_pair_of_files_for_each_format() -> None:
    assert {path.parent.name for path in CASES} == set(FORMATS)
