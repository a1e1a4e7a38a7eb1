"""Requests that Flask answers, counted alike with those of the short way."""

from __future__ import annotations

from flask import Flask, Response, request

from feedsvc.publish.conditions import choose_coding
from feedsvc.publish.document import Outcome
from feedsvc.web.context import Context
from feedsvc.web.counting import POLLED, UNKNOWN
from feedsvc.web.headers import DESTINATION, LOOKED_AT


def register(app: Flask, context: Context) -> None:
    """Count every answer of *app*."""

    def count(response: Response) -> Response:
        note(context, response)
        return response

    app.after_request(count)


def note(context: Context, response: Response) -> None:
    """Count *response* to the request under way: as a poll where it was for a feed."""
    environ, status = request.environ, response.status_code
    counting = context.counting
    conditional = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
    polled = request.path.startswith("/feeds/") or (request.endpoint or "").startswith("feeds.")
    looked_at = environ.get(DESTINATION) == LOOKED_AT  # a person who opened it, and reads no feeds by that
    if not polled or looked_at or request.method not in ("GET", "HEAD"):
        context.board.count("feedsvc_requests", str(status))
        if counting is not None and status == 410:
            counting.saw(environ, ("", ""), None, Outcome(response.status, "", 0, conditional))
        return
    if counting is None:
        return
    name, suffix, document = environ.get(POLLED) or (UNKNOWN, "", None)
    if status == 304:
        coding, sent = choose_coding(environ.get("HTTP_ACCEPT_ENCODING")), 0
    else:
        coding = response.headers.get("Content-Encoding", "")
        sent = 0 if request.method == "HEAD" else response.content_length or 0
    counting.saw(environ, (name, suffix), document, Outcome(response.status, coding, sent, conditional))
