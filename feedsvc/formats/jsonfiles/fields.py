"""A JSON object as one reads it by hand: names without regard to spelling, empty values as absent.

The generations of one format differ in the case of their names (``versioncreated``, ``versionCreated``), and
house formats in their joints (``published_at``, ``published-at``, ``publishedAt``): here they are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, KeysView, Mapping, Sequence
from typing import NamedTuple

from feedsvc.formats.draft import Draft
from feedsvc.text import xml_safe

_JOINTS = str.maketrans("", "", "_- ")


class Found(NamedTuple):
    """A text and where it stood (``headlines[0].value``); both empty, and false, where there is none."""

    text: str = ""
    where: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Found()


class Fields:
    """One JSON object; *at* is where it stands in its file (``items[2]``), empty for the whole."""

    def __init__(self, value: Mapping[str, object], *, at: str = "") -> None:
        self.at = at
        self._names: dict[str, str] = {}
        self._values = value
        for name in value:
            # Where two spellings of a name stand side by side, the one that a table would hold goes first.
            folded = fold(name)
            if folded not in self._names or name == folded:
                self._names[folded] = name

    def __contains__(self, name: str) -> bool:
        return fold(name) in self._names

    def names(self) -> KeysView[str]:
        """The names of the object, folded, in the order of the file."""
        return self._names.keys()

    def items(self) -> Iterator[tuple[str, object]]:
        """The names as they are written, with their values; of two spellings of a name only one."""
        return ((name, self._values[name]) for name in self._names.values())

    def spelling(self, name: str) -> str:
        """*name* as the file writes it."""
        return self._names.get(fold(name), name)

    def value(self, name: str) -> object:
        """The value of *name* as it is; None where it is absent."""
        written = self._names.get(fold(name))
        return None if written is None else self._values[written]

    def where(self, name: str) -> str:
        """The place of *name*, as it is written in the file."""
        written = xml_safe(self.spelling(name))[:80]
        return f"{self.at}.{written}" if self.at else written

    def text(self, *names: str) -> Found:
        """The first of *names* with a text or number that is not empty."""
        for name in names:
            text = scalar(self.value(name))
            if text:
                return Found(text, self.where(name))
        return NOTHING

    def texts(self, *names: str) -> list[Found]:
        """Every text or number under *names*: one each, or each element of a list."""
        return [found for name in names for found in self._texts(name)]

    def number(self, *names: str) -> int:
        """The first of *names* with a whole number above zero, 0 for none. Digits in a text count too."""
        for name in names:
            text = scalar(self.value(name))
            if text.isascii() and text.isdigit() and len(text) <= 15 and int(text):
                return int(text)
        return 0

    def flag(self, name: str) -> bool | None:
        """The truth value of *name*, None where it holds none. The texts ``true`` and ``false`` count."""
        value = self.value(name)
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.strip().lower())
        return value if isinstance(value, bool) else None

    def object(self, name: str) -> Fields | None:
        """The object under *name*, None for any other value."""
        value = self.value(name)
        return Fields(value, at=self.where(name)) if isinstance(value, Mapping) else None

    def objects(self, *names: str) -> Iterator[Fields]:
        """The objects under *names*: one, or those of a list."""
        for name in names:
            value, where = self.value(name), self.where(name)
            if isinstance(value, Mapping):
                yield Fields(value, at=where)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                for index, each in enumerate(value):
                    if isinstance(each, Mapping):
                        yield Fields(each, at=f"{where}[{index}]")

    def _texts(self, name: str) -> Iterator[Found]:
        value, where = self.value(name), self.where(name)
        if isinstance(value, Sequence) and not isinstance(value, str):
            for index, each in enumerate(value):
                text = scalar(each)
                if text:
                    yield Found(text, f"{where}[{index}]")
        else:
            text = scalar(value)
            if text:
                yield Found(text, where)


def fold(name: str) -> str:
    """*name* in lower case and without its joints."""
    return name.lower().translate(_JOINTS)


def scalar(value: object) -> str:
    """A text without white space at its ends, a number in digits; empty for anything else."""
    if isinstance(value, str):
        return xml_safe(value).strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def put_embargo(draft: Draft, fields: Fields, *names: str) -> None:
    """Set the embargo to the first of *names* with a text; withhold the item where one says no more than yes."""
    found = fields.text(*names)
    draft.put("embargo", *found)
    for name in names:
        value = fields.value(name)
        if not found and value and scalar(value) == "" and not isinstance(value, str):
            where = fields.where(name)
            draft.hold(f"There is an embargo ({where}) without a time, so the item is withheld.", where)
