"""The operators' figures: how many files are what, what waits, what is wrong. As plain types, for any surface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedsvc.model import SourceRecord, SourceState
from feedsvc.store.base import ALL, INGEST, Store
from feedsvc.store.questions import SCAN

NEWEST = 10
TROUBLES = 200
HELD_PATHS = 200
_TROUBLED = (SourceState.REFUSED, SourceState.CONFLICT, SourceState.MISSING, SourceState.SUPERSEDED)


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
        "waiting": _waiting(store, last),
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


def _waiting(store: Store, last: Mapping[str, Any]) -> list[str]:
    """The files that were growing when the folder was looked at last: by a pass that changed nothing, too."""
    scan = store.beats().get(SCAN)
    if scan is None or (last and last["finished"] > scan["at"]):
        return list(last.get("waiting", ()))
    return [one["source"] for one in scan.get("waiting", ())]


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
