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

    With --json one line for each, with "key", "value" and "origin". A password in an address is not shown.
    """
    from feedsvc import config as settings_file

    rows = [
        (setting.key, _PASSWORD.sub(r"\1:***", setting.value), setting.origin)
        for setting in settings_file.explain(settings_file.find(config_file))
    ]
    if as_json:
        for key, value, origin in rows:
            echo_json({"key": key, "value": value, "origin": origin})
    else:
        table.show(rows)
