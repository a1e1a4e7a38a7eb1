"""The short way: polls of feeds answered from the cache of Documents before Flask builds a request.

Flask takes ten times as long as the answer itself. What is not plainly a poll of a document that there is goes to
the application, whose route gives the same bytes. Bodies are lists: granian sends those in one go, and goes
through any other iterable piece by piece.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedsvc.clock import grained
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.conditions import decide
from feedsvc.publish.document import Document, Outcome, Reply
from feedsvc.web.budget import BODY, PollBudget, counts, refusal
from feedsvc.web.counting import TIMED, Counting
from feedsvc.web.headers import DESTINATION, LOOKED_AT

FEEDS = "/feeds/"
LONGEST_PATH = 500
"""Longer ones are left to the application, for what a path stands for is remembered."""
OK, NOT_MODIFIED, TOO_MANY = "200 OK", "304 NOT MODIFIED", "429 TOO MANY REQUESTS"
REFUSED = Outcome(TOO_MANY, "", len(BODY), conditional=False)


def short_way(
    app: WSGIApplication,
    cache: DocumentCache,
    clock: Callable[[], datetime],
    budget: PollBudget | None = None,
    *,
    counting: Counting | None = None,
    delta: bool = False,
    grain: float = 0.0,
) -> WSGIApplication:
    """*app* behind a WSGI application that answers GET and HEAD for feeds in *cache*, within the *budget* if any.

    It leaves people to *app* who open a feed in a browser, and with *delta* those who ask for changes only.
    *counting* is told of each answer. *clock* is read again where the time read last is *grain* seconds old.
    """
    tick, time_at = time.perf_counter, grained(clock, grain)

    def polls(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asks = environ.get
        path, method = asks("PATH_INFO", ""), environ["REQUEST_METHOD"]
        place = _place(path) if len(path) <= LONGEST_PATH else None
        if place is None or method not in ("GET", "HEAD"):
            return app(environ, start_response)
        if asks(DESTINATION) == LOOKED_AT or (delta and "HTTP_A_IM" in environ):
            return app(environ, start_response)
        began = tick()
        try:
            now = time_at(began)
            name, suffix = place
            document = cache.standing(name, suffix, now)
            if document is None:
                document, now = cache.get(name, suffix), clock()
        except Exception:  # whatever it is, the application meets it again and tells it in its own way
            document = None
        if document is None:
            return app(environ, start_response)
        none_match, modified_since = asks("HTTP_IF_NONE_MATCH"), asks("HTTP_IF_MODIFIED_SINCE")
        asked = (method, none_match, modified_since, asks("HTTP_ACCEPT_ENCODING"))
        reply = document.reply(asked, now)
        if reply is None:
            reply = _reply(document, now, asked)
            if reply.status is NOT_MODIFIED or modified_since is None:  # a date ahead of now may yet come to pass
                document.remember(asked, reply, now)
        status, headers, body, outcome = reply
        if budget is not None and status is OK and counts(environ, method=method, status=200):
            wait = budget.wait(environ)
            if wait:
                if counting is not None:
                    counting.saw(environ, place, document, REFUSED)
                start_response(TOO_MANY, refusal(wait))
                return [BODY]
        if counting is not None and not counting.saw(environ, place, document, outcome) & TIMED:
            counting.took(tick() - began)
        start_response(status, headers.copy())
        return [body] if body else []

    return polls


@functools.lru_cache(maxsize=2048)
def _place(path: str) -> tuple[str, str] | None:
    """The name and suffix of the feed at *path*; None where it is no path of a feed."""
    if not path.startswith(FEEDS):
        return None
    if not path.isascii():
        try:
            path = path.encode("latin-1").decode()  # PEP 3333: bytes come as Latin-1
        except UnicodeError:
            return None
    name, _dot, suffix = path[len(FEEDS) :].rpartition(".")
    return name, suffix


def _reply(document: Document, now: datetime, asked: tuple[str, str | None, str | None, str | None]) -> Reply:
    method, none_match, modified_since, accept_encoding = asked
    decision = decide(
        document,
        now,
        method=method,
        if_none_match=none_match,
        if_modified_since=modified_since,
        accept_encoding=accept_encoding,
    )
    coding, unchanged = decision.coding, decision.status == 304
    status = NOT_MODIFIED if unchanged else OK
    body = b"" if unchanged or method == "HEAD" else document.body(coding)
    outcome = Outcome(status, coding, len(body), none_match is not None or modified_since is not None)
    return Reply(status, document.headers(coding, now, body=not unchanged), body, outcome)
