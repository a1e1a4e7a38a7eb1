"""Datelines at the begin of a first paragraph."""

from __future__ import annotations

import pytest

from feedsvc.formats.wording import leads

REST = "The council voted on Monday."


@pytest.mark.parametrize(
    ("written", "place", "day", "agency"),
    [
        ("LONDON, England (CNN) -- ", "LONDON, England", "", "CNN"),
        ("MOSCOW, Sept 30 (Reuters) - ", "MOSCOW", "Sept 30", "Reuters"),
        ("LIMA, Sept 30 (Exwire) - ", "LIMA", "Sept 30", "Exwire"),
        ("SALVADOR, Feb 26 - ", "SALVADOR", "Feb 26", ""),
        ("PARIS, 3 mars 2026 (AFP) – ", "PARIS", "3 mars 2026", "AFP"),
        ("ATLANTA (AP) _ ", "ATLANTA", "", "AP"),
        ("Kiel (dpa/lno) - ", "Kiel", "", "dpa/lno"),
        ("МОСКВА (ТАСС) — ", "МОСКВА", "", "ТАСС"),
        ("دمشق، سوريا (CNN) -- ", "دمشق، سوريا", "", "CNN"),
        ("كسترفيك (نلو) - ", "كسترفيك", "", "نلو"),
        ("（新华社）—", "", "", "新华社"),
        ("新华社北京3月4日电 ", "北京", "3月4日", "新华社"),
        ("(서울=연합뉴스) ", "서울", "", "연합뉴스"),
        ("(Reuters) - ", "", "", "Reuters"),
        ("SKERROW (HGN) - ", "SKERROW", "", "HGN"),
    ],
)
def test_a_dateline_is_taken_apart(written: str, place: str, day: str, agency: str) -> None:
    lead = leads.read(written + REST)
    assert lead is not None
    assert (lead.place, lead.day, lead.agency, lead.rest) == (place, day, agency, REST)


@pytest.mark.parametrize(
    "text",
    [
        REST,
        "The ministry (MoD) - which paid for it - said nothing.",
        "He went (again) - and came back.",
        "A report (2026) - the third - is out.",
        "Der Rat (EU) - das Parlament - stimmt zu.",
        "The bank (see below) - an old one - rose.",
        "(x=2) is the solution.",
        "",
    ],
)
def test_a_sentence_is_no_dateline(text: str) -> None:
    assert leads.read(text) is None


def test_a_long_text_is_looked_at_only_where_it_begins() -> None:
    assert leads.read("A " * 500_000) is None
    assert leads.read("(" * 500_000) is None


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("Wrenmouth, 14 nov (NLE).- El puerto abrió.", "Wrenmouth", "NLE"),
        ("San Marl (NLE).- El puerto abrió.", "San Marl", "NLE"),
        ("МАРЛЬ, 12 ноября. /НЛ/. El puerto abrió.", "МАРЛЬ", "НЛ"),
        ("MARL, November 12. /TASS/. El puerto abrió.", "MARL", "TASS"),
        ("Wrenmouth, Nov 14 (NLE).- El puerto abrió.", "Wrenmouth", "NLE"),
        ("(ANSA) - MARL, 12 NOV - El puerto abrió.", "MARL", "ANSA"),
    ],
)
def test_a_stop_before_or_behind_the_wire(text: str, place: str, agency: str) -> None:
    lead = leads.read(text)
    assert lead is not None
    assert (lead.place, lead.agency, lead.rest) == (place, agency, "El puerto abrió.")
