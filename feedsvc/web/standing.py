"""How the feeds stand at all workers: each tells the others how large they are, and which it could not make.

What this worker knows is as of now; what the others told is a few seconds old.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from feedsvc.board import Board
from feedsvc.publish.cache import DocumentCache

MOST_TOLD = 1000
"""How many documents and how many troubles a worker tells of."""
_LONGEST = 500
_SIZES, _TROUBLES = "sizes", "troubles"

_Feed = tuple[str, str]
"""A feed's name, and a format's suffix."""


def tell(board: Board, cache: DocumentCache) -> None:
    """Note what this worker knows, for the others."""
    told = [[*feed, why[:_LONGEST]] for feed, why in sorted(cache.troubles.items())[:MOST_TOLD]]
    board.note(_TROUBLES, told)
    board.note(_SIZES, [[*feed, size] for feed, size in islice(cache.sizes().items(), MOST_TOLD)])


def troubles(board: Board, cache: DocumentCache) -> Mapping[_Feed, str]:
    """What keeps a new document from going out, at any worker of this service."""
    return {feed: str(why) for feed, why in _others(board, _TROUBLES).items()} | dict(cache.troubles)


def sizes(board: Board, cache: DocumentCache) -> Mapping[_Feed, int]:
    """How many bytes a document has, where any worker of this service holds it."""
    return {feed: int(size) for feed, size in _others(board, _SIZES).items()} | dict(cache.sizes())


def _others(board: Board, name: str) -> dict[_Feed, Any]:
    return {(row[0], row[1]): row[2] for rows in board.noted(name) for row in rows}
