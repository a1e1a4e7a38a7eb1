"""Golden pairs of mails: a file and the items that are read from it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.formats.base import RawItem
from feedsvc.formats.mail.format import Mail
from feedsvc.formats.registry import formats

GOLDEN = Path(__file__).parents[3] / "golden" / "mail"
FILES = sorted(GOLDEN.glob("*.eml"))


def plain(item: RawItem) -> dict[str, Any]:
    """The fields of *item* that are not empty, as JSON has them; of attached bytes their hash."""
    fields = {name: value for name, value in dataclasses.asdict(item).items() if value}
    fields["literal"] = sorted(item.literal)
    fields["attached"] = [
        {"address": one.address, "name": one.name, "sha256": hashlib.sha256(one.data).hexdigest()[:16]}
        for one in item.attached
    ]
    return json.loads(json.dumps({name: value for name, value in fields.items() if value}))  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_mail_gives_the_expected_items(path: Path, update_golden: bool) -> None:
    data, source = path.read_bytes(), PurePosixPath(path.name)
    assert formats().choose(data, source).name == "e-mail"
    read = [plain(item) for item in Mail().parse(data, source)]
    expected = path.with_suffix(".json")
    if update_golden:
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert read == json.loads(expected.read_text(encoding="utf-8"))


def test_every_expected_file_has_its_mail() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == [path.stem for path in FILES]
