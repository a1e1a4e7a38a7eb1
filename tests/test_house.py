"""The rules of the house that no linter holds: how long a file is, what a package says, who may import what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "feedsvc"
FILES = sorted(path for path in HOUSE.rglob("*.py"))
LONGEST = 400
ALONE = {"flask": ("web",), "feedgen": ("feeds/xmlfeed.py",), "apscheduler": ("scheduler.py",)}
"""Libraries that stay in one room."""
CLOCKS = ("clock.py", "scheduler.py", "web", "cli")
"""Who may ask what time it is; everybody else is told."""


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of the modules that *tree* imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_the_rules_of_the_house(path: Path) -> None:
    place, text = path.relative_to(HOUSE).as_posix(), path.read_text("utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= LONGEST, "split it by meaning"
    assert ast.get_docstring(tree), "say what it is for"
    if path.name == "__init__.py":
        assert len(tree.body) <= (2 if path.parent == HOUSE else 1), (
            "a package holds its docstring, the top one a version"
        )
    for name in imported(tree):
        for library, rooms in ALONE.items():
            assert name.partition(".")[0] != library or place.startswith(rooms), f"{library} stays in {rooms}"
    for node in ast.walk(tree):
        asks = isinstance(node, ast.Attribute) and (
            ast.unparse(node) in ("datetime.now", "dt.datetime.now", "time.time")
        )
        named = isinstance(node, ast.Name) and node.id == "utc_now"
        assert not (asks or named) or place.startswith(CLOCKS), f"line {node.lineno}: the time is an argument"
