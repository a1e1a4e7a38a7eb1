"""What a check found, and what it had to look at."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.ingest.scan import Scan
from feedsvc.store.base import Store


class Level(enum.StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and an operator should know."""
    ERROR = "error"
    """Something is not published, or will not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence on one thing: *what*, *where*, and what to do (*advice*, empty where nothing is to be done)."""

    level: Level
    where: str
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The installation that is looked at, at *now*.

    *store* can only be read, and is None where it cannot; *scan* is what lies in the content folder. *reserve* tries
    whether a port can be had and raises FeedsvcError, *answers* whether a feedsvc answers at a host and port; *wait*
    lets so many seconds pass.
    """

    settings: Settings
    now: datetime
    store: Store | None
    scan: Scan
    reserve: Callable[[str, int], object]
    answers: Callable[[str, int], bool]
    wait: Callable[[float], None]


def ok(where: str, what: str) -> Finding:
    """All is well."""
    return Finding(level=Level.OK, where=where, what=what)


def warning(where: str, what: str, advice: str) -> Finding:
    """It works, and an operator should know."""
    return Finding(level=Level.WARNING, where=where, what=what, advice=advice)


def error(where: str, what: str, advice: str) -> Finding:
    """Something is not published, or will not be."""
    return Finding(level=Level.ERROR, where=where, what=what, advice=advice)
