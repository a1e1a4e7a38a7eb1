"""Every finding of the doctor: there when it should be, and only then."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from feedsvc.doctor import contents, host, settled, stores
from feedsvc.doctor.finding import Level
from feedsvc.errors import ServerError
from feedsvc.store.base import INGEST

Here = Any  # the fixture's class lives in conftest.py
_Usage = namedtuple("_Usage", "total used free")


def test_all_is_well(here: Here) -> None:
    assert here.troubles() == []
    told = " | ".join(finding.what for finding in here.findings())
    for word in ("the store is whole", "can be read: 1 files", "input formats", "the port is free", "UTC"):
        assert word in told


def test_all_is_well_while_it_runs(here: Here) -> None:
    here.serve()
    assert here.troubles() == []
    told = " | ".join(finding.what for finding in here.findings())
    assert "a feedsvc answers here" in told
    assert "takes files in" in told


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        found[str(path)] = (status.st_mtime_ns, status.st_size, path.read_bytes() if path.is_file() else b"")
    return found


def test_it_touches_nothing(here: Here) -> None:
    before = tree(here.folder)
    here.findings()
    assert tree(here.folder) == before  # nothing beside the store either
    store = here.store()  # as while it runs
    store.changes_token()
    before = {path: state for path, state in tree(here.folder).items() if not path.endswith("-shm")}
    here.findings()
    assert {path: state for path, state in tree(here.folder).items() if not path.endswith("-shm")} == before
    store.close()


def test_every_trouble_says_what_to_do(here: Here) -> None:
    here.content.rename(here.folder / "elsewhere")
    here.configure(site={"base_url": "http://news.example.org"})
    here.store_file.write_bytes(b"no store")
    found = [one for one in here.findings() if one.level is not Level.OK]
    assert len(found) >= 3
    assert all(one.advice and one.where for one in found)


# ---------------------------------------------------------------------- the store
def test_no_store_yet(here: Here) -> None:
    for path in here.store_file.parent.iterdir():
        path.unlink()
    assert here.troubles() == ["warning var/feedsvc.db: there is no store yet"]
    assert list(here.store_file.parent.iterdir()) == []


def test_no_store_and_no_place_for_one(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    for path in here.store_file.parent.iterdir():
        path.unlink()
    here.store_file.parent.rmdir()
    refused_access(here.folder, os.W_OK)
    assert f"error {here.folder}: the store cannot be made here" in here.troubles()


def test_what_is_no_store(here: Here) -> None:
    here.store_file.write_bytes(b"This is no database. " * 500)
    assert here.troubles() == ["error var/feedsvc.db: what stands here is no store of feedsvc"]
    here.store_file.unlink()
    here.store_file.mkdir()
    assert here.troubles() == ["error var/feedsvc.db: it is no regular file"]


def test_a_damaged_store(here: Here) -> None:
    for number in range(200):
        here.write(f"harbour/{number}.txt", f"Number {number} of many\n\nIt has one sentence. {'Long. ' * 500}\n")
    here.take_in()
    connection = sqlite3.connect(here.store_file)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with here.store_file.open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\x55" * (size - 8))
    (first, *_) = here.troubles()
    assert first.startswith("error var/feedsvc.db: the store is damaged: ")


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        ("9999", "error var/feedsvc.db: it was made by a newer feedsvc (schema 9999; this one knows {current})"),
        ("0000", "warning var/feedsvc.db: it has schema 0000; this feedsvc brings it to {current} when it starts"),
    ],
)
def test_a_store_of_another_version(here: Here, revision: str, told: str) -> None:
    connection = sqlite3.connect(here.store_file)
    (current,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.commit()
    connection.close()
    assert here.troubles() == [told.format(current=current)]


def test_a_store_that_cannot_be_written(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    refused_access(here.store_file, os.W_OK)
    assert here.troubles() == ["error var/feedsvc.db: the store cannot be written by this user"]
    refused_access(here.store_file.parent, os.W_OK)
    assert "error var: SQLite cannot write beside the store by this user" in here.troubles()


@pytest.mark.parametrize(
    ("free", "told"),
    [
        (10**9, []),
        (10**8, ["warning var: 100 MB are free on its disk"]),
        (10**6, ["error var: 1 MB are free on its disk"]),
    ],
)
def test_little_room(here: Here, monkeypatch: pytest.MonkeyPatch, free: int, told: list[str]) -> None:
    monkeypatch.setattr("feedsvc.doctor.stores.shutil.disk_usage", lambda _: _Usage(10**10, 0, free))
    assert here.troubles() == told


def test_a_remote_disk(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "file_system", lambda _: "nfs4")
    (told,) = here.troubles()
    assert told.startswith("error var/feedsvc.db: it lies on a nfs4 file system")


def test_a_store_of_two_names(here: Here) -> None:
    os.link(here.store_file, here.folder / "backup.db")
    assert here.troubles() == ["warning var/feedsvc.db: the file has 2 names (hard links)"]


def test_a_large_wal(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "LARGE_WAL", 1000)
    store = here.store()
    store.hold("x", {"reason": "y", "accepted": None}, now=here.now)
    store.hold("x", None, now=here.now)
    (told,) = here.troubles()
    store.close()
    assert "MB wait in feedsvc.db-wal to be moved into the store" in told


def test_a_store_that_was_replaced_under_the_service(here: Here) -> None:
    here.serve()
    store = here.store()  # this process has it open, as the service would
    copy = here.folder / "copy.db"
    store.backup(copy)
    assert here.troubles() == []
    copy.replace(here.store_file)
    for beside in ("-wal", "-shm"):
        here.store_file.with_name(here.store_file.name + beside).unlink(missing_ok=True)
    assert here.troubles() == [
        "error var/feedsvc.db: the service has another file open than the one that stands here now"
    ]
    store.close()


# ---------------------------------------------------------------------- the content folder
def test_no_content_folder(here: Here) -> None:
    here.content.rename(here.folder / "elsewhere")
    assert "error content: the content folder cannot be listed: No such file or directory" in here.troubles()


def test_a_content_folder_that_was_emptied(here: Here) -> None:
    (here.content / "harbour/ferry.txt").unlink()
    assert here.troubles() == ["error content: it is empty, and held 1 files: nothing is withdrawn"]


def test_an_empty_content_folder_at_the_start(tmp_path: Path, here: Here) -> None:
    (here.content / "harbour/ferry.txt").unlink()
    for path in here.store_file.parent.iterdir():
        path.unlink()
    assert here.troubles() == ["warning var/feedsvc.db: there is no store yet"]


def test_files_that_cannot_be_read(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    refused_access(here.content / "harbour/ferry.txt", os.R_OK)
    assert here.troubles() == ["warning content/harbour/ferry.txt: the file cannot be read by this user"]


def test_a_content_folder_that_cannot_be_written_is_fine(
    here: Here, refused_access: Callable[[Path, int], None]
) -> None:
    refused_access(here.content, os.W_OK)
    assert here.troubles() == []


def test_what_is_no_file(here: Here) -> None:
    os.mkfifo(here.content / "pipe.txt")
    (here.content / "link.txt").symlink_to("/etc/hostname")
    with socket.socket(socket.AF_UNIX) as unix:
        here_before = Path.cwd()
        os.chdir(here.content)
        unix.bind("socket.txt")
        os.chdir(here_before)
        told = here.troubles()
    assert [line.partition(": ")[0] for line in told] == [
        "warning content/link.txt",
        "warning content/pipe.txt",
        "warning content/socket.txt",
    ]
    assert "it is a link" in told[0]


def test_a_name_that_cannot_be_used(here: Here) -> None:
    (here.content / "bell\x07.txt").write_text("x")
    (told,) = here.troubles()
    assert told.startswith("warning content/bell\\x07.txt: it is not read: its name has a control character in it")


def test_many_of_a_kind_are_counted(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "SHOWN", 2)
    for number in range(5):
        (here.content / f"link{number}.txt").symlink_to("nowhere")
    assert len(here.troubles()) == 3
    assert here.troubles()[-1] == "warning content: the same holds of 3 more"


@pytest.mark.parametrize("pair", [("Ferry.txt", "ferry.txt"), ("caf\u00e9.txt", "cafe\u0301.txt")])
def test_names_that_look_alike(here: Here, pair: tuple[str, str]) -> None:
    for number, name in enumerate(pair):
        here.write(f"town/{name}", f"Article {number}\n\nIt has a sentence of its own, number {number}.\n")
    here.now += timedelta(seconds=1)
    here.take_in()
    (told,) = here.troubles()
    assert "2 files have names that look alike: " in told
    assert told.partition(".txt: ")[2].isascii()  # else nobody could see the difference


def test_files_from_the_future(here: Here) -> None:
    here.now -= timedelta(hours=1)
    told = [line for line in here.troubles() if "clock" in line]
    assert told[0] == "warning content/harbour/ferry.txt: 1 files were changed in the future by our clock"


def test_files_that_nobody_takes_in(here: Here) -> None:
    here.write("harbour/new.txt", "A new boat\n\nIt is green, and it floats.\n")
    assert here.troubles() == []  # it may still be on its way
    here.now += timedelta(minutes=10)
    (told,) = here.troubles()
    assert told == (
        "warning content/harbour/new.txt: 1 files were not taken in, though they have been complete for long"
    )


def test_a_content_folder_of_another_machine(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "file_system", lambda path: "cifs" if path == here.content else "ext4")
    (told,) = here.troubles()
    assert told.startswith("warning content: it lies on a cifs file system")


def test_too_few_watches(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "number", lambda path: 3 if "max_user_watches" in path else None)
    (told,) = here.troubles()
    assert "2 folders are to be watched, and 3 is the most" in told


# ---------------------------------------------------------------------- the settings
@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"site": {"base_url": "http://harbour-courier.no"}}, "site.base_url: it begins with http"),
        ({"site": {"base_url": "https://news.example.org"}}, "site.base_url: news.example.org is an example's domain"),
        ({"site": {"base_url": "https://intranet"}}, "site.base_url: 'intranet' has no dot in it"),
        (
            {"site": {"base_url": "http://127.0.0.1:8000"}, "server": {"host": "::"}},
            "site.base_url: links in feeds lead to 127.0.0.1",
        ),
        ({"site": {"authority": "news.example.org,2026"}}, "site.authority: news.example.org is nobody's domain"),
        ({"site": {"authority": "localhost,2026"}}, "site.authority: localhost is nobody's domain"),
        ({"site": {"authority": "harbour-courier.no,2999-01"}}, "site.authority: 2999-01 is still to come"),
        (
            {"sections": {"harbour": {"aliases": ["Sea"]}, "harbour/sea": {"aliases": ["Sea"]}}},
            """sections."harbour/sea".aliases: 'sea' is a name of harbour and harbour/sea""",
        ),
        (
            {"sections": {"harbour": {"moved_from": ["quay"]}, "quay": {}}},
            'sections."harbour".moved_from: quay is a section of its own',
        ),
        (
            {"sections": {"harbour": {"moved_from": ["quay"]}, "town": {"moved_from": ["quay"]}}},
            'sections."town".moved_from: quay moved to harbour and to town',
        ),
        ({"sections": {"harbour": {}, "sport": {}}}, 'sections."sport": no article that is public now stands in it'),
        (
            {"content": {"auto_sections": False, "codes": {"15": "sport"}}, "sections": {"harbour": {}}},
            "content.codes: 15 leads to sport, which is no section",
        ),
    ],
)
def test_settings_that_were_hardly_meant(here: Here, tables: dict[str, Any], told: str) -> None:
    here.configure(**tables)
    assert any(line.startswith(f"warning {told}") for line in here.troubles()), here.troubles()


def test_settings_that_are_fine(here: Here) -> None:
    here.configure(
        site={"base_url": "http://127.0.0.1:8000", "authority": "desk@harbour-courier.no,2026-11-01"},
        sections={"harbour": {"title": "Harbour", "aliases": ["Port", "Sea"], "moved_from": ["quay"]}},
        content={"codes": {"15": "sport"}},
    )
    assert here.troubles() == []


def test_the_zone_of_the_machine(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "_local_zone", lambda: "Europe/Oslo")
    assert here.troubles() == []
    here.configure(site={"timezone": "UTC"})
    (told,) = here.troubles()
    assert told.startswith("warning site.timezone: dates that name no zone are taken for UTC")
    monkeypatch.setattr(settled, "_local_zone", lambda: "Etc/UTC")
    assert here.troubles() == []


def test_a_token_that_others_can_read(here: Here) -> None:
    token = here.folder / "desk-token"
    token.write_text("secret")
    token.chmod(0o600)
    server = here.settings.server.model_copy(update={"token_file": token})
    here.settings = here.settings.model_copy(update={"server": server})
    assert here.troubles() == []
    token.chmod(0o640)
    assert here.troubles() == ["error desk-token: others can read the token (mode 640)"]


def test_a_format_that_there_is_not(here: Here) -> None:
    here.configure(feeds={"formats": ["rss", "gopher"]})
    (told,) = here.troubles()
    assert told.startswith("error plug-ins: feeds.formats: there is no format 'gopher'")


def test_a_plug_in_that_cannot_be_loaded(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint(name="broken", value="no.such.module:Thing", group="feedsvc.formats")
    real = metadata.entry_points

    def entry_points(**given: str) -> Any:
        return [point] if given.get("group") == "feedsvc.formats" else real(**given)

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    (told,) = here.troubles()
    assert told.startswith("error plug-ins: the format plug-in 'broken' (no.such.module:Thing) cannot be loaded")


# ---------------------------------------------------------------------- the service and the clock
def test_a_port_that_something_else_has(here: Here) -> None:
    here.taken = "127.0.0.1:8000 cannot be used (Address already in use); stop what uses it"
    assert here.troubles() == [f"error 127.0.0.1:8000: {here.taken}"]


def test_a_service_without_a_scheduler(here: Here) -> None:
    here.taken, here.answering = "it is taken", True
    assert here.troubles() == ["error ingest: the service answers, and nobody takes files in"]


def test_a_holder_that_is_dead(here: Here) -> None:
    from feedsvc.ingest import holder

    alive = holder.this_process()
    here.take_in(holding=alive.rpartition("/")[0] + "/12345")  # this process id, begun at another time
    assert any("took files in and is dead" in line for line in here.troubles())


def test_what_waits_for_the_operator(here: Here) -> None:
    store = here.store()
    store.hold("missing", {"reason": "300 files are missing", "accepted": None}, now=here.now)
    report = {"files": 1, "held": "300 files are missing; nothing is withdrawn", "failures": {"errors": 2, "missed": 0}}
    store.record_pass(report, started=here.now, finished=here.now)
    store.close()
    assert here.troubles() == [
        "warning ingest: 300 files are missing; nothing is withdrawn",
        "warning ingest: jobs failed since the service began: 2 errors",
        "warning ingest: 300 files are missing",
    ]
    store = here.store()
    store.accept("missing", now=here.now)
    store.close()
    assert len(here.troubles()) == 2


def test_a_clock_that_was_set_back(here: Here) -> None:
    here.now -= timedelta(minutes=5)
    told = [line for line in here.troubles() if line.startswith("error clock")]
    assert told == ["error clock: it is before the newest change in the store, by 300 s"]
    here.now = here.now.replace(year=1980)
    for path in here.store_file.parent.iterdir():
        path.unlink()
    assert any(line.startswith("error clock: it stands at 1980-") for line in here.troubles())


def test_a_check_that_fails_itself_does_not_end_the_others(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(host, "file_system", fail)
    told = here.troubles()
    assert "error content: this could not be looked at: boom" in told
    assert any(finding.where == "clock" for finding in here.findings())


# ---------------------------------------------------------------------- what the system says
def test_file_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounts = f"""overlay / overlay rw 0 0
tmpfs /tmp tmpfs rw 0 0
server:/share {tmp_path}/a\\040b nfs4 rw 0 0
short line
"""
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: mounts)
    assert host.file_system(Path("/usr")) == "overlay"
    assert host.file_system(tmp_path / "a b" / "c") == "nfs4"
    assert host.is_remote("nfs4")
    assert host.is_remote("fuse.sshfs")
    assert not host.is_remote("ext4")


def test_what_the_system_does_not_say() -> None:
    assert host.number("/proc/no/such") is None
    assert host.open_files(2**30) == []


def test_the_reserved_port_is_the_one_that_is_asked_for(here: Here) -> None:
    asked: list[tuple[str, int]] = []

    def reserve(name: str, port: int) -> None:
        asked.append((name, port))
        raise ServerError("no")

    from feedsvc.doctor.examination import examine

    list(examine(here.settings, now=here.now, reserve=reserve, answers=lambda *_: False))
    assert asked == [("127.0.0.1", 8000)]


def test_the_lease_is_not_taken(here: Here) -> None:
    here.findings()
    store = here.store()
    assert store.lease_holder(INGEST) == ""
    store.close()
