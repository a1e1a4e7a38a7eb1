"""The exceptions: their tree, what they carry, and that they can be sent from one process to another."""

from __future__ import annotations

import copy
import inspect
import pickle
import re

import pytest

from feedsvc import errors
from feedsvc.errors import (
    ConfigError,
    ConflictError,
    ContentError,
    ExportError,
    FeedsvcError,
    FieldError,
    LeaseLost,
    MigrationError,
    NotAnArticle,
    ParseError,
    PassRefused,
    RenderError,
    ServerError,
    StoreError,
    StoreUnavailable,
    TooLarge,
    UnknownFormat,
)

EXAMPLES = [
    FeedsvcError("text"),
    ConfigError("text", key="site.title"),
    ContentError("text", source="a.md", line=3),
    UnknownFormat("text", source="a.md"),
    NotAnArticle("text", line=1),
    ParseError("text"),
    FieldError("text", field="embargo", value="soon", source="a.md", line=7),
    TooLarge("text", source="a.md"),
    StoreError("text"),
    StoreUnavailable("text"),
    LeaseLost("text"),
    MigrationError("text"),
    ConflictError("text"),
    RenderError("text", article_id="tag:news.example.org,2026:a"),
    PassRefused("text"),
    ExportError("text"),
    ServerError("text"),
]
every_error = pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)


def kinds() -> set[type[FeedsvcError]]:
    found = vars(errors).values()
    return {kind for kind in found if inspect.isclass(kind) and issubclass(kind, FeedsvcError)}


def test_there_is_an_example_of_each() -> None:
    assert {type(error) for error in EXAMPLES} == kinds()


@every_error
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickled_and_back(error: FeedsvcError, protocol: int) -> None:
    error.add_note("while reading")
    back = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301
    assert type(back) is type(error)
    assert str(back) == "text"
    assert vars(back) == vars(error)
    assert vars(copy.copy(error)) == vars(error)


def test_a_source_that_is_filled_in_later_is_sent_along() -> None:
    error = ParseError("text", line=4)
    error.source = "harbour/ferry.xml"
    back = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (back.source, back.line) == ("harbour/ferry.xml", 4)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__ is not None
    parents: list[str] = []
    drawn: dict[str, str] = {}
    for line in errors.__doc__.splitlines():
        found = re.match(r"    ([│├└─ ]*)([A-Z]\w+)(?:\s|$)", line)
        if found:
            depth = len(found[1]) // 4
            parents[depth:] = [found[2]]
            drawn[found[2]] = parents[depth - 1] if depth else "Exception"
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in kinds()}


@every_error
def test_exit_codes(error: FeedsvcError) -> None:
    codes = {ConfigError: 2, StoreError: 3, ServerError: 4}
    expected = next((code for kind, code in codes.items() if isinstance(error, kind)), 1)
    assert error.exit_code == expected


def test_what_is_not_said_is_empty() -> None:
    assert ConfigError("text").key == ""
    assert (ContentError("text").source, ContentError("text").line) == ("", 0)
