"""The first page of the desk: what happened last, what comes next, and what wants a look."""

from __future__ import annotations

from typing import Any

from flask import Response

from feedsvc.errors import StoreError
from feedsvc.store.base import ALL, INGEST
from feedsvc.web.context import Context
from feedsvc.web.desk import frame

NEWEST = 10


def overview(context: Context) -> Response:
    """Everything at a glance. It is shown while the store is lost, and says so."""
    try:
        figures = _figures(context)
    except StoreError as error:
        return frame.page(context, "overview.html", figures=None, lost=str(error))
    return frame.page(context, "overview.html", figures=figures, lost="")


def _figures(context: Context) -> dict[str, Any]:
    now, store = context.clock(), context.store
    last = next(iter(store.passes(1)), None)
    return {
        "last": last,
        "holder": store.lease_holder(INGEST),
        "files": dict(store.counts()),
        "holds": store.holds(),
        "newest": store.listing(ALL, now, limit=NEWEST),
    }
