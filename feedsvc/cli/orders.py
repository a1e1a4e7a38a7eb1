"""``feedsvc takedown``, ``restore`` and ``accept``: an operator's word."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli import naming
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of


@click.command(
    epilog=examples(
        'feedsvc takedown town/ferry.md --reason "court order of 5 March"',
        "feedsvc takedown https://news.example.org/articles/2026/03/05/ferry-sails-k2xw7q3a --reason error",
    )
)
@click.argument("which", metavar="ARTICLE")
@click.option("--reason", required=True, help="Why; kept in the article's history.")
@config_option
@json_option
def takedown(which: str, reason: str, config_file: Path | None, as_json: bool) -> None:
    """Take ARTICLE down, whatever its file says: its page answers 410, feeds tell of it, its text is blanked.

    ARTICLE is its id, its address, or its file where that holds one article only.
    """
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    now = utc_now()
    with opened(settings, existing=True) as store:
        article_id = naming.article(store, which, settings)
        with store.writing(None, at=now) as writer:
            writer.takedown(article_id, now=now, reason=reason)
    _done("taken down", article_id, as_json=as_json)


@click.command(epilog=examples("feedsvc restore town/ferry.md"))
@click.argument("which", metavar="ARTICLE")
@config_option
@json_option
def restore(which: str, config_file: Path | None, as_json: bool) -> None:
    """Lift the takedown of ARTICLE; its file is read again at the next pass.

    ARTICLE is its id, its address, or its file where that holds one article only.
    """
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    now = utc_now()
    with opened(settings, existing=True) as store:
        article_id = naming.article(store, which, settings)
        with store.writing(None, at=now) as writer:
            lifted = writer.restore(article_id, now=now)
    if not lifted:
        raise click.ClickException(f"no takedown is in force for {article_id}")
    _done("restored", article_id, told="its file is read again at the next pass", as_json=as_json)


@click.command(epilog=examples("feedsvc accept", "feedsvc accept flood"))
@click.argument("name", default="missing", metavar="[NAME]")
@config_option
@json_option
def accept(name: str, config_file: Path | None, as_json: bool) -> None:
    """Let go what waits for your word and is meant: a large deletion ("missing", the default) or a "flood" of new ids.

    `feedsvc status` shows what waits and why.
    """
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    with opened(settings, existing=True) as store:
        held = store.holds().get(name)
        if held is None or not store.accept(name, now=utc_now()):
            raise click.ClickException(f"nothing waits under {name!r}; `feedsvc status` shows what does")
    _done("accepted", held.get("reason", name), told="it is done at the next pass", as_json=as_json, name=name)


def _done(order: str, what: str, *, as_json: bool, told: str = "", name: str = "") -> None:
    """Say that *order* was carried out on *what*: an article's id, or what waited under *name*."""
    if as_json:
        echo_json({"order": order, **({"name": name, "reason": what} if name else {"id": what})})
    else:
        click.echo(f"{order}: {what}" + (f"; {told}" if told else ""))
