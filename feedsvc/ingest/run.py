"""One pass over ``content/``: what is new, changed, moved or gone is brought into the store."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.formats.registry import Formats
from feedsvc.ingest import attached, missing
from feedsvc.ingest.claiming import AWAY
from feedsvc.ingest.flood import Recent
from feedsvc.ingest.media import altered
from feedsvc.ingest.onepass import OnePass, Tools
from feedsvc.ingest.read import Reader
from feedsvc.ingest.report import PassReport
from feedsvc.ingest.scan import Found, Scan, look, scan, source_of
from feedsvc.ingest.settling import Looks
from feedsvc.model import SourceRecord, SourceState
from feedsvc.normalise.article import READING
from feedsvc.normalise.sections import SectionNames
from feedsvc.store.base import Lease, Store
from feedsvc.store.rows import KnownFiles

_ABSENT = AWAY | {SourceState.MISSING}
COMPARED = 5
"""How often what lies there is compared with what is known at most, where other passes come between."""
LENIENT_SECONDS = 20.0
"""For how long other passes come between while the store is read: PostgreSQL ends a session that rests for a minute."""
SWEEP_SECONDS = 3600
"""How often pictures that were inside files, and that no file names any more, are looked for."""


def _nothing() -> None:
    """Done between two files where nobody waits."""


class Ingest:
    """Passes over one content folder. Kept from pass to pass, because files that settle are looked at twice.

    *clock* gives the time in UTC, *tick* a monotonic one in seconds. *stopping* is asked between files: once it
    says True, the pass ends after what it has read is written.
    """

    def __init__(
        self,
        settings: Settings,
        formats: Formats,
        store: Store,
        *,
        clock: Callable[[], datetime],
        tick: Callable[[], float],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._tools = Tools(
            settings=settings,
            formats=formats,
            store=store,
            reader=Reader(settings, formats),
            sections=SectionNames(settings),
            rules=(current := rules(settings, formats)),
            readings=frozenset({current, current.partition("-")[0]}),
            looks=Looks(settings.content.settle),
            reidentified=Recent(),
            clock=clock,
            tick=tick,
            stopping=stopping,
        )

        self._cold: bool | None = None
        self._swept = -math.inf
        self._touched: set[str] = set()  # names on disk that were seen to since a full pass began to look

    @property
    def looks(self) -> Looks:
        """The files that wait for a second look."""
        return self._tools.looks

    def close(self) -> None:
        """End what was started to read files."""
        self._tools.reader.close()

    def full(
        self,
        lease: Lease,
        *,
        progress: Callable[[int, int], None] | None = None,
        between: Callable[[], None] = _nothing,
    ) -> PassReport:
        """One pass over the whole folder. *progress* is told how many of how many files were read.

        *between* is called again and again as long as the pass only looks; :meth:`some` may be called then.
        Raises StoreError; LeaseLost where another process took over.
        """
        tools, content = self._tools, self._tools.settings.content
        now, began = tools.clock(), tools.tick()
        self._touched.clear()
        found = scan(content.path, ignore=content.ignore, between=between)
        known, files = self._compared(found, between)
        cold = self._is_cold(known)
        report = PassReport(files=len(found.files), unlisted=found.unlisted)
        if "" in found.unlisted:
            reason = found.unlisted[""]
            report.held = f"the content folder {content.path} cannot be listed: {reason}; nothing is withdrawn"
            report.seconds = tools.tick() - began
            return report
        absent = missing.absent(known, found, content=content, now=now)
        work = list(self._work(files, known, report, now=now))
        report.scan_seconds = tools.tick() - began
        one = OnePass(tools, lease, report, known, {*absent.first, *absent.again}, now=now, cold=cold, held_at=began)
        one.read(work, progress=progress)
        one.set_aside(found)
        if not tools.stopping():
            one.end(absent, found)
            if began - self._swept >= SWEEP_SECONDS:
                attached.sweep(content.attached, tools.store.media())
                self._swept = began
        self.looks.done(set(self.looks.waiting) - {file.name for file in found.files.values()})
        self._cold = cold and (bool(self.looks.waiting) or not found.files)
        report.seconds = tools.tick() - began
        return report

    def _compared(self, found: Scan, between: Callable[[], None]) -> tuple[KnownFiles, dict[str, Found]]:
        """The known files, and those of *found* that are not as they are known.

        What other passes took in meanwhile is looked at again, and then all is compared anew: what is known of one file
        may change with another. Before they have come between too often they have to wait.
        """
        tools, content = self._tools, self._tools.settings.content
        left = COMPARED
        while True:
            left -= 1
            for name in self._touched:
                found.renew(content.path, name, ignore=content.ignore)
            self._touched.clear()
            paused = between if left else _nothing
            known = tools.store.sources(between=self._for_a_time(paused))
            named = tools.store.media()
            changed = altered(attached.lying_beside(named), content.path) | attached.lost(named, content.attached)
            stale = changed & known.keys()
            if stale:  # these files say the same, and show something else
                known = known.but({source: replace(known[source], reading="") for source in stale})
            files = {}
            for source, file in found.files.items():
                paused()
                if not known.stands(source, file.signature, readings=tools.readings, absent=_ABSENT):
                    files[source] = file
            if not self._touched:
                return known, files
            del known, files  # of a large folder they are large, and not to be there twice

    def _for_a_time(self, between: Callable[[], None]) -> Callable[[], None]:
        """*between*, until it has been called for ``LENIENT_SECONDS``."""
        tick = self._tools.tick
        until = tick() + LENIENT_SECONDS
        return lambda: between() if tick() < until else None

    def some(self, lease: Lease, renamed: Mapping[str, str], changed: Collection[str] = ()) -> PassReport:
        """A pass over single files by their names on disk; nothing counts as missing here.

        *renamed* gives for a file the name that it had just before: the article's own old path, or "" for a name
        that is never read. Such a file is complete at once where the system vouches that nobody writes to it; one
        of *changed* settles first, and so does one that had a name which means nothing.
        """
        tools, content = self._tools, self._tools.settings.content
        now, began = tools.clock(), tools.tick()
        found = look(content.path, {*renamed, *changed}, ignore=content.ignore)
        present = {file.name for file in found.files.values()}
        self.looks.done({*renamed, *changed} - present)
        former = {name: source_of(content.path, name) for name in renamed.values() if name}
        self._touched |= {*renamed, *changed, *former}
        records = ((path, tools.store.source(path)) for path in {*found.files, *former.values()})
        known = {path: record for path, record in records if record is not None}
        still_there = look(content.path, former, ignore=content.ignore).files
        vanished = {
            path
            for path in former.values()
            if path in known and path not in still_there and known[path].state not in AWAY
        }
        complete = {name for name, old in renamed.items() if not old or former[old] in vanished}
        report = PassReport(files=len(found.files))
        work = list(self._work(found.files, known, report, now=now, complete=complete))
        one = OnePass(tools, lease, report, known, vanished, now=now, cold=bool(self._cold), held_at=began)
        one.read(work, complete=complete)
        report.seconds = tools.tick() - began
        return report

    def _work(
        self,
        files: Mapping[str, Found],
        known: Mapping[str, SourceRecord],
        report: PassReport,
        *,
        now: datetime,
        complete: Collection[str] = (),
    ) -> Iterator[tuple[Found, SourceRecord | None]]:
        """The files that are to be read now, by path; those that may still be written to go into the report."""
        tick = self._tools.tick()
        for source in sorted(files):
            file, record = files[source], known.get(source)
            if record is not None and self._is_as_known(file, record):
                continue
            if file.name in complete or self.looks.settled(file, now=now, tick=tick):
                yield file, record
            else:
                report.waiting.append(source)

    def _is_cold(self, known: Mapping[str, SourceRecord]) -> bool:
        """Whether this is the first pass of all, which lasts until nothing of what it found settles any more."""
        if self._cold is None:
            self._cold = not any(record.articles for record in known.values())
        return self._cold

    def _is_as_known(self, file: Found, record: SourceRecord) -> bool:
        return (
            record.state not in _ABSENT
            and record.signature == file.signature
            and record.reading in self._tools.readings
        )


def rules(settings: Settings, formats: Formats) -> str:
    """A mark of everything by which the same bytes are read otherwise: formats, rules, and settings.

    While plug-ins cannot be used it has more behind it: what is read meanwhile is read again once they can, and what
    they read before is left alone, for other formats would make something else of it.
    """
    said = (
        READING,
        formats.marks,
        settings.content.model_dump(include={"auto_sections", "default_section", "codes", "fallback_encoding"}),
        settings.content.max_file,
        settings.site.model_dump(include={"authority", "language", "languages", "timezone"}),
        {path: section.model_dump(include={"title", "aliases", "moved_from", "language"})
         for path, section in settings.sections.items()},
    )  # fmt: skip
    mark = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
    return "-without-".join([mark, *sorted(formats.left_out)])
