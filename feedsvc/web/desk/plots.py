"""Small plots: the geometry alone; the template draws it in the colour of the text, with its words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 120
SPARK_WIDTH, SPARK_HEIGHT = 90, 20
_EDGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A line of values from left to right. *points* are as SVG's polyline takes them; *most* is the top of the plot."""

    width: int
    height: int
    points: str
    most: int
    words: str


def plot(values: Sequence[int], *, words: str, spark: bool = False) -> Plot:
    """The plot of *values*, which *words* tell in a sentence for whoever does not see it."""
    width, height = (SPARK_WIDTH, SPARK_HEIGHT) if spark else (WIDTH, HEIGHT)
    most = max(values, default=0)
    step = (width - 2 * _EDGE) / max(1, len(values) - 1)
    high = height - 2 * _EDGE
    points = [
        f"{_EDGE + number * step:.1f},{height - _EDGE - high * value / (most or 1):.1f}"
        for number, value in enumerate(values)
    ]
    if len(points) == 1:  # one value is a line as well
        points.append(f"{width - _EDGE}.0,{points[0].partition(',')[2]}")
    return Plot(width=width, height=height, points=" ".join(points), most=most, words=words)
