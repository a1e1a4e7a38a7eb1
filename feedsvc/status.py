"""The operators' figures: what became of files, what waits, what is wrong. As JSON types, for any surface."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedsvc.model import PubStatus, SourceState, Stored
from feedsvc.store.base import ALL, INGEST, Store

NEWEST = 10
TROUBLES = 200
_TROUBLED = (SourceState.REFUSED, SourceState.CONFLICT, SourceState.SUPERSEDED, SourceState.MISSING)


def overview(store: Store, *, now: datetime) -> dict[str, Any]:
    """Everything an operator asks first: the last pass, files by state, what is held, waits or is refused."""
    passes = store.passes(1)
    troubled = store.sources(_TROUBLED)
    return {
        "last_pass": dict(passes[0]) if passes else None,
        "files": dict(store.counts()),
        "holder": store.lease_holder(INGEST),
        "holds": {name: _without_paths(held) for name, held in store.holds().items()},
        "waiting": list(passes[0].get("waiting", ())) if passes else [],
        "scheduled": _scheduled(store, now),
        "troubles": [
            {"source": path, "state": record.state.value, "line": record.line, "error": record.error}
            for path, record in list(troubled.items())[:TROUBLES]
        ],
        "newest": [
            {"id": entry.article.id, "title": entry.article.title, "source": entry.article.source,
             "path": entry.path, "released": entry.released}
            for entry in store.listing(ALL, now, limit=NEWEST)
        ],
    }  # fmt: skip


def receipt(store: Store, source: str, *, now: datetime) -> dict[str, Any] | None:
    """What became of one file; None if it is not known."""
    record = store.source(source)
    if record is None:
        return None
    articles = []
    for article_id in record.articles:
        stored = store.get(article_id)
        if stored is not None:
            articles.append(
                {
                    "id": article_id,
                    "title": stored.article.title,
                    "state": state_of(stored, now=now),
                    "path": stored.path if stored.was_public(now) else "",
                    "sections": list(stored.article.sections),
                    "source": stored.article.source,
                    "origin": dict(record.origin.get(article_id, {})),
                    "notes": list(record.notes.get(article_id, ())),
                }
            )
    return {
        "source": source,
        "state": record.state.value,
        "error": record.error,
        "line": record.line,
        "first_seen": record.first_seen,
        "seen": record.seen,
        "articles": articles,
    }


def state_of(stored: Stored, *, now: datetime) -> str:
    """One word for where an article is in its life."""
    article = stored.article
    if stored.takedown is not None:
        return "taken down"
    if stored.withdrawn is not None:
        return "withdrawn"
    if article.pubstatus is not PubStatus.USABLE:
        return article.pubstatus.value
    if article.expires is not None and article.expires <= now:
        return "expired"
    return "public" if article.visible_from <= now else "scheduled"


def _scheduled(store: Store, now: datetime) -> list[dict[str, Any]]:
    window = store.window(ALL, now, limit=1)
    if window is None:
        return []
    return [
        {"id": placed.entry.article.id, "title": placed.entry.article.title, "source": placed.entry.article.source,
         "until": placed.released}
        for placed in window.placed
        if placed.released > now
    ]  # fmt: skip


def _without_paths(held: Any) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "paths"} | {"files": len(held.get("paths", ()))}
