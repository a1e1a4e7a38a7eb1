"""``feedsvc config``."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc import config as settings_file
from feedsvc.cli.options import config_option, echo_json, json_option


@click.command()
@config_option
@json_option
def config(config_file: Path | None, as_json: bool) -> None:
    """Print the settings in force, and where each came from."""
    path = settings_file.find(config_file)
    settings = settings_file.explain(path)
    if as_json:
        for setting in settings:
            echo_json({"key": setting.key, "value": setting.value, "origin": setting.origin})
        return
    key_width = max(len(setting.key) for setting in settings)
    value_width = min(max(len(setting.value) for setting in settings), 50)
    for setting in settings:
        click.echo(f"{setting.key:<{key_width}}  {setting.value:<{value_width}}  {setting.origin}")
