"""The routes of the desk. Whatever is asked for below ``/desk`` passes the gate first."""

from __future__ import annotations

from flask import Blueprint, Response

from feedsvc.web.context import Context, View, bound
from feedsvc.web.desk import frame, gate, overview, readers
from feedsvc.web.desk.gate import Gate

PAGES: tuple[tuple[str, View], ...] = (
    ("/desk", overview.overview),
    ("/desk/readers", readers.readers),
)
"""What may be looked at: address and view."""
ORDERS: tuple[tuple[str, View], ...] = ()
"""What may be ordered, by POST only: address and view."""
_ANY = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def blueprint(context: Context) -> Blueprint:
    """The desk of the site."""
    routes = Blueprint("desk", __name__)
    entrance = Gate(context)
    routes.before_request(entrance.admit)
    routes.after_request(gate.secure)
    for path, view in PAGES:
        routes.add_url_rule(path, path, bound(view, context), provide_automatic_options=False)
    for path, view in ORDERS:
        routes.add_url_rule(path, path, bound(view, context), methods=["POST"], provide_automatic_options=False)
    for path in (gate.SIGN_IN, gate.SIGN_OUT):
        # The gate itself answers the first.
        routes.add_url_rule(path, path, entrance.sign_out, methods=["POST"], provide_automatic_options=False)

    def elsewhere(context: Context, path: str) -> Response:
        """Any other address: outside it looks like all others."""
        return frame.absent(context, f"page /desk/{path}")

    routes.add_url_rule(
        "/desk/<path:path>", "elsewhere", bound(elsewhere, context), methods=_ANY, provide_automatic_options=False
    )
    return routes
