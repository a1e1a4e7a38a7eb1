"""Sizes and durations as pages write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PIXELS = re.compile(r"\s*([0-9]{1,6})(?:\.[0-9]{0,6})?\s*(?:px)?\s*")
_DURATION = re.compile(
    r"\s*P(?:([0-9]{1,4})D)?T?(?:([0-9]{1,4})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})(?:\.[0-9]{0,9})?S)?\s*"
)


def pixels(value: object) -> int:
    """A width or height: a number, ``"640"``, ``"640px"`` or an object with a ``value``; 0 where it is none."""
    if isinstance(value, Mapping):
        value = value.get("value") or value.get("@value")
    found = _PIXELS.fullmatch(str(value)[:40])
    return int(found.group(1)) if found else 0


def seconds(value: object) -> int:
    """A duration in seconds, of a number or of ISO 8601 (``PT2M30S``); 0 where it is none."""
    text = str(value)[:60]
    if text.isascii() and text.isdigit():
        return int(text[:9])
    found = _DURATION.fullmatch(text)
    if found is None:
        return 0
    days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest
