"""The pages of a feed's archive, told by marks: what is kept of them between polls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import Archive
from feedsvc.store.base import Mark

_HASH_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Of an archive the page with that *number*, behind the article *after*; *last* is the mark of its last one."""

    number: int
    digest: str
    after: Mark | None
    last: Mark
    count: int

    @property
    def mark(self) -> str:
        """What stands for the page in addresses."""
        return f"{self.number}-{self.digest[:_HASH_LENGTH]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The pages of a feed's archive, the oldest first, as they stood *at* a moment; the last one may not be full.

    *seq* is the last change of the feed that they are sure to hold; *seed* is what the first page is chained to.
    """

    seed: str
    size: int
    seq: int
    at: datetime
    pages: tuple[Page, ...]

    @property
    def full(self) -> int:
        """How many pages are full: they are the first ones."""
        return len(self.pages) if not self.pages or self.pages[-1].count == self.size else len(self.pages) - 1

    @property
    def state(self) -> Archive:
        """What the feed itself has to know of it."""
        partial = self.pages[self.full :]
        beyond = partial[0].count if partial else 0
        return Archive(
            at=self.at,
            count=self.full * self.size + beyond,
            beyond=beyond,
            newest=self.pages[self.full - 1].mark if self.full else "",
            rest=partial[0].mark if partial else "",
        )

    def older(self, page: Page) -> str:
        """The mark of the page before *page*; empty for the first."""
        return self.pages[page.number - 2].mark if page.number > 1 else ""
