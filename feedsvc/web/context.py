"""What every view needs, and nothing global: settings, store, clock, the cache of Documents, addresses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Response

from feedsvc.board import Board
from feedsvc.config import Settings
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.base import Store
from feedsvc.web.budget import PollBudget
from feedsvc.web.counting import Counting
from feedsvc.web.directory import Directory
from feedsvc.web.pages import PageShelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One site as its views know it.

    *shelf* keeps the last good pages for the time when the store is lost. *budget* bounds full downloads of feeds, if
    that is asked for. *board* holds the figures of this process, *counting* notes who polls, if anything does.
    """

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    cache: DocumentCache
    links: Links
    directory: Directory
    shelf: PageShelf = field(default_factory=PageShelf)
    budget: PollBudget | None = None
    board: Board = field(default_factory=Board)
    counting: Counting | None = None

    @property
    def formats(self) -> Mapping[str, Renderer]:
        """The formats that feeds are offered in, by suffix."""
        return self.cache.formats


View = Callable[..., Response]


def bound(view: View, context: Context) -> View:
    """*view* with *context* as its first argument, under its own name."""
    return functools.wraps(view)(functools.partial(view, context))
