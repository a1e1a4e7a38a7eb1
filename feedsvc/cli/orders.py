"""``feedsvc takedown``, ``restore`` and ``accept``: an operator's word."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli.options import config_option, opened, settings_of


@click.command()
@click.argument("article_id", metavar="ID")
@click.option("--reason", required=True, help="Why; kept in the article's history.")
@config_option
def takedown(article_id: str, reason: str, config_file: Path | None) -> None:
    """Take the article with ID down, whatever its file says: its page answers 410, feeds tell of it, its text goes."""
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    now = utc_now()
    with opened(settings) as store, store.writing(None, at=now) as writer:
        if not writer.takedown(article_id, now=now, reason=reason):
            raise click.ClickException(f"there is no article with the id {article_id}")
    click.echo(f"taken down: {article_id}")


@click.command()
@click.argument("article_id", metavar="ID")
@config_option
def restore(article_id: str, config_file: Path | None) -> None:
    """Lift the takedown of the article with ID; its file is read again at the next pass."""
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    now = utc_now()
    with opened(settings) as store, store.writing(None, at=now) as writer:
        if not writer.restore(article_id, now=now):
            raise click.ClickException(f"no takedown is in force for {article_id}")
    click.echo(f"the takedown is lifted: {article_id}; its file is read again at the next pass")


@click.command()
@click.argument("name", default="missing")
@config_option
def accept(name: str, config_file: Path | None) -> None:
    """Let go what waits for your word under NAME: a large deletion ("missing") that is meant."""
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    with opened(settings) as store:
        held = store.holds().get(name)
        if held is None or not store.accept(name, now=utc_now()):
            raise click.ClickException(f"nothing waits under {name!r}; `feedsvc status` shows what does")
    click.echo(f"accepted: {held.get('reason', name)}; it is done at the next pass")
