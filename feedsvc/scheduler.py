"""Which job runs when, under the lease: a process of its own beside the web workers, which only read."""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)
from apscheduler.schedulers.background import BackgroundScheduler

from feedsvc import config, logs
from feedsvc.board import Board, shared_board
from feedsvc.clock import utc_now
from feedsvc.config import Settings
from feedsvc.dates import rfc3339
from feedsvc.errors import LeaseLost, StoreError, StoreUnavailable
from feedsvc.feeds.registry import plug_ins
from feedsvc.formats.registry import formats
from feedsvc.ingest import holder
from feedsvc.ingest.onepass import LEASE_TTL
from feedsvc.ingest.report import PassReport
from feedsvc.ingest.run import Ingest
from feedsvc.ingest.scan import source_of
from feedsvc.ingest.telling import Telling
from feedsvc.ingest.turns import Turn
from feedsvc.ingest.watch import Watch
from feedsvc.publish.configured import configure
from feedsvc.store.base import INGEST, Lease, Store
from feedsvc.store.opening import open_store
from feedsvc.store.questions import RETRY, SCAN

RENEW_EVERY = 5.0
TRUSTED = 1.5 * RENEW_EVERY
"""How many seconds after it was renewed the lease, which lasts twice as long, is taken for ours without asking."""
PRUNE_EVERY = timedelta(hours=1)
CHANGES_KEPT = timedelta(days=30)
SHARE_OF_A_CORE = 0.05
"""How much of a core looking at files may take: a folder that takes a second to scan is scanned every twenty."""
_BEAT = 1.0
_GATHER = 0.002
SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter: while one scans, an event passes through three others to be seen."""
_TOLD = 200
"""How many waiting files the desk is told of."""


class Scheduler:
    """Takes files in for as long as this process holds the lease, and stands by while another one does.

    APScheduler begins the full scans and keeps the lease; the thread that calls :meth:`run` sees to files that events
    announce and to second looks, both on the monotonic clock, and wakes APScheduler after a step of the wall clock.
    """

    def __init__(self, settings: Settings, store: Store, board: Board | None = None) -> None:
        self._settings = settings
        self._board = Board() if board is None else board
        self._telling = Telling(store, self._board)
        self._store = store
        self._log = logs.get_logger("feedsvc.scheduler")
        self._holder = holder.this_process()
        # Signal handlers may come in the middle of anything: a plain flag, and a queue whose put is reentrant.
        self._stopping = False
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._turn = Turn(time.monotonic)
        self._leasing = threading.Lock()
        self._ingest = Ingest(
            settings, formats(), store, clock=utc_now, tick=time.monotonic, stopping=lambda: self._stopping
        )
        self._watch = Watch(settings.content.path, self._wake)
        self._lease: Lease | None = None
        self._renewed = 0.0
        self._standby = ""
        self._trouble = ""
        self._told: dict[str, Any] = {}
        self._failures: dict[str, int] = {"errors": 0, "missed": 0}
        self._late: set[str] = set()
        self._scanned = time.monotonic()
        self._rested = 0.0
        self._rescan: float | None = 0.0
        self._asked: object = None
        self._scan: dict[str, Any] = {}
        self._waiting: list[str] = []
        self._jobs = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def stop(self) -> None:
        """Ask :meth:`run` to end after the file that is being read. Safe in a signal handler."""
        self._stopping = True
        self._wake()

    def run(self) -> None:
        """Work until :meth:`stop` is called."""
        self._jobs.add_listener(self._failed, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._jobs.add_listener(lambda event: self._late.discard(event.job_id), EVENT_JOB_EXECUTED)
        every = self._settings.content.scan_every
        start = {"trigger": "interval", "replace_existing": True}
        self._jobs.add_job(self.scan, seconds=every.total_seconds(), id="scan", **start)
        self._jobs.add_job(self.hold_lease, seconds=RENEW_EVERY, id="lease", **start)
        self._jobs.add_job(self.prune, seconds=PRUNE_EVERY.total_seconds(), id="prune", **start)
        self._jobs.start()
        try:
            while not self._stopping:
                self._guarded(self._step)
                self._telling.share(leads=self._lease is not None, failures=self._failures)
                self._rest(self._pause())
        finally:
            self._end()

    # ------------------------------------------------------------------ jobs
    def scan(self) -> None:
        """A full pass, if the lease is ours and the last scans were not too dear."""
        now = time.monotonic()
        if now < self._rested or self._stopping:
            return
        with self._turn:
            lease = self._held()
            if lease is None:
                return
            self._scanned, self._rescan = time.monotonic(), None
            trouble, given = self._watch.start(), self._turn.given
            # The first one finds out whether anything is known at all: until then nothing else is taken in.
            report = self._ingest.full(lease, between=self._turn.give_way if self._scan else lambda: None)
            looked = report.scan_seconds - (self._turn.given - given)
            self._rested = time.monotonic() + looked * (1 / SHARE_OF_A_CORE - 1)
            if report.missing:
                settle = self._settings.content.settle.total_seconds()
                self._rescan = time.monotonic() + settle + 0.1
            self._tell(report, trouble)
            self._telling.passed(report, full_at=utc_now())
            self._beat(report)
            self._recovered()

    def hold_lease(self) -> None:
        """Renew the lease, or try to get it."""
        try:
            self._held(trusted=0.0)
        except StoreUnavailable as error:
            self._troubled(error)
            self._guarded(self._unlock)

    def prune(self) -> None:
        """Drop what is too old to be told of."""
        with self._turn:
            lease = self._held()
            if lease is not None:
                now = utc_now()
                self._store.prune(now - CHANGES_KEPT, now=now, lease=lease)
                self._store.prune_counts(now, lease=lease)

    # ------------------------------------------------------------------ between scans
    def _step(self) -> None:
        """Files that events announced, second looks, scans that are due by the monotonic clock, operators' orders."""
        self._store.changes_token()  # raises while the store is lost, and what has arrived waits
        arrivals = self._watch.take()
        tick = time.monotonic()
        if arrivals.removed and self._rescan is None:
            self._rescan = tick + self._settings.content.settle.total_seconds() / 4
        due = self._ingest.looks.due(tick)
        changed = set(arrivals.changed)
        if due is not None and due <= 0:
            changed.update(self._ingest.looks.waiting)
        if arrivals.renamed or changed:
            with self._turn.urgently() if arrivals.renamed else self._turn:
                lease = self._held()
                if lease is not None:
                    report = self._ingest.some(lease, arrivals.renamed, changed)
                    if report.changed:
                        self._board.ring()
                    self._tell(report, "")
                    self._telling.passed(report)
                    self._beat()
                    self._recovered()
        overdue = 2 * self._settings.content.scan_every.total_seconds() + _BEAT
        if (self._rescan is not None and tick >= self._rescan) or tick - self._scanned >= overdue:
            self._scanned = tick  # asked for once
            self._rescan = None
            self._jobs.modify_job("scan", next_run_time=datetime.now(UTC))
        self._answer()

    def _answer(self) -> None:
        """See to what operators asked for at the desk, if this process takes files in. Nobody asks: no query."""
        token = self._store.changes_token()
        if token == self._asked or self._lease is None:
            return
        asked = self._store.requests()
        if asked:
            with self._turn:
                lease = self._held()
                if lease is None:
                    return
                files = {one.subject for one in asked if one.kind == RETRY and one.subject}
                if files:
                    with self._store.writing(lease, at=utc_now()) as writer:
                        writer.reread(files)
                    self._tell(self._ingest.some(lease, {}, files), "")
                    self._beat()
                self._rested = 0.0
                self._rescan = time.monotonic()  # also for a name that is spelt in another way on disk
                self._store.answered(asked)
        self._asked = token

    def _wake(self) -> None:
        self._wakes.put(None)

    def _rest(self, seconds: float) -> None:
        """Wait until something happens, *seconds* at most."""
        with contextlib.suppress(queue.Empty):
            self._wakes.get(timeout=seconds)
            if not self._stopping and not self._watch.complete:
                time.sleep(_GATHER)  # events of files that are still written come in crowds, and those wait anyhow
            while True:
                self._wakes.get_nowait()

    def _pause(self) -> float:
        if self._lease is None or self._trouble:
            return _BEAT  # nothing that is due can be done now
        tick = time.monotonic()
        pauses = [_BEAT, self._ingest.looks.due(tick)]
        if self._rescan is not None:
            pauses.append(max(0.0, self._rescan - tick))
        return max(0.005, min(pause for pause in pauses if pause is not None))

    # ------------------------------------------------------------------ the lease
    def _held(self, *, trusted: float = TRUSTED) -> Lease | None:
        """The lease, if it is ours and was so *trusted* seconds ago at most; renewed, or asked for, if not.

        A holder on this host that is dead is displaced at once. Every transaction makes sure of the lease itself.
        """
        with self._leasing:  # jobs and the main thread ask, and what a new lease begins with is done once
            if self._lease is None or time.monotonic() - self._renewed >= trusted:
                self._lease = self._take_or_renew()
                self._renewed = time.monotonic()
            return self._lease

    def _take_or_renew(self) -> Lease | None:
        lease = self._store.lease(INGEST, self._holder, ttl=LEASE_TTL)
        if lease is None:
            other = self._store.lease_holder(INGEST)
            if other and holder.is_dead(other):
                lease = self._store.lease(INGEST, self._holder, ttl=LEASE_TTL, displacing=other)
            if lease is None and other != self._standby:
                self._standby = other
                self._log.info("standing by: another process takes files in", holder=other)
        if lease is None and self._lease is not None:
            self._log.warning("lease lost", holder=self._holder)
        if lease is not None and (self._lease is None or self._lease.token != lease.token):
            self._standby = ""
            self._log.info("taking files in", folder=str(self._settings.content.path), holder=self._holder)
            self._telling.begin()
            changed = configure(self._store, self._settings, now=utc_now(), lease=lease)
            if changed:
                self._log.info("feeds have new settings", feeds=list(changed))
        return lease

    def _unlock(self) -> None:
        """End the process that held the lease, if it was frozen in the middle of writing.

        A database file stays locked for as long as such a process stands still: nobody could take over from it.
        """
        other = self._store.lease_holder(INGEST)
        if other:
            self._standby = other
        elif holder.end_frozen(self._standby):
            self._log.error("what held the ingest was frozen and kept the store locked: ended", holder=self._standby)

    # ------------------------------------------------------------------ what is told
    def _tell(self, report: PassReport, trouble: str) -> None:
        """Log what matters, once; keep the report in the store if it says anything new."""
        for refusal in report.refused:
            self._log.warning("refused", source=refusal.source, line=refusal.line, error=refusal.error)
        outcomes = {kind: count for kind, count in sorted(report.outcomes.items()) if kind != "unchanged"}
        if outcomes:
            self._log.info("taken in", **outcomes, files=report.files, seconds=round(report.seconds, 3))
        told = {"held": report.held, "unlisted": report.unlisted, "watch": trouble, "waiting": sorted(report.waiting)}
        new = {key: reason for key, reason in told.items() if reason and reason != self._told.get(key)}
        if "held" in new:
            self._log.warning("held", reason=new["held"])
        if "unlisted" in new:
            self._log.warning("unlisted", reason=new["unlisted"])
        if "watch" in new:
            self._log.warning("watch", reason=new["watch"])
        if report.changed or told != self._told:
            now = utc_now()
            started = now - timedelta(seconds=report.seconds)
            self._store.record_pass(report.as_json() | {"failures": self._failures}, started=started, finished=now)
        self._told = told

    def _beat(self, report: PassReport | None = None) -> None:
        """Leave a sign of life for the desk: when the folder was looked at, when next, and which files still grow.

        *report* is that of a full scan; without one it is left only where other files wait than before.
        """
        now, root = utc_now(), self._settings.content.path
        if report is not None:
            rest = timedelta(seconds=max(0.0, self._rested - time.monotonic()))
            self._scan = {
                "files": report.files,
                "seconds": round(report.seconds, 3),
                "finished": rfc3339(now),
                "next": rfc3339(now + max(self._settings.content.scan_every, rest)),
            }
        waiting = [
            {
                "source": source_of(root, name),
                "since": rfc3339(now - timedelta(seconds=waited)),
                "next": rfc3339(now + timedelta(seconds=due)),
            }
            for name, waited, due in self._ingest.looks.pending(time.monotonic())[:_TOLD]
        ]
        if report is not None or [one["source"] for one in waiting] != self._waiting:
            self._waiting = [one["source"] for one in waiting]
            detail = {**self._scan, "waiting": waiting, "holder": self._holder, "failures": self._failures}
            self._store.beat(SCAN, detail, now=now)

    def _failed(self, event: JobEvent) -> None:
        """A job raised an error, or could not run when it was due."""
        error = getattr(event, "exception", None)
        if isinstance(error, StoreError | OSError):
            self._troubled(error)
        elif error is not None:
            self._failures["errors"] += 1
            self._log.error("job failed", job=event.job_id, error=repr(error), trace=getattr(event, "traceback", ""))
        else:
            self._failures["missed"] += 1
            if event.job_id not in self._late:  # told once, until it has run again
                self._late.add(event.job_id)
                self._log.warning("job was not run when it was due: the last one still runs", job=event.job_id)

    def _guarded(self, work: Callable[[], object]) -> None:
        """Do *work*; what goes wrong is told, and the next time comes."""
        try:
            work()
        except (StoreError, OSError) as error:
            self._troubled(error)
        except Exception:
            self._failures["errors"] += 1
            self._log.exception("the scheduler failed and goes on")

    def _troubled(self, error: Exception) -> None:
        self._failures["errors"] += 1
        if isinstance(error, LeaseLost):
            if self._lease is not None:
                self._log.warning("lease lost", holder=self._holder)
            self._lease = None
        if str(error) != self._trouble:
            self._trouble = str(error)
            self._log.error("the pass was not finished; it is tried again", error=str(error))

    def _recovered(self) -> None:
        if self._trouble:
            self._log.info("working again", after=self._trouble)
            self._trouble = ""

    def _end(self) -> None:
        self._jobs.shutdown(wait=False)
        self._watch.stop()
        with self._turn:  # stopping is asked between files: this does not take long
            self._ingest.close()
            if self._lease is not None:
                self._guarded(lambda: self._store.release(self._lease) if self._lease else None)
        self._store.close()


def run(config_file: Path) -> None:
    """The scheduler as a process: until SIGTERM. Its parent starts it again if it dies."""
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = config.load(config_file)
    logs.configure(settings.server.log_format)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # of failures the listener tells, in one line
    for one in (*formats().plug_ins, *plug_ins()):
        if one.trouble:
            logs.get_logger("feedsvc.scheduler").error("a plug-in is left out", plug_in=one.name, error=str(one))
    while True:
        try:
            store = open_store(settings.store.url)
            break
        except StoreUnavailable as error:
            logs.get_logger("feedsvc.scheduler").error("the store cannot be opened", error=str(error))
            time.sleep(_BEAT)
    scheduler = Scheduler(settings, store, shared_board())
    signal.signal(signal.SIGTERM, lambda *_: scheduler.stop())
    scheduler.run()
