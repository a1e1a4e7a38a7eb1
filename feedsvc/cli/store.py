"""``feedsvc store copy``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import progress
from feedsvc.cli.options import echo_json, examples, json_option

if TYPE_CHECKING:
    from feedsvc.store.base import Lease, Store

_RENEW_SECONDS = 2.0


_EXAMPLE = "feedsvc store copy sqlite:///var/feedsvc.db postgresql://feedsvc@db.example.org/feedsvc"


@click.group(epilog=examples(_EXAMPLE))
def store() -> None:
    """Move the store to another place or database."""


@store.command(
    epilog=examples(_EXAMPLE, "feedsvc store copy sqlite:///var/feedsvc.db sqlite:////srv/feedsvc.db --json")
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
def copy(source: str, target: str, as_json: bool) -> None:
    """Copy everything that the store FROM knows into the store TO, which must be empty, and is made if need be.

    FROM and TO are written as in [store] url: sqlite:///var/feedsvc.db, postgresql://user@host/database. A password
    is best kept out of them: PostgreSQL's PGPASSWORD, PGPASSFILE and ~/.pgpass are read. Nobody may take files in
    meanwhile; feeds can be served on from FROM. The copy is of one moment and is there as a whole or not at all. With
    [store] url set to TO every feed has the bytes and the validators that it had.
    """
    from feedsvc.errors import StoreError
    from feedsvc.store.base import INGEST
    from feedsvc.store.opening import open_database
    from feedsvc.store.sql import SqlStore
    from feedsvc.store.transfer import transfer

    source, target = _absolute(source, existing=True), _absolute(target)
    if source == target:
        raise StoreError("FROM and TO are the same store")
    began = time.monotonic()
    with contextlib.ExitStack() as closing:
        read = open_database(source)
        closing.callback(read.close)
        kept = SqlStore(read)
        lease = _turn(kept, INGEST)
        closing.callback(_given_back, kept, lease)
        written = open_database(target)
        closing.callback(written.close)
        tell = closing.enter_context(progress.bars(quiet=as_json))
        copied = transfer(read, written, progress=tell or _untold, between=_renewing(kept, lease))
    seconds = time.monotonic() - began
    if as_json:
        echo_json({"rows": copied, "seconds": round(seconds, 3)})
    else:
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(copied.items()) if count)
        click.echo(f"copied in {seconds:.1f} s: {told or 'an empty store'}")


def _absolute(url: str, *, existing: bool = False) -> str:
    """*url*, the file of SQLite as seen from here. Raises StoreUnavailable where it should exist and does not."""
    from feedsvc.errors import StoreUnavailable

    kind, _, path = url.partition(":///")
    if kind != "sqlite" or not path:
        return url
    if existing and not Path(path).exists():
        raise StoreUnavailable(f"there is no store at {path}")
    return f"sqlite:///{Path(path).absolute()}"


def _turn(kept: Store, name: str) -> Lease:
    """The right to write into the source: so nobody takes files in. Raises StoreError where somebody does."""
    from feedsvc.errors import StoreError
    from feedsvc.ingest import holder
    from feedsvc.ingest.onepass import LEASE_TTL

    other = kept.lease_holder(name)
    displacing = other if other and holder.is_dead(other) else ""
    lease = kept.lease(name, holder.this_process(), ttl=LEASE_TTL, displacing=displacing)
    if lease is None:
        raise StoreError(f"{other} takes files in; stop it first, for what it takes in meanwhile would be lost")
    return lease


def _renewing(kept: Store, lease: Lease) -> Callable[[], None]:
    from feedsvc.errors import LeaseLost
    from feedsvc.ingest.onepass import LEASE_TTL

    renewed = time.monotonic()

    def renew() -> None:
        nonlocal renewed
        if time.monotonic() - renewed < _RENEW_SECONDS:
            return
        renewed = time.monotonic()
        if kept.lease(lease.name, lease.holder, ttl=LEASE_TTL) != lease:
            raise LeaseLost("another process has begun to take files in; nothing was written. Stop it and try again")

    return renew


def _given_back(kept: Store, lease: Lease) -> None:
    from feedsvc.errors import StoreError

    with contextlib.suppress(StoreError):
        kept.release(lease)


def _untold(_name: str, _done: int, _of: int) -> None:
    """Nobody looks on."""
