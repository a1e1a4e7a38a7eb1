"""What is remembered of a function: bounded in number and in length."""

from __future__ import annotations

from feedsvc.memo import memoised


def test_short_texts_are_remembered_and_long_ones_are_not() -> None:
    asked: list[str] = []

    @memoised(2, longest=3)
    def doubled(text: str) -> str:
        """Twice."""
        asked.append(text)
        return text * 2

    assert [doubled(text) for text in ("abc", "abc", "abcd", "abcd")] == ["abcabc", "abcabc", "abcdabcd", "abcdabcd"]
    assert asked == ["abc", "abcd", "abcd"]
    assert doubled.__doc__ == "Twice."


def test_the_one_that_was_asked_for_longest_ago_is_forgotten() -> None:
    asked: list[str] = []
    remembering = memoised(2, longest=3)(asked.append)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembering(text)
    assert asked == ["a", "b", "c", "b"]


def test_what_is_long_can_be_said_otherwise() -> None:
    asked: list[tuple[str, ...]] = []
    remembering = memoised(9, longest=3, size=lambda texts: sum(map(len, texts)))(asked.append)
    for texts in (("ab", "c"), ("ab", "c"), ("ab", "cd"), ("ab", "cd")):
        remembering(texts)
    assert asked == [("ab", "c"), ("ab", "cd"), ("ab", "cd")]
