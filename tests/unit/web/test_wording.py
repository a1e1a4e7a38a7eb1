"""Dates and directions as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON, make_article

from feedsvc.dates import Precision
from feedsvc.web.wording import When, corrected, direction, when

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "zone", "precision", "expected"),
    [
        (NOON, BERLIN, Precision.INSTANT, When(machine="2026-03-14T12:00:00Z", text="14 March 2026, 13:00 CET")),
        (
            NOON + timedelta(days=90),
            BERLIN,
            Precision.INSTANT,
            When(machine="2026-06-12T12:00:00Z", text="12 June 2026, 14:00 CEST"),
        ),
        (
            NOON,
            ZoneInfo("America/Sao_Paulo"),
            Precision.INSTANT,
            When(machine="2026-03-14T12:00:00Z", text="14 March 2026, 09:00 UTC-03"),
        ),
        (NOON.replace(hour=23, minute=30), BERLIN, Precision.DAY, When(machine="2026-03-15", text="15 March 2026")),
        (
            datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
            BERLIN,
            Precision.DAY,
            When(machine="9999-12-31", text="31 December 9999"),
        ),
    ],
)
def test_when(moment: datetime, zone: ZoneInfo, precision: Precision, expected: When) -> None:
    said = when(moment, zone, precision)
    assert When(machine=said.machine, text=said.text.replace("\u00a0", " ")) == expected


@pytest.mark.parametrize(("seconds", "told"), [(0, False), (59, False), (60, True), (-3600, False)])
def test_a_change_counts_as_a_correction_after_a_minute(seconds: int, told: bool) -> None:
    article = make_article(updated=NOON - timedelta(hours=1) + timedelta(seconds=seconds))
    assert (corrected(article, BERLIN) is not None) is told


def test_a_change_on_the_day_of_a_bare_day_is_no_correction() -> None:
    article = make_article(published=NOON, precision=Precision.DAY, updated=NOON + timedelta(hours=3))
    assert corrected(article, BERLIN) is None
    later = make_article(published=NOON, precision=Precision.DAY, updated=NOON + timedelta(hours=30))
    assert corrected(later, BERLIN) is not None


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "rtl"),
        ("AR-EG", "rtl"),
        ("fa", "rtl"),
        ("ps", "rtl"),
        ("yi", "rtl"),
        ("uz-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("en", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction(language: str, expected: str) -> None:
    assert direction(language) == expected
