"""The articles: a list by where they are in their life, and one page for each with what may be ordered."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from feedsvc import links
from feedsvc.model import Stored
from feedsvc.normalise.origins import told
from feedsvc.publish.explanation import Explanation, explain
from feedsvc.receipts import articles as receipts
from feedsvc.store.base import ALL
from feedsvc.store.lifecycle import state_of
from feedsvc.store.questions import Life
from feedsvc.web.context import Context
from feedsvc.web.desk import frame, paging
from feedsvc.web.desk.paging import PAGE

HISTORY = 100
LIVES = tuple(life.value for life in Life)
IN_FEEDS = (Life.PUBLIC, Life.SCHEDULED, Life.EXPIRED)
"""The lives that can be asked for by section."""


def articles(context: Context) -> Response:
    """The list of articles."""
    found, asked, life, section, backwards = _found(context)
    now = context.clock()
    return frame.page(
        context,
        "articles.html",
        articles=[(stored, state_of(stored, now=now)) for stored in found[:PAGE]],
        more=len(found) > PAGE,
        number_of_page=asked.number,
        lives=LIVES,
        life=life.value,
        sections=_section_paths(context),
        section=section,
        by_section=life in IN_FEEDS,
        backwards=backwards,
        title=paging.text(request, "title"),
    )


def articles_json(context: Context) -> Response:
    """The same for scripts."""
    found, asked, _life, _section, _backwards = _found(context)
    now = context.clock()
    return frame.as_json(
        {
            "page": asked.number,
            "more": len(found) > PAGE,
            "articles": [
                {
                    "id": one.article.id,
                    "key": one.key,
                    "title": one.article.title,
                    "state": state_of(one, now=now),
                    "source": one.article.source,
                    "sections": one.article.sections,
                    "visible_from": one.article.visible_from,
                    "updated": one.article.updated,
                    "expires": one.article.expires,
                }
                for one in found[:PAGE]
            ],
        }
    )


def article(context: Context, key: str) -> Response:
    """One article: its life, the feeds that show it, what may be ordered."""
    stored = context.store.find(key)
    if stored is None:
        return frame.absent(context, f"article {key}")
    now = context.clock()
    receipt = receipts.receipt(context.store, stored, now=now)
    asked = paging.text(request, "feed").strip("/")
    return frame.page(
        context,
        "article.html",
        receipt=receipt,
        explanation=_explained(context, stored, asked),
        asked=asked,
        sections=_section_paths(context),
        article=stored.article,
        address=context.links.href(receipt.path) if receipt.path and receipt.state == "public" else "",
        told=told,
        feed_links=lambda name: _feed_links(context, name),
        claims=context.store.claims(article_id=receipt.id),
        history=context.store.history(article_id=receipt.id, limit=HISTORY),
    )


def article_json(context: Context, key: str) -> Response:
    """Its receipt and its life, for scripts."""
    stored = context.store.find(key)
    if stored is None:
        return frame.as_json({"error": "there is no such article"}, status=404)
    receipt = receipts.receipt(context.store, stored, now=context.clock())
    explanation = _explained(context, stored, paging.text(request, "feed").strip("/")).as_json()
    life = context.store.history(article_id=receipt.id, limit=HISTORY)
    return frame.as_json(
        receipt.as_json()
        | {
            "explanation": {name: explanation[name] for name in ("state", "section_rule", "fields", "feeds")},
            "history": [{"at": one.at, "kind": one.kind, "detail": one.detail} for one in life],
        }
    )


def _explained(context: Context, stored: Stored, feed: str) -> Explanation:
    """Why the article is as it is, and how it stands in its feeds, and in *feed* if that is asked for."""
    store, settings, now = context.store, context.settings, context.clock()
    return explain(store, settings, context.formats, stored, now=now, also=[feed] if feed else [])


def _section_paths(context: Context) -> list[str]:
    """The sections to choose from."""
    return [node.path for node in context.directory.listing(context.clock()).nodes() if node.feed]


def _feed_links(context: Context, name: str) -> list[tuple[str, str]]:
    return [
        (renderer.name, context.links.href(links.feed(name, suffix))) for suffix, renderer in context.formats.items()
    ]


def _found(context: Context) -> tuple[Sequence[Stored], paging.Asked, Life, str, bool]:
    life = Life(paging.choice(request, "state", LIVES, Life.PUBLIC.value))
    section = paging.text(request, "section") if life in IN_FEEDS else ""
    backwards, asked = request.args.get("sort") == "back", paging.asked(request)
    found = context.store.lives(
        life,
        context.clock(),
        feed=section or ALL,
        title=paging.text(request, "title"),
        backwards=backwards,
        limit=PAGE + 1,
        offset=asked.offset,
    )
    return found, asked, life, section, backwards
