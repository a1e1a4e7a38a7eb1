"""Golden pairs of the JSON formats and of feeds: a file and the items that are read from it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from goldens import Judge, Pairs, read

from feedsvc.formats.base import Format
from feedsvc.formats.jsonfiles.article import JsonArticle
from feedsvc.formats.jsonfiles.digitalwires import DigitalWires
from feedsvc.formats.jsonfiles.govuk import GovUk
from feedsvc.formats.jsonfiles.jsonfeed import JsonFeed
from feedsvc.formats.jsonfiles.ninjs import Ninjs
from feedsvc.formats.syndication.format import Syndication
from feedsvc.formats.wordpress.format import WordPress

FORMATS: tuple[Format, ...] = (Ninjs(), DigitalWires(), GovUk(), JsonFeed(), JsonArticle(), Syndication(), WordPress())
PAIRS = Pairs("ninjs", "json", "syndication", ending=".expected.json")


@pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_gives_the_items_beside_it(path: Path, judge: Judge) -> None:
    content, source = path.read_bytes(), PurePosixPath(path.name)
    knowing = [each for each in FORMATS if each.recognises(content, source)]
    assert len(knowing) == 1, f"{len(knowing)} formats recognise {path.name}"
    judge.said({"format": knowing[0].name, "items": read(knowing[0], path)}, PAIRS.expected(path))


def test_there_are_cases_and_all_are_pairs() -> None:
    assert PAIRS.inputs
    assert not PAIRS.strays()
