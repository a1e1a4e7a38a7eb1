"""What an article says, without the empty and the incidental: as JSON types, and as a hash that tells edits apart."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

_SORTED = json.JSONEncoder(sort_keys=True)
_NOT_SAID = frozenset({"id", "source", "slug", "version", "published", "precision", "updated", "embargo", "pubstatus"})


def neutral(value: Any) -> Any:
    """*value* (an Article or a part of one) as JSON types, without empty values; times as ISO 8601 text."""
    names = _fields_of(value.__class__)
    if names:
        said: dict[str, Any] = {}
        for name in names:
            part = getattr(value, name)
            if part.__class__ is not str:  # nearly all are texts, which stay as they are
                part = neutral(part) if part else None
            if part:
                said[name] = part
        return said
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [neutral(part) for part in value]
    return value


@functools.cache
def _fields_of(kind: type) -> tuple[str, ...]:
    """The names of the fields of a dataclass; nothing for what is none."""
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()


def digest_of(said: Mapping[str, Any]) -> str:
    """The digest of the article whose neutral form is *said* (see ``Article.digest``)."""
    text = {name: value for name, value in said.items() if name not in _NOT_SAID}
    return hashlib.sha256(_SORTED.encode(text).encode()).hexdigest()
