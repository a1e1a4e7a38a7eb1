"""One web worker: a store, a cache of documents with its thread, and the application on top of them."""

from __future__ import annotations

from wsgiref.types import WSGIApplication

from feedsvc.board import shared_board
from feedsvc.clock import GRAIN_SECONDS, utc_now
from feedsvc.config import Settings
from feedsvc.logs import get_logger
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.opening import open_store
from feedsvc.web.app import create_app
from feedsvc.web.counting import Counting, timed
from feedsvc.web.desk import tokens


def create_worker(settings: Settings) -> WSGIApplication:
    """The WSGI application of one worker process.

    The store is opened and the threads of cache and counting are started here: call it in the process that serves,
    after any fork. Raises StoreUnavailable, MigrationError.
    """
    store = open_store(settings.store.url)
    open_desk(settings)
    board = shared_board()
    cache = DocumentCache(store, settings, utc_now, timed=timed(board))
    cache.start()
    board.listen(cache.wake)
    counting = Counting(store, settings, utc_now, board=board, cache=cache)
    counting.start()
    app = create_app(settings, store, utc_now, cache, board=board, counting=counting, grain=GRAIN_SECONDS)
    return app.wsgi_app


def open_desk(settings: Settings) -> bool:
    """Make the token of the operators' desk if there is none; whether one was made. Without one the desk is closed."""
    path, log = settings.server.token_file, get_logger(__name__)
    try:
        made = tokens.ensure(path)
    except OSError as error:
        log.warning("the desk is closed: its token cannot be written", file=str(path), error=str(error))
        return False
    if made:
        log.info("the desk has a new token; `feedsvc token` shows the link", file=str(path))
    return made
