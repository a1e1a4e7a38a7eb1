"""``feedsvc backup``."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import click

from feedsvc.cli import progress
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of


@click.command(
    epilog=examples("feedsvc backup /var/backups/feedsvc.db", "feedsvc backup --force /var/backups/feedsvc.db --json")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
@config_option
@json_option
def backup(file: Path, force: bool, config_file: Path | None, as_json: bool) -> None:
    """Copy the store into FILE, while the service runs or not.

    The copy is of one moment, is checked, and appears under its name only when it is whole. To restore it: stop the
    service, move the store and any files beside it whose names end in -wal and -shm out of the way, copy FILE to where
    the store was, start the service. Every feed then has the bytes and the validators that it had.
    """
    from feedsvc.clock import utc_now
    from feedsvc.errors import StoreError
    from feedsvc.store.questions import BACKUP

    settings, _ = settings_of(config_file)
    began = time.monotonic()
    with opened(settings, existing=True) as store:
        with progress.bar("copying", quiet=as_json) as step:
            size = store.backup(file, replace=force, progress=step)
        with contextlib.suppress(StoreError):  # the desk would like to know how old the newest backup is
            store.beat(BACKUP, {"file": str(file.resolve()), "bytes": size}, now=utc_now())
    seconds = time.monotonic() - began
    if as_json:
        echo_json({"file": str(file.resolve()), "bytes": size, "seconds": round(seconds, 3)})
    else:
        click.echo(f"backed up to {file}: {size:,} bytes in {seconds:.1f} s")
