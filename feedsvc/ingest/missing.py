"""Files that are no longer there: when they count as removed, and when that is too much to be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedsvc.config import Content
from feedsvc.ingest.claiming import AWAY
from feedsvc.ingest.scan import Scan
from feedsvc.model import SourceRecord, SourceState

HOLD = "missing"
"""The name under which a large deletion waits for the operator's word."""


@dataclass(slots=True, kw_only=True)
class Absent:
    """What is missing: *first* for the first time, *again* for long enough to be believed.

    *blank* are files that never gave anything, and are simply forgotten.
    """

    first: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)


def absent(known: Mapping[str, SourceRecord], scan: Scan, *, content: Content, now: datetime) -> Absent:
    """Which *known* files a full scan did not find, by path. Those in folders that could not be listed are left out."""
    found = Absent()
    for path in known:
        if path in scan.files or path in scan.refused or scan.unknown(path):
            continue
        record = known[path]  # made only now: of nearly all files nothing more is asked
        if record.state is SourceState.GONE:
            continue
        if not record.articles or record.state is SourceState.IGNORED:
            if path not in scan.ignored:
                found.blank.append(path)
        elif record.state is not SourceState.MISSING:
            found.first.append(path)
        elif now - record.seen >= content.settle:
            found.again.append(path)
    for paths in (found.first, found.again, found.blank):
        paths.sort()  # stores tell of files in an order of their own
    return found


class Coming:
    """Files that still settle: one of them may be a missing one under its new name, and a move is no removal."""

    def __init__(self, scan: Scan, waiting: Iterable[str]) -> None:
        signatures = [scan.files[path].signature for path in waiting if path in scan.files]
        self._files = {(one.device, one.inode) for one in signatures}
        self._sizes = {one.size for one in signatures}

    def may_be(self, record: SourceRecord) -> bool:
        """Whether one of them may be the file of *record*: the same on disk, or as long as it was."""
        known = record.signature
        return (known.device, known.inode) in self._files or known.size in self._sizes


def too_many(
    gone: Collection[str], known: Mapping[str, SourceRecord], homes: Mapping[str, str], *, scan: Scan, content: Content
) -> str:
    """Why withdrawing the articles of *gone* must wait for the operator's word; empty if it need not.

    Both limits must be reached: the share and the number, of all files or of those of one section. A folder that
    is empty after it held files is always held.
    """
    active = [path for path, record in known.items() if record.articles and record.state not in AWAY]
    if not scan.files and not scan.ignored and not scan.refused:
        return f"the content folder is empty and held {len(active)} files"
    if len(gone) < content.max_missing_files:
        return ""
    if len(gone) >= content.max_missing * len(active):
        return f"{len(gone)} of {len(active)} files are missing"
    lost = Counter(homes[path] for path in gone if path in homes)
    held = Counter(homes[path] for path in active if path in homes)
    for section, count in sorted(lost.items()):
        if count >= content.max_missing_files and count >= content.max_missing * held[section]:
            return f"{count} of {held[section]} files of the section {section} are missing"
    return ""
