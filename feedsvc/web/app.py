"""The web application: ``create_app`` puts the parts together and keeps nothing of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import quote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from feedsvc.board import Board
from feedsvc.config import Settings
from feedsvc.links import Links
from feedsvc.publish.cache import DocumentCache
from feedsvc.store.base import ALL, Store
from feedsvc.web import (
    archives,
    articles,
    counted,
    crawlers,
    errors,
    feeds,
    headers,
    health,
    media,
    metrics,
    named,
    sections,
    static_files,
)
from feedsvc.web.budget import poll_budget
from feedsvc.web.context import Context
from feedsvc.web.counting import Counting
from feedsvc.web.desk import routes as desk
from feedsvc.web.directory import Directory
from feedsvc.web.polls import short_way
from feedsvc.web.views import feed_links, section_link
from feedsvc.web.wording import direction


def create_app(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    cache: DocumentCache | None = None,
    *,
    board: Board | None = None,
    counting: Counting | None = None,
    short: bool = True,
    grain: float = 0.0,
) -> Flask:
    """The Flask application of one site, over *store*, at the time of *clock*.

    With *short* polls of feeds are answered ahead of Flask; its route gives the same. Without *cache* it makes one
    that is not started, which suits tests and commands. *board* and *counting* take what is counted. Polls read the
    clock once in *grain* seconds at most. Raises ConfigError for a format that there is not.
    """
    links = Links(settings.site.base_url)
    context = Context(
        settings=settings,
        store=store,
        clock=clock,
        cache=DocumentCache(store, settings, clock) if cache is None else cache,
        links=links,
        directory=Directory(store, settings),
        budget=poll_budget(settings),
        board=Board() if board is None else board,
        counting=counting,
    )
    app = Flask("feedsvc.web", static_folder=None)
    # Redirects of the router would carry the Host header; ours are made of base_url.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.url_map.redirect_defaults = False
    files = static_files.load()
    app.register_blueprint(feeds.blueprint(context))
    app.register_blueprint(articles.blueprint(context))
    app.register_blueprint(sections.blueprint(context))
    app.register_blueprint(archives.blueprint(context))
    app.register_blueprint(named.blueprint(context))
    app.register_blueprint(crawlers.blueprint(context))
    app.register_blueprint(health.blueprint(context))
    app.register_blueprint(metrics.blueprint(context))
    app.register_blueprint(media.blueprint(context))
    app.register_blueprint(static_files.blueprint(context, files))
    app.register_blueprint(desk.blueprint(context))
    errors.register(app, context)
    app.after_request(headers.secure)
    counted.register(app, context)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        site=settings.site,
        site_direction=direction(settings.site.language),
        english=settings.site.language.lower().split("-")[0] == "en",
        href=links.href,
        static=lambda name: links.href(f"/static/{name}?v={files[name].tag}"),
        section_link=lambda node: section_link(node, links),
        main_feeds=feed_links(ALL, context),
    )
    app.jinja_env.filters["urlhost"] = lambda address: urlsplit(address).hostname or address
    answering: WSGIApplication = app.wsgi_app
    if short:
        answering = short_way(
            answering, context.cache, clock, context.budget, counting=counting, delta=settings.feeds.delta, grain=grain
        )
    app.wsgi_app = below_prefix(answering, links.prefix)  # type: ignore[assignment,method-assign]
    return app


def below_prefix(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """*app* so that it answers below *prefix* too: some proxies take the prefix of the site away, others do not."""
    if not prefix:
        return app
    decoded = quote(prefix, safe="/%").encode().decode("latin-1")

    def stripped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == decoded or path.startswith(f"{decoded}/"):
            environ = {**environ, "PATH_INFO": path[len(decoded) :] or "/"}
        return app(environ, start_response)

    return stripped
