"""Each file in tests/golden/wiretext is read as its neighbour of the same name says."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath

import pytest

from feedsvc.formats.wiretext.format import WireText

GOLDEN = Path(__file__).parents[3] / "golden" / "wiretext"
CASES = sorted(GOLDEN.glob("*.txt"))


def _plain(value: object) -> object:
    """*value* as JSON has it: no empty fields, sets in order."""
    if dataclasses.is_dataclass(value):
        fields = ((one.name, _plain(getattr(value, one.name))) for one in dataclasses.fields(value))
        return {name: plain for name, plain in fields if plain}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return dict(sorted(value.items()))
    return value


def test_there_are_cases() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden(case: Path, update_golden: bool) -> None:
    items = [_plain(item) for item in WireText().parse(case.read_bytes(), PurePosixPath(case.name))]
    expected = case.with_suffix(".json")
    if update_golden:
        expected.write_text(json.dumps(items, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert items == json.loads(expected.read_text(encoding="utf-8"))


def test_no_expectation_without_its_file() -> None:
    assert {one.stem for one in GOLDEN.glob("*.json")} == {one.stem for one in CASES}
