"""The first page of the desk: what happened last, what comes next, and what wants a look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from feedsvc.errors import StoreError
from feedsvc.ingest import holder
from feedsvc.model import SourceState
from feedsvc.store.base import INGEST
from feedsvc.store.questions import BACKUP, SCAN, Life
from feedsvc.web.context import Context
from feedsvc.web.desk import alarms, frame
from feedsvc.web.desk.readers import Glances
from feedsvc.web.desk.rhythm import Quiet

NEWEST = 8
COMING = 8
TROUBLED = 6
HELD = 10
TROUBLES = (SourceState.REFUSED, SourceState.CONFLICT, SourceState.MISSING, SourceState.SUPERSEDED)
"""The states of files that want a look, the gravest first."""


class Overview:
    """The first page of the desk of one site."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._quiet = Quiet(context)
        self._glances = Glances(context.store)

    def overview(self) -> Response:
        """Everything at a glance. It is shown while the store is lost, and says so."""
        try:
            figures = self._figures()
        except StoreError as error:
            return frame.page(self._context, "overview.html", figures=None, alarms=[alarms.lost(error)])
        return frame.page(self._context, "overview.html", figures=figures, alarms=figures["alarms"])

    def as_json(self) -> Response:
        """The same for scripts: 503 while the store is lost."""
        try:
            figures = self._figures()
        except StoreError as error:
            return frame.as_json({"alarms": [_said(alarms.lost(error))]}, status=503)
        return frame.as_json(
            {
                "now": self._context.clock(),
                "alarms": [_said(alarm) for alarm in figures["alarms"]],
                "files": figures["files"],
                "last_pass": figures["last"],
                "last_look": figures["scan"].get("at"),
                "next_look": figures["next"],
                "waiting": figures["waiting"],
                "holds": figures["holds"],
                "troubles": [
                    {"source": record.path, "state": record.state.value, "line": record.line, "error": record.error}
                    for record in figures["troubles"]
                ],
                "scheduled": [
                    {"id": one.article.id, "title": one.article.title, "until": one.article.visible_from}
                    for one in figures["scheduled"]
                ],
                "newest": [
                    {"id": one.article.id, "title": one.article.title, "released": one.released}
                    for one in figures["newest"]
                ],
                "quiet": [{"section": one.node.path, "says": one.says} for one in figures["quiet"]],
                "backup": figures["backup"],
            }
        )

    def _figures(self) -> dict[str, Any]:
        """All that is shown. Raises StoreUnavailable."""
        context = self._context
        now, store = context.clock(), context.store
        beats, holds = store.beats(), store.holds()
        scan: Mapping[str, Any] = beats.get(SCAN, {})
        held_by = store.lease_holder(INGEST)
        troubles = [record for state in TROUBLES for record in store.files(state=state, backwards=True, limit=TROUBLED)]
        return {
            "alarms": alarms.alarms(context, beats, holds, now),
            "last": next(iter(store.passes(1)), None),
            "scan": scan,
            "next": alarms.moment(scan.get("next"), now) if scan else None,
            "taken_in_by": "" if not held_by or holder.is_dead(held_by) else _process(held_by),
            "waiting": [
                {"source": one["source"], "since": alarms.moment(one.get("since"), now),
                 "next": alarms.moment(one.get("next"), now)}
                for one in scan.get("waiting", ())
            ],
            "files": dict(store.counts()),
            "holds": {name: {**held, "files": len(held.get("paths", ())), "paths": list(held.get("paths", ()))[:HELD]}
                      for name, held in holds.items()},
            "troubles": troubles[: 2 * TROUBLED],
            "scheduled": store.lives(Life.SCHEDULED, now, limit=COMING),
            "newest": store.lives(Life.PUBLIC, now, limit=NEWEST),
            "quiet": self._quiet.sections(now),
            "backup": beats.get(BACKUP),
            "readers": self._glances.glance(now),
        }  # fmt: skip


def _process(held_by: str) -> str:
    """Who takes files in, for people: as a process on a host."""
    parts = held_by.split("/")
    return f"process {parts[2]} on {parts[0]}" if len(parts) > 3 else held_by


def _said(alarm: alarms.Alarm) -> dict[str, Any]:
    return {"what": alarm.what, "advice": alarm.advice, "grave": alarm.grave}
