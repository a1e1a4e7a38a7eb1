"""What the system says, and what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedsvc.doctor import host
from feedsvc.errors import ServerError
from feedsvc.store.base import INGEST

Here = Any


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

    list(examine(here.settings, now=here.now, reserve=reserve, answers=lambda *_: False, wait=lambda _: None))
    assert asked == [("127.0.0.1", 8000)]


def test_the_lease_is_not_taken(here: Here) -> None:
    here.findings()
    store = here.store()
    assert store.lease_holder(INGEST) == ""
    store.close()
