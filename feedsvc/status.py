"""The operators' figures: what became of files, what waits, what is wrong. As plain types, for any surface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedsvc.model import PubStatus, SourceRecord, SourceState, Stored
from feedsvc.store.base import ALL, INGEST, Store

NEWEST = 10
TROUBLES = 200
HELD_PATHS = 200
_TROUBLED = (SourceState.REFUSED, SourceState.CONFLICT, SourceState.MISSING, SourceState.SUPERSEDED)
ADVICE: Mapping[SourceState, str] = {
    SourceState.ACCEPTED: "",
    SourceState.DUPLICATE: "nothing; the copy takes the article over when the first file goes",
    SourceState.SUPERSEDED: "nothing, or remove the file; to publish it, give it a higher version",
    SourceState.CONFLICT: "raise the version in the file that is right, or remove the other one",
    SourceState.REFUSED: "correct the file and save it again; what it gave before stays as it was",
    SourceState.IGNORED: "nothing; to publish it, rename it or change [content] ignore",
    SourceState.MISSING: "put the file back to keep its articles; else they are withdrawn at the next full scan",
    SourceState.GONE: "nothing; the article comes back with its file",
}
"""What an operator can do about a file in each state; empty where all is well."""


def overview(store: Store, *, now: datetime, troubles: int = TROUBLES) -> dict[str, Any]:
    """Everything an operator asks first: the last change, files by state, what is held, waits or is refused.

    ``last_pass`` is the newest pass that changed anything, None before the first. ``troubles`` are the files that
    want a look, the gravest first, at most as many as asked for; ``troubled`` counts all of them.
    """
    passes = store.passes(1)
    last = dict(passes[0]) if passes else {}
    troubled = sorted(
        store.sources(_TROUBLED).values(), key=lambda record: (_TROUBLED.index(record.state), record.path)
    )
    return {
        "last_pass": last or None,
        "files": dict(store.counts()),
        "holder": store.lease_holder(INGEST),
        "holds": {name: _cut(held) for name, held in store.holds().items()},
        "held": last.get("held", ""),
        "unlisted": dict(last.get("unlisted", {})),
        "waiting": list(last.get("waiting", ())),
        "scheduled": _scheduled(store, now),
        "troubled": len(troubled),
        "troubles": [_trouble(record) for record in troubled[:troubles]],
        "sections": [
            {"path": section.path, "title": section.title, "public": section.count, "newest": section.newest}
            for section in store.sections(now)
        ],
        "newest": [
            {
                "id": entry.article.id,
                "title": entry.article.title,
                "source": entry.article.source,
                "path": entry.path,
                "released": entry.released,
            }
            for entry in store.listing(ALL, now, limit=NEWEST)
        ],
    }


def receipt(store: Store, source: str, *, now: datetime) -> dict[str, Any] | None:
    """What became of the file *source* (its path below the content folder); None if it is not known."""
    record = store.source(source)
    if record is None:
        return None
    return {
        "source": source,
        "state": record.state.value,
        "error": record.error,
        "line": record.line,
        "advice": ADVICE[record.state],
        "first_seen": record.first_seen,
        "seen": record.seen,
        "articles": [
            _article(stored, record, now=now)
            for stored in (store.get(article_id) for article_id in record.articles)
            if stored is not None
        ],
    }


def state_of(stored: Stored, *, now: datetime) -> str:
    """One word or two for where an article is in its life: ``public``, ``scheduled``, ``withdrawn`` and so on."""
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


def _article(stored: Stored, record: SourceRecord, *, now: datetime) -> dict[str, Any]:
    """One article of a file. ``source`` is the file that it is read from, which may be another one."""
    article = stored.article
    return {
        "id": article.id,
        "title": article.title,
        "state": state_of(stored, now=now),
        "takedown": stored.takedown,
        "withdrawn": stored.withdrawn,
        "path": stored.path if stored.was_public(now) else "",
        "sections": list(article.sections),
        "source": article.source,
        "published": article.published,
        "updated": article.updated,
        "visible_from": article.visible_from,
        "expires": article.expires,
        "origin": dict(record.origin.get(article.id, {})),
        "notes": list(record.notes.get(article.id, ())),
    }


def _trouble(record: SourceRecord) -> dict[str, Any]:
    error = record.error if record.state is not SourceState.MISSING else "it was absent at the last full scan"
    return {"source": record.path, "state": record.state.value, "line": record.line, "error": error}


def _scheduled(store: Store, now: datetime) -> list[dict[str, Any]]:
    """The next releases, the soonest first."""
    window = store.window(ALL, now, limit=1)
    if window is None:
        return []
    return [
        {
            "id": placed.entry.article.id,
            "title": placed.entry.article.title,
            "source": placed.entry.article.source,
            "until": placed.released,
        }
        for placed in sorted(window.placed, key=lambda placed: (placed.released, placed.entry.article.id))
        if placed.released > now
    ]


def _cut(held: Mapping[str, Any]) -> dict[str, Any]:
    """What is held, with the number of its files and the first of their paths."""
    paths = list(held.get("paths", ()))
    return {**held, "files": len(paths), "paths": paths[:HELD_PATHS]}
