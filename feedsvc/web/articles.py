"""One page for each article. Only the key in the address is looked up; day and slug are for people."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import Blueprint, Response, render_template, request

from feedsvc.errors import StoreUnavailable
from feedsvc.model import Entry, Stored
from feedsvc.publish.document import Document
from feedsvc.publish.outline import Listing
from feedsvc.publish.window import NEVER
from feedsvc.store.base import ALL
from feedsvc.web import metadata, views
from feedsvc.web.answers import answer, moved
from feedsvc.web.context import Context, bound
from feedsvc.web.errors import gone, not_found
from feedsvc.web.subscribing import Subscription, subscription

_KEY = re.compile(r"[a-z2-7]{8,16}")
_LONGEST = 2000


def blueprint(context: Context) -> Blueprint:
    """The routes of the articles."""
    routes = Blueprint("articles", __name__)
    routes.add_url_rule("/articles/<path:address>", view_func=bound(article, context))
    return routes


def article(context: Context, address: str) -> Response:
    """The article whose key ends *address*; 410 if it was public once, and 404 alike for all that never was."""
    now = context.clock()
    key = _key(address)
    if not key:
        return not_found(context)
    try:
        stored = context.store.find(key)
        listing = context.directory.listing(now)
    except StoreUnavailable:
        kept = context.shelf.get(f"/articles/{key}", now)
        if kept is None:
            raise
        return answer(kept, request, now)
    if stored is None or not stored.public(now):
        context.shelf.drop(f"/articles/{key}")
        withheld = stored is None or not stored.was_public(now) or stored.article.visible_from > now
        return not_found(context) if withheld else gone(context)
    if unquote(stored.path) != request.path:
        return moved(context.links.absolute(stored.path))
    page = views.article_page(_entry(stored), context, listing)
    html = rendered(page, context, listing)
    document = Document(
        html.encode(),
        media_type="text/html; charset=utf-8",
        valid_until=page.article.expires or NEVER,
        max_age=int(context.settings.feeds.max_age.total_seconds()),
    )
    return answer(context.shelf.put(f"/articles/{key}", document, until=document.valid_until), request, now)


def rendered(page: views.ArticlePage, context: Context, listing: Listing) -> str:
    """The page of an article as HTML."""
    return render_template(
        "article.html",
        page=page,
        article=page.article,
        listing=listing,
        linked_data=metadata.news_article(page, context.settings, context.links),
        subscription=_subscription(page, context, listing),
        discovery=views.discovery(page.article.sections[:1], context, listing),
        canonical=page.article.link or page.address,
    )


def _subscription(page: views.ArticlePage, context: Context, listing: Listing) -> Subscription:
    """To the home section of the article, or to everything where that is not listed."""
    home = listing.by_path.get(page.article.sections[0]) if page.article.sections else None
    if home is None:
        return subscription(ALL, context.settings.site.title, context)
    return subscription(home.path, home.title, context)


def _key(address: str) -> str:
    """The key that ends *address*; empty if there is none."""
    if len(address) > _LONGEST:
        return ""
    last = address.rstrip("/").rpartition("/")[2].rpartition("-")[2].lower()
    return last if _KEY.fullmatch(last) else ""


def _entry(stored: Stored) -> Entry:
    return Entry(article=stored.article, path=stored.path, released=stored.released or stored.article.visible_from)
