"""What several commands share: options, the settings, the store, how times and tables are shown."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from feedsvc import config
from feedsvc.config import Settings
from feedsvc.store.base import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])


def config_option(command: _Command) -> _Command:
    """``--config FILE``."""
    kind = click.Path(path_type=Path, dir_okay=False)
    told = "The config file. Default: FEEDSVC_CONFIG, config/feedsvc.toml or feedsvc.toml."
    return click.option("--config", "config_file", type=kind, metavar="FILE", help=told)(command)


def json_option(command: _Command) -> _Command:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def settings_of(config_file: Path | None) -> tuple[Settings, Path]:
    """The settings in force, and the file they come from. Raises ConfigError."""
    path = config.find(config_file)
    return config.load(path), path


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store of *settings*, closed at the end. Raises StoreError."""
    from feedsvc.store.opening import open_store

    store = open_store(settings.store.url)
    try:
        yield store
    finally:
        store.close()


def echo_json(value: Any) -> None:
    """One line of JSON; times as RFC 3339."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def shown_time(moment: datetime, settings: Settings) -> str:
    """A time in the site's zone, for people."""
    return moment.astimezone(settings.site.timezone).strftime("%Y-%m-%d %H:%M:%S %Z")


def is_terminal() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        from feedsvc.dates import rfc3339

        return rfc3339(value)
    return str(value)
