"""The day of a page that states it nowhere plainly: in its address, else wherever htmldate finds one."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.dates import find_day

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_EARLIEST = "1995-01-01"
_LATEST = "2099-12-31"


def day_of_address(address: str) -> str:
    """The day in the path of *address*, as ``YYYY-MM-DD``; empty where there is none."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    day = find_day(path)
    return day.isoformat() if day else ""


def day_of_page(root: HtmlElement) -> str:
    """The day that htmldate finds, as ``YYYY-MM-DD``; empty where there is none.

    The first of January is taken for a year alone, as in a line of copyright, and left out.
    """
    from htmldate import find_date

    try:
        # The limits are named: without them htmldate asks the clock, and a page would read differently tomorrow.
        day = find_date(
            deepcopy(root),
            original_date=True,
            outputformat="%Y-%m-%d",
            min_date=_EARLIEST,
            max_date=_LATEST,
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return ""  # it is a guess: what breaks the guesser does not break the article
    return "" if day is None or day.endswith("-01-01") else day
