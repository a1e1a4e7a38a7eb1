"""How a list of the desk is asked for: page, filters and order, by the arguments of its address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import Request

PAGE = 50
MOST_PAGES = 4000
_LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page of a list: its *number*, from 1, and where it begins."""

    number: int

    @property
    def offset(self) -> int:
        """How many rows come before it."""
        return (self.number - 1) * PAGE


def asked(request: Request) -> Asked:
    """The page that is asked for; the first where that cannot be understood."""
    number = request.args.get("page", "")
    known = number.isascii() and number.isdigit() and len(number) < 6
    return Asked(number=min(MOST_PAGES, max(1, int(number))) if known else 1)


def choice(request: Request, name: str, among: Collection[str], default: str = "") -> str:
    """The argument *name* if it is one of *among*, else *default*."""
    given = request.args.get(name, "")
    return given if given in among else default


def text(request: Request, name: str) -> str:
    """The argument *name* as text that a store can look for."""
    given = request.args.get(name, "")[:_LONGEST]
    return given.encode(errors="ignore").decode().replace("\0", "").strip()
