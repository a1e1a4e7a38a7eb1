"""Pictures, sounds and films that lie below the content folder, at addresses that never change."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from flask import Blueprint, Response, request
from werkzeug.http import http_date, parse_etags

from feedsvc import links
from feedsvc.errors import ContentError
from feedsvc.ingest import media, openfile
from feedsvc.model import Medium
from feedsvc.web import ranges
from feedsvc.web.answers import Answer, moved, plain, unavailable
from feedsvc.web.context import Context, bound
from feedsvc.web.errors import not_found

CACHE_CONTROL = "public, max-age=31536000, s-maxage=86400, immutable"
"""A reader keeps it for a year: the address is made of the bytes, so what stands there never changes.

Caches that others fill ask again after a day, so that what had to be taken down is not long in them.
"""
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
"""Should a browser ever take such a file for a page, nothing in it runs, and it is not of our origin."""
_HASH = re.compile(r"[a-z2-7]{8,52}")
_LONGEST_NAME = 300
PIECE = 1 << 19
"""What a thread hands over at a time; then it waits until the client has taken it."""
STREAMS = 12
"""How many clients may be sent files of several pieces at the same time: each of them keeps a thread of the worker."""


def blueprint(context: Context) -> Blueprint:
    """``/media/<hash>/<name>``."""
    routes = Blueprint("media", __name__)
    streams = threading.BoundedSemaphore(STREAMS)
    routes.add_url_rule(
        "/media/<content_hash>/<path:name>", view_func=bound(medium, context), defaults={"streams": streams}
    )
    return routes


def medium(context: Context, content_hash: str, name: str, streams: threading.Semaphore) -> Response:
    """The file with that hash, whole or in part; under a name that no article gives it, 308 to one that does.

    404 alike for what never was and for what no public article names: one that is still under an embargo, was
    withdrawn, taken down, or shows another picture now. 503 for a large one while all of *streams* are taken.
    """
    now = context.clock()
    if not _HASH.fullmatch(content_hash):
        return not_found(context)
    known = context.store.medium(content_hash, now, name) if len(name) <= _LONGEST_NAME else None
    if known is None:
        known = context.store.medium(content_hash, now)
        if known is None:
            return not_found(context)
        if name != known.name:
            return moved(context.links.absolute(links.medium(known.hash, known.name)))
    file = opened(context, known)
    if file is None:
        return not_found(context)
    answer = _answer(known, file, now)
    if not answer.is_streamed:
        file.close()
        return answer
    answer.call_on_close(file.close)
    if int(answer.headers["Content-Length"]) > PIECE:
        if not streams.acquire(blocking=False):
            answer.close()
            return unavailable("Too many large files are on their way")
        answer.call_on_close(streams.release)
    return answer


def opened(context: Context, known: Medium) -> BinaryIO | None:
    """The file, as long as it holds the very bytes that the address is made of; whoever asks closes it."""
    root, path = media.place(known, context.settings.content)
    try:
        with openfile.opened(root, path) as (handle, status):
            if status.st_size != known.length:
                return None  # another file stands there now, and gets an address of its own
            file = os.fdopen(os.dup(handle), "rb")
            if (
                status.st_mtime_ns != known.mtime_ns
                and media.hash_of(hashlib.file_digest(file, "sha256")) != known.hash
            ):
                file.close()
                return None
    except (ContentError, OSError):
        return None
    return file


def _answer(known: Medium, file: BinaryIO, now: datetime) -> Answer:
    written = datetime.fromtimestamp(known.mtime_ns // 10**9, UTC)
    last_modified = http_date(written) if written < now else ""  # never ahead (RFC 9110 section 8.8.2.1)
    headers = {
        "ETag": f'"{known.hash}"',
        "Cache-Control": CACHE_CONTROL,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Accept-Ranges": "bytes",
    }
    if last_modified:
        headers["Last-Modified"] = last_modified
    if _unchanged(known.hash, written):
        return Answer(status=304, headers=headers)
    part = None
    if request.method == "GET" and ranges.still_valid(  # Range means nothing elsewhere (RFC 9110 section 14.2)
        request.headers.get("If-Range"), etag=known.hash, last_modified=last_modified
    ):
        try:
            part = ranges.chosen(request.headers.get("Range"), known.length)
        except ranges.Unsatisfiable:
            told = {"Content-Range": f"bytes */{known.length}", "Accept-Ranges": "bytes", "Cache-Control": "no-store"}
            return plain("There is nothing in that range.\n", status=416, headers=told)
    headers["Content-Type"] = f"{known.type}; charset=utf-8" if known.type.startswith("text/") else known.type
    headers["Content-Disposition"] = "inline"
    chosen = range(known.length) if part is None else part
    headers["Content-Length"] = str(len(chosen))
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{known.length}"
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Answer(status=status, headers=headers)
    return Answer(_pieces(file, chosen), status=status, headers=headers)


def _unchanged(content_hash: str, written: datetime) -> bool:
    """Whether the client has it already (RFC 9110 section 13.2.2): its tag decides, its date only without one."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return parse_etags(tags).contains_weak(content_hash)
    since = request.if_modified_since
    return since is not None and written <= since


def _pieces(file: BinaryIO, part: range) -> Iterator[bytes]:
    file.seek(part.start)
    left = len(part)
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece
