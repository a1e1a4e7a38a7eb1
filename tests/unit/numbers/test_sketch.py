"""Distinct counts: exact for few, near for many, mergeable."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.numbers.sketch import SPAN, Sketch

HASHES = st.lists(st.integers(0, SPAN - 1), max_size=60)


@given(HASHES)
def test_few_are_counted_exactly(hashes: list[int]) -> None:
    assert Sketch(100, hashes * 3).count() == len(set(hashes))


@pytest.mark.parametrize("number", [600, 5_000, 100_000])
def test_many_are_counted_nearly(number: int) -> None:
    spread = random.Random(number)
    sketch = Sketch(512, (spread.randrange(SPAN) for _ in range(number)))
    assert abs(sketch.count() - number) < 0.15 * number
    assert len(sketch.dump()) <= 512 * 11, "its size is bounded"


@settings(max_examples=60)
@given(HASHES, HASHES, st.integers(2, 40))
def test_two_merged_are_one_that_saw_both(ours: list[int], theirs: list[int], most: int) -> None:
    merged = Sketch.load(most, Sketch(most, ours).dump())
    merged.merge(Sketch.load(most, Sketch(most, theirs).dump()))
    assert merged.dump() == Sketch(most, ours + theirs).dump()


@pytest.mark.parametrize("text", ["", "what", "AAA=", "€"])
def test_text_that_is_no_sketch_is_an_empty_one(text: str) -> None:
    assert Sketch.load(8, text).count() == 0
