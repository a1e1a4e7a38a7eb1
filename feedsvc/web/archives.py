"""The archive pages of feeds: ``/archive/<feed>/<number>-<hash>.<suffix>``."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from feedsvc import links as paths
from feedsvc.publish.archive import page_document
from feedsvc.publish.document import Document
from feedsvc.web.answers import UNKNOWN_MAX_AGE, answer, plain
from feedsvc.web.context import Context, bound
from feedsvc.web.feeds import unknown_feed
from feedsvc.web.pages import PageShelf

_MARK = re.compile(r"([1-9][0-9]{0,8})(-[a-z2-7]+)?", re.ASCII)
_OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


def blueprint(context: Context) -> Blueprint:
    """The route of the archive pages."""
    routes = Blueprint("archives", __name__)
    routes.add_url_rule("/archive/<path:address>", "archive", bound(archive, context), defaults={"shelf": PageShelf()})
    return routes


def archive(context: Context, address: str, shelf: PageShelf) -> Response:
    """The archive page at *address*; 410 where the page with its number is another one now.

    A number alone leads to the page that bears it, or to the feed itself where the archive does not reach so far.
    """
    now = context.clock()
    stem, _dot, suffix = address.rpartition(".")
    name, _slash, written = stem.rpartition("/")
    mark = _MARK.fullmatch(written)
    found = context.cache.archive(name) if mark and suffix in context.formats else None
    if mark is None or found is None:
        return unknown_feed()
    window, plan, chain = found
    number = int(mark[1])
    page = chain.pages[number - 1] if number <= len(chain.pages) else None
    if not mark[2]:
        full = page is not None and number <= chain.full
        return _forward(
            context, paths.archive(name, page.mark, suffix) if page and full else paths.feed(name, suffix), plan.max_age
        )
    if page is None:
        return unknown_feed()
    document = None
    if page.mark == written:
        kept = shelf.get(address, now)
        document = kept or page_document(
            context.store, context.settings, window, plan, chain, page, context.formats[suffix], now=now
        )
    return gone() if document is None else answer(_shelved(shelf, address, document), request, now)


def gone() -> Response:
    """The answer where a page stood that reads otherwise now: the feed itself leads to the one that stands."""
    headers = {"Cache-Control": f"public, max-age={UNKNOWN_MAX_AGE}", **_OPEN}
    return plain("This page of the archive has changed. Begin again at the feed.\n", status=410, headers=headers)


def _shelved(shelf: PageShelf, address: str, document: Document) -> Document:
    return shelf.put(address, document, until=document.valid_until)


def _forward(context: Context, path: str, max_age: int) -> Response:
    location = context.links.absolute(path)
    headers = {"Location": location, "Cache-Control": f"public, max-age={max_age}", **_OPEN}
    return plain(f"See {location}\n", status=307, headers=headers)
