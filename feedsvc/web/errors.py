"""What is answered when there is no page: not found, gone, not possible now. The one table from exception to status."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from feedsvc.errors import FeedsvcError, RenderError, StoreError, StoreUnavailable
from feedsvc.logs import get_logger
from feedsvc.publish.outline import Listing
from feedsvc.web.answers import Answer, page, trouble, unavailable
from feedsvc.web.context import Context

STATUS: dict[type[Exception], int] = {
    StoreUnavailable: 503,
    StoreError: 503,
    RenderError: 503,
    FeedsvcError: 500,
}
"""An exception that reaches a view's edge, with the status that it becomes; the first that fits."""
NOT_STORED = "no-cache"
"""A page that is not there now may be there at any second: an embargo's end tells no cache beforehand."""


def register(app: Flask, context: Context) -> None:
    """Answer every exception by the table."""
    app.register_error_handler(HTTPException, lambda error: http_error(context, error))
    app.register_error_handler(Exception, lambda error: failed(error))


def http_error(context: Context, error: HTTPException) -> Response:
    """An error of the request itself: an unknown address, a method that is not allowed."""
    if error.code == 404:
        return not_found(context)
    status = error.code or 500
    allowed = dict(error.get_headers(request.environ)).get("Allow")
    headers = {"Cache-Control": "no-store"} | ({"Allow": allowed} if allowed else {})
    return trouble(HTTPStatus(status).phrase, "Nothing here answers to that.", status=status, headers=headers)


def failed(error: Exception) -> Response:
    """Something on our side: the store is lost, or there is a mistake in the program."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    if status == 503:
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
        }
        return unavailable("This cannot be served just now", headers)
    get_logger(__name__).error("a request failed", path=request.path, exc_info=error)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return trouble("Something went wrong here", "We are looking into it.", status=status, headers=headers)


def not_found(context: Context) -> Answer:
    """The page that says so and shows the way on; the same bytes whatever was asked for."""
    html = render_template("missing.html", listing=_listing(context))
    return page(html, request, status=404, cache_control=NOT_STORED)


def gone(context: Context) -> Answer:
    """The page in the place of an article that was public and is no more; it says nothing of it."""
    html = render_template("gone.html", listing=_listing(context))
    return page(html, request, status=410, cache_control="public, max-age=60")


def _listing(context: Context) -> Listing:
    try:
        return context.directory.listing(context.clock())
    except StoreUnavailable:
        return Listing(top=(), by_path={})
