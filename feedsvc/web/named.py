"""One page for each tag and each author: what was published under that name, newest first."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request

from feedsvc import links as paths
from feedsvc.errors import StoreUnavailable
from feedsvc.model import Version
from feedsvc.publish.outline import Node
from feedsvc.publish.settings import section_title
from feedsvc.publish.window import NEVER
from feedsvc.store.base import AUTHORS, TAGS
from feedsvc.text import slug
from feedsvc.web import lists
from feedsvc.web.answers import moved
from feedsvc.web.context import Context, bound
from feedsvc.web.errors import not_found

_LONGEST = 1000


def blueprint(context: Context) -> Blueprint:
    """The routes of the tags and the authors."""
    routes = Blueprint("named", __name__)
    for prefix in (TAGS, AUTHORS):
        routes.add_url_rule(f"/{prefix}<name>", prefix.rstrip("/"), bound(named, context), defaults={"prefix": prefix})
    return routes


def named(context: Context, prefix: str, name: str) -> Response:
    """The articles of one tag or author, with its feeds; not found until there was a public one."""
    now, feed, number = context.clock(), prefix + name, lists.asked(request)
    address = paths.numbered(paths.named(feed), number)
    try:
        listing = context.directory.listing(now)
        version = _known(context, feed, now)
        entries = context.store.listing(feed, now, limit=lists.PAGE + 1, offset=(number - 1) * lists.PAGE)
        until = context.store.moments(feed, now)[1]
    except StoreUnavailable:
        return lists.kept(context, address, now)
    if version is None:
        known = _known(context, prefix + slug(name), now) if len(name) < _LONGEST else None
        return not_found(context) if known is None else moved(context.links.absolute(paths.named(known.feed)))
    if number > 1 and not entries:
        return not_found(context)
    node = Node(
        path=feed,
        title=section_title(context.settings, feed, version.title),
        description="",
        count=len(entries),
        newest=None,
    )
    return lists.page(
        context, node, entries, listing=listing, path=paths.named(feed), number=number, now=now, until=until or NEVER
    )


def _known(context: Context, feed: str, now: datetime) -> Version | None:
    """The version of *feed*; None where readers cannot know of it: there is none, or all in it is still to come."""
    version = context.store.versions(also=[feed]).get(feed)
    if version is None or version.seq or context.store.moments(feed, now)[0] is not None:
        return version
    return None
