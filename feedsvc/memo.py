"""What functions gave for short texts, remembered: in one newsroom the same names, tags and dates come again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

_Given = TypeVar("_Given")
_Found = TypeVar("_Found")


def memoised(
    most: int, *, longest: int, size: Callable[[Any], int] = len
) -> Callable[[Callable[[_Given], _Found]], Callable[[_Given], _Found]]:
    """Let a function of one argument remember what it gave for the *most* of them that were asked for last.

    What has a *size* above *longest* is worked out each time, so that strangers cannot fill the memory with it.
    """

    def decorate(function: Callable[[_Given], _Found]) -> Callable[[_Given], _Found]:
        known = functools.lru_cache(most)(function)

        @functools.wraps(function)
        def memo(given: _Given, /) -> _Found:
            return known(given) if size(given) <= longest else function(given)

        return memo

    return decorate
