"""``feedsvc export``."""

from __future__ import annotations

import dataclasses
import logging
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from feedsvc.cli import progress
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of, warn

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from jinja2.bccache import Bucket

    from feedsvc.config import Settings
    from feedsvc.export.addresses import Routes
    from feedsvc.export.run import Report
    from feedsvc.export.watch import Application, Export
    from feedsvc.store.base import Store

_LISTED = 10


@click.command(epilog=examples("feedsvc export /srv/feedsvc/site", "feedsvc export /srv/feedsvc/site --watch"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--watch", is_flag=True, help="Go on, and keep the files as the service would answer.")
@click.option("--full", is_flag=True, help="Ask for everything, whatever is known of the last export.")
@config_option
@json_option
def export(folder: Path, watch: bool, full: bool, config_file: Path | None, as_json: bool) -> None:
    """Write the whole site into DIR as files, for any web server: feeds, pages, archives, sitemaps, media.

    Each file has the bytes that the service answers with, its compressed forms beside it. Only what changed is
    written; what DIR holds besides stays. DIR/.feedsvc/nginx tells nginx of headers and redirects.
    """
    from feedsvc import logs
    from feedsvc.clock import utc_now
    from feedsvc.export.watch import Export

    settings, _ = settings_of(config_file)
    logs.configure(level=logging.WARNING)
    with opened(settings, existing=True) as store:
        application, routes = site(settings, store)
        one = Export(folder, settings, store, application, routes, clock=utc_now)
        try:
            began = time.monotonic()
            with progress.count("addresses", quiet=as_json) as asked:
                report = one.once(full=full, progress=asked)
            _tell(report, folder, time.monotonic() - began, as_json=as_json)
            if watch:
                report = _keep(one, report, folder, as_json=as_json)
        finally:
            one.close()
    if report.failed:
        raise click.ClickException(f"{len(report.failed)} addresses could not be had: {', '.join(report.failed[:3])}")


def _keep(one: Export, report: Report, folder: Path, *, as_json: bool) -> Report:
    """Go on until a signal comes; the last report, *report* where there was no other."""
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    for report in one.keep(stopping):
        if report.changed or report.failed:
            _tell(report, folder, 0.0, as_json=as_json)
    return report


def site(settings: Settings, store: Store) -> tuple[Application, Routes]:
    """The application to be asked, and the addresses that it has besides those of the store."""
    from jinja2 import BytecodeCache

    from feedsvc.export.addresses import Routes
    from feedsvc.publish.cache import DocumentCache
    from feedsvc.web import static_files
    from feedsvc.web.app import create_app

    class Compiled(BytecodeCache):
        """The templates, compiled once for all rounds."""

        codes: ClassVar[dict[str, bytes]] = {}

        def load_bytecode(self, bucket: Bucket) -> None:
            if bucket.key in self.codes:
                bucket.bytecode_from_string(self.codes[bucket.key])

        def dump_bytecode(self, bucket: Bucket) -> None:
            self.codes[bucket.key] = bucket.bytecode_to_string()

    def application(store: Store, clock: Callable[[], datetime], cache: DocumentCache) -> WSGIApplication:
        app = create_app(settings, store, clock, cache)
        app.jinja_env.bytecode_cache = Compiled()
        return app.wsgi_app

    rules = [str(rule) for rule in create_app(settings, store, datetime.now).url_map.iter_rules()]
    fixed = [rule for rule in rules if "<" not in rule]
    fixed += [f"/static/{name}" for name in static_files.load()]
    sectional = [
        re.sub(r"<[^>]*>", "{section}", rule) for rule in rules if re.findall("<[^>]*>", rule) == ["<path:section>"]
    ]
    return application, Routes(fixed=tuple(sorted(fixed)), sectional=tuple(sorted(sectional)))


def _tell(report: Report, folder: Path, seconds: float, *, as_json: bool) -> None:
    if as_json:
        echo_json(dataclasses.asdict(report) | {"seconds": round(seconds, 3)})
        return
    click.echo(
        f"exported to {folder}: {report.written} written, {report.removed} removed, {report.redated} redated"
        f" of {report.asked} asked" + (f" in {seconds:.1f} s" if seconds else "")
    )
    if report.reload:
        click.echo(f"  {folder}/.feedsvc/nginx changed: let nginx read it (nginx -s reload)")
    for name in report.kept[:_LISTED]:
        warn(f"{folder}/{name} is not ours, and stays as it is")
    for address in report.failed[:_LISTED]:
        warn(f"{address} could not be had")
