"""What the doctor says of an installation that is well, and that it touches nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from feedsvc.doctor.finding import Level

Here = Any


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
