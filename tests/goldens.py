"""Golden pairs: an input, and beside it, as JSON, what is to be read from it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from feedsvc.errors import ContentError
from feedsvc.formats.base import Format, RawItem

GOLDEN = Path(__file__).parent / "golden"


class Pairs:
    """The pairs in some folders; what is expected of an input stands in the file of its name with another *ending*."""

    def __init__(self, *folders: str, ending: str = ".json") -> None:
        self._ending = ending
        files = sorted(path for folder in folders for path in (GOLDEN / folder).iterdir())
        self.inputs = [path for path in files if not path.name.endswith(ending)]
        self._expected = {path for path in files if path.name.endswith(ending)}

    def expected(self, path: Path) -> Path:
        """The file beside the input at *path*."""
        return path.with_name(path.stem + self._ending)

    def strays(self) -> set[Path]:
        """The expected files whose input is gone, and the inputs of which nothing is expected."""
        return self._expected ^ {self.expected(path) for path in self.inputs}


class Judge:
    """Holds what came of an input against the file that tells what is expected; or, to *update*, writes that anew."""

    def __init__(self, *, update: bool) -> None:
        self._update = update

    def exactly(self, got: bytes, expected: Path) -> None:
        """The same bytes."""
        if self._update:
            expected.write_bytes(got)
        assert got == expected.read_bytes()

    def values(self, got: object, expected: Path) -> None:
        """The same values, as JSON has them."""
        got = _as_json(got)
        if self._update:
            _write(got, expected)
        assert got == json.loads(expected.read_text(encoding="utf-8"))

    def said(self, got: object, expected: Path) -> None:
        """The same, but for fields that are empty: to an item it is all one whether they are named."""
        got = filled(_as_json(got))
        if self._update and (not expected.exists() or got != filled(json.loads(expected.read_text(encoding="utf-8")))):
            _write(got, expected)
        assert got == filled(json.loads(expected.read_text(encoding="utf-8")))


def said(item: RawItem) -> dict[str, Any]:
    """The fields of *item* that are not empty, as JSON has them: sets in order, and of attached bytes their hash."""
    fields = dataclasses.asdict(item)
    fields["literal"] = sorted(item.literal)
    fields["attached"] = [
        {"address": one.address, "name": one.name, "sha256": hashlib.sha256(one.data).hexdigest()[:16]}
        for one in item.attached
    ]
    return dict(filled(_as_json(fields)))


def read(each: Format, path: Path) -> list[dict[str, Any]]:
    """What the items say that *each* reads from the file at *path*. Raises ContentError."""
    return [said(item) for item in each.parse(path.read_bytes(), PurePosixPath(path.name))]


def read_one(each: Format, path: Path) -> dict[str, Any]:
    """What the only item says, or the reason for which the file is refused."""
    try:
        (item,) = read(each, path)
    except ContentError as error:
        return {"refused": type(error).__name__, "reason": str(error), "line": error.line}
    return item


def unexplained(item: Mapping[str, Any]) -> set[str]:
    """The fields that came from the file, but of which *item* does not say from where in it."""
    return set(item) - set(item.get("origin", ())) - {"origin", "notes", "literal", "part", "line"}


def filled(value: Any) -> Any:
    """*value*, a value of JSON, without the fields that are empty."""
    if isinstance(value, dict):
        pruned = ((name, filled(one)) for name, one in value.items())
        return {name: one for name, one in pruned if one}
    return [filled(one) for one in value] if isinstance(value, list) else value


def _as_json(value: object) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False))


def _write(got: object, expected: Path) -> None:
    expected.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
