"""Bundles: an article in a folder of its own, ``the-title/index.md``, with its pictures beside it.

The folder is then no section but the article's name, as in Hugo's page bundles.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from pathlib import PurePosixPath

from feedsvc import text
from feedsvc.formats.base import RawItem

_DAY_FIRST = re.compile(r"(?:19|20)\d{2}[-_.]?\d{2}(?:[-_.]?\d{2})?[-_. ]+")
_WORDS = re.compile(r"[-_\s]+")


def place_of(path: PurePosixPath, *, sections: Collection[str] = ()) -> tuple[PurePosixPath, str]:
    """Where the file at *path* counts as lying, and the name that its folder gives it; empty where it is no bundle.

    ``town/the-ferry/index.md`` counts as ``town/the-ferry.md``. A folder that is one of the configured *sections*, or
    that names only a day, is no bundle.
    """
    if path.stem.lower() != "index" or not path.suffix or not (folder := path.parent).name:
        return path, ""
    slugs = "/".join(text.slug(part) for part in folder.parts)
    name = _DAY_FIRST.sub("", folder.name)
    if slugs in sections or not any(sign.isalpha() for sign in name):
        return path, ""
    return folder.parent / f"{folder.name}{path.suffix}", name


def named(raw: RawItem, name: str) -> RawItem:
    """*raw* with *name* for what it does not say itself: its slug, and a title that is no mere sentence of its text."""
    title = title_of(name)
    if "sentence" in raw.origin.get("title_fallbacks", ""):
        fallbacks = (title, *raw.title_fallbacks)
    else:
        fallbacks = (*raw.title_fallbacks, title)
    return dataclasses.replace(raw, title_fallbacks=fallbacks, slug=raw.slug or name)


def title_of(name: str) -> str:
    """The title that a folder's *name* gives, where the text has none: "the-old-pier" is "The old pier"."""
    words = _WORDS.sub(" ", name).strip()
    return words[:1].upper() + words[1:]
