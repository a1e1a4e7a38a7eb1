"""The index page, and one page for each section."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, render_template, request

from feedsvc import links as paths
from feedsvc.errors import StoreUnavailable
from feedsvc.model import Entry
from feedsvc.publish.document import Document
from feedsvc.publish.outline import Listing
from feedsvc.publish.window import NEVER
from feedsvc.store.base import ALL
from feedsvc.text import slug
from feedsvc.web import views
from feedsvc.web.answers import answer, moved
from feedsvc.web.context import Context, bound
from feedsvc.web.errors import not_found
from feedsvc.web.feeds import former

PAGE = 20
INDEX = 25
MAX_PAGE = 5000
HTML = "text/html; charset=utf-8"


def blueprint(context: Context) -> Blueprint:
    """The routes of the index and the sections."""
    routes = Blueprint("sections", __name__)
    routes.add_url_rule("/", view_func=bound(index, context))
    routes.add_url_rule("/sections/<path:path>", view_func=bound(section, context))
    routes.add_url_rule("/sections", "sections", bound(to_index, context))
    return routes


def to_index(context: Context) -> Response:
    """The list of all sections is the index page."""
    return moved(context.links.absolute(paths.index()))


def index(context: Context) -> Response:
    """All sections, their feeds, and the newest articles."""
    now = context.clock()
    try:
        listing = context.directory.listing(now)
        entries = context.store.listing(ALL, now, limit=INDEX)
        until = context.cache.next_change(ALL)
    except StoreUnavailable:
        return _kept(context, paths.index(), now)
    html = render_template(
        "index.html",
        cards=[views.card(entry, context, listing) for entry in entries],
        tree_nodes=listing.top,
        listing=listing,
        discovery=views.discovery([ALL], context, listing),
        feeds_of=lambda name: views.feed_links(name, context),
        opml=paths.opml(),
        canonical=context.links.absolute(paths.index()),
    )
    return _answer(context, paths.index(), html, entries, now=now, until=until)


def section(context: Context, path: str) -> Response:
    """The articles of one section, newest first, with its sub-sections and its feeds."""
    now = context.clock()
    try:
        listing = context.directory.listing(now)
    except StoreUnavailable:
        return _kept(context, _address(path, _number()), now)
    node = listing.by_path.get(path)
    if node is None:
        return _elsewhere(context, path, listing)
    number = _number()
    address = _address(path, number)
    try:
        entries = context.store.listing(path, now, limit=PAGE + 1, offset=(number - 1) * PAGE)
        until = context.cache.next_change(path)
    except StoreUnavailable:
        return _kept(context, address, now)
    if number > 1 and not entries:
        return not_found(context)
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    html = render_template(
        "section.html",
        node=node,
        crumbs=views.crumbs(node, listing, context.links),
        cards=[views.card(entry, context, listing, below=path) for entry in entries],
        listing=listing,
        number=number,
        newer=context.links.href(_address(path, number - 1)) if number > 1 else "",
        older=context.links.href(_address(path, number + 1)) if more else "",
        discovery=views.discovery([path], context, listing),
        feeds_links=views.feed_links(path, context),
        canonical=context.links.absolute(address),
    )
    return _answer(context, address, html, entries, now=now, until=until)


def _number() -> int:
    """Which page of the list is asked for; the first where that cannot be understood."""
    asked = request.args.get("page", "")
    return min(MAX_PAGE, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _address(path: str, number: int) -> str:
    return paths.section(path) + (f"?page={number}" if number > 1 else "")


def _elsewhere(context: Context, path: str, listing: Listing) -> Response:
    """A section under another spelling or a former path, or a former address of its feed; else not found."""
    segments = [] if len(path) > 1000 else [segment for segment in path.split("/") if segment]
    if segments and segments[-1] in ("feed", "index.xml"):
        return former(context, segments[-1], "/".join(segments[:-1]) or ALL)
    slugged = "/".join(filter(None, map(slug, segments)))
    for candidate in (slugged, context.relocated(slugged)):
        if candidate in listing.by_path:
            return moved(context.links.absolute(paths.section(candidate)))
    return not_found(context)


def _answer(
    context: Context, address: str, html: str, entries: Sequence[Entry], *, now: datetime, until: datetime | None
) -> Response:
    """The page, kept for the time when the store is lost; no cache has it past the next release or expiry."""
    expires = min((entry.article.expires for entry in entries if entry.article.expires), default=NEVER)
    document = Document(
        html.encode(),
        media_type=HTML,
        valid_until=min(until or NEVER, expires),
        max_age=int(context.settings.feeds.max_age.total_seconds()),
    )
    return answer(context.shelf.put(address, document, until=expires), request, now)


def _kept(context: Context, address: str, now: datetime) -> Response:
    document = context.shelf.get(address, now)
    if document is None:
        raise StoreUnavailable("the store does not answer, and this page was not seen before")
    return answer(document, request, now)
