"""The index page, and one page for each section."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from feedsvc import links as paths
from feedsvc.errors import StoreUnavailable
from feedsvc.publish.outline import Listing
from feedsvc.publish.settings import relocated
from feedsvc.publish.window import NEVER
from feedsvc.store.base import ALL
from feedsvc.text import slug
from feedsvc.web import lists, views
from feedsvc.web.answers import moved
from feedsvc.web.context import Context, bound
from feedsvc.web.errors import not_found
from feedsvc.web.feeds import former
from feedsvc.web.subscribing import subscription

INDEX = 25


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
    """All sections, their feeds, and the articles, newest first."""
    now, number = context.clock(), lists.asked(request)
    address = paths.numbered(paths.index(), number)
    try:
        listing = context.directory.listing(now)
        entries = context.store.listing(ALL, now, limit=INDEX + 1, offset=(number - 1) * INDEX)
        until = context.cache.next_change(ALL)
    except StoreUnavailable:
        return lists.kept(context, address, now)
    if number > 1 and not entries:
        return not_found(context)
    older = paths.numbered(paths.index(), number + 1) if len(entries) > INDEX else ""
    entries = entries[:INDEX]
    html = render_template(
        "index.html",
        cards=[views.card(entry, context, listing) for entry in entries],
        tree_nodes=listing.top,
        listing=listing,
        discovery=views.discovery([ALL], context, listing),
        feeds_of=lambda name: views.feed_links(name, context),
        opml=paths.opml(),
        subscription=subscription(ALL, context.settings.site.title, context),
        number=number,
        newer=context.links.href(paths.numbered(paths.index(), number - 1)) if number > 1 else "",
        older=context.links.href(older) if older else "",
        canonical=context.links.absolute(address),
    )
    return lists.shelved(context, address, html, entries, now=now, until=until or NEVER)


def section(context: Context, path: str) -> Response:
    """The articles of one section, newest first, with its sub-sections and its feeds."""
    now = context.clock()
    try:
        listing = context.directory.listing(now)
    except StoreUnavailable:
        return lists.kept(context, paths.numbered(paths.section(path), lists.asked(request)), now)
    node = listing.by_path.get(path)
    if node is None:
        return _elsewhere(context, path, listing)
    number = lists.asked(request)
    try:
        entries = context.store.listing(path, now, limit=lists.PAGE + 1, offset=(number - 1) * lists.PAGE)
        until = context.cache.next_change(path)
    except StoreUnavailable:
        return lists.kept(context, paths.numbered(paths.section(path), number), now)
    if number > 1 and not entries:
        return not_found(context)
    return lists.page(
        context,
        node,
        entries,
        listing=listing,
        path=paths.section(path),
        number=number,
        now=now,
        until=until or NEVER,
    )


def _elsewhere(context: Context, path: str, listing: Listing) -> Response:
    """A section under another spelling or a former path, or a former address of its feed; else not found."""
    segments = [] if len(path) > 1000 else [segment for segment in path.split("/") if segment]
    if segments and segments[-1] in ("feed", "index.xml"):
        return former(context, segments[-1], "/".join(segments[:-1]) or ALL)
    slugged = "/".join(filter(None, map(slug, segments)))
    for candidate in (slugged, relocated(context.settings, slugged)):
        if candidate in listing.by_path:
            return moved(context.links.absolute(paths.section(candidate)))
    return not_found(context)
