"""Style sheets, scripts and pictures of our own, out of the package."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from flask import Blueprint, Response, request

from feedsvc.publish.document import Document
from feedsvc.web.answers import answer, moved, plain
from feedsvc.web.context import Context, bound

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
MAX_AGE = 3600
_YEAR = 365 * 24 * 3600
FOREVER = f"public, max-age={_YEAR}, immutable"


def load() -> Mapping[str, Document]:
    """The files, by name."""
    found = {}
    for file in resources.files("feedsvc.web").joinpath("static").iterdir():
        suffix = "." + file.name.rpartition(".")[2]
        if suffix in TYPES:
            headers = (("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"))
            found[file.name] = Document(file.read_bytes(), media_type=TYPES[suffix], max_age=MAX_AGE, extra=headers)
    return found


def blueprint(context: Context, files: Mapping[str, Document]) -> Blueprint:
    """The routes of *files*."""
    routes = Blueprint("static", __name__)

    def static(context: Context, name: str) -> Response:
        """A file; under the address that pages use, which holds a hash of it, it never changes."""
        document = files.get(name)
        if document is None:
            return plain("There is no such file.\n", status=404, headers={"Cache-Control": "public, max-age=60"})
        response = answer(document, request, context.clock())
        if request.query_string.decode("latin-1") == f"v={document.tag}":
            response.headers["Cache-Control"] = FOREVER
        return response

    def favicon(context: Context) -> Response:
        """Where browsers look for an icon by themselves."""
        return moved(context.links.absolute("/static/favicon.svg"))

    routes.add_url_rule("/static/<name>", view_func=bound(static, context))
    routes.add_url_rule("/favicon.ico", view_func=bound(favicon, context))
    return routes
