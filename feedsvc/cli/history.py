"""``feedsvc history``."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli.options import config_option, echo_json, json_option, opened, settings_of, shown_time


@click.command()
@click.argument("what", required=False, metavar="[ID|FILE]")
@click.option("--limit", default=50, show_default=True, help="How many events, the newest.")
@config_option
@json_option
def history(what: str | None, limit: int, config_file: Path | None, as_json: bool) -> None:
    """Tell the life of an article, by its ID or its FILE below the content folder; without one, what happened last."""
    settings, _ = settings_of(config_file)
    with opened(settings) as store:
        ids = [""]
        if what is not None:
            record = store.source(what)
            ids = list(record.articles) if record is not None else []
            ids = ids or [stored.article.id for stored in store.articles_of(what)] or [what]
        found = [change for article_id in ids for change in store.history(article_id=article_id, limit=limit)]
    if what is not None and not found:
        raise click.ClickException(f"nothing is known of {what}; give an id or a path below {settings.content.path}")
    for change in sorted(found, key=lambda change: -change.seq)[:limit]:
        if as_json:
            echo_json({"at": change.at, "kind": change.kind, "id": change.article_id, "detail": change.detail})
        else:
            click.echo(f"{shown_time(change.at, settings)}  {change.kind:<12} {change.article_id}  {change.detail}")
