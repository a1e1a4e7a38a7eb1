"""Every log line that there is stands in the documentation, with its level and its keys; and each can be read."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from feedsvc import logs

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "logs.md").read_text("utf-8")
LEVELS = ("debug", "info", "warning", "error", "exception")
NO_KEYS = {"exc_info"}
"""Arguments that become no key of their own."""
DESK = {"feedsvc/web/desk/gate.py", "feedsvc/web/desk/orders.py"}
"""Where operators are told of, not readers."""
PERSONAL = {"address", "client", "agent", "user_agent", "remote_addr", "ip"}


class Line(NamedTuple):
    """A call that writes a line."""

    where: str
    event: str
    level: str
    keys: frozenset[str]


def written() -> Iterator[Line]:
    for path in sorted((ROOT / "feedsvc").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS):
                continue
            on = ast.unparse(node.func.value)
            if on not in ("self._log", "log") and "get_logger" not in on:
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert isinstance(node.args[0], ast.Constant), f"{where}: an event has a name that does not change"
            level = "error" if node.func.attr == "exception" else node.func.attr
            keys = frozenset(named.arg for named in node.keywords if named.arg) - NO_KEYS
            yield Line(where, str(node.args[0].value), level, keys)


LINES = list(written())
ROWS = {
    found[1]: (found[2], frozenset(re.findall(r"`(\w+)`", found[3])))
    for found in re.finditer(r"^\| `([^|]+)` \| (\w+) \|([^|]*)\|", PAGE, re.MULTILINE)
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.event)
def test_every_line_is_documented(line: Line) -> None:
    assert (line.level, line.keys) == ROWS.get(line.event.replace("`", "")), f"docs/logs.md lacks it ({line.where})"


def test_no_line_is_documented_that_there_is_not() -> None:
    assert len(LINES) > 20
    assert ROWS.keys() == {line.event.replace("`", "") for line in LINES}


def test_no_line_tells_who_reads() -> None:
    assert {line.where.partition(":")[0] for line in LINES if line.keys & PERSONAL} <= DESK


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        ("json", lambda text: json.loads(text)["files"] == 3),
        ("auto", lambda text: json.loads(text)["event"] == "taken in"),
        ("logfmt", lambda text: re.search(r'level=warning .*event="taken in" .*files=3', text)),
        ("logfmt", lambda text: re.search(r'feeds="\[\\"a b\\", \\"c\\"\]"', text)),
        ("columns", lambda text: "taken in" in text and "files" in text),
    ],
)
def test_a_line_in_each_form(form: str, shape: object, monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.configure(form)
        logs.get_logger("feedsvc.test").warning("taken in", files=3, feeds=["a b", "c"], text='a "quoted"\nline')
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert stream.getvalue().count("\n") == 1 or form == "columns"
    assert callable(shape)
    assert shape(stream.getvalue()), stream.getvalue()
