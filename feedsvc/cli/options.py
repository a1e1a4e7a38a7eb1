"""What several commands share: options, the settings, the store, how times and lines are shown."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:  # for the help of a command they are not needed, and they take their time
    from feedsvc.config import Settings
    from feedsvc.store.base import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])
_NEUTRAL = Path(__file__).with_name("neutral.toml")
_SHOWN = 160
_BREAKS = re.compile(r"[\t\n\r]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters by which the name or the text of a file could change what a terminal shows of the rest."""


def config_option(command: _Command) -> _Command:
    """``--config FILE``."""
    kind = click.Path(path_type=Path, dir_okay=False)
    told = "The config file. Default: FEEDSVC_CONFIG, config/feedsvc.toml or feedsvc.toml."
    return click.option("--config", "config_file", type=kind, metavar="FILE", help=told)(command)


def json_option(command: _Command) -> _Command:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def examples(*lines: str) -> str:
    """The end of a command's help: how it is called, a line each."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def settings_of(config_file: Path | None) -> tuple[Settings, Path]:
    """The settings in force, and the file they come from. Raises ConfigError."""
    from feedsvc import config

    path = config.find(config_file)
    return config.load(path), path


def settings_or_neutral(config_file: Path | None) -> Settings:
    """The settings in force; where there is no config file and none is named, those of a neutral site.

    It says so on standard error then. Raises ConfigError.
    """
    from feedsvc import config
    from feedsvc.errors import ConfigError

    try:
        path = config.find(config_file)
    except ConfigError:
        if config_file is not None or os.environ.get(config.CONFIG_VARIABLE):
            raise
        settings = config.load(_NEUTRAL)
        site = settings.site
        warn(
            f"there is no config file here, so a neutral one is used (authority {site.authority}, time zone"
            f" {site.timezone.key}); name yours with --config FILE"
        )
        content = settings.content.model_copy(update={"path": Path.cwd() / "content"})
        return settings.model_copy(update={"content": content})
    return config.load(path)


@contextlib.contextmanager
def opened(settings: Settings, *, existing: bool = False) -> Iterator[Store]:
    """The store of *settings*, closed at the end. Raises StoreError.

    With *existing* no SQLite file is made where there is none: a command that only asks must not put an empty store
    in the place of one that was lost, for a running service would go over to it.
    """
    from feedsvc.errors import StoreUnavailable
    from feedsvc.store.opening import open_store

    kind, _, path = settings.store.url.partition(":///")
    if existing and kind == "sqlite" and not os.path.exists(path):  # noqa: PTH110  (as it is written in the URL)
        raise StoreUnavailable(
            f"there is no store at {path}; `feedsvc serve` and `feedsvc ingest` make one."
            " If there was one, put it back or restore a backup first"
        )
    store = open_store(settings.store.url)
    try:
        yield store
    finally:
        store.close()


def warn(message: str) -> None:
    """One line on standard error."""
    click.echo(f"feedsvc: {message}", err=True)


def echo_json(value: Any) -> None:
    """One line of JSON; times as RFC 3339."""
    utf8 = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, ensure_ascii=not utf8, default=_plain))


def one_line(value: object) -> str:
    """*value* as text that changes nothing but its own line, whatever a file had in it."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", _BREAKS.sub(" ", str(value)))


def shown_time(moment: datetime, settings: Settings) -> str:
    """A time in the site's zone, for people."""
    try:
        return moment.astimezone(settings.site.timezone).strftime("%Y-%m-%d %H:%M:%S %Z")
    except OverflowError:  # at the ends of the calendar the zone's day may lie outside it
        return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def shown_value(value: object, settings: Settings) -> str:
    """A field of an article in one line for people, who see the beginning of a long one; a program gets all."""
    from feedsvc.normalise.origins import told

    text = shown_time(value, settings) if isinstance(value, datetime) else " ".join(told(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} … ({len(text):,} characters)"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        from feedsvc.dates import rfc3339

        return rfc3339(value)
    return str(value)
