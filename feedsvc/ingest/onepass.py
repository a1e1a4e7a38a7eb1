"""One pass under way: files are read and stored in batches, then what is missing is dealt with."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from feedsvc.config import Settings
from feedsvc.errors import LeaseLost, ParseError
from feedsvc.formats.registry import Formats
from feedsvc.ingest import crew, flood, missing
from feedsvc.ingest.accept import Acceptor
from feedsvc.ingest.claiming import AWAY
from feedsvc.ingest.flood import Brake, Recent
from feedsvc.ingest.missing import HOLD
from feedsvc.ingest.moves import Moves
from feedsvc.ingest.openfile import StillWritten
from feedsvc.ingest.read import Reader, Reading
from feedsvc.ingest.report import PassReport
from feedsvc.ingest.results import Conditions, newcomer_of
from feedsvc.ingest.scan import NO_SIGNATURE, Found, Scan
from feedsvc.ingest.settling import Looks
from feedsvc.model import SourceRecord, SourceState
from feedsvc.normalise.sections import SectionNames
from feedsvc.store.base import INGEST, Lease, Store
from feedsvc.store.newcomers import NewFile

LEASE_TTL = timedelta(seconds=15)
RENEWED_SECONDS = 1.0
"""How long a pass relies on the lease that it has before it renews it: that is a write, and waits for the disk."""
BATCH_FILES = 1000
BATCH_BYTES = 32 * 2**20
BATCH_SECONDS, BULK_SECONDS = 0.2, 1.0
"""A transaction holds so many files at most, or what was read in so many seconds: fewer of them cost each file of
many less, and among few readers should see each soon."""
_ABSENT = AWAY | {SourceState.MISSING}


class _Taken(NamedTuple):
    """A file as it was read: here, or by a crew. *newcomer* is what it becomes if nothing is known of it."""

    file: Found
    record: SourceRecord | None
    reading: Reading | None
    newcomer: NewFile | None = None
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What all passes over one folder share. *rules* is the mark of the rules by which files are read,
    *readings* are those marks under which a file need not be read again."""

    settings: Settings
    formats: Formats
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
    first pass of all. The *lease* was in force at the tick *held_at*.
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
        held_at: float,
    ) -> None:
        self._held_at = held_at
        self._tools = tools
        self._store = tools.store
        self._lease = lease
        self._report = report
        self._known = known
        self._vanished = vanished
        self._now = now
        self._under = Conditions(
            settings=tools.settings, sections=tools.sections, now=now, cold=cold, rules=tools.rules
        )
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
        batch: list[_Taken] = []
        size, began = 0, self._tools.tick()
        patience = BATCH_SECONDS if len(work) < crew.FEWEST else BULK_SECONDS
        with contextlib.closing(self._each(work, complete)) as each:
            for number in range(1, len(work) + 1):
                if self._tools.stopping():
                    break
                taken = next(each)
                if taken is not None:
                    batch.append(taken)
                    size += taken.size
                full = len(batch) >= BATCH_FILES or size >= BATCH_BYTES
                if batch and (full or self._tools.tick() - began >= patience):
                    self._store_batch(batch)
                    if progress is not None:
                        progress(number, len(work))
                    batch, size, began = [], 0, self._tools.tick()
            self._store_batch(batch)
        self._brake_or_pass()
        if progress is not None and work:
            progress(len(work), len(work))

    def _each(
        self, work: Sequence[tuple[Found, SourceRecord | None]], complete: Collection[str]
    ) -> Generator[_Taken | None, None, None]:
        """What becomes of each file of *work*, in order; many that are new are read by a crew."""
        new = [(file, file.name in complete) for file, record in work if record is None]
        hands = crew.gathered(self._tools.formats, self._under) if len(new) >= crew.FEWEST else None
        if hands is None:
            for file, record in work:
                yield self._taken(file, record, complete=file.name in complete)
            return
        with contextlib.closing(hands):
            answers = hands.read(new)
            for file, record in work:
                answer = next(answers) if record is None else crew.Answer()
                yield self._answered(file, record, answer, complete=file.name in complete)

    def _answered(
        self, file: Found, record: SourceRecord | None, answer: crew.Answer, *, complete: bool
    ) -> _Taken | None:
        """A file as a crew answered; read here where it gave none."""
        newcomer, signature = answer.newcomer, answer.signature
        if answer.failed:
            error = ParseError(f"reading it {answer.failed}; simplify the file, or save its text alone")
            return _Taken(file, record, Reading(found=file, signature=file.signature, error=error))
        if newcomer is None or signature is None or self._moves.possible(newcomer.sha256, signature):
            return self._taken(file, record, complete=complete)
        self._tools.looks.done([file.name])
        self._report.read += 1
        return _Taken(file, record, None, newcomer, answer.size)

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
        put_off = self._brake.put_off.values()
        self._store_batch(
            [
                _Taken(file, record, reading)
                for file, record in put_off
                if (reading := self._read(file, None, complete=False)) is not None
            ]
        )

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

    def _taken(self, file: Found, record: SourceRecord | None, *, complete: bool) -> _Taken | None:
        reading = self._read(file, record, complete=complete)
        if reading is None:
            return None
        new = record is None and not self._moves.possible(reading.sha256, reading.signature)
        newcomer = newcomer_of(reading, under=self._under) if new else None
        return _Taken(file, record, reading, newcomer, reading.size)

    def _store_batch(self, batch: Sequence[_Taken]) -> None:
        if not batch:
            return
        with self._writing() as acceptor:
            for is_new, group in itertools.groupby(batch, lambda taken: taken.newcomer is not None):
                if is_new:
                    self._add(acceptor, list(group))
                else:
                    for taken in group:
                        self._accept(acceptor, taken)
            heirs = acceptor.heirs
        self._heirs |= heirs

    def _add(self, acceptor: Acceptor, files: Sequence[_Taken]) -> None:
        """Take in files that are new to this pass: those of which nothing else is known either, all at once."""
        at, size = 0, len(files)
        while at < len(files):
            given = [taken.newcomer for taken in files[at : at + size] if taken.newcomer is not None]
            count = acceptor.add(given)
            at += count
            if count < len(given):
                self._accept(acceptor, files[at])
                at += 1
            size = 2 * count + 16  # what would be asked again and again, where many are known, stays little

    def _accept(self, acceptor: Acceptor, taken: _Taken) -> None:
        """Take in one file by itself, whatever is known of it."""
        reading, record = taken.reading, taken.record
        if reading is None:  # another process did, and gave what it becomes if nothing is known of it
            self._report.read -= 1
            reading = self._read(taken.file, record, complete=False)
            if reading is None:
                return
        if record is not None and reading.error is None and not reading.items:
            acceptor.unchanged(reading)
            return
        new = record is None or record.state in AWAY
        former = self._moves.former(reading) if new else None
        acceptor.accept(reading, record, vanished=self._vanished, heir_of=former)
        if former is not None:
            self._vanished.discard(former.path)

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
                batch.append(_Taken(found.files[path], record, reading))
        self._store_batch(batch)

    # ------------------------------------------------------------------ how it is written
    @contextlib.contextmanager
    def _writing(self) -> Iterator[Acceptor]:
        """One transaction under the lease, which is renewed first unless that was done lately.

        It is the transaction that makes sure of the lease, whenever that was renewed.
        """
        tools = self._tools
        if tools.tick() - self._held_at >= RENEWED_SECONDS:
            lease = self._store.lease(INGEST, self._lease.holder, ttl=LEASE_TTL)
            if lease is None or lease.token != self._lease.token:
                raise LeaseLost("another process has taken over the ingest; this one stops")
            self._held_at = tools.tick()
        with self._store.writing(self._lease, at=tools.clock(), late=tools.settings.feeds.late) as writer:
            yield Acceptor(
                writer,
                self._report,
                under=self._under,
                brake=self._brake,
            )
