"""The marks of long archives as text that a store keeps, and when it is time to keep them anew.

What was kept is no more than what a process knew once: how much of it still holds is found out as of any other marks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from feedsvc.publish.pages import Chain, Page
from feedsvc.store.base import Mark
from feedsvc.store.tables import moment, ms

FORM = 1
"""What the text is like, and what the marks of a page are made of: other programs have other numbers."""
LONG = 10_000
"""Of archives with so many articles marks are kept: of fewer they are made in less than a tenth of a second."""
_KINDS = [int, str, int, int, str, int, int, str]
"""The types of a chain's number of change, of a page's digest, and of what a mark consists of."""
AGAIN = timedelta(hours=1)
AT_LAST = timedelta(days=1)
"""When marks are kept anew, at the earliest, and where little of them has to be made again."""


def written(chain: Chain) -> str:
    """The full pages of *chain* as text."""
    pages = [(page.digest, *page.last) for page in chain.pages[: chain.full]]
    return json.dumps([FORM, chain.seed, chain.size, chain.seq, ms(chain.at), pages], separators=(",", ":"))


def read(text: str) -> Chain | None:
    """The full pages that were written as *text*; None for an empty one, and for what this program did not write."""
    try:
        known: list[Any] = json.loads(text) if text else [None]
        return _chain(*known[1:]) if known[0] == FORM else None
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None  # it was damaged, and all of it can be made anew


def _chain(seed: str, size: int, seq: int, at: int, listed: Sequence[Sequence[Any]]) -> Chain | None:
    """Raises TypeError and ValueError for what is not of a chain."""
    pages: list[Page] = []
    for number, (digest, *last) in enumerate(listed, start=1):
        mark = Mark(*last)
        if [type(value) for value in (seq, digest, *mark)] != _KINDS:
            raise TypeError
        after = pages[-1].last if pages else None
        pages.append(Page(number=number, digest=digest, after=after, last=mark, count=size))
    return Chain(seed=seed, size=size, seq=seq, at=moment(at), pages=tuple(pages)) if pages else None


def due(chain: Chain, kept: Chain | None) -> bool:
    """Whether *chain* is to be kept in the place of *kept*."""
    if chain.full * chain.size < LONG:
        return False
    if kept is None or kept.seed != chain.seed or kept.at > chain.at or kept.seq > chain.seq:
        return True
    count = kept.full  # at least one: of a mark follow all before it
    holds = count <= chain.full and kept.pages[count - 1].digest == chain.pages[count - 1].digest
    few = holds and (chain.full - count) * chain.size < LONG
    return chain.at >= kept.at + (AT_LAST if few else AGAIN)
