"""The marks of long archives as text that a store keeps, and when it is time to keep them anew.

What was kept is no more than what a process knew once: how much of it still holds is found out as of any other marks.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from feedsvc.publish.pages import Chain, Page
from feedsvc.store.base import Mark
from feedsvc.store.tables import moment, ms

FORM = 1
"""What the text is like, and what the marks of a page are made of: other programs have other numbers."""
LONG = 10_000
"""Of archives with so many articles marks are kept: of fewer they are made in less than a tenth of a second."""
AGAIN = timedelta(hours=1)
AT_LAST = timedelta(days=1)
"""When marks are kept anew, at the earliest, and where little of them has to be made again."""


def written(chain: Chain) -> str:
    """The full pages of *chain* as text."""
    pages = [(page.digest, *page.last) for page in chain.pages[: chain.full]]
    return json.dumps([FORM, chain.seed, chain.size, chain.seq, ms(chain.at), pages], separators=(",", ":"))


def read(text: str) -> Chain | None:
    """The full pages that were written as *text*; None for an empty one, and for one of another program."""
    known: list[Any] = json.loads(text) if text else [None]
    if known[0] != FORM:
        return None
    _, seed, size, seq, at, listed = known
    pages: list[Page] = []
    for number, (digest, *last) in enumerate(listed, start=1):
        after = pages[-1].last if pages else None
        pages.append(Page(number=number, digest=digest, after=after, last=Mark(*last), count=size))
    return Chain(seed=seed, size=size, seq=seq, at=moment(at), pages=tuple(pages))


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
