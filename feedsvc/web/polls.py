"""The short way: polls of feeds answered from the cache of Documents before Flask builds a request.

Flask takes ten times as long as the answer itself. What is not plainly a poll of a document that there is goes to
the application, whose route gives the same bytes. Bodies are lists: granian sends those in one go, and takes a third
longer for any other iterable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.conditions import decide
from feedsvc.web.budget import BODY, PollBudget, counts, refusal

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

FEEDS = "/feeds/"


def short_way(
    app: Wsgi,
    cache: DocumentCache,
    clock: Callable[[], datetime],
    budget: PollBudget | None = None,
    *,
    delta: bool = False,
) -> Wsgi:
    """*app* behind a WSGI application that answers GET and HEAD for feeds in *cache*, within the *budget* if any.

    With *delta* it leaves those to *app* who ask for changes only.
    """

    def polls(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        method: str = environ["REQUEST_METHOD"]
        if not path.startswith(FEEDS) or method not in ("GET", "HEAD"):
            return app(environ, start_response)
        if delta and "HTTP_A_IM" in environ:
            return app(environ, start_response)
        now = clock()
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
        decision = decide(
            document,
            now,
            method=method,
            if_none_match=environ.get("HTTP_IF_NONE_MATCH"),
            if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE"),
            accept_encoding=environ.get("HTTP_ACCEPT_ENCODING"),
        )
        if decision.status == 304:
            start_response("304 NOT MODIFIED", document.headers(decision.coding, now, body=False))
            return []
        if budget is not None and counts(environ, method=method, status=200):
            wait = budget.wait(environ)
            if wait:
                start_response("429 TOO MANY REQUESTS", refusal(wait))
                return [BODY]
        start_response("200 OK", document.headers(decision.coding, now))
        return [] if method == "HEAD" else [document.body(decision.coding)]

    return polls
