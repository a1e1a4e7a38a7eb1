"""Pictures, sounds and films that lie below the content folder, at addresses that never change."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from feedsvc import links
from feedsvc.errors import ContentError
from feedsvc.ingest import attached, openfile
from feedsvc.web.context import Context, bound

MAX_AGE = 31_536_000
"""A year: the address is made of the bytes, so what stands there never changes."""


def blueprint(context: Context) -> Blueprint:
    """``/media/<hash>/<name>``."""
    routes = Blueprint("media", __name__)
    routes.add_url_rule("/media/<content_hash>/<path:name>", view_func=bound(medium, context))
    return routes


def medium(context: Context, content_hash: str, name: str) -> Response:
    """The file with that hash, in ranges where they are asked for (RFC 9110 section 14); only the hash is looked up."""
    known = context.store.medium(content_hash)
    if known is None:
        abort(404)
    if name != known.name:
        response: Response = redirect(context.links.absolute(links.medium(known.hash, known.name)), 308)  # type: ignore[assignment]
        return response
    try:
        with openfile.opened(*attached.place(known, context.settings.content)) as (handle, status):
            if (status.st_size, status.st_mtime_ns) != (known.length, known.mtime_ns):
                abort(404)  # another picture stands there now, and gets an address of its own
            file = os.fdopen(os.dup(handle), "rb")
    except (ContentError, FileNotFoundError):
        abort(404)
    response = Response(wrap_file(request.environ, file), mimetype=known.type, direct_passthrough=True)
    response.call_on_close(file.close)
    response.content_length = known.length
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}, immutable"
    response.headers["Last-Modified"] = http_date(datetime.fromtimestamp(known.mtime_ns // 10**9, UTC))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(known.hash)
    response.headers["Accept-Ranges"] = "bytes"
    # A unit that is not known is to be ignored (RFC 9110 section 14.2), not refused.
    in_bytes = request.headers.get("Range", "bytes=").strip().lower().startswith("bytes=")
    try:
        response.make_conditional(request, accept_ranges=in_bytes, complete_length=known.length)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response
