"""``feedsvc history``."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli import naming, table
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of, shown_time


@click.command(epilog=examples("feedsvc history", "feedsvc history town/ferry.md --limit 10"))
@click.argument("what", required=False, metavar="[ARTICLE|FILE]")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many events, the newest.")
@config_option
@json_option
def history(what: str | None, limit: int, config_file: Path | None, as_json: bool) -> None:
    """Tell the life of an article, by its id, its address or its FILE; without one, what happened last.

    The newest event comes first. With --json one line for each, with "at", "kind", "id" and "detail".
    """
    settings, _ = settings_of(config_file)
    with opened(settings, existing=True) as store:
        ids = [""] if what is None else naming.articles(store, what, settings)
        found = [change for article_id in ids for change in store.history(article_id=article_id, limit=limit)]
        file = None if what is None or found else naming.record(store, what, settings)
    if file is not None:
        raise click.ClickException(f"{what} gave no article: {file.state.value}, {file.error or 'nothing is noted'}")
    if what is not None and not found:
        raise click.ClickException(
            f"nothing is known of {what}; give an id, an address, or a file below {settings.content.path}"
        )
    newest = sorted(found, key=lambda change: -change.seq)[:limit]
    if as_json:
        for change in newest:
            echo_json({"at": change.at, "kind": change.kind, "id": change.article_id, "detail": change.detail})
    else:
        table.show((shown_time(one.at, settings), one.kind, one.article_id, one.detail) for one in newest)
