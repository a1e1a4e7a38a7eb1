"""Files in every format through the whole chain, as ``feedsvc check --json`` shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import goldens
import pytest
from fakes import make_settings
from goldens import Judge

from feedsvc.formats.registry import formats
from feedsvc.ingest.trial import Accepted, Refused, Trial

GOLDEN = goldens.GOLDEN / "articles"
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
def test_a_file_becomes_the_articles_beside_it(path: Path, judge: Judge) -> None:
    judge.values(read(path), path.with_name(path.name + EXPECTED))
