"""``feedsvc serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from feedsvc import links, logs
from feedsvc.cli.options import config_option, examples, settings_of
from feedsvc.config import Settings
from feedsvc.store.base import ALL


@click.command(
    epilog=examples(
        "feedsvc serve",
        "feedsvc serve --role web",
        "FEEDSVC_SERVER__PORT=8080 feedsvc serve --config /etc/feedsvc/feedsvc.toml",
    )
)
@click.option(
    "--role",
    type=click.Choice(["all", "web", "ingest"]),
    help="What this process does: answer polls, take files in, or both. Default: [server] role.",
)
@config_option
def serve(role: Literal["all", "web", "ingest"] | None, config_file: Path | None) -> None:
    """Run the service: web workers and scheduler. SIGTERM or Ctrl-C ends it in order, with exit code 0.

    Every file that is dropped into the content folder is published within seconds. Any number of them may run on one
    store: one takes files in, all answer alike.
    """
    settings, path = settings_of(config_file)
    logs.configure(settings.server.log_format)
    from feedsvc import server

    chosen = role or settings.server.role
    if chosen == "ingest":
        server.serve_ingest(settings, path, ready=lambda: _ingesting(settings))
        return
    first, alone = not settings.server.token_file.exists(), chosen == "web"
    server.serve(
        settings, path, scheduler=not alone, ready=lambda address: _ready(settings, address, first=first, alone=alone)
    )


def _ingesting(settings: Settings) -> None:
    click.echo(f"feedsvc takes files in, and answers no polls\n  drop files in   {settings.content.path}")


def _ready(settings: Settings, address: str, *, first: bool, alone: bool) -> None:
    """What a person needs next; at the *first* start also the way to the desk. *alone*: no files are taken in here."""
    site = links.Links(settings.site.base_url)
    section = next(iter(settings.sections), "")
    lines = [
        f"feedsvc is up at {address}" + (f" (public address {site.base_url})" if site.base_url != address else ""),
        f"  index page      {site.absolute(links.index())}",
        f"  everything      {site.absolute(links.feed(ALL, 'rss'))}",
        f"  one section     {site.absolute(links.feed(section or ALL, 'atom'))}",
        "  files           are taken in by another process" if alone else f"  drop files in   {settings.content.path}",
    ]
    if first:
        lines.append(f"  operators' desk {_desk(settings)}")
    click.echo("\n".join(lines))


def _desk(settings: Settings) -> str:
    from feedsvc.clock import utc_now
    from feedsvc.web.desk import tokens

    token = tokens.read(settings.server.token_file)
    if token is None:
        return "is closed: see the log"
    return f"{tokens.link(settings.site.base_url, token, utc_now())} (good for 15 minutes; then `feedsvc token`)"
