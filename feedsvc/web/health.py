"""``/healthz``: the process lives. ``/readyz``: it should be sent requests. Whoever has the token is told why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from feedsvc.web import standing
from feedsvc.web.access import Access
from feedsvc.web.answers import plain
from feedsvc.web.context import Context

_NO_STORE = {"Cache-Control": "no-store"}


def blueprint(context: Context) -> Blueprint:
    """The routes of the checks."""
    routes = Blueprint("health", __name__)
    access = Access(context)
    routes.add_url_rule("/healthz", "healthz", lambda: _told(context, access, healthz(context)))
    routes.add_url_rule("/readyz", "readyz", lambda: _told(context, access, readyz(context)))
    return routes


def healthz(_context: Context) -> Response:
    """200 as long as the process answers at all: nothing that a restart would not mend makes it fail."""
    return plain("ok\n", status=200, headers=_NO_STORE)


def readyz(context: Context) -> Response:
    """200 while there is something good to serve, from the store or from memory; 503 before that and while it ends."""
    if context.board.draining:
        return plain("ending\n", status=503, headers={"Connection": "close", **_NO_STORE})
    if context.cache.ready():
        return plain("ready\n", status=200, headers=_NO_STORE)
    if context.cache.size:
        return plain(
            "ready: the store does not answer; the last good documents are served\n", status=200, headers=_NO_STORE
        )
    return plain("the store does not answer\n", status=503, headers={"Retry-After": "5", **_NO_STORE})


def _told(context: Context, access: Access, answer: Response) -> Response:
    """*answer* with everything that led to it, as JSON, for whoever has the token; as it is for others."""
    if not access.has_token():
        return answer
    cache = context.cache
    told: dict[str, Any] = {
        "status": answer.status_code,
        "says": answer.get_data(as_text=True).strip(),
        "store": cache.ready(),
        "documents": bool(cache.size),
        "draining": context.board.draining,
        "cache_bytes": cache.size,
        "troubles": [
            {"feed": feed, "format": suffix, "error": error}
            for (feed, suffix), error in standing.troubles(context.board, cache).items()
        ],
    }
    detailed = jsonify(told)
    detailed.status_code = answer.status_code
    detailed.headers.update(_NO_STORE)
    return detailed
