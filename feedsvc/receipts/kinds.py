"""What a receipt says, as types: the words for what became of a file, and the receipts themselves."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Fate(enum.StrEnum):
    """What became of a file, in one word."""

    WAITING = "waiting"
    """It is still being written, or has not rested for long enough."""
    PUBLISHED = "published"
    UPDATED = "updated"
    MOVED = "moved"
    """It lies elsewhere than it did; its article is the same."""
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    HELD = "held"
    """By an embargo, by its own status, by a brake: ``held_by`` says by which."""
    REFUSED = "refused"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    """It was public or would be, and is not: its file went, it has expired, or an operator took it down."""
    IGNORED = "ignored"


class Hold(enum.StrEnum):
    """What holds a file or an article back."""

    EMBARGO = "embargo"
    FLOOD = "flood"
    DELETION = "deletion"
    STATUS = "status"
    """The file itself says ``draft``, ``withheld`` or ``canceled``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReceipt:
    """What became of one article of a file.

    *at* is when that happened, *until* when it ends by itself. *source* is the file that the article is read from now,
    *was* where its file lay before a move. *path* is its address, empty while nobody has it. *feeds* show it now.
    """

    id: str
    key: str
    title: str
    fate: Fate
    state: str
    says: str
    at: datetime | None
    until: datetime | None
    held_by: Hold | None
    why: str
    path: str
    sections: tuple[str, ...]
    feeds: tuple[str, ...]
    source: str
    was: str
    published: datetime
    updated: datetime
    visible_from: datetime
    expires: datetime | None
    takedown: str | None
    withdrawn: datetime | None
    origin: Mapping[str, str]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The receipt as a dict of its fields."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a file: *says* in a sentence, *advice* what to do, *who* has to do it (empty: nobody).

    *since* is when it came to be so, *until* when it will be looked at or end by itself. *other* is the file that it
    copies, yields to, contradicts, or moved to. *kept* are the titles of the articles that stand in its place.
    """

    source: str
    fate: Fate
    state: str
    says: str
    advice: str
    who: str
    since: datetime
    until: datetime | None
    held_by: Hold | None
    other: str
    error: str
    line: int
    kept: tuple[str, ...]
    first_seen: datetime
    seen: datetime
    articles: tuple[ArticleReceipt, ...]

    def as_json(self) -> dict[str, Any]:
        """The receipt as a dict of its fields."""
        return {
            field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "articles"
        } | {"articles": [article.as_json() for article in self.articles]}
