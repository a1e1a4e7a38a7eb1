"""``feedsvc import``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import progress
from feedsvc.cli.options import config_option, echo_json, examples, json_option, one_line, settings_of

if TYPE_CHECKING:
    from feedsvc.movein import Report

_LISTED = 20


@click.command(
    "import",
    epilog=examples(
        "feedsvc import site.xml --dry-run", "feedsvc import site.xml --uploads uploads --redirects redirects.map"
    ),
)
@click.argument(
    "export", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE..."
)
@click.option("--into", default="", metavar="FOLDER", help="A folder below the content folder. Default: that itself.")
@click.option("--uploads", default="", metavar="FOLDER", help="Where wp-content/uploads lies below the content folder.")
@click.option("--pages", is_flag=True, help="Take the site's pages as well, not its posts alone.")
@click.option("--drop-links", is_flag=True, help="Leave the former addresses out of the articles.")
@click.option("--redirects", type=click.Path(dir_okay=False, path_type=Path), metavar="MAP",
              help="Write where each former address leads now, as a map of nginx.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@config_option
@json_option
def import_(
    export: tuple[Path, ...],
    into: str,
    uploads: str,
    pages: bool,
    drop_links: bool,
    redirects: Path | None,
    dry_run: bool,
    config_file: Path | None,
    as_json: bool,
) -> None:
    """Take a WordPress export apart: one file for each published post, below the content folder.

    The ids of the posts stay as they are, so that readers see nothing twice. Run again over a newer export it writes
    what changed there; a file that was edited here is left alone. Drafts, private posts and whatever else is not
    public are left out and listed. Name all files of an export that came in several: one holds the pictures of another.
    """
    from feedsvc.movein import MoveIn, redirect_lines

    settings, _ = settings_of(config_file)
    move = MoveIn(export, settings, into=into, uploads=uploads, pages=pages, keep_links=not drop_links, dry=dry_run)
    with progress.bar("reading", quiet=as_json) as step:
        report = move.run(progress=step)
    if redirects is not None and not dry_run:
        redirects.write_text("".join(f"{line}\n" for line in redirect_lines(report.redirects)), encoding="utf-8")
    if as_json:
        _print_json(report, dry_run=dry_run)
    else:
        _print_lines(report, uploads=uploads, dry_run=dry_run)


def _print_json(report: Report, *, dry_run: bool) -> None:
    echo_json(
        {
            "dry_run": dry_run,
            "outcomes": dict(sorted(report.outcomes.items())),
            "pictures": report.pictures,
            "missing_pictures": len(report.missing_pictures),
            "missing": list(dict.fromkeys(report.missing_pictures)),
            "left_out": [{"link": one.link, "title": one.title, "why": one.why} for one in report.left_out],
            "notes": report.notes,
        }
    )


def _print_lines(report: Report, *, uploads: str, dry_run: bool) -> None:
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(report.outcomes.items()))
    click.echo(f"{'would be ' if dry_run else ''}written: {report.written} files ({told or 'the export is empty'})")
    if uploads:
        click.echo(f"pictures: {report.pictures} found below {uploads}, {len(report.missing_pictures)} not found")
        _print_list("not found  ", list(dict.fromkeys(report.missing_pictures)))
    _print_list("left out  ", [f"{one.link or one.title} ({one.why})" for one in report.left_out])
    _print_list("note      ", report.notes)


def _print_list(label: str, lines: Sequence[str]) -> None:
    """The first of *lines*, and how many more there are."""
    for line in lines[:_LISTED]:
        click.echo(f"  {label}{one_line(line)}")
    if len(lines) > _LISTED:
        click.echo(f"  {label}{len(lines) - _LISTED} more; --json lists all")
