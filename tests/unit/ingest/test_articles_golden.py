"""Files in every format through the whole chain, as ``feedsvc check --json`` shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import make_settings

from feedsvc.formats.registry import formats
from feedsvc.ingest.trial import Accepted, Refused, Trial

GOLDEN = Path(__file__).parents[2] / "golden" / "articles"
EXPECTED = ".expected.json"
CASES = sorted(path for path in GOLDEN.rglob("*") if path.is_file() and not path.name.endswith(EXPECTED))
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECTIONS = {"international/europe-americas": {"title": "Europe & Americas"}, "sport": {"title": "Sport"}}


def read(path: Path) -> list[Any]:
    settings = make_settings(
        content={"path": GOLDEN, "codes": {"15000000": "sport"}},
        sections=SECTIONS,
    )
    with Trial(settings, formats(), now=NOW) as trial:
        return [
            outcome.as_json()
            if isinstance(outcome, Accepted)
            else {"refused": outcome.reason, "line": outcome.line if isinstance(outcome, Refused) else 0}
            for outcome in trial.path(path)
        ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_file_becomes_the_articles_beside_it(path: Path, update_golden: bool) -> None:
    got = json.loads(json.dumps(read(path), ensure_ascii=False))
    expected = path.with_name(path.name + EXPECTED)
    if update_golden:
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert got == json.loads(expected.read_text(encoding="utf-8"))
