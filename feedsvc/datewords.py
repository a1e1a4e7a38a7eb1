"""The words of dates in many languages, and how a text is folded to be compared with them."""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

_ALIKE = str.maketrans("ىیکةھı−ʼ’", "ييكههi-''")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of dates, folded. *numbered* are the twelve months' names in one language."""

    months: Mapping[str, int]
    passed_over: frozenset[str]
    zones: Mapping[str, float | str]
    numbered: Sequence[str]


@functools.cache
def words() -> Words:
    """The words of ``dates.toml``, read when the first date in words is met."""
    tables = tomllib.loads(resources.files("feedsvc").joinpath("dates.toml").read_text("utf-8"))
    months = {
        fold(name): month
        for names in tables["months"].values()
        for month, spellings in enumerate(names.split(), 1)
        for name in spellings.split("/")
    }
    passed_over = " ".join((*tables["weekdays"].values(), *tables["between"].values()))
    return Words(
        months=months,
        passed_over=frozenset(fold(passed_over).split()),
        zones={name: east for names, east in tables["zones"].items() for name in names.split()},
        numbered=[spellings.split("/")[0] for spellings in tables["months"]["english"].split()],
    )


def fold(text: str) -> str:
    """*text* in lower case, without accents and signs that show nothing, with ASCII digits."""
    if text.isascii():
        return text.lower()
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        kind = unicodedata.category(char)
        if kind == "Nd":
            kept.append(str(unicodedata.decimal(char)))
        elif kind != "Cf" and (kind != "Mn" or char > "\u08ff") and char not in "\u093c\u09bc":
            kept.append(char)
    folded = unicodedata.normalize("NFC", "".join(kept)).translate(_ALIKE)
    return folded.replace("п'я", "пя")
