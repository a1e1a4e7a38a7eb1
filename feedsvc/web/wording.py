"""Dates and directions for people: a day as a day, an instant with its time in the site's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from feedsvc.dates import Precision, rfc3339
from feedsvc.model import Article

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "arz", "ckb", "dv", "fa", "glk", "he", "iw", "khw", "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd"}
    | {"syr", "ug", "ur", "yi"}
)
_RTL_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg"})
_LTR_SCRIPTS = frozenset({"latn", "cyrl", "deva"})
_CORRECTED = timedelta(minutes=1)
"""How much later than its publication an article must have been changed to be called updated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment for a page: *machine* for the ``datetime`` attribute, *text* for people."""

    machine: str
    text: str


def when(moment: datetime, zone: tzinfo, precision: Precision = Precision.INSTANT) -> When:
    """*moment* in *zone*, as a day alone or with the time."""
    try:
        local = moment.astimezone(zone)
    except OverflowError:  # the first and the last day of the calendar
        local = moment.astimezone(UTC)
    day = f"{local.day}\u00a0{MONTHS[local.month - 1]}\u00a0{local.year}"
    if precision is Precision.DAY:
        return When(machine=local.date().isoformat(), text=day)
    return When(machine=rfc3339(moment), text=f"{day}, {local:%H:%M}\u00a0{_zone(local)}")


def corrected(article: Article, zone: tzinfo) -> When | None:
    """When the article was last changed after its publication; None if it was not."""
    if article.updated - article.visible_from < _CORRECTED:
        return None
    updated = when(article.updated, zone)
    published = when(article.visible_from, zone, article.precision)
    if article.precision is Precision.DAY and when(article.updated, zone, Precision.DAY) == published:
        return None
    return updated


def direction(language: str) -> str:
    """``rtl`` for languages and scripts that run from right to left, else ``ltr``."""
    tag = language.lower()
    parts = tag.split("-")
    if any(part in _RTL_SCRIPTS for part in parts[1:]):
        return "rtl"
    if any(part in _LTR_SCRIPTS for part in parts[1:]):
        return "ltr"
    return "rtl" if parts[0] in _RTL_LANGUAGES else "ltr"


def _zone(local: datetime) -> str:
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name
