"""``feedsvc config``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from feedsvc.cli import table
from feedsvc.cli.options import config_option, echo_json, examples, json_option

_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@]*(?=@)")


@click.command(epilog=examples("feedsvc config", "feedsvc config --json | grep store"))
@config_option
@json_option
def config(config_file: Path | None, as_json: bool) -> None:
    """Print the settings in force, and where each came from.

    Plug-ins stand at the end. With --json one line for each, with "key", "value" and "origin". A password in an
    address is not shown.
    """
    from feedsvc import config as settings_file
    from feedsvc.feeds.registry import plug_ins
    from feedsvc.formats.registry import formats

    rows = [
        (setting.key, _PASSWORD.sub(r"\1:***", setting.value), setting.origin)
        for setting in settings_file.explain(settings_file.find(config_file))
    ]
    rows += [
        (f"plug-in {one.group}.{one.name}", one.trouble or f"{one.made.name} ({one.value})", one.package or "installed")
        for one in (*formats().plug_ins, *plug_ins())
    ]
    if as_json:
        for key, value, origin in rows:
            echo_json({"key": key, "value": value, "origin": origin})
    else:
        table.show(rows)
