"""The files: a list to filter, sort and page through, and one page for each with its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from feedsvc.model import Change, SourceRecord, SourceState
from feedsvc.receipts import files as receipts
from feedsvc.web.context import Context
from feedsvc.web.desk import frame, paging
from feedsvc.web.desk.paging import PAGE

HISTORY = 30
_ORDERS = ("newest", "oldest", "name", "name-back")
STATES = tuple(state.value for state in SourceState)


def files(context: Context) -> Response:
    """The list of files."""
    found, asked = _found(context)
    return frame.page(
        context,
        "files.html",
        files=found[:PAGE],
        more=len(found) > PAGE,
        number_of_page=asked.number,
        counts=dict(context.store.counts()),
        states=STATES,
        **_chosen(),
    )


def files_json(context: Context) -> Response:
    """The same for scripts."""
    found, asked = _found(context)
    return frame.as_json(
        {
            "page": asked.number,
            "more": len(found) > PAGE,
            "files": [
                {
                    "source": record.path,
                    "state": record.state.value,
                    "line": record.line,
                    "error": record.error,
                    "advice": receipts.ADVICE[record.state],
                    "first_seen": record.first_seen,
                    "seen": record.seen,
                    "articles": list(record.articles),
                }
                for record in found[:PAGE]
            ],
        }
    )


def file(context: Context) -> Response:
    """One file: its receipt, its articles, what happened to them."""
    path, now = paging.text(request, "path"), context.clock()
    receipt = receipts.receipt(context.store, path, now=now)
    if receipt is None:
        return frame.page(context, "unknown-file.html", status=404, path=path)
    return frame.page(context, "file.html", receipt=receipt, history=_history(context, receipt.articles))


def file_json(context: Context) -> Response:
    """Its receipt, for scripts; 404 where nothing is known of it."""
    path = paging.text(request, "path")
    receipt = receipts.receipt(context.store, path, now=context.clock())
    if receipt is None:
        return frame.as_json({"source": path, "error": "nothing is known of this file"}, status=404)
    return frame.as_json(receipt.as_json())


def _history(context: Context, articles: Sequence[Any]) -> list[Change]:
    """The newest events in the life of the first few articles of a file."""
    events = [
        change
        for article in articles[:10]
        for change in context.store.history(article_id=article.id, limit=HISTORY)
    ]  # fmt: skip
    return sorted(events, key=lambda change: -change.seq)[:HISTORY]


def _chosen() -> dict[str, Any]:
    """The filters of the list, as its address has them."""
    prefix = paging.text(request, "in")
    order = paging.choice(request, "sort", _ORDERS, "name" if prefix else "newest")
    if prefix and not order.startswith("name"):
        order = "name"  # a folder may hold any number of files: by name they stand in an index
    return {"state": paging.choice(request, "state", STATES), "prefix": prefix, "sort": order}


def _found(context: Context) -> tuple[Sequence[SourceRecord], paging.Asked]:
    chosen, asked = _chosen(), paging.asked(request)
    order = chosen["sort"]
    found = context.store.files(
        state=SourceState(chosen["state"]) if chosen["state"] else None,
        prefix=chosen["prefix"],
        by_name=order.startswith("name"),
        backwards=order in ("newest", "name-back"),
        limit=PAGE + 1,
        offset=asked.offset,
    )
    return found, asked
