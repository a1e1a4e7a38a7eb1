"""A page of a list of articles: how it is asked for, made, and kept for the time when the store is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Request, Response, render_template, request

from feedsvc.errors import StoreUnavailable
from feedsvc.links import numbered
from feedsvc.model import Entry
from feedsvc.publish.document import Document
from feedsvc.publish.outline import Listing, Node
from feedsvc.publish.window import NEVER
from feedsvc.web import views
from feedsvc.web.answers import answer
from feedsvc.web.context import Context
from feedsvc.web.subscribing import subscription

PAGE = 20
MAX_PAGE = 5000
HTML = "text/html; charset=utf-8"


def asked(request: Request) -> int:
    """Which page of the list is asked for; the first where that cannot be understood."""
    number = request.args.get("page", "")
    return min(MAX_PAGE, max(1, int(number))) if number.isascii() and number.isdigit() and len(number) < 6 else 1


def page(
    context: Context,
    node: Node,
    entries: Sequence[Entry],
    *,
    listing: Listing,
    path: str,
    number: int,
    now: datetime,
    until: datetime,
) -> Response:
    """The page *number* of the list at *path*: of a section, a tag or an author. One entry more tells of a next one."""
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    address = numbered(path, number)
    html = render_template(
        "section.html",
        node=node,
        crumbs=views.crumbs(node, listing, context.links),
        cards=[views.card(entry, context, listing, below=node.path) for entry in entries],
        listing=listing,
        number=number,
        newer=context.links.href(numbered(path, number - 1)) if number > 1 else "",
        older=context.links.href(numbered(path, number + 1)) if more else "",
        discovery=views.discovery([node.path], context, listing, spelling=node.title),
        subscription=subscription(node.path, node.title, context),
        canonical=context.links.absolute(address),
    )
    return shelved(context, address, html, entries, now=now, until=until)


def shelved(
    context: Context, address: str, html: str, entries: Sequence[Entry], *, now: datetime, until: datetime
) -> Response:
    """The page, kept for the time when the store is lost; no cache has it past the next release or expiry."""
    expires = min((entry.article.expires for entry in entries if entry.article.expires), default=NEVER)
    document = Document(
        html.encode(),
        media_type=HTML,
        valid_until=min(until, expires),
        max_age=int(context.settings.feeds.max_age.total_seconds()),
    )
    return answer(context.shelf.put(address, document, until=expires), request, now)


def kept(context: Context, address: str, now: datetime) -> Response:
    """The page as it was last seen. Raises StoreUnavailable if it never was."""
    document = context.shelf.get(address, now)
    if document is None:
        raise StoreUnavailable("the store does not answer, and this page was not seen before")
    return answer(document, request, now)
