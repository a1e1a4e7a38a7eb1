"""Keys and values as metadata formats give them: text, lists and mappings, found by the key's folded name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from feedsvc.memo import memoised

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""A value of front matter: text as written, or a list or mapping of such values."""


_NESTED = ("params", "extra", "taxonomies")
_NAMES = ("name", "label", "title", "term", "text", "value", "slug", "id")
_FOLD = re.compile(r"[-_ ]+")


class Entry(NamedTuple):
    """A key as it was written: *where* names it for people."""

    where: str
    value: Value


class Entries:
    """The keys of a mapping by their folded names, those below ``params``, ``extra`` and ``taxonomies`` included."""

    def __init__(self, values: Mapping[str, Value], *, lines: Mapping[str, int], where: str) -> None:
        self._entries: dict[str, Entry] = {}
        for name in values:
            line = lines.get(name, 0)
            self._add(name, values[name], f"{where} {name}, line {line}" if line else f"{where} {name}")
        for outer in () if self._entries.keys().isdisjoint(_NESTED) else _NESTED:
            nested = self._entries.get(outer)
            if nested is not None and isinstance(nested.value, dict):
                for name, value in nested.value.items():
                    if fold(name) not in self._entries:
                        self._add(name, value, f"{nested.where}: {name}")

    def _add(self, name: str, value: Value, where: str) -> None:
        self._entries[fold(name)] = Entry(where, value)

    def has(self, names: Collection[str]) -> bool:
        """Whether one of *names* is there: what few files speak of need not be asked for name by name."""
        return not self._entries.keys().isdisjoint(names)

    def all(self, *names: str) -> Sequence[Entry]:
        """The entries of *names* that hold something, in the order of *names*."""
        known = self._entries
        return [entry for name in names if (entry := known.get(name)) is not None and entry.value]

    def texts(self, *names: str) -> Sequence[tuple[str, str]]:
        """The texts of *names* that are not empty, and where each stands."""
        return [(text, entry.where) for entry in self.all(*names) if (text := as_text(entry.value))]

    def text(self, *names: str) -> str:
        """The first text of *names*."""
        return next((text for text, _ in self.texts(*names)), "")


@memoised(1024, longest=100)
def fold(name: str) -> str:
    """A key without what does not count in it: ``Publish-Date`` is ``publishdate``, ``params.x`` is ``x``."""
    return _FOLD.sub("", name.strip().lower().removeprefix("params."))


def as_text(value: Value) -> str:
    """A value as one text: lists joined with commas, of a mapping its name."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return ", ".join(text for text in map(as_text, value) if text)
    by_name = {fold(name): part for name, part in value.items()}
    return next((text for name in _NAMES if isinstance(part := by_name.get(name), str) and (text := part.strip())), "")


def split_list(value: Value) -> list[str]:
    """The names in a list, or in one text with commas between them; a text with semicolons splits there."""
    if isinstance(value, list):
        return [text for text in map(as_text, value) if text]
    text = as_text(value)
    parts = text.split(";" if ";" in text else ",")
    return [name for part in parts if (name := part.strip())]
