"""The short way: polls of feeds answered from the cache of Documents before Flask builds a request.

Flask takes ten times as long as the answer itself. What is not plainly a poll of a document that there is goes to
the application, whose route gives the same bytes. Bodies are lists: granian sends those in one go, and goes
through any other iterable piece by piece.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.conditions import decide
from feedsvc.publish.document import Document, Reply
from feedsvc.web.budget import BODY, PollBudget, counts, refusal
from feedsvc.web.counting import TIMED, Counting
from feedsvc.web.headers import DESTINATION, LOOKED_AT

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

FEEDS = "/feeds/"
OK, NOT_MODIFIED, TOO_MANY = "200 OK", "304 NOT MODIFIED", "429 TOO MANY REQUESTS"


def short_way(
    app: Wsgi,
    cache: DocumentCache,
    clock: Callable[[], datetime],
    budget: PollBudget | None = None,
    *,
    counting: Counting | None = None,
    delta: bool = False,
) -> Wsgi:
    """*app* behind a WSGI application that answers GET and HEAD for feeds in *cache*, within the *budget* if any.

    It leaves people to *app* who open a feed in a browser, and with *delta* those who ask for changes only.
    *counting* is told of each answer.
    """
    tick = time.perf_counter

    def polls(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        method: str = environ["REQUEST_METHOD"]
        if not path.startswith(FEEDS) or method not in ("GET", "HEAD"):
            return app(environ, start_response)
        if (delta and "HTTP_A_IM" in environ) or environ.get(DESTINATION) == LOOKED_AT:
            return app(environ, start_response)
        began, now = tick(), clock()
        try:
            if not path.isascii():
                path = path.encode("latin-1").decode()  # PEP 3333: bytes come as Latin-1
            name, _dot, suffix = path[len(FEEDS) :].rpartition(".")
            document = cache.standing(name, suffix, now)
            if document is None:
                document, now = cache.get(name, suffix), clock()
        except Exception:  # whatever it is, the application meets it again and tells it in its own way
            document = None
        if document is None:
            return app(environ, start_response)
        none_match, modified_since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        asked = (method, none_match, modified_since, environ.get("HTTP_ACCEPT_ENCODING"))
        reply = document.reply(asked, now)
        if reply is None:
            reply = _reply(document, now, asked)
            if reply.status is NOT_MODIFIED or modified_since is None:  # a date ahead of now may yet come to pass
                document.remember(asked, reply, now)
        if budget is not None and reply.status is OK and counts(environ, method=method, status=200):
            wait = budget.wait(environ)
            if wait:
                if counting is not None:
                    counting.saw(environ, name, suffix, document, TOO_MANY, "", len(BODY))
                start_response(TOO_MANY, refusal(wait))
                return [BODY]
        if counting is not None:
            number = counting.saw(environ, name, suffix, document, reply.status, reply.coding, len(reply.body))
            if not number & TIMED:
                counting.took(tick() - began)
        start_response(reply.status, reply.headers.copy())
        return [reply.body] if reply.body else []

    return polls


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
    if decision.status == 304:
        return Reply(NOT_MODIFIED, document.headers(decision.coding, now, body=False), b"", decision.coding)
    body = b"" if method == "HEAD" else document.body(decision.coding)
    return Reply(OK, document.headers(decision.coding, now), body, decision.coding)
