"""One web worker: a store, a cache of documents with its thread, and the application on top of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from feedsvc.board import shared_board
from feedsvc.clock import utc_now
from feedsvc.config import Settings
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.opening import open_store
from feedsvc.web.app import create_app
from feedsvc.web.counting import Counting, timed

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def create_worker(settings: Settings) -> Wsgi:
    """The WSGI application of one worker process.

    The store is opened and the threads of cache and counting are started here: call it in the process that serves, after any
    fork. Raises StoreUnavailable, MigrationError.
    """
    store = open_store(settings.store.url)
    board = shared_board()
    cache = DocumentCache(store, settings, utc_now, timed=timed(board))
    cache.start()
    counting = Counting(store, settings, utc_now, board=board, cache=cache)
    counting.start()
    return create_app(settings, store, utc_now, cache, board=board, counting=counting).wsgi_app
