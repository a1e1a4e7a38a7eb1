"""``feedsvc token``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from feedsvc.cli.options import config_option, echo_json, examples, json_option, settings_of


@click.command(epilog=examples("feedsvc token", "feedsvc token --end 5f0c1e9a7b3d2468", "feedsvc token --rotate"))
@click.option("--rotate", is_flag=True, help="Make a new token first: all sessions and links of the old one end.")
@click.option("--end", metavar="SESSION", help="End one session, by its name in the log, instead of showing a link.")
@click.option("--show", is_flag=True, help="Print the token itself, for scripts, instead of a link.")
@config_option
@json_option
def token(rotate: bool, end: str | None, show: bool, config_file: Path | None, as_json: bool) -> None:
    """Show a link that signs in to the operators' desk, good for a quarter of an hour."""
    from feedsvc.clock import utc_now
    from feedsvc.web.desk import tokens
    from feedsvc.web.desk.ended import Ended

    settings, _ = settings_of(config_file)
    path = settings.server.token_file
    if end is not None and not re.fullmatch(r"[0-9a-f]{16}", end):
        raise click.ClickException(f"{end!r} is no session; the log names each where somebody signed in at the desk")
    try:
        if end is not None:
            Ended(path).add(end, utc_now())
            echo_json({"ended": end}) if as_json else click.echo(f"ended: {end}")
            return
        if rotate:
            tokens.rotate(path)
        else:
            tokens.ensure(path)
    except OSError as error:
        raise click.ClickException(f"the token {path} cannot be written: {error.strerror or error}") from None
    found = tokens.read(path)
    if found is None:
        raise click.ClickException(f"{path} holds no token that this user can read; `feedsvc token --rotate` makes one")
    named = "token" if show else "link"
    printed = path.read_text().strip() if show else tokens.link(settings.site.base_url, found, utc_now())
    if as_json:
        echo_json({named: printed})
    else:
        click.echo(printed)
