"""``/healthz``: the process answers. ``/readyz``: it has something to serve and the store answers."""

from __future__ import annotations

from flask import Blueprint, Response

from feedsvc.web.answers import plain
from feedsvc.web.context import Context, bound

_NO_STORE = {"Cache-Control": "no-store"}


def blueprint(context: Context) -> Blueprint:
    """The routes of the checks."""
    routes = Blueprint("health", __name__)
    routes.add_url_rule("/healthz", view_func=bound(healthz, context))
    routes.add_url_rule("/readyz", view_func=bound(readyz, context))
    return routes


def healthz(_context: Context) -> Response:
    """200 as long as the process answers at all."""
    return plain("ok\n", status=200, headers=_NO_STORE)


def readyz(context: Context) -> Response:
    """200 while the store answers, else 503: a balancer may then prefer another node."""
    if context.cache.ready():
        return plain("ready\n", status=200, headers=_NO_STORE)
    return plain("the store does not answer\n", status=503, headers={"Retry-After": "5", **_NO_STORE})
