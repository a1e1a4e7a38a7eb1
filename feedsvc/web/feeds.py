"""The feeds: ``/feeds/<name>.<suffix>``, and the former addresses under which readers look for them."""

from __future__ import annotations

from flask import Blueprint, Response, request

from feedsvc import links as paths
from feedsvc.publish.settings import relocated
from feedsvc.store.base import ALL
from feedsvc.text import slug
from feedsvc.web.answers import UNKNOWN_MAX_AGE, Answer, answer, moved, plain
from feedsvc.web.budget import BODY, counts, refusal
from feedsvc.web.context import Context, bound
from feedsvc.web.counting import POLLED
from feedsvc.web.deltas import Deltas
from feedsvc.web.headers import DESTINATION, LOOKED_AT

FORMER = {
    "feed": "rss", "rss": "rss", "index.xml": "rss", "feed.xml": "rss", "rss.xml": "rss",
    "atom.xml": "atom", "atom": "atom", "feed.json": "json",
}  # fmt: skip
"""Names that other systems give to feeds, with the suffix of ours."""
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, A-IM, Cache-Control",
    "Access-Control-Max-Age": "86400",
    "X-Content-Type-Options": "nosniff",
}
ALLOW = "GET, HEAD, OPTIONS"
_SHARED = ("public", "s-maxage")
"""What a policy says to the caches that many share."""


def blueprint(context: Context) -> Blueprint:
    """The routes of the feeds."""
    routes = Blueprint("feeds", __name__)
    routes.add_url_rule(
        "/feeds/<path:address>",
        view_func=bound(feed, context),
        methods=["GET", "OPTIONS"],
        defaults={"deltas": Deltas()},
        provide_automatic_options=False,
    )
    for name in FORMER:
        routes.add_url_rule(
            f"/{name}", f"former-{name.replace('.', '-')}", bound(former, context), defaults={"name": name}
        )
    for name in ("feed", "index.xml"):
        endpoint = f"former-section-{name.replace('.', '-')}"
        routes.add_url_rule(
            f"/<path:section>/{name}/", f"{endpoint}-slash", bound(former, context), defaults={"name": name}
        )
        routes.add_url_rule(f"/<path:section>/{name}", endpoint, bound(former, context), defaults={"name": name})
    return routes


def feed(context: Context, address: str, deltas: Deltas) -> Response:
    """The feed at *address* below ``/feeds/``; the query is ignored."""
    if request.method == "OPTIONS":
        return plain("", status=200, headers={"Allow": ALLOW, **PREFLIGHT})
    now = context.clock()
    name, dot, suffix = address.rpartition(".")
    document = context.cache.get(name, suffix) if dot else None
    if document is not None:
        request.environ[POLLED] = (name, suffix, document)
        response = deltas.answer(context, name, suffix, document, request, now) or answer(document, request, now)
        if context.budget is not None and counts(request.environ, method=request.method, status=response.status_code):
            wait = context.budget.wait(request.environ)
            if wait:
                return Answer(BODY, status=429, headers=refusal(wait))
        return _looked_at(response) if request.environ.get(DESTINATION) == LOOKED_AT else response
    target = _elsewhere(context, name, suffix.lower()) if dot else ""
    return moved(context.links.absolute(target)) if target else unknown_feed()


def former(context: Context, name: str, section: str = ALL) -> Response:
    """A former address of the feed of *section* under the *name* that another system gave it."""
    if section != ALL:
        section = _slugged(section)
    suffix = FORMER[name] if FORMER[name] in context.formats else next(iter(context.formats), "")
    if context.cache.get(section, suffix) is not None:
        return moved(context.links.absolute(paths.feed(section, suffix)))
    target = _elsewhere(context, section, suffix)
    return moved(context.links.absolute(target)) if target else unknown_feed()


def _looked_at(response: Response) -> Response:
    """*response* for a person who opened the feed in a browser: as plain XML, which alone is laid out by style sheets.

    No cache but the browser's own may keep it, so no reader ever gets it.
    """
    if response.headers.get("Content-Type", "").partition(";")[0].endswith("+xml"):
        response.headers["Content-Type"] = "application/xml; charset=utf-8"
    policy = [part for part in response.headers["Cache-Control"].split(", ") if not part.startswith(_SHARED)]
    response.headers["Cache-Control"] = ", ".join(["private", *policy])
    return response


def unknown_feed() -> Response:
    """The answer for a feed that there is not: short, and asked again in a minute at most."""
    headers = {
        "Cache-Control": f"public, max-age={UNKNOWN_MAX_AGE}",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }
    return plain("There is no such feed.\n", status=404, headers=headers)


def _elsewhere(context: Context, name: str, suffix: str) -> str:
    """The path of the feed that *name* stands for, if it is known by another one; empty if there is none."""
    slugged = _slugged(name)
    for candidate in (slugged, relocated(context.settings, slugged)):
        if candidate and suffix in context.formats and context.cache.get(candidate, suffix) is not None:
            return paths.feed(candidate, suffix)
    return ""


def _slugged(path: str) -> str:
    """*path* as sections are written: "World/Asia/" is ``world/asia``. Empty for what is far too long."""
    if len(path) > 1000:
        return ""
    return "/".join(filter(None, (slug(segment) for segment in path.split("/"))))
