"""One pass under way: files are read and stored in batches, then what is missing is dealt with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc.config import Settings
from feedsvc.errors import LeaseLost
from feedsvc.ingest import flood, missing
from feedsvc.ingest.accept import Acceptor
from feedsvc.ingest.claiming import AWAY
from feedsvc.ingest.flood import Brake, Recent
from feedsvc.ingest.missing import HOLD
from feedsvc.ingest.moves import Moves
from feedsvc.ingest.openfile import StillWritten
from feedsvc.ingest.read import Reader, Reading
from feedsvc.ingest.report import PassReport
from feedsvc.ingest.scan import NO_SIGNATURE, Found, Scan
from feedsvc.ingest.settling import Looks
from feedsvc.model import SourceRecord, SourceState
from feedsvc.normalise.sections import SectionNames
from feedsvc.store.base import INGEST, Lease, Store

LEASE_TTL = timedelta(seconds=15)
BATCH_FILES = 500
BATCH_SECONDS = 0.2
BATCH_BYTES = 32 * 2**20
_ABSENT = AWAY | {SourceState.MISSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What all passes over one folder share. *rules* is the mark of the rules by which files are read,
    *readings* are those marks under which a file need not be read again."""

    settings: Settings
    store: Store
    reader: Reader
    sections: SectionNames
    rules: str
    readings: frozenset[str]
    looks: Looks
    reidentified: Recent
    clock: Callable[[], datetime]
    tick: Callable[[], float]
    stopping: Callable[[], bool]


class OnePass:
    """One pass under way, begun at *now*: what it knows, and its steps in their order.

    *known* are the files of the store, *vanished* those of them that are not where they were. *cold* is True in the
    first pass of all.
    """

    def __init__(
        self,
        tools: Tools,
        lease: Lease,
        report: PassReport,
        known: Mapping[str, SourceRecord],
        vanished: set[str],
        *,
        now: datetime,
        cold: bool,
    ) -> None:
        self._tools = tools
        self._store = tools.store
        self._lease = lease
        self._report = report
        self._known = known
        self._vanished = vanished
        self._now = now
        self._cold = cold
        self._moves = Moves(known, vanished, stored=tools.store.get)
        self._heirs: set[str] = set()
        self._brake = Brake(tools.settings.content.max_new_ids, tools.reidentified)
        self._flood = ""

    # ------------------------------------------------------------------ files that are there
    def read(
        self,
        work: Sequence[tuple[Found, SourceRecord | None]],
        *,
        complete: Collection[str] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read and store *work*, in batches of a transaction each."""
        batch: list[tuple[Reading, SourceRecord | None]] = []
        size, began = 0, self._tools.tick()
        for number, (file, record) in enumerate(work, start=1):
            if self._tools.stopping():
                break
            reading = self._read(file, record, complete=file.name in complete)
            if reading is not None:
                batch.append((reading, record))
                size += reading.size
            full = len(batch) >= BATCH_FILES or size >= BATCH_BYTES
            if batch and (full or self._tools.tick() - began >= BATCH_SECONDS):
                self._store_batch(batch)
                if progress is not None:
                    progress(number, len(work))
                batch, size, began = [], 0, self._tools.tick()
        self._store_batch(batch)
        self._brake_or_pass()
        if progress is not None and work:
            progress(len(work), len(work))

    def _brake_or_pass(self) -> None:
        """Let through the files that give known articles other ids, or hold them if they are too many."""
        if not self._brake.put_off:
            return
        self._flood = self._brake.release(self._store.holds().get(flood.HOLD, {}), tick=self._tools.tick())
        if self._flood:
            self._report.held = f"{self._flood}; these files wait for `feedsvc accept {flood.HOLD}`"
            held = {"reason": self._flood, "paths": sorted(self._brake.put_off)}
            self._store.hold(flood.HOLD, held, now=self._now)
            return
        readings = [(self._read(file, None, complete=False), record) for file, record in self._brake.put_off.values()]
        self._store_batch([(reading, record) for reading, record in readings if reading is not None])

    def _read(self, file: Found, record: SourceRecord | None, *, complete: bool) -> Reading | None:
        known_sha256 = ""
        if record is not None and record.reading in self._tools.readings and record.state not in _ABSENT:
            known_sha256 = record.sha256
        try:
            reading = self._tools.reader.read(file, complete=complete, known_sha256=known_sha256)
        except StillWritten:
            self._tools.looks.again(file, tick=self._tools.tick())
            self._report.waiting.append(file.source)
            return None
        except FileNotFoundError:
            reading = None
        self._tools.looks.done([file.name])
        if reading is None:
            return None
        self._report.read += bool(reading.sha256)
        return reading

    def _store_batch(self, batch: Sequence[tuple[Reading, SourceRecord | None]]) -> None:
        if not batch:
            return
        with self._writing() as acceptor:
            for reading, record in batch:
                if record is not None and reading.error is None and not reading.items:
                    acceptor.unchanged(reading)
                    continue
                new = record is None or record.state in AWAY
                former = self._moves.former(reading) if new else None
                acceptor.accept(reading, record, vanished=self._vanished, heir_of=former)
                if former is not None:
                    self._vanished.discard(former.path)
            heirs = acceptor.heirs
        self._heirs |= heirs

    def set_aside(self, found: Scan) -> None:
        """Note the files that are not read, each once."""
        fresh = [(path, error, SourceState.REFUSED) for path, error in found.refused.items()]
        fresh += [(path, error, SourceState.IGNORED) for path, error in found.ignored.items()]
        told = [(path, error, state) for path, error, state in fresh if self._is_news(path, error, state)]
        if not told:
            return
        with self._writing() as acceptor:
            for path, error, state in sorted(told):
                known = self._known.get(path)
                record = SourceRecord(
                    path=path, signature=NO_SIGNATURE, first_seen=self._now, seen=self._now, state=state, error=error
                )
                if known is not None:
                    record = replace(known, signature=NO_SIGNATURE, seen=self._now, state=state, error=error, line=0)
                if state is SourceState.REFUSED:
                    acceptor.refuse(path, known, replace(record, sha256=""))
                else:
                    acceptor.note(record)

    def _is_news(self, path: str, error: str, state: SourceState) -> bool:
        known = self._known.get(path)
        if known is None:
            return True
        if state is SourceState.IGNORED and known.articles and known.state is not SourceState.GONE:
            return False  # it was an article until the configuration left its name out: it is withdrawn first
        return known.error != error or known.state is not state

    # ------------------------------------------------------------------ files that are not
    def end(self, absent: missing.Absent, found: Scan) -> None:
        """Mark what is missing, and withdraw what has been missing for long enough, unless it is too much."""
        content = self._tools.settings.content
        first = [path for path in absent.first if path in self._vanished]
        gone = [path for path in absent.again if path in self._vanished]
        self._report.missing = len(first)
        coming = missing.Coming(found, self._report.waiting)
        gone = [path for path in gone if not coming.may_be(self._known[path])]
        if content.on_missing == "keep" or self._flood:
            gone = []  # what waits to come back under another id is not taken away meanwhile
        holds = self._store.holds()
        reason = ""
        if gone:
            reason = missing.too_many(gone, self._known, self._store.homes(), scan=found, content=content)
            accepted = holds.get(HOLD, {})
            if accepted.get("accepted") and set(gone) <= set(accepted.get("paths", ())):
                reason = ""
        if reason:
            self._report.held = f"{reason}; nothing is withdrawn until `feedsvc accept`, or until they are back"
            self._store.hold(HOLD, {"reason": reason, "paths": sorted(gone)}, now=self._now)
            gone = []
        if first or gone or absent.blank:
            with self._writing() as acceptor:
                acceptor.missing(first, absent.blank)
                for path in gone:
                    acceptor.gone(self._known[path])
            self._heirs |= acceptor.heirs
        if not self._flood and flood.HOLD in holds:
            self._store.hold(flood.HOLD, None, now=self._now)
        if not reason and not absent.first and not self._flood and HOLD in holds:
            self._store.hold(HOLD, None, now=self._now)
        self._inherit(found)

    def _inherit(self, found: Scan) -> None:
        """Read the copies and other holders of articles whose first file was removed."""
        batch = []
        for path in sorted(self._heirs):
            record = self._store.source(path)
            if record is None or path not in found.files or found.files[path].signature != record.signature:
                continue  # it is read once it has settled
            reading = self._read(found.files[path], replace(record, reading=""), complete=False)
            if reading is not None:
                batch.append((reading, record))
        self._store_batch(batch)

    # ------------------------------------------------------------------ how it is written
    @contextlib.contextmanager
    def _writing(self) -> Iterator[Acceptor]:
        """One transaction under the lease, which is renewed first."""
        tools, lease = self._tools, self._store.lease(INGEST, self._lease.holder, ttl=LEASE_TTL)
        if lease is None or lease.token != self._lease.token:
            raise LeaseLost("another process has taken over the ingest; this one stops")
        with self._store.writing(lease, at=tools.clock(), late=tools.settings.feeds.late) as writer:
            yield Acceptor(
                writer,
                self._report,
                settings=tools.settings,
                sections=tools.sections,
                now=self._now,
                cold=self._cold,
                reading=tools.rules,
                brake=self._brake,
            )
