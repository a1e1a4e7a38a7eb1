"""``feedsvc ingest``."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import click

from feedsvc.cli import progress
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of
from feedsvc.config import Settings
from feedsvc.errors import StoreUnavailable
from feedsvc.ingest.report import PassReport
from feedsvc.store.base import INGEST, Lease, Store

PATIENCE = 60.0
"""How long, in seconds, it waits for another process that takes files in."""
_SETTLINGS = 5


@click.command(epilog=examples("feedsvc ingest", "feedsvc ingest --json"))
@click.option("--patience", type=click.FloatRange(min=0), default=PATIENCE, hidden=True, help="In seconds.")
@config_option
@json_option
def ingest(patience: float, config_file: Path | None, as_json: bool) -> None:
    """Take in what lies in the content folder, once, to the end.

    Waits for files that are still being written for a few settling times, then says which they are. Beside a running
    service it waits for its turn. Refused files are listed with the reason; they do not make it fail.
    """
    settings, _ = settings_of(config_file)
    with opened(settings) as store:
        lease = _turn(store, patience)
        try:
            report = _passes(settings, store, lease, quiet=as_json)
        finally:
            store.release(lease)
    if as_json:
        echo_json(report.as_json())
    else:
        _summarise(report, settings)


def _turn(store: Store, patience: float) -> Lease:
    """The lease, once nobody else holds it. Raises StoreUnavailable naming the holder after *patience* seconds."""
    from feedsvc.ingest import holder
    from feedsvc.ingest.onepass import LEASE_TTL

    started, told = time.monotonic(), False
    while True:
        other = store.lease_holder(INGEST)
        displacing = other if other and holder.is_dead(other) else ""
        lease = store.lease(INGEST, holder.this_process(), ttl=LEASE_TTL, displacing=displacing)
        if lease is not None:
            return lease
        if time.monotonic() - started >= patience:
            raise StoreUnavailable(
                f"{other} takes files in; a running service does that by itself, stop it to do it by hand"
            )
        if not told:
            click.echo(f"waiting for {other}, which takes files in …", err=True)
            told = True
        time.sleep(min(0.5, patience))


def _passes(settings: Settings, store: Store, lease: Lease, *, quiet: bool) -> PassReport:
    """Pass after pass until nothing waits any more, and the sum of them."""
    from feedsvc.clock import utc_now
    from feedsvc.feeds.registry import plug_ins
    from feedsvc.formats.registry import formats
    from feedsvc.ingest.run import Ingest
    from feedsvc.publish.configured import configure

    installed = formats()
    for plugged in (*installed.plug_ins, *plug_ins()):
        if plugged.trouble:
            click.echo(f"feedsvc: {plugged}", err=True)
    configure(store, settings, now=utc_now(), lease=lease)
    one = Ingest(settings, installed, store, clock=utc_now, tick=time.monotonic)
    total = PassReport()
    settle = settings.content.settle.total_seconds()
    started = utc_now()
    try:
        with progress.bar("reading", quiet=quiet) as step:
            for _ in range(_SETTLINGS):
                report = one.full(lease, progress=step)
                _add(total, report)
                if not report.waiting and not report.missing:
                    break
                time.sleep(settle + 0.05)
    finally:
        one.close()
    store.record_pass(total.as_json(), started=started, finished=utc_now())
    return total


def _add(total: PassReport, report: PassReport) -> None:
    total.files = report.files
    total.read += report.read
    total.outcomes += Counter(report.outcomes)
    total.refused += report.refused
    total.waiting = report.waiting
    total.unlisted = report.unlisted
    total.held = report.held
    total.missing = report.missing
    total.seconds += report.seconds


def _summarise(report: PassReport, settings: Settings) -> None:
    outcomes = [f"{count} {kind}" for kind, count in sorted(report.outcomes.items()) if kind != "unchanged"]
    click.echo(
        f"{report.files} files, {report.read} read in {report.seconds:.1f} s: "
        + (", ".join(outcomes) if outcomes else "nothing new")
        + (f", {len(report.refused)} refused" if report.refused else "")
    )
    for refusal in report.refused:
        click.echo(f"  refused  {refusal}")
    for source in sorted(report.waiting):
        click.echo(f"  waiting  {source}: it is still being written")
    for folder, reason in sorted(report.unlisted.items()):
        click.echo(f"  unknown  {settings.content.path / folder}: {reason}")
    if report.held:
        click.echo(f"  held     {report.held}")
