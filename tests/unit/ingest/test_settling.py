"""Half-written files: nothing is published before it is whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from unit.ingest.newsdesk import TAG, Desk

from feedsvc.ingest.scan import Found
from feedsvc.ingest.settling import Looks
from feedsvc.model import Signature, SourceState

SETTLE = 2.0


@pytest.fixture
def live(make_desk: Callable[..., Desk]) -> Desk:
    """A desk whose clock starts with the system's, so that a file that was just written is young."""
    live = make_desk()
    live.clock.now = datetime.now(UTC)
    return live


def whole(title: str = "One") -> str:
    return f"---\ntitle: {title}\ndate: 2020-01-01\n---\n\nA text that is told here in one sentence.\n"


# ---------------------------------------------------------------------- looks alone
def found(*, ctime: datetime, size: int = 10, mtime_ns: int = 0, inode: int = 1) -> Found:
    ctime_ns = int(ctime.timestamp()) * 10**9
    return Found(
        source="a", name="a", signature=Signature(size=size, mtime_ns=mtime_ns, ctime_ns=ctime_ns, inode=inode)
    )


NOW = datetime(2040, 1, 1, tzinfo=UTC)


def looks() -> Looks:
    return Looks(timedelta(seconds=SETTLE))


def test_one_look_is_enough_at_an_old_ctime() -> None:
    assert looks().settled(found(ctime=NOW - timedelta(seconds=2)), now=NOW, tick=0)


@pytest.mark.parametrize(
    "ahead", [timedelta(seconds=-1), timedelta(), timedelta(hours=5)], ids=["young", "now", "ahead"]
)
def test_any_other_needs_a_second_look(ahead: timedelta) -> None:
    kept, file = looks(), found(ctime=NOW + ahead)
    assert not kept.settled(file, now=NOW, tick=100)
    assert not kept.settled(file, now=NOW, tick=101.9)
    assert kept.settled(file, now=NOW, tick=102)


def test_the_second_look_goes_by_the_monotonic_clock() -> None:
    """The wall clock may be set on, or back, between the looks."""
    kept, file = looks(), found(ctime=NOW)
    assert not kept.settled(file, now=NOW, tick=100)
    assert not kept.settled(file, now=NOW + timedelta(days=1), tick=101)
    assert kept.settled(file, now=NOW - timedelta(days=1), tick=102)


@pytest.mark.parametrize("changed", [{"size": 11}, {"mtime_ns": 1}, {"inode": 2}])
def test_a_second_look_that_differs_is_a_first_one(changed: dict[str, int]) -> None:
    kept = looks()
    assert not kept.settled(found(ctime=NOW), now=NOW, tick=0)
    assert not kept.settled(found(ctime=NOW, **changed), now=NOW, tick=5)
    assert not kept.settled(found(ctime=NOW, **changed), now=NOW, tick=6.9)
    assert kept.settled(found(ctime=NOW, **changed), now=NOW, tick=7)


def test_what_is_due_is_told() -> None:
    kept = looks()
    assert kept.due(0) is None
    kept.settled(found(ctime=NOW), now=NOW, tick=10)
    assert list(kept.waiting) == ["a"]
    assert kept.due(10.5) == pytest.approx(1.5)
    assert kept.due(20) == 0
    kept.done(["a"])
    assert kept.due(20) is None


# ---------------------------------------------------------------------- whole passes
def test_a_young_file_is_read_at_the_second_look(live: Desk) -> None:
    live.write("a.md", whole())
    report = live.scan(seconds=0)
    assert (report.waiting, report.read) == (["a.md"], 0)
    assert live.store.source("a.md") is None
    report = live.scan(seconds=1)
    assert report.waiting == ["a.md"]
    report = live.scan(seconds=1)
    assert (report.waiting, report.read) == ([], 1)
    assert live.titles() == ["One"]


def test_a_file_that_grows_waits_until_it_stops(live: Desk) -> None:
    file = live.write("a.md", "# On")
    for more in ("e\n", "\nA text ", "that is told here in one sentence.\n"):
        assert live.scan(seconds=1.5).read == 0
        assert live.titles() == []
        with file.open("a") as writer:
            writer.write(more)
    live.scan(seconds=1.5)
    live.scan(seconds=2)
    assert live.titles() == ["One"]
    assert live.read("a.md").content.strip() == "<p>A text that is told here in one sentence.</p>"


def test_an_old_mtime_does_not_make_a_file_old(live: Desk) -> None:
    """Some writers set the time of the source before the last bytes."""
    file = live.write("a.md", "# On")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert live.scan(seconds=0).waiting == ["a.md"]


def test_the_old_version_stays_until_the_new_one_is_whole(live: Desk) -> None:
    live.write("a.md", whole())
    live.scans(2)
    assert live.titles() == ["One"]
    live.clock.now = datetime.now(UTC)
    file = live.write("a.md", "")  # truncated, to be written anew
    live.scan(seconds=0)
    live.scan(seconds=1)
    assert live.titles() == ["One"]
    file.write_text(whole("Two"))
    live.scan(seconds=1)
    assert live.titles() == ["One"]
    live.scan(seconds=2)
    assert live.titles() == ["Two"]


def test_a_clock_behind_the_files_does_not_stop_them(live: Desk) -> None:
    live.clock.now -= timedelta(days=400)
    live.write("a.md", whole())
    assert live.scan(seconds=0).waiting == ["a.md"]
    assert live.scan(seconds=2).read == 1


def test_a_file_that_goes_before_its_second_look_is_forgotten(live: Desk) -> None:
    live.write("a.md", whole())
    live.scan(seconds=0)
    live.remove("a.md")
    live.scan(seconds=1)
    assert live.running.looks.due(0) is None


def test_a_file_that_goes_before_its_second_look_is_forgotten_by_a_pass_over_single_files(live: Desk) -> None:
    live.write("a.md", whole())
    live.some(changed=["a.md"])
    assert list(live.running.looks.waiting) == ["a.md"]
    live.remove("a.md")
    live.some(changed=live.running.looks.waiting)  # type: ignore[arg-type]
    assert live.running.looks.due(0) is None


def test_a_file_in_nfd_gets_its_second_look_by_a_pass_over_single_files(live: Desk) -> None:
    live.write("cafe\u0301.md", whole())
    live.scan(seconds=0)
    live.ticks += SETTLE
    live.some(changed=list(live.running.looks.waiting))
    assert live.id("caf\u00e9.md") == f"{TAG}caf%C3%A9.md"
    assert live.running.looks.due(0) is None


def test_a_file_that_another_process_has_open_for_writing_is_not_read(desk: Desk) -> None:
    file = desk.write("a.md", whole())
    with file.open("a"):
        report = desk.scan()
        assert (report.waiting, report.read) == (["a.md"], 0)
        assert desk.scan().waiting == ["a.md"]
    assert desk.scan().read == 1


# ---------------------------------------------------------------------- complete at once
def test_a_file_renamed_from_a_hidden_name_is_complete_at_once(live: Desk) -> None:
    live.write("town/.a.md.Xy12", whole())
    live.move("town/.a.md.Xy12", "town/a.md")
    report = live.some({"town/a.md": ""})
    assert (report.read, report.waiting) == (1, [])
    assert live.titles("town") == ["One"]


def test_but_not_while_somebody_has_it_open_for_writing(live: Desk) -> None:
    file = live.write(".a.md", "# One\n\nA text ")
    with file.open("a") as writer:
        live.move(".a.md", "a.md")
        assert live.some({"a.md": ""}).waiting == ["a.md"]
        writer.write("that is told here in one sentence.\n")
    live.ticks += SETTLE
    assert live.some(changed=["a.md"]).waiting == ["a.md"]  # it changed since the first look
    live.ticks += SETTLE
    live.some(changed=["a.md"])
    assert live.read("a.md").content.strip() == "<p>A text that is told here in one sentence.</p>"


def test_a_rename_from_the_old_path_of_an_article_is_complete_at_once(live: Desk) -> None:
    live.write("a.md", whole())
    live.scans(2)
    live.move("a.md", "b.md")
    report = live.some({"b.md": "a.md"})
    assert (report.read, report.waiting) == (1, [])
    assert live.id("b.md") == f"{TAG}a.md"


def test_a_rename_from_a_name_that_means_nothing_settles(live: Desk) -> None:
    """A writer may go on after it, and close the file in between."""
    live.write("upload7", whole())
    live.move("upload7", "a.md")
    assert live.some({"a.md": "upload7"}).waiting == ["a.md"]


def test_a_rename_over_a_known_file_from_a_hidden_name_is_an_edit(live: Desk) -> None:
    live.write("a.md", whole())
    live.scans(2)
    live.write(".a.md.tmp", whole("Two"))
    live.move(".a.md.tmp", "a.md")
    live.some({"a.md": ""})
    assert live.id("a.md") == f"{TAG}a.md"
    assert live.titles() == ["Two"]


def test_a_changed_file_settles_in_a_pass_over_single_files(live: Desk) -> None:
    live.write("a.md", whole())
    assert live.some(changed=["a.md"]).waiting == ["a.md"]
    live.ticks += SETTLE
    assert live.some(changed=["a.md"]).read == 1


# ---------------------------------------------------------------------- nothing is new
def rewrite(file: Path) -> None:
    """As an editor saves: another file in the place of this one."""
    beside = file.with_name(f".{file.name}")
    beside.write_bytes(file.read_bytes())
    beside.rename(file)


@pytest.mark.parametrize(
    "handle",
    [
        lambda file: os.utime(file),
        lambda file: os.utime(file, (0, 0)),
        lambda file: file.chmod(0o600),
        lambda file: file.write_bytes(file.read_bytes()),
        rewrite,
    ],
    ids=["touch", "old mtime", "chmod", "write", "replace"],
)
def test_the_same_bytes_change_nothing_that_readers_see(desk: Desk, handle: Callable[[Path], object]) -> None:
    file = desk.article("town/a.md", date="2040-03-01")
    desk.scan()
    before = (desk.shown(), desk.sequence(), desk.stored("town/a.md"))
    handle(file)
    report = desk.scan()
    assert (report.read, report.outcomes) == (1, {})
    assert (desk.shown(), desk.sequence(), desk.stored("town/a.md")) == before
    assert desk.state("town/a.md") is SourceState.ACCEPTED
    assert desk.scan().read == 0


def test_times_alone_are_not_trusted(desk: Desk) -> None:
    """Other bytes of the same length under the same mtime are found by the ctime."""
    file = desk.write("a.md", whole("One"))
    status = file.stat()
    desk.scan()
    file.write_text(whole("Two"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    desk.scan()
    assert desk.titles() == ["Two"]


def test_what_is_known_is_not_read_again(desk: Desk) -> None:
    for number in range(5):
        desk.article(f"{number}.md")
    assert desk.scan().read == 5
    assert desk.scan().read == 0
    desk.restart()
    assert desk.scan().read == 0
    desk.configure(site={"language": "de"})
    assert desk.scan().read == 5  # other rules


def test_how_long_a_file_has_been_waiting_and_for_how_long_it_will() -> None:
    growing, waiting = found(ctime=NOW), looks()
    assert not waiting.settled(growing, now=NOW, tick=10.0)
    assert waiting.pending(10.5) == [("a", 0.5, 1.5)]
    assert not waiting.settled(found(ctime=NOW, size=20), now=NOW, tick=11.0)
    assert waiting.pending(11.0) == [("a", 1.0, SETTLE)]
    waiting.done(["a"])
    assert waiting.pending(12.0) == []
