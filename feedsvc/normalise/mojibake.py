"""Text that was decoded wrongly before it came here ("cafÃ©") is put right, field by field, where that is certain."""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import Any

from feedsvc import text
from feedsvc.formats.base import RawItem

_FIELDS = (
    "title", "body", "standfirst", "summary", "byline", "agency", "dateline", "rights", "crumbs", "slug",
)  # fmt: skip
_LISTS = ("title_fallbacks", "sections")
_PARTS = {
    "authors": ("name", "role"),
    "categories": ("term", "label"),
    "media": ("alt", "caption", "credit"),
}
_TEXTS = attrgetter(*_FIELDS)
_TEXTS_OF_PARTS = {name: attrgetter(*keys) for name, keys in _PARTS.items()}


def repaired(raw: RawItem) -> RawItem:
    """*raw* with the fields that carry spoilt text put right, and a note that names them; else *raw* itself."""
    if _is_ascii(raw):
        return raw
    changed: dict[str, Any] = {}
    for name in _FIELDS:
        written = getattr(raw, name)
        fixed = _right(written)
        if fixed != written:
            changed[name] = fixed
    for name in _LISTS:
        written = getattr(raw, name)
        fixed_all = tuple(map(_right, written))
        if fixed_all != written:
            changed[name] = fixed_all
    for name, keys in _PARTS.items():
        written = getattr(raw, name)
        fixed_all = tuple(_part(part, keys) for part in written)
        if fixed_all != written:
            changed[name] = fixed_all
    if not changed:
        return raw
    note = f"the characters were spoilt before the file was saved, and are put right in: {', '.join(changed)}"
    return dataclasses.replace(raw, **changed, notes=(*raw.notes, note))


def _is_ascii(raw: RawItem) -> bool:
    """Whether all text of *raw* is ASCII, and so none of it spoilt, as in most articles."""
    texts = [*_TEXTS(raw), *raw.title_fallbacks, *raw.sections]
    for name, texts_of in _TEXTS_OF_PARTS.items():
        for part in getattr(raw, name):
            texts += texts_of(part)
    return all(one.isascii() and "\x7f" not in one for one in texts)


def _part(part: Any, keys: tuple[str, ...]) -> Any:
    fixed = {key: _right(getattr(part, key)) for key in keys}
    changed = {key: value for key, value in fixed.items() if value != getattr(part, key)}
    return dataclasses.replace(part, **changed) if changed else part


def _right(written: str) -> str:
    return text.without_controls(text.repair(written)[0])
