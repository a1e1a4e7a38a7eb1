"""``feedsvc explain``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import naming, table
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of, shown_value

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.publish.explanation import Explanation


@click.command(
    epilog=examples(
        "feedsvc explain content/town/ferry.md",
        "feedsvc explain https://news.example.org/articles/2026/03/05/ferry-sails-k2xw7q3a",
        "feedsvc explain town/ferry.md --feed international --json",
    )
)
@click.argument("what", metavar="ARTICLE|FILE")
@click.option("--feed", "feeds", multiple=True, metavar="NAME", help="Say how it stands in this feed too. Repeatable.")
@config_option
@json_option
def explain(what: str, feeds: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Tell why an article is as it is.

    Every field with its origin, which rule chose its section, and why it is or is not in which feed. ARTICLE is an
    id or an address; a FILE is explained article by article.
    """
    from feedsvc.clock import utc_now
    from feedsvc.feeds.registry import renderers
    from feedsvc.publish.explanation import explain as explained
    from feedsvc.publish.settings import offered

    settings, _ = settings_of(config_file)
    formats, now = offered(settings, renderers()), utc_now()
    with opened(settings, existing=True) as store:
        ids = naming.articles(store, what, settings)
        if not ids:
            raise click.ClickException(naming.unknown(store, what, settings))
        found = [stored for stored in map(store.get, ids) if stored is not None]
        wanted = [feed.strip("/") for feed in feeds]
        explanations = [explained(store, settings, formats, stored, now=now, also=wanted) for stored in found]
    for number, explanation in enumerate(explanations):
        if as_json:
            echo_json(explanation.as_json())
        else:
            click.echo("\n" * bool(number), nl=False)
            _show(explanation, settings)


def _show(one: Explanation, settings: Settings) -> None:
    rows = [("article", one.id), ("is", one.state), ("from", one.source)]
    if one.path:
        rows.append(("address", f"{settings.site.base_url.rstrip('/')}{one.path}"))
    if one.section_rule:
        rows.append(("section", f"chosen because {one.section_rule}"))
    rows += [("note", note) for note in one.notes]
    table.show(rows, styles={"article": "bold", "note": "yellow"})
    click.echo("fields:")
    table.show([(field.name, shown_value(field.value, settings), field.origin) for field in one.fields], indent=2)
    click.echo("feeds:")
    table.show(_standings(one), styles={"not in": "dim", "but": "yellow"}, indent=2)


def _standings(one: Explanation) -> Sequence[tuple[str, str, str]]:
    rows = []
    for standing in one.feeds:
        rows.append((f"place {standing.place}" if standing.place else "not in", standing.name, standing.why))
        rows += [("but", f"{standing.name}.{suffix}", f"left out: {why}") for suffix, why in standing.left_out.items()]
    return rows
