"""The fields of an article for people: each as text, and where it came from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from feedsvc.dates import rfc3339
from feedsvc.digest import neutral
from feedsvc.model import Article
from feedsvc.podcasts import Episode

THE_FILE = "the file"
_RULES = {
    "id": "the path of the file",
    "slug": "the title",
    "summary": "the beginning of the text",
    "authors": "the byline",
    "language": "the folder, the section or [site] language",
    "updated": "the date of publication",
    "pubstatus": "the default",
}
"""What fills a field that the file says nothing of."""


def origins(article: Article, said: Mapping[str, str], *, given: Collection[str] = ()) -> Mapping[str, str]:
    """For each field of *article* that holds something, but for ``source``: where it came from.

    *said* is what the format and ``normalise`` tell of that, by field; *given* are fields that the file has without
    telling where.
    """
    found = {}
    for name in (field.name for field in fields(article)):
        if name == "source" or getattr(article, name) in ("", (), None, 0):
            continue
        where = said.get("published", "") if name == "precision" else said.get(name, "")
        if name == "byline":
            where = where or said.get("authors", "")  # printed as the authors' names where there is no line of its own
        if name == "updated" and article.updated == article.published:
            where = _RULES[name]
        elif name == "updated" and name not in given:
            where = where or "when the file, or its change, was picked up"
        found[name] = where or (THE_FILE if name in given else _RULES.get(name, THE_FILE))
    return found


def told(value: Any) -> str:
    """A field's value as one text: times as RFC 3339, parts of a list by what names them."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple):
        return ", ".join(told(part) for part in value)
    if isinstance(value, Episode):
        return ", ".join(f"{name} {_part(part)}" for name, part in neutral(value).items())
    if is_dataclass(value):  # an author, a category, an enclosure
        names = ("url", "label", "term", "name", "uri")
        return next((str(getattr(value, name)) for name in names if getattr(value, name, "")), "")
    return str(value)


def _part(part: Any) -> str:
    """A part of an episode: of those that are several what each is called or where it lies."""
    return "; ".join(one.get("name") or one.get("url", "") for one in part) if isinstance(part, list) else str(part)
