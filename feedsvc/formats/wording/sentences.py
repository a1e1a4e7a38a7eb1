"""Sentences in the scripts that newspapers are written in: where one ends, and whether there is one at all."""

from __future__ import annotations

import re
from itertools import islice

from feedsvc.text import cut, one_line

# Full stop and its kin; danda; ideographic and full-width; Arabic, Urdu, Ethiopic, Khmer, Burmese, Armenian.
_STOPS = ".!?…।॥。！？｡؟۔።។။։"
_CLOSERS = "\"'”’“‘»«›‹)]}）］】』」》〉*_"
_BREAK = re.compile(rf"[{_STOPS}][{re.escape(_CLOSERS)}]*(?=\s|$)|[。！？｡][{re.escape(_CLOSERS)}]*")
# Thai and Lao write no full stop: a run of their letters is as much of a sentence as can be known.
_UNSTOPPED = re.compile("[\u0e01-\u0e4e\u0e81-\u0ecd]{15}")
_WORD = re.compile(r"[^\W_]")
_LOOK = 1000


def unstopped(text: str) -> bool:
    """Whether *text* is in a script whose sentences have no stop."""
    return _UNSTOPPED.search(text) is not None


def ends(text: str) -> bool:
    """Whether *text* ends as a sentence does, closing quotes and brackets aside."""
    return text[-200:].rstrip(_CLOSERS + " ")[-1:] in tuple(_STOPS)


def holds(text: str) -> bool:
    """Whether *text* holds at least one sentence: two words and a full stop, in any script."""
    if _UNSTOPPED.search(text):
        return True
    for stop in islice(_BREAK.finditer(text), _LOOK):
        before = text[max(0, stop.start() - 200) : stop.start()]
        words = sum(1 for word in before.split() if _WORD.search(word))
        if words >= 2 or (words == 1 and not before.isascii() and len(_WORD.findall(before)) >= 5):
            return True
    return False


def first(text: str, limit: int = 200) -> str:
    """The first sentence of *text* on one line, cut between words to *limit* characters."""
    for stop in islice(_BREAK.finditer(text, 0, 2000), 50):
        following = text[stop.end() : stop.end() + 20].lstrip()
        long_enough = stop.end() >= (20 if text[:40].isascii() else 8)
        if long_enough and not following[:1].islower() and not _abbreviation(text, stop.start()):
            return cut(one_line(text[: stop.end()]), limit)
    return cut(one_line(text[:2000]), limit)


def _abbreviation(text: str, stop: int) -> bool:
    """``Mr.``, ``U.S.``, ``J.``: a stop after an initial or a short title ends no sentence."""
    word = text[max(0, stop - 12) : stop].rsplit(" ", 1)[-1]
    return text[stop] == "." and (len(word) == 1 or "." in word or word in {"Mr", "Mrs", "Ms", "Dr", "St", "Gen", "No"})


def capitals(text: str) -> bool:
    """Whether *text* is set in capitals: of its letters with case, nine in ten are upper case."""
    upper = sum(1 for sign in text[:400] if sign.isupper())
    lower = sum(1 for sign in text[:400] if sign.islower())
    return upper >= 2 and upper >= 9 * lower
