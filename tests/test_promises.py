"""Every promise is in the list, and every test that the list names is there."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "promises.md"
NUMBERS = range(1, 52)
NOT_HELD = "not yet held"
_PROMISE = re.compile(r"^\*\*(\d+)\*\* (.*?)(?=^\*\*\d+\*\* |^## |\Z)", re.MULTILINE | re.DOTALL)
_TEST = re.compile(r"^- `([^`]+)::([^`]+)`$", re.MULTILINE)


@functools.cache
def promises() -> dict[int, str]:
    """The text of each promise, with the tests that hold it."""
    return {int(number): said for number, said in _PROMISE.findall(LIST.read_text())}


@functools.cache
def names_of_tests(path: str) -> frozenset[str]:
    """The names of all test functions of a file, those in classes included."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_number_is_there_once() -> None:
    found = [int(number) for number, _ in _PROMISE.findall(LIST.read_text())]
    assert sorted(found) == list(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_held_by_tests_that_exist(number: int) -> None:
    said = promises()[number]
    named = _TEST.findall(said)
    if NOT_HELD in said:
        assert not named, f"promise {number} names tests and says that it is not held"
        return
    assert named, f"promise {number} names no test; say “{NOT_HELD}” if there is none"
    assert said.count("\n- ") == len(named), f"promise {number} has a line that names no test: {said}"
    for path, name in named:
        assert path.startswith("tests/"), path
        assert (ROOT / path).is_file(), f"promise {number}: there is no {path}"
        assert name in names_of_tests(path), f"promise {number}: {path} has no {name}"
