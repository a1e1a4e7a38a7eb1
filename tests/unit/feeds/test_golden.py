"""Golden pairs: a feed as JSON, and the documents that it becomes, byte for byte.

A case is ``NAME.feed.json`` with ``NAME.rss``, ``NAME.atom`` and ``NAME.json`` beside it;
``pytest --update-golden`` writes the latter three.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import goldens
import pytest
from goldens import Judge

from feedsvc.dates import Precision
from feedsvc.feeds.registry import renderers
from feedsvc.links import Links
from feedsvc.model import Article, Author, Category, Enclosure, Entry, Feed, Tombstone

GOLDEN = goldens.GOLDEN / "feeds"
CASES = sorted(path.name.removesuffix(".feed.json") for path in GOLDEN.glob("*.feed.json"))
PARTS = {"authors": Author, "categories": Category, "enclosures": Enclosure}


def load(path: Path) -> tuple[Feed, Links]:
    """The feed and the site of a case."""
    case = json.loads(path.read_text(encoding="utf-8"))
    entries = []
    for given in case["entries"]:
        article = load_article(given["article"])
        entries.append(Entry(article=article, path=given["path"], released=article.published))
    stones = [Tombstone(**(one | {"when": datetime.fromisoformat(one["when"])})) for one in case["tombstones"]]
    feed: dict[str, Any] = case["feed"]
    feed["hubs"] = tuple(feed.get("hubs", ()))
    feed["updated"] = datetime.fromisoformat(feed["updated"])
    return Feed(**feed, entries=tuple(entries), tombstones=tuple(stones)), Links(case["base_url"])


def load_article(given: dict[str, Any]) -> Article:
    fields: dict[str, Any] = {"sections": ("port",), "source": "port/x.md", "precision": Precision.INSTANT}
    for name, value in given.items():
        if name in PARTS:
            fields[name] = tuple(PARTS[name](**one) for one in value)
        elif name in ("published", "updated", "expires"):
            fields[name] = datetime.fromisoformat(value)
        else:
            fields[name] = value
    return Article(**fields)


def test_there_are_cases() -> None:
    assert len(CASES) >= 4


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
@pytest.mark.parametrize("case", CASES)
def test_golden(case: str, suffix: str, judge: Judge) -> None:
    document = renderers()[suffix].render(*load(GOLDEN / f"{case}.feed.json"))
    judge.exactly(document, GOLDEN / f"{case}.{suffix}")
