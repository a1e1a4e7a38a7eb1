"""The routes of the desk. Whatever is asked for below ``/desk`` passes the gate first."""

from __future__ import annotations

from flask import Blueprint, Response, request

from feedsvc.errors import StoreError
from feedsvc.web.context import Context, View, bound
from feedsvc.web.desk import alarms, articles, files, frame, gate, orders, readers, sections
from feedsvc.web.desk.gate import Gate
from feedsvc.web.desk.overview import Overview
from feedsvc.web.desk.preview import Previews

PAGES: tuple[tuple[str, View], ...] = (
    ("/desk/files", files.files),
    ("/desk/files.json", files.files_json),
    ("/desk/file", files.file),
    ("/desk/file.json", files.file_json),
    ("/desk/articles", articles.articles),
    ("/desk/articles.json", articles.articles_json),
    ("/desk/article/<key>", articles.article),
    ("/desk/article/<key>.json", articles.article_json),
    ("/desk/sections", sections.sections),
    ("/desk/feeds", sections.feeds),
    ("/desk/readers", readers.readers),
    ("/desk/zone", orders.zones),
)
"""What may be looked at: address and view."""
ORDERS: tuple[tuple[str, View], ...] = (
    ("/desk/retry", orders.retry),
    ("/desk/rescan", orders.rescan),
    ("/desk/takedown", orders.takedown),
    ("/desk/restore", orders.restore),
    ("/desk/accept", orders.accept),
    ("/desk/dismiss", orders.dismiss),
    ("/desk/zone/choose", orders.choose_zone),
)
"""What may be ordered, by POST only: address and view."""
_ANY = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def blueprint(context: Context) -> Blueprint:
    """The desk of the site."""
    routes = Blueprint("desk", __name__)
    entrance, first, previews = Gate(context), Overview(context), Previews(context)
    routes.before_request(entrance.admit)
    routes.after_request(gate.secure)
    routes.register_error_handler(StoreError, lambda error: _lost(context, error))

    def add(path: str, view: View, *methods: str) -> None:
        name = path.replace(".", "-")
        routes.add_url_rule(path, name, view, methods=methods, provide_automatic_options=False)

    for path, view in PAGES:
        add(path, bound(view, context), "GET", "HEAD")
    for path, view in ORDERS:
        add(path, bound(view, context), "POST")
    add("/desk", first.overview, "GET", "HEAD")
    add("/desk/overview.json", first.as_json, "GET", "HEAD")
    add("/desk/preview", previews.overview, "GET", "HEAD")
    add("/desk/preview/frame", previews.framed, "GET", "HEAD")
    add(gate.SIGN_IN, entrance.sign_out, "POST")  # the gate itself answers it
    add(gate.SIGN_OUT, entrance.sign_out, "POST")

    def elsewhere(path: str) -> Response:
        """Any other address: from outside it looks like all others."""
        return frame.absent(context, f"page /desk/{path}")

    add("/desk/<path:path>", elsewhere, *_ANY)
    routes.add_url_rule(
        "/desk", "other", elsewhere, methods=_ANY[2:], defaults={"path": ""}, provide_automatic_options=False
    )
    return routes


def _lost(context: Context, error: StoreError) -> Response:
    """The page of which nothing can be told while the store is lost."""
    alarm = alarms.lost(error)
    if request.path.endswith(".json"):
        return frame.as_json({"error": alarm.what}, status=503)
    return frame.page(context, "lost.html", status=503, alarm=alarm)
