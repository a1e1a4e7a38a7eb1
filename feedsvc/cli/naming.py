"""What an operator means: a file by any of its paths, an article by its id, its file or its address."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.model import SourceRecord
    from feedsvc.store.base import Store

_KEY = re.compile(r"[a-z2-7]{8,16}")


def sources(typed: str, content: Path) -> list[str]:
    """The paths below *content* that *typed* may mean, likeliest first.

    It is a path from the working folder or from the root, or one below *content* already.
    """
    found = []
    path = Path(os.path.abspath(typed))  # noqa: PTH100  (a link that is the file itself must not be followed)
    below = path.parent.resolve() / path.name
    if below.is_relative_to(content.resolve()):
        found.append(below.relative_to(content.resolve()).as_posix())
    if not Path(typed).is_absolute():
        found.append(Path(typed).as_posix())
    return list(dict.fromkeys(name for path in found for name in (unicodedata.normalize("NFC", path), path)))


def record(store: Store, typed: str, settings: Settings) -> SourceRecord | None:
    """The known file that *typed* means."""
    known = (store.source(path) for path in sources(typed, settings.content.path))
    return next((found for found in known if found is not None), None)


def articles(store: Store, typed: str, settings: Settings) -> list[str]:
    """The ids of the articles that *typed* means: by id, by address, or by file, which may give several."""
    if store.get(typed) is not None:
        return [typed]
    path = unquote(urlsplit(typed).path) if "/articles/" in typed else ""
    key = path.rstrip("/").rpartition("/")[2].rpartition("-")[2]
    stored = store.find(key) if _KEY.fullmatch(key) else None
    if stored is not None:
        return [stored.article.id]
    file = record(store, typed, settings)
    if file is None:
        return []
    return list(file.articles) or [stored.article.id for stored in store.articles_of(file.path)]


def article(store: Store, typed: str, settings: Settings) -> str:
    """The id of the one article that *typed* means. Raises ClickException where it means none, or several."""
    found = articles(store, typed, settings)
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.ClickException(unknown(store, typed, settings))
    listed = "".join(f"\n  {article_id}" for article_id in found)
    raise click.ClickException(f"{typed} holds {len(found)} articles; give the id of one:{listed}")


def unknown(store: Store, typed: str, settings: Settings) -> str:
    """Why there is no article that *typed* means, and what to do."""
    file = record(store, typed, settings)
    if file is not None:
        return f"{typed} gave no article: {file.state.value}, {file.error or 'nothing is noted'}"
    return f"there is no article {typed!r}; give its id, its address, or its file below {settings.content.path}"
