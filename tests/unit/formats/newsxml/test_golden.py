"""NITF, NewsML-G2 and NewsML 1: a file and the items that it must give, pair by pair."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from goldens import Judge, Pairs, read, unexplained

from feedsvc.formats.base import Format
from feedsvc.formats.newsxml.newsml1 import NewsML1
from feedsvc.formats.newsxml.newsmlg2 import NewsMLG2
from feedsvc.formats.newsxml.nitf import Nitf

FORMATS: dict[str, Format] = {"nitf": Nitf(), "newsml-g2": NewsMLG2(), "newsml-1": NewsML1()}
PAIRS = Pairs(*FORMATS)
every_file = pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: f"{path.parent.name}/{path.stem}")


@every_file
def test_a_file_gives_the_items_beside_it(path: Path, judge: Judge) -> None:
    judge.said(read(FORMATS[path.parent.name], path), PAIRS.expected(path))


@every_file
def test_each_field_says_where_it_came_from(path: Path) -> None:
    for item in read(FORMATS[path.parent.name], path):
        assert not unexplained(item)


@every_file
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
    assert {path.parent.name for path in PAIRS.inputs} == set(FORMATS)
    assert not PAIRS.strays()
