"""Golden pairs of the JSON formats and of feeds: a file and the items that are read from it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.jsonfiles.article import JsonArticle
from feedsvc.formats.jsonfiles.digitalwires import DigitalWires
from feedsvc.formats.jsonfiles.govuk import GovUk
from feedsvc.formats.jsonfiles.jsonfeed import JsonFeed
from feedsvc.formats.jsonfiles.ninjs import Ninjs
from feedsvc.formats.syndication.format import Syndication
from feedsvc.formats.wordpress.format import WordPress

GOLDEN = Path(__file__).parents[3] / "golden"
FORMATS: tuple[Format, ...] = (Ninjs(), DigitalWires(), GovUk(), JsonFeed(), JsonArticle(), Syndication(), WordPress())
FILES = sorted(
    path
    for folder in ("ninjs", "json", "syndication")
    for path in (GOLDEN / folder).iterdir()
    if not path.name.endswith(".expected.json")
)


def plain(item: RawItem) -> dict[str, Any]:
    """The fields of *item* that are not empty, as JSON has them."""
    fields = {name: value for name, value in dataclasses.asdict(item).items() if value}
    fields["literal"] = sorted(item.literal)
    return json.loads(json.dumps({name: value for name, value in fields.items() if value}))  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_gives_the_expected_items(path: Path, update_golden: bool) -> None:
    data, source = path.read_bytes(), PurePosixPath(path.name)
    knowing = [fmt for fmt in FORMATS if fmt.recognises(data, source)]
    assert len(knowing) == 1, f"{len(knowing)} formats recognise {path.name}"
    read = {"format": knowing[0].name, "items": [plain(item) for item in knowing[0].parse(data, source)]}
    expected = path.with_name(f"{path.stem}.expected.json")
    if update_golden:
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert read == json.loads(expected.read_text(encoding="utf-8"))


def test_every_expected_file_has_its_input() -> None:
    stems = {path.with_suffix("") for path in FILES}
    expected = [
        path for folder in ("ninjs", "json", "syndication") for path in (GOLDEN / folder).glob("*.expected.json")
    ]
    assert expected
    assert [
        path.name for path in expected if path.with_name(path.name.removesuffix(".expected.json")) not in stems
    ] == []
