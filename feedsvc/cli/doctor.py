"""``feedsvc doctor``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import table
from feedsvc.cli.options import config_option, echo_json, examples, json_option, settings_of

if TYPE_CHECKING:
    from feedsvc.doctor.finding import Finding

_SECONDS = 3
_STYLES = {"error": "bold red", "warning": "yellow", "ok": "green"}


@click.command(epilog=examples("feedsvc doctor", "sudo -u feedsvc feedsvc doctor --config /etc/feedsvc/feedsvc.toml"))
@config_option
@json_option
@click.pass_context
def doctor(context: click.Context, config_file: Path | None, as_json: bool) -> None:
    """Look for what is wrong with the installation, while the service runs or not; touches nothing.

    Store, content folder, settings, plug-ins, port, ingest and clock: each finding says how bad it is (ok, warning,
    error), where, what, and what to do. Ends with 1 if there is an error. Run it as the user of the service: it tells
    what that user may read and write. With --json one line for each finding.
    """
    findings = list(_findings(config_file))
    counts = Counter(finding.level.value for finding in findings)
    if as_json:
        for finding in findings:
            echo_json(asdict(finding))
    else:
        table.show([(one.level.value, one.where, _told(one)) for one in findings], styles=_STYLES)
        click.echo(f"{counts['error']} errors, {counts['warning']} warnings", err=True)
    if counts["error"]:
        context.exit(1)


def _told(finding: Finding) -> str:
    return f"{finding.what}; {finding.advice}" if finding.advice else finding.what


def _findings(config_file: Path | None) -> Iterator[Finding]:
    import time

    from feedsvc.clock import utc_now
    from feedsvc.doctor.examination import examine
    from feedsvc.doctor.finding import error, ok
    from feedsvc.errors import ConfigError
    from feedsvc.server import reserve_port

    try:
        settings, path = settings_of(config_file)
    except ConfigError as trouble:
        yield error("settings", str(trouble), "correct it; nothing else can be looked at until then")
        return
    yield ok("settings", f"{path} can be read")
    yield from examine(settings, now=utc_now(), reserve=reserve_port, answers=_answers, wait=time.sleep)


def _answers(host: str, port: int) -> bool:
    """Whether a feedsvc answers at *host* and *port*."""
    import http.client

    spoken = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104  (compared, not bound)
    connection = http.client.HTTPConnection(spoken, port, timeout=_SECONDS)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        return response.status == 200 and response.read(10) == b"ok\n"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
