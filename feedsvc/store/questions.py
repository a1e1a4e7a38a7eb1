"""What operators ask of a store beyond what readers see: lists to page through, signs of life, requests."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from feedsvc.model import SourceRecord, SourceState, Stored

if TYPE_CHECKING:
    from feedsvc.store.base import Claim

RESCAN = "rescan"
RETRY = "retry"
"""What the scheduler may be asked for: to look at the whole folder, or to read one file again."""
SCAN = "scan"
BACKUP = "backup"
"""The jobs that leave signs of life."""
Copied = Callable[[int, int], None]
"""Takes how many pages of a store are copied, and of how many."""


class Life(enum.StrEnum):
    """Where articles are in their life, as operators ask for them."""

    PUBLIC = "public"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    HELD_BACK = "held back"
    """Withheld or canceled: their file says so."""
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken down"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an operator asked the scheduler to do: a *kind* of work on a *subject*, which may be empty."""

    number: int
    kind: str
    subject: str
    at: datetime


class Questions(Protocol):
    """The part of a ``Store`` that the desk asks. Every method raises StoreUnavailable when the store is lost."""

    def files(
        self,
        *,
        state: SourceState | None = None,
        prefix: str = "",
        by_name: bool = False,
        backwards: bool = False,
        limit: int,
        offset: int = 0,
    ) -> Sequence[SourceRecord]:
        """The files whose path begins with *prefix*, in *state* if given, by name or by when they were last noted.

        They begin with the first or the longest ago, *backwards* with the last or the latest.
        """

    def lives(
        self,
        life: Life,
        now: datetime,
        *,
        feed: str = "all",
        title: str = "",
        backwards: bool = False,
        limit: int,
        offset: int = 0,
    ) -> Sequence[Stored]:
        """The articles that are where *life* says at *now*, the newest first; of what is still to come the next first.

        *feed* counts for those that are public, scheduled or expired. With *title* those whose title has each of its
        words, in large or small letters.
        """

    def releases(self, feed: str, now: datetime, *, limit: int) -> Sequence[datetime]:
        """When the newest articles of *feed* were released, newest first; those that have expired included."""

    def absent_media(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Files with the media that they name and that are not there, at most *limit* of them."""

    def claims(self, *, article_id: str = "", path: str = "") -> Sequence[Claim]:
        """The files that claim an article, by path; or the claims that one file has, by article id."""

    def request(self, kind: str, subject: str = "", *, now: datetime) -> None:
        """Ask the scheduler, whichever process it is, for work of a *kind*."""

    def requests(self) -> Sequence[Request]:
        """What the scheduler is asked for, oldest first; the first thousand."""

    def answered(self, requests: Sequence[Request]) -> None:
        """Drop requests that were seen to."""

    def beat(self, job: str, detail: Mapping[str, Any], *, now: datetime) -> None:
        """Note that *job* was done at *now*, with what it has to tell, as JSON types."""

    def beats(self) -> Mapping[str, Mapping[str, Any]]:
        """The last sign of life of each job: what it told, and ``at``."""
