"""Small plots: the geometry alone; the template draws it in the colour of the text, with its words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 120
SPARK_WIDTH, SPARK_HEIGHT = 90, 20
WIDEST, SPARK_WIDEST = 24, 6
_LEAST = 1
"""How high a bar is that stands for next to nothing; nothing has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A bar for each value, the last one at the right edge. *bars* are as SVG's path takes them."""

    width: int
    height: int
    bars: str
    words: str


def plot(values: Sequence[int], *, words: str, spark: bool = False) -> Plot:
    """The plot of *values*, which *words* tell in a sentence for whoever does not see it."""
    width, height, widest = (SPARK_WIDTH, SPARK_HEIGHT, SPARK_WIDEST) if spark else (WIDTH, HEIGHT, WIDEST)
    most = max(values, default=0)
    step = min(widest, width / max(1, len(values)))
    left = width - step * len(values)
    bars = [
        f"M{left + number * step:.1f},{height}V{height - max(_LEAST, height * value / most):.1f}"
        f"h{step * (0.8 if step > 2 else 1):.1f}V{height}z"
        for number, value in enumerate(values)
        if value
    ]
    return Plot(width=width, height=height, bars="".join(bars), words=words)
