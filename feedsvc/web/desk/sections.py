"""The sections with their rhythm, and the feeds with their size and last change."""

from __future__ import annotations

from flask import Response, request

from feedsvc import links
from feedsvc.publish.settings import section_title
from feedsvc.store.base import ALL
from feedsvc.web import standing
from feedsvc.web.context import Context
from feedsvc.web.desk import frame, paging
from feedsvc.web.desk.paging import PAGE
from feedsvc.web.desk.rhythm import rhythm

_ORDERS = ("section", "silence", "articles")


def sections(context: Context) -> Response:
    """Each section: how much it holds, how often it publishes, whether it has gone quiet."""
    now, asked = context.clock(), paging.asked(request)
    nodes = [node for node in context.directory.listing(now).nodes() if node.feed]
    order = paging.choice(request, "sort", _ORDERS, "section")
    if order == "silence":
        nodes.sort(key=lambda node: (node.newest is not None, node.newest, node.path) if node.newest else (False,))
    elif order == "articles":
        nodes.sort(key=lambda node: (-node.count, node.path))
    shown = nodes[asked.offset : asked.offset + PAGE]
    return frame.page(
        context,
        "sections.html",
        sections=[rhythm(context, node, now) for node in shown],
        more=len(nodes) > asked.offset + PAGE,
        number_of_page=asked.number,
        sort=order,
        public=lambda path: context.links.href(links.section(path)),
    )


def feeds(context: Context) -> Response:
    """Each feed: when it changed last, and how large its documents are where they stand ready."""
    asked = paging.asked(request)
    versions = context.store.versions()
    order = paging.choice(request, "sort", ("name", "changed"), "name")
    names = sorted(versions, key=lambda name: (name != ALL, name))
    if order == "changed":
        names.sort(key=lambda name: versions[name].changed, reverse=True)
    shown = names[asked.offset : asked.offset + PAGE]
    sizes = standing.sizes(context.board, context.cache)
    troubles = standing.troubles(context.board, context.cache)
    rows = [
        {
            "name": name,
            "title": context.settings.site.title
            if name == ALL
            else section_title(context.settings, name, versions[name].title),
            "changed": versions[name].changed if versions[name].seq else None,
            "changes": versions[name].seq,
            "formats": [
                {
                    "name": renderer.name,
                    "href": context.links.href(links.feed(name, suffix)),
                    "size": sizes.get((name, suffix)),
                    "trouble": troubles.get((name, suffix), ""),
                }
                for suffix, renderer in context.formats.items()
            ],
        }
        for name in shown
    ]
    return frame.page(
        context,
        "feeds.html",
        feeds=rows,
        more=len(names) > asked.offset + PAGE,
        number_of_page=asked.number,
        sort=order,
    )
