"""``feedsvc serve``."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc import links, logs
from feedsvc.cli.options import config_option, examples, settings_of
from feedsvc.config import Settings
from feedsvc.store.base import ALL


@click.command(
    epilog=examples("feedsvc serve", "FEEDSVC_SERVER__PORT=8080 feedsvc serve --config /etc/feedsvc/feedsvc.toml")
)
@config_option
def serve(config_file: Path | None) -> None:
    """Run the service: web workers and scheduler. SIGTERM or Ctrl-C ends it in order, with exit code 0.

    Every file that is dropped into the content folder is published within seconds.
    """
    settings, path = settings_of(config_file)
    logs.configure()
    from feedsvc import server

    server.serve(settings, path, ready=lambda address: _ready(settings, address))


def _ready(settings: Settings, address: str) -> None:
    """What a person needs next."""
    site = links.Links(settings.site.base_url)
    section = next(iter(settings.sections), "")
    lines = [
        f"feedsvc is up at {address}" + (f" (public address {site.base_url})" if site.base_url != address else ""),
        f"  index page      {site.absolute(links.index())}",
        f"  everything      {site.absolute(links.feed(ALL, 'rss'))}",
        f"  one section     {site.absolute(links.feed(section or ALL, 'atom'))}",
        f"  drop files in   {settings.content.path}",
    ]
    click.echo("\n".join(lines))
