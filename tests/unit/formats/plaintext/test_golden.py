"""Each file in tests/golden/plaintext is read as its neighbour of the same name says."""

from __future__ import annotations

from pathlib import Path

import pytest
from goldens import Judge, Pairs, read

from feedsvc.formats.plaintext.format import PlainText

PAIRS = Pairs("plaintext")


@pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: path.stem)
def test_a_file_gives_the_items_beside_it(path: Path, judge: Judge) -> None:
    judge.said(read(PlainText(), path), PAIRS.expected(path))


def test_there_are_cases_and_all_are_pairs() -> None:
    assert len(PAIRS.inputs) >= 30
    assert not PAIRS.strays()
