"""Articles as JSON text and back: ``load(dump(article)) == article``."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedsvc.dates import Precision
from feedsvc.digest import digest_of, neutral
from feedsvc.model import Article, Author, Category, Enclosure, PubStatus
from feedsvc.podcasts import Episode, Person, Transcript

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: ``json.dumps`` would make one for each article."""
_TIMES = ("published", "updated", "embargo", "expires")
_PARTS: Mapping[str, type] = {"authors": Author, "categories": Category, "enclosures": Enclosure}

_EPISODE_PARTS: Mapping[str, type] = {"transcripts": Transcript, "persons": Person}


def dump(article: Article) -> str:
    """*article* as JSON text, without empty values."""
    return _written(neutral(article))


def dump_with_digest(article: Article) -> tuple[str, str]:
    """*article* as JSON text, and its digest."""
    said = neutral(article)
    return _written(said), digest_of(said)


def redated(document: str, updated: datetime) -> str:
    """The article in *document* with another ``updated``, as JSON text again."""
    return _written(json.loads(document) | {"updated": updated.isoformat()})


def _written(said: Mapping[str, Any]) -> str:
    return _ENCODER.encode(said)


def load(document: str) -> Article:
    """The article in *document*. Fields that this version does not know are passed over."""
    known: dict[str, Any] = json.loads(document)
    for name in _TIMES:
        if name in known:
            known[name] = datetime.fromisoformat(known[name])
    known["precision"] = Precision(known["precision"])
    known["pubstatus"] = PubStatus(known["pubstatus"])
    known["sections"] = tuple(known.get("sections", ()))
    for name, kind in _PARTS.items():
        known[name] = tuple(_made(kind, part) for part in known.get(name, ()))
    if "episode" in known:
        known["episode"] = _episode(known["episode"])
    article: Article = _made(Article, known)
    return article


def _episode(known: dict[str, Any]) -> Episode:
    for name, kind in _EPISODE_PARTS.items():
        known[name] = tuple(_made(kind, part) for part in known.get(name, ()))
    episode: Episode = _made(Episode, known)
    return episode


def _made(kind: Any, known: Mapping[str, Any]) -> Any:
    """The dataclass *kind* with what is *known*; what is required and was left out was empty."""
    names, empty = _fields(kind)
    return kind(**empty | {name: value for name, value in known.items() if name in names})


@functools.cache
def _fields(kind: Any) -> tuple[frozenset[str], dict[str, str]]:
    """The names of the fields of *kind*, and an empty text for each that is required."""
    fields = dataclasses.fields(kind)
    required = {item.name: "" for item in fields if item.default is dataclasses.MISSING}
    return frozenset(item.name for item in fields), required
