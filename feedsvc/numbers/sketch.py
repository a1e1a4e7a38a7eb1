"""How many different hashes were seen: exact for few, and within a few per cent for many, in bounded memory."""

from __future__ import annotations

import base64
import heapq
from array import array
from collections.abc import Iterable

SPAN = 2**63
"""Hashes are evenly spread whole numbers from 0 until before this."""


class Sketch:
    """The *most* smallest of all hashes that were seen; from them their number is estimated.

    Sketches of several processes are merged without counting anything twice. Below *most* the count is exact; above, it
    is off by about one part in the square root of *most*.
    """

    __slots__ = ("_bound", "_hashes", "most")

    def __init__(self, most: int, hashes: Iterable[int] = ()) -> None:
        self.most = most
        self._hashes: set[int] = set()
        self._bound = SPAN
        self.update(hashes)

    def add(self, seen: int) -> None:
        """Count one hash."""
        if seen < self._bound:
            self._hashes.add(seen)
            if len(self._hashes) > 2 * self.most:
                self._cut()

    def update(self, hashes: Iterable[int]) -> None:
        """Count many."""
        for seen in hashes:
            self.add(seen)

    def merge(self, other: Sketch) -> None:
        """Count what *other* saw as well."""
        self.update(other._hashes)

    def count(self) -> int:
        """About how many different hashes were seen."""
        if len(self._hashes) > self.most:
            self._cut()
        if len(self._hashes) < self.most or self._bound == SPAN:
            return len(self._hashes)
        return round((self.most - 1) * SPAN / self._bound)

    def dump(self) -> str:
        """The sketch as text; "" for one that saw nothing."""
        if len(self._hashes) > self.most:
            self._cut()
        return base64.b64encode(array("Q", sorted(self._hashes)).tobytes()).decode("ascii")

    @classmethod
    def load(cls, most: int, text: str) -> Sketch:
        """The sketch that :meth:`dump` wrote; an empty one for text that is none."""
        held = array("Q")
        try:
            held.frombytes(base64.b64decode(text, validate=True))
        except ValueError:
            return cls(most)
        sketch = cls(most, held)
        if len(sketch._hashes) >= most:
            sketch._cut()
        return sketch

    def _cut(self) -> None:
        kept = heapq.nsmallest(self.most, self._hashes)
        self._hashes, self._bound = set(kept), kept[-1]
