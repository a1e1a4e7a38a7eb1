"""What the doctor says of the service and the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedsvc.doctor import host

Here = Any


def test_a_port_that_something_else_has(here: Here) -> None:
    here.taken = "127.0.0.1:8000 cannot be used (Address already in use); stop what uses it"
    assert here.troubles() == [f"error 127.0.0.1:8000: {here.taken}"]


def test_a_service_without_a_scheduler(here: Here) -> None:
    here.taken, here.answering = "it is taken", True
    assert here.troubles() == ["error ingest: the service answers, and nobody takes files in"]
    assert here.waited >= 10, "a service that was just started needs some seconds for it, as does one that takes over"


def test_a_service_that_was_just_started(here: Here) -> None:
    here.taken, here.answering = "it is taken", True
    here.meanwhile = here.serve
    assert here.troubles() == []
    assert here.waited < 10


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
