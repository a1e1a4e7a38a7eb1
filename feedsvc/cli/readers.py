"""``feedsvc readers``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedsvc.cli import table
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of

if TYPE_CHECKING:
    from feedsvc.numbers.readers import FeedReaders

_SERVICES = 3
"""How many services a row names."""


@click.command(epilog=examples("feedsvc readers", "feedsvc readers town --days 30 --json"))
@click.argument("feed", required=False)
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True, help="How many days of polls.")
@config_option
@json_option
def readers(feed: str | None, days: int, config_file: Path | None, as_json: bool) -> None:
    """Tell how many readers each feed has, or FEED alone, and which clients waste.

    Subscribers are those that services declare; pollers are the other clients of one day. What was polled in the last
    minute is not counted yet.
    """
    from feedsvc.clock import utc_now
    from feedsvc.numbers import readers as figures
    from feedsvc.numbers.faults import wasteful
    from feedsvc.numbers.tally import milliseconds

    settings, _ = settings_of(config_file)
    now = utc_now()
    since = now - timedelta(days=days)
    with opened(settings, existing=True) as store:
        rows = store.polls(hours=False, since=since, feed=feed or "")
        declared = store.declared(since=since, feed=feed or "")
        found = figures.readers(rows, declared, now=milliseconds(now))
        clients = (
            [] if feed else wasteful(store.clients(since=now - timedelta(days=2)), settings.feeds.max_age, now=now)
        )
    if feed and not found:
        raise click.ClickException(f"nobody has polled a feed {feed!r} in the last {days} days, or not for a minute")
    if as_json:
        for one in found:
            echo_json(_plain(one))
        for client, wrong in clients:
            echo_json({"client": client.name, "polls": client.polls, "clients": client.clients,
                       "faults": [{"kind": fault.kind, "words": fault.words} for fault in wrong]})  # fmt: skip
        return
    if found:
        head = ("feed", "readers", "subscribers", "pollers", "polls", "304", "saved", "services")
        table.show([head, *map(_row, found)])
    else:
        click.echo("nobody has polled a feed yet")
    for client, wrong in clients:
        for fault in wrong:
            click.echo(f"{client.name}: {fault.kind}: {fault.words}")


def _row(one: FeedReaders) -> tuple[str, ...]:
    named = [f"{name} {count:,}" for name, count in one.services[:_SERVICES]]
    more = len(one.services) - _SERVICES
    return (
        one.feed,
        f"{one.readers:,}",
        f"{one.subscribers:,}",
        f"{one.pollers:,}",
        f"{one.polls:,}",
        f"{one.share(one.unchanged):.0%}",
        _bytes(one.saved),
        ", ".join([*named, f"{more} more"] if more > 0 else named),
    )


def _plain(one: FeedReaders) -> dict[str, Any]:
    return {
        "feed": one.feed,
        "readers": one.readers,
        "subscribers": one.subscribers,
        "pollers": one.pollers,
        "services": dict(one.services),
        "polls": one.polls,
        "conditional": one.conditional,
        "unchanged": one.unchanged,
        "bytes_sent": one.sent,
        "bytes_saved_unchanged": one.spared,
        "bytes_saved_compression": one.squeezed,
    }


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
