"""The service: does it run, may it begin, does it take files in, what did the last pass say? And the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feedsvc.doctor import host
from feedsvc.doctor.finding import Finding, Patient, error, ok, warning
from feedsvc.errors import FeedsvcError
from feedsvc.ingest import holder
from feedsvc.store.base import INGEST, Store

PATIENCE = 10.0
"""How many seconds a service that was just started has to take files in, or a node that takes over."""
_PAUSE = 0.5


def check_port(patient: Patient) -> Iterator[Finding]:
    """Whether the service could begin, or runs already."""
    server = patient.settings.server
    where = f"{server.host}:{server.port}"
    try:
        patient.reserve(server.host, server.port)
    except FeedsvcError as trouble:
        if patient.answers(server.host, server.port):
            yield ok(where, "a feedsvc answers here")
        else:
            yield error(where, str(trouble), "without its port the service does not start")
    else:
        yield ok(where, "the port is free: the service does not run")


def check_ingest(patient: Patient, path: Path | None) -> Iterator[Finding]:
    """Whether somebody takes files in, and into the store at *path*, if it is a file."""
    store = patient.store
    if store is None:
        return
    server, held_by, waited = patient.settings.server, store.lease_holder(INGEST), 0.0
    answers = not held_by and patient.answers(server.host, server.port)
    while answers and not held_by and waited < PATIENCE:
        patient.wait(_PAUSE)
        held_by, waited = store.lease_holder(INGEST), waited + _PAUSE
    if not held_by:
        if answers:
            yield error("ingest", "the service answers, and nobody takes files in", "see its log; start it again")
    elif holder.is_dead(held_by):
        yield warning(
            "ingest", f"{held_by} took files in and is dead", "start the service; a running one takes over by itself"
        )
    else:
        yield ok("ingest", f"{held_by} takes files in")
        if path is not None:
            yield from _open_store(held_by, path)
    yield from _last_pass(store)


def check_clock(patient: Patient) -> Iterator[Finding]:
    """Whether the clock goes right, as far as that can be told from what happened."""
    newest = None if patient.store is None else next(iter(patient.store.history(limit=1)), None)
    if newest is not None and newest.at > patient.now:
        yield error(
            "clock",
            f"it is before the newest change in the store, by {(newest.at - patient.now).total_seconds():.0f} s",
            "set the clock; what is published until then waits for its date",
        )
    elif patient.now.year < 2026:
        yield error("clock", f"it stands at {patient.now:%Y-%m-%d}", "set the clock")
    else:
        yield ok("clock", f"{patient.now:%Y-%m-%d %H:%M:%S} UTC")


def _open_store(held_by: str, path: Path) -> Iterator[Finding]:
    """Whether the process that takes files in has that very file open which stands at *path*."""
    pid = held_by.split("/")[2] if held_by.count("/") > 2 else ""
    if pid.isdigit() and f"{path.resolve()} (deleted)" in host.open_files(int(pid)):
        yield error(
            str(path),
            "the service has another file open than the one that stands here now",
            "it goes over to it by itself; if it does not, start it again",
        )


def _last_pass(store: Store) -> Iterator[Finding]:
    last = next(iter(store.passes(1)), None)
    if last is None:
        return
    when = f"{last['finished']:%Y-%m-%d %H:%M:%S} UTC"
    yield ok("ingest", f"the last pass with anything new ended at {when}: {last.get('files', 0)} files")
    if last.get("held"):
        yield warning("ingest", str(last["held"]), "`feedsvc status` says more")
    failures = {name: count for name, count in (last.get("failures") or {}).items() if count}
    if failures:
        told = ", ".join(f"{count} {name}" for name, count in sorted(failures.items()))
        yield warning("ingest", f"jobs failed since the service began: {told}", "see its log")
    for name, held in store.holds().items():
        if not held.get("accepted"):
            yield warning(
                "ingest", str(held.get("reason", name)), f"put the files back, or let them go: `feedsvc accept {name}`"
            )
