"""What operators ask, and what waits for their word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update

from feedsvc.model import Change, PubStatus
from feedsvc.store import rows
from feedsvc.store.connections import Connections
from feedsvc.store.questions import Copied, Request
from feedsvc.store.tables import articles, beats, changes, holds, moment, ms, requests, runs, sources, takedowns

KEPT_PASSES = 100
MOST_REQUESTS = 1000


class Operators(Connections):
    """What operators ask and order of a store on a SQL database."""

    def history(self, *, article_id: str = "", after: int = 0, limit: int = 100) -> Sequence[Change]:
        """The life of one article, or the newest events of all, with a ``seq`` behind *after*; newest first."""
        query = select(changes).order_by(changes.c.seq.desc()).limit(limit)
        if after:
            query = query.where(changes.c.seq > after)
        if article_id:
            # By its length, so that no database goes through the events of all articles in the order that is asked for.
            query = query.where(changes.c.article_id == article_id, func.length(changes.c.feed) == 0)
        else:
            query = query.where(changes.c.feed == "")
        with self._reading() as connection:
            return [rows.change(row) for row in connection.execute(query)]

    def counts(self) -> Mapping[str, int]:
        """How many files are in each state."""
        query = select(sources.c.state, func.count()).group_by(sources.c.state)
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def articles_by_status(self, now: datetime) -> Mapping[str, int]:
        """How many articles are where in their lives."""
        at = ms(now)
        state = case(
            (takedowns.c.article_id.is_not(None), "taken down"),
            (articles.c.withdrawn.is_not(None), "withdrawn"),
            (articles.c.pubstatus != PubStatus.USABLE.value, articles.c.pubstatus),
            (articles.c.expires <= at, "expired"),
            (articles.c.released <= at, "public"),
            else_="scheduled",
        )
        query = (
            select(state, func.count())
            .select_from(articles.outerjoin(takedowns, takedowns.c.article_id == articles.c.id))
            .group_by(state)
        )
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def record_pass(self, report: Mapping[str, Any], *, started: datetime, finished: datetime) -> None:
        """Keep the report of a pass; the newest hundred stay."""
        values = {"started": ms(started), "finished": ms(finished), "report": json.dumps(report, ensure_ascii=False)}
        older = select(runs.c.id).order_by(runs.c.id.desc()).offset(KEPT_PASSES).limit(1).scalar_subquery()
        with self._transaction(quiet=True) as connection:
            connection.execute(insert(runs).values(values))
            connection.execute(delete(runs).where(runs.c.id <= older))

    def passes(self, limit: int = 1) -> Sequence[Mapping[str, Any]]:
        """The newest reports, with ``started`` and ``finished``."""
        with self._reading() as connection:
            found = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).all()
        return [
            {**json.loads(row.report), "started": moment(row.started), "finished": moment(row.finished)}
            for row in found
        ]

    def hold(self, name: str, detail: Mapping[str, Any] | None, *, now: datetime) -> None:
        """Note that something waits for the operator's word; None ends it."""
        here = holds.c.name == name
        with self._transaction() as connection:
            known = connection.execute(select(holds.c.detail).where(here)).scalar()
            if detail is None:
                connection.execute(delete(holds).where(here))
            elif known is None:
                connection.execute(insert(holds).values(name=name, since=ms(now), detail=json.dumps(detail)))
            elif known != json.dumps(detail):
                # It is another question than the one that the operator may have answered.
                connection.execute(update(holds).where(here).values(detail=json.dumps(detail), accepted=None))

    def holds(self) -> Mapping[str, Mapping[str, Any]]:
        """What waits for the operator's word: name to detail, with ``since`` and ``accepted``."""
        with self._reading() as connection:
            return {
                row.name: {
                    **json.loads(row.detail),
                    "since": moment(row.since),
                    "accepted": None if row.accepted is None else moment(row.accepted),
                }
                for row in connection.execute(select(holds).order_by(holds.c.name))
            }

    def accept(self, name: str, *, now: datetime) -> bool:
        """Let go what waits under *name*; False if nothing does."""
        with self._transaction() as connection:
            query = update(holds).where(holds.c.name == name).values(accepted=ms(now))
            return bool(connection.execute(query).rowcount)

    def request(self, kind: str, subject: str = "", *, now: datetime) -> None:
        """Ask the scheduler for work of a *kind*."""
        with self._transaction() as connection:
            connection.execute(insert(requests).values(kind=kind, subject=subject, at=ms(now)))

    def requests(self) -> Sequence[Request]:
        """What the scheduler is asked for, oldest first; the first thousand."""
        query = select(requests).order_by(requests.c.id).limit(MOST_REQUESTS)
        with self._reading() as connection:
            return [
                Request(number=row.id, kind=row.kind, subject=row.subject, at=moment(row.at))
                for row in connection.execute(query)
            ]

    def answered(self, asked: Sequence[Request]) -> None:
        """Drop requests that were seen to."""
        with self._transaction() as connection:
            connection.execute(delete(requests).where(requests.c.id.in_([one.number for one in asked])))

    def beat(self, job: str, detail: Mapping[str, Any], *, now: datetime) -> None:
        """Note that *job* was done at *now*, with what it has to tell."""
        values = {"at": ms(now), "detail": json.dumps(detail, ensure_ascii=False)}
        with self._transaction() as connection:
            if not connection.execute(update(beats).where(beats.c.job == job).values(values)).rowcount:
                connection.execute(insert(beats).values(job=job, **values))

    def beats(self) -> Mapping[str, Mapping[str, Any]]:
        """The last sign of life of each job: what it told, and ``at``."""
        with self._reading() as connection:
            return {
                row.job: {**json.loads(row.detail), "at": moment(row.at)} for row in connection.execute(select(beats))
            }

    def backup(self, target: Path, *, replace: bool = False, progress: Copied | None = None) -> int:
        """Copy the store into the file *target* while it is in use; answers its size in bytes."""
        return self._database.backup(target, replace=replace, progress=progress)
