"""All checks, one after the other: one that fails itself is a finding, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.doctor.contents import check_content, check_media
from feedsvc.doctor.databases import check_database
from feedsvc.doctor.finding import Finding, Patient, error
from feedsvc.doctor.running import check_clock, check_ingest, check_port
from feedsvc.doctor.settled import check_plugins, check_settings
from feedsvc.doctor.stores import check_store
from feedsvc.errors import StoreError
from feedsvc.ingest.scan import Scan, scan
from feedsvc.store.opening import is_postgresql, look_at_store, store_file


def examine(
    settings: Settings,
    *,
    now: datetime,
    reserve: Callable[[str, int], object],
    answers: Callable[[str, int], bool],
    wait: Callable[[float], None],
) -> Iterator[Finding]:
    """What there is to say of the installation that *settings* describe, at *now*; touches nothing.

    *reserve* tries whether a port can be had and raises FeedsvcError, *answers* whether a feedsvc answers there, *wait*
    lets so many seconds pass.
    """
    path = None if is_postgresql(settings.store.url) else store_file(settings.store.url)
    yield from _kept_going("store", lambda: check_database(settings, now=now) if path is None else check_store(path))
    try:
        store = look_at_store(settings.store.url)
    except StoreError:
        store = None  # check_store has said why
    takes_in, answering = settings.server.role != "web", settings.server.role != "ingest"
    try:
        patient = Patient(
            settings=settings,
            now=now,
            store=store,
            scan=scan(settings.content.path, ignore=settings.content.ignore) if takes_in else Scan(),
            reserve=reserve,
            answers=answers,
            wait=wait,
        )
        yield from _kept_going("content", lambda: check_content(patient) if takes_in else check_media(patient))
        yield from _kept_going("settings", lambda: check_settings(patient))
        yield from _kept_going("plug-ins", lambda: check_plugins(patient))
        if answering:
            yield from _kept_going("server", lambda: check_port(patient))
        yield from _kept_going("ingest", lambda: check_ingest(patient, path))
        yield from _kept_going("clock", lambda: check_clock(patient))
    finally:
        if store is not None:
            store.close()


def _kept_going(where: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as trouble:
        yield error(where, f"this could not be looked at: {trouble}", "")
