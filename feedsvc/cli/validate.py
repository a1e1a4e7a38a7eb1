"""``feedsvc validate``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import progress
from feedsvc.cli.options import config_option, echo_json, examples, json_option, one_line, opened, settings_of

if TYPE_CHECKING:
    from feedsvc.publish.inspection import Inspected


@click.command(epilog=examples("feedsvc validate", "feedsvc validate town sport --json"))
@click.argument("feeds", nargs=-1, metavar="[FEED...]")
@config_option
@json_option
def validate(feeds: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Hold every feed in every format against the rules of its format, as it is served now; touches nothing.

    FEED is a path such as international/europe-americas; without one, or with "all", every feed is looked at. Each
    error and warning is told with its feed, its format and the article at fault; an article with an error is left out
    of that format, and all others are published. Ends with 1 if there is an error.
    """
    from feedsvc.clock import utc_now
    from feedsvc.feeds.registry import renderers
    from feedsvc.publish.inspection import feed_names, inspect
    from feedsvc.publish.settings import offered
    from feedsvc.store.base import ALL

    settings, _ = settings_of(config_file)
    formats = offered(settings, renderers())
    with opened(settings, existing=True) as store:
        known = feed_names(store, settings)
        names = [_known(feed, known) for feed in feeds]
        every = not names or ALL in names
        looked_at = known if every else names
        each = inspect(store, settings, formats, looked_at, now=utc_now())
        with progress.bar("looking", quiet=as_json) as step:  # what is found stands below it, not within
            inspected = list(_counted(each, len(looked_at) * len(formats), step))
    wrong = _show(inspected, as_json=as_json)
    if wrong:
        sys.exit(1)


def _known(feed: str, names: Iterable[str]) -> str:
    """The name of the feed that *feed* means."""
    import difflib

    path = feed.strip("/").lower()
    if path not in names:
        close = difflib.get_close_matches(path, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else "without a name all feeds are looked at"
        raise click.ClickException(f"there is no feed {feed!r}; {hint}")
    return path


def _counted(inspected: Iterable[Inspected], of: int, step: progress.Step | None) -> Iterator[Inspected]:
    """*inspected*, with how many of them there were told to *step*."""
    for done, document in enumerate(inspected, 1):
        if step is not None:
            step(done, of)
        yield document


def _show(inspected: Iterable[Inspected], *, as_json: bool) -> int:
    """Tell what is wrong, document by document, then how much there was. Answers the number of errors."""
    from feedsvc.publish.faults import Severity

    documents, counts = 0, dict.fromkeys(Severity, 0)
    told = []
    for document in inspected:
        documents += 1
        for fault in document.faults:
            counts[fault.severity] += 1
            if as_json:
                where = {"feed": document.name, "format": document.format, "article": fault.article_id}
                told.append({**where, "severity": fault.severity, "rule": fault.rule, "message": fault.message})
            else:
                click.echo(one_line(f"{document.name}.{document.format}: {fault.severity}: {fault}"))
    if as_json:
        totals = {"errors": counts[Severity.ERROR], "warnings": counts[Severity.WARNING]}
        echo_json({"documents": documents, **totals, "faults": told})
    else:
        totals = {"document": documents, **{severity.value: number for severity, number in counts.items()}}
        click.echo(", ".join(f"{number} {what}" + ("" if number == 1 else "s") for what, number in totals.items()))
    return counts[Severity.ERROR]
