"""``feedsvc check``."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import table
from feedsvc.cli.options import (
    config_option,
    echo_json,
    examples,
    json_option,
    one_line,
    settings_or_neutral,
    shown_time,
    shown_value,
    warn,
)

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.ingest.trial import Accepted, LeftOut, Refused
    from feedsvc.model import Article


@click.command(epilog=examples("feedsvc check draft.docx", "feedsvc check content/town --json"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@config_option
@json_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], config_file: Path | None, as_json: bool) -> None:
    """Show what files, or the files of folders, would become; touches nothing.

    Every field of each article, where it came from, what was guessed, what is wrong. Ends with 1 if a file would be
    refused. Below the content folder a file counts by its path there; elsewhere a folder that is named counts as if it
    were the content folder, and a file by its name. Without a config file a neutral one is used.

    With --json one line for each article, with the names of its fields, "origin" and "notes"; for a refused file
    "source" and "refused" with "reason" and "line".
    """
    from feedsvc.clock import utc_now
    from feedsvc.formats.registry import formats
    from feedsvc.ingest.trial import Accepted, LeftOut, Refused, Trial

    settings, now = settings_or_neutral(config_file), utc_now()
    counts: Counter[type] = Counter()
    with Trial(settings, formats(), now=now) as trial:
        for path in paths:
            for outcome in trial.path(path):
                counts[type(outcome)] += 1
                if as_json:
                    _print_json(outcome)
                else:
                    _print(outcome, settings, now=now)
    if not as_json and counts.total() > 1:
        told = f"articles: {counts[Accepted]}, refused files: {counts[Refused]}, left out: {counts[LeftOut]}"
        click.echo(told, err=True)
    if as_json and counts[LeftOut]:
        warn(f"files left out by [content] ignore: {counts[LeftOut]}")
    if counts[Refused]:
        context.exit(1)


def _print_json(outcome: Accepted | Refused | LeftOut) -> None:
    from feedsvc.ingest.trial import Accepted, Refused

    if isinstance(outcome, Accepted):
        echo_json(outcome.as_json())
    elif isinstance(outcome, Refused):
        echo_json({"source": outcome.source, "refused": {"reason": outcome.reason, "line": outcome.line}})


def _print(outcome: Accepted | Refused | LeftOut, settings: Settings, *, now: datetime) -> None:
    from feedsvc.ingest.trial import Accepted, Refused

    source = one_line(outcome.source)
    if isinstance(outcome, Accepted):
        article = outcome.normalised.article
        click.echo(f"{click.style(source, bold=True)}: an article, {_fate(article, settings, now=now)}")
        table.show(_rows(outcome, settings), styles={"note": "yellow"}, indent=2)
    elif isinstance(outcome, Refused):
        where = f", line {outcome.line}" if outcome.line else ""
        refused = click.style("refused", fg="red", bold=True)
        click.echo(f"{click.style(source, bold=True)}{where}: {refused}: {one_line(outcome.reason)}")
    else:
        click.echo(f"{source}: left out: {one_line(outcome.reason)}")


def _rows(outcome: Accepted, settings: Settings) -> list[tuple[str, str]]:
    """Each field that holds something, with where it came from; then those that are empty, and the notes."""
    from feedsvc import links

    result, empty = outcome.normalised, []
    article = result.article
    address = links.article(result.day, article.slug, links.key(article.id))
    rows = [("address", links.Links(settings.site.base_url).absolute(address))]
    for name in (field.name for field in fields(article)):
        value = getattr(article, name)
        if value in ("", (), None, 0):
            empty.append(name)
        elif name != "source":
            where = result.origin.get(name)
            rows.append((name, shown_value(value, settings) + (f"  ({where})" if where else "")))
    rows.append(("empty", ", ".join(empty)))
    return rows + [("note", note) for note in result.notes]


def _fate(article: Article, settings: Settings, *, now: datetime) -> str:
    if article.pubstatus.value != "usable":
        return f"not shown ({article.pubstatus.value})"
    if article.expires is not None and article.expires <= now:
        return f"not shown (expired {shown_time(article.expires, settings)})"
    if article.visible_from > now:
        return f"shown from {shown_time(article.visible_from, settings)}"
    return "shown at once"
