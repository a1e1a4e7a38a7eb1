"""``feedsvc status``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feedsvc.cli.options import config_option, echo_json, json_option, opened, settings_of, shown_time
from feedsvc.config import Settings
from feedsvc.model import SourceState


@click.command()
@click.argument("file", required=False)
@config_option
@json_option
def status(file: str | None, config_file: Path | None, as_json: bool) -> None:
    """Tell what was published, what waits, what was refused and why; of one FILE below the content folder, if given."""
    from feedsvc import status as figures
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    with opened(settings) as store:
        if file is not None:
            receipt = figures.receipt(store, file, now=utc_now())
            if receipt is None:
                raise click.ClickException(f"nothing is known of {file}; was it dropped below {settings.content.path}?")
            if as_json:
                echo_json(receipt)
            else:
                _show_receipt(receipt, settings)
            return
        overview = figures.overview(store, now=utc_now())
    if as_json:
        echo_json(overview)
    else:
        _show(overview, settings)


def _show_receipt(receipt: dict[str, Any], settings: Settings) -> None:
    click.echo(f"{receipt['source']}: {receipt['state']}")
    if receipt["error"]:
        line = f"line {receipt['line']}: " if receipt["line"] else ""
        click.echo(f"  {line}{receipt['error']}")
    for article in receipt["articles"]:
        click.echo(f"  {article['state']:<10} {article['title'] or '(no text)'}")
        click.echo(f"             {article['id']}")
        if article["path"]:
            click.echo(f"             {settings.site.base_url}{article['path']}  in {', '.join(article['sections'])}")
        for note in article["notes"]:
            click.echo(f"             note: {note}")


def _show(overview: dict[str, Any], settings: Settings) -> None:
    last = overview["last_pass"]
    if last is None:
        click.echo("no pass yet: start the service, or run `feedsvc ingest`")
    else:
        click.echo(f"last change     {shown_time(last['finished'], settings)}, {last['files']} files")
    counts = overview["files"]
    told = ", ".join(f"{counts[state.value]} {state.value}" for state in SourceState if counts.get(state.value))
    click.echo(f"files           {told or 'none'}")
    click.echo(f"taken in by     {overview['holder'] or 'nobody now'}")
    for name, held in overview["holds"].items():
        waits = "accepted" if held["accepted"] else f"`feedsvc accept {name}` lets it go"
        click.echo(f"HELD            {held.get('reason', name)} ({waits})")
    if last is not None and last.get("held"):
        click.echo(f"HELD            {last['held']}")
    for source in overview["waiting"]:
        click.echo(f"waiting         {source}: it is still being written")
    for item in overview["scheduled"]:
        click.echo(f"scheduled       {item['source']}: {item['title']}, until {shown_time(item['until'], settings)}")
    for item in overview["troubles"]:
        line = f", line {item['line']}" if item["line"] else ""
        click.echo(f"{item['state']:<15} {item['source']}{line}: {item['error']}")
    for item in overview["newest"]:
        click.echo(f"published       {shown_time(item['released'], settings)}  {item['title']}  ({item['source']})")
