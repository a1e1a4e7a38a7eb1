"""``feedsvc check``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from feedsvc.cli.options import config_option, echo_json, json_option, settings_of
from feedsvc.ingest.trial import Accepted, Refused, Trial


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@config_option
@json_option
def check(paths: tuple[Path, ...], config_file: Path | None, as_json: bool) -> None:
    """Show what files (or the files of folders) would become; touches nothing.

    Every field of each article, where it came from, what was guessed, what is wrong. Ends with 1 if a file would be
    refused. With --json one line for each article, with the names of its fields, "origin" and "notes"; for a refused
    file "source" and "refused" with "reason" and "line".
    """
    from feedsvc.clock import utc_now
    from feedsvc.formats.registry import formats

    settings, _ = settings_of(config_file)
    refused = 0
    with Trial(settings, formats(), now=utc_now()) as trial:
        for result in _results(trial, paths):
            if isinstance(result, Refused):
                refused += 1
                _show_refused(result, as_json=as_json)
            elif as_json:
                echo_json(result.as_json())
            else:
                _show(result)
    if refused:
        if not as_json:
            click.echo(f"{refused} would be refused", err=True)
        sys.exit(1)


def _results(trial: Trial, paths: Iterable[Path]) -> Iterator[Accepted | Refused]:
    for path in paths:
        yield from trial.folder(path) if path.is_dir() else trial.file(path)


def _show_refused(result: Refused, *, as_json: bool) -> None:
    if as_json:
        echo_json({"source": result.source, "refused": {"reason": result.reason, "line": result.line}})
        return
    where = f", line {result.line}" if result.line else ""
    click.echo(f"{result.source}{where}: refused: {result.reason}")


def _show(result: Accepted) -> None:
    click.echo(f"{result.source}: an article")
    origin = result.normalised.origin
    for name, value in result.as_json().items():
        if name in ("origin", "notes", "source") or value in ("", [], None, 0):
            continue
        where = f"   ({origin[name]})" if origin.get(name) else ""
        click.echo(f"  {name:<12} {_short(value)}{where}")
    for note in result.normalised.notes:
        click.echo(f"  note         {note}")


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_short(part) for part in value)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("label") or value.get("term") or value.get("url") or value)
    shown = " ".join(str(value).split())
    return shown if len(shown) <= 160 else f"{shown[:159]}…"
