"""Each file in tests/golden/wiretext is read as its neighbour of the same name says."""

from __future__ import annotations

from pathlib import Path

import pytest
from goldens import Judge, Pairs, read

from feedsvc.formats.wiretext.format import WireText

PAIRS = Pairs("wiretext")


@pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: path.stem)
def test_a_file_gives_the_items_beside_it(path: Path, judge: Judge) -> None:
    judge.said(read(WireText(), path), PAIRS.expected(path))


def test_there_are_cases_and_all_are_pairs() -> None:
    assert len(PAIRS.inputs) >= 20
    assert not PAIRS.strays()
