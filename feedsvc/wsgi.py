"""The web alone, for a WSGI server of one's own: ``gunicorn feedsvc.wsgi:application``.

The config file is the one that ``FEEDSVC_CONFIG`` names, else ``config/feedsvc.toml`` or ``feedsvc.toml`` below the
working folder. Files are taken in by another process: ``feedsvc ingest``, or ``feedsvc serve`` on the same store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedsvc import config
from feedsvc.config import Settings


def create_application(settings: Settings | None = None) -> WSGIApplication:
    """The WSGI application of the site that *settings* describe, by default those of the config file.

    The store is opened and the thread of the cache is started here: call it in the process that serves, after any
    fork. Raises ConfigError, StoreUnavailable, MigrationError.
    """
    from feedsvc import logs
    from feedsvc.web.worker import create_worker

    if settings is None:
        settings = config.load(config.find(None))
        logs.configure(settings.server.log_format)
    return create_worker(settings)


class _Lazy:
    """Makes the application with the first request, so that importing this module does nothing.

    A server that forks after loading the module thus gets a store and a thread in each process.
    """

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        made = self._made
        if made is None:
            with self._lock:
                made = self._made = self._made or self._make()
        return made(environ, start_response)


application = _Lazy(create_application)
