"""What a trial says is what a pass does; and a trial touches nothing."""

from __future__ import annotations

import os
from pathlib import Path

from unit.ingest.newsdesk import Desk

from feedsvc.formats.registry import Formats, formats
from feedsvc.ingest.trial import Accepted, Refused, Trial


def everything_below(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        found[str(path)] = (path.read_bytes() if path.is_file() else b"", status.st_mtime_ns, status.st_mode)
    return found


def test_a_trial_gives_the_articles_of_a_pass_and_touches_nothing(desk: Desk) -> None:
    desk.article("town/2039-07-15-fair.md", "The fair", date="2039-07-15T10:00:00Z", tags="[sea, sand]", author="Jane")
    desk.article("sports/rowing/a.md", "Rowers", guid="urn:x:1", version="3", date="2040-01-01", embargo="2041-01-01")
    desk.article("today.md", "Today")
    desk.write("town/plain.txt", "The quay is open\n\nMarch 10, 2040\n\nThe quay was opened again in the morning.\n")
    desk.write("town/bad.md", "---\ntitle: [x\n---\n")
    desk.write("archive/a.md", "# A title\n\nA text of one sentence.\n")
    desk.write("README.md", "Left out")
    os.mkfifo(desk.root / "fifo.md")
    before = everything_below(desk.root / "town")
    now = desk.clock.move(seconds=10)
    with Trial(desk.settings, Formats(formats().installed), now=now) as trial:
        outcomes = list(trial.path(desk.root))
        single = list(trial.path(desk.root / "town/plain.txt"))
    assert desk.store.sources() == {}
    assert everything_below(desk.root / "town") == before

    report = desk.running.full(desk.lease)
    accepted = {one.source: one.normalised.article for one in outcomes if isinstance(one, Accepted)}
    assert len(accepted) == 4
    assert accepted == {path: desk.read(path) for path in accepted}
    refused = {one.source: (one.reason, one.line) for one in outcomes if isinstance(one, Refused)}
    assert refused == {one.source: (one.error.removeprefix(f"line {one.line}: "), one.line) for one in report.refused}
    assert set(refused) == {"town/bad.md", "archive/a.md", "fifo.md"}
    (alone,) = single
    assert isinstance(alone, Accepted)
    assert alone.normalised.article == accepted["town/plain.txt"]
