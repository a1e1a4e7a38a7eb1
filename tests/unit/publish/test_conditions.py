"""How a poll is decided: every row of the table is something that a reader or a proxy really sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.publish.conditions import choose_coding, decide
from feedsvc.publish.document import Document

CHANGED = datetime(2026, 3, 14, 11, 0, 0, 250_000, tzinfo=UTC)
NOW = datetime(2026, 3, 14, 12, 0, 0, 500_000, tzinfo=UTC)
TAG = "2s-0123456789abcdef"


def document() -> Document:
    return Document(b"<rss/>", media_type="application/rss+xml", tag=TAG, last_modified=CHANGED)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f'"{TAG}"', 304),
        (f'"{TAG}-gzip"', 304),
        (f'"{TAG}-br"', 304),
        (f'W/"{TAG}"', 304),
        (f'w/"{TAG}-gzip"', 304),
        (f'"{TAG}-br-gzip"', 304),  # a proxy's suffix behind our own
        (f'"{TAG}--gzip"', 304),
        (f'"{TAG}-deflate"', 304),
        (TAG, 304),  # quotes lost on the way
        ("*", 304),
        ("  *  ", 304),
        (f'"other", W/"x", "{TAG}-gzip"', 304),
        (f'"other","{TAG}"', 304),
        (f' \t"{TAG}" ', 304),
        ('"other"', 200),
        (f'"{TAG}-zip"', 200),
        (f'"{TAG}0"', 200),
        (f'"1-{TAG}"', 200),
        (f'"{TAG[:-1]}"', 200),
        ('"*"', 200),
        ("", 200),
        ('"', 200),
        ("W/", 200),
        (",,,", 200),
        ('"' * 100_000, 200),
        ("a," * 50_000 + f'"{TAG}"', 200),  # too long to be looked at to its end
    ],
)
def test_if_none_match(header: str, status: int) -> None:
    assert decide(document(), NOW, if_none_match=header).status == status


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Sat, 14 Mar 2026 11:00:00 GMT", 304),  # equal
        ("Sat, 14 Mar 2026 11:30:00 GMT", 304),  # later
        ("Sat, 14 Mar 2026 12:00:00 GMT", 304),  # now
        ("Sat, 14 Mar 2026 12:00:01 GMT", 200),  # ahead of now
        ("Wed, 14 Mar 2096 12:00:00 GMT", 200),
        ("Sat, 14 Mar 2026 10:59:59 GMT", 200),  # before the change
        ("Saturday, 14-Mar-26 11:00:00 GMT", 304),  # the obsolete forms of RFC 9110 section 5.6.7
        ("Sat Mar 14 11:00:00 2026", 304),
        ("Sat, 14 Mar 2026 12:00:00 +0100", 304),
        ("", 200),
        ("0", 200),
        ("-1", 200),
        ("yesterday", 200),
        ("Sat, 99 Mar 2026 11:00:00 GMT", 200),
        ("Sat, 14 Mar 99999999999999999999 11:00:00 GMT", 200),
        ("Sat, 14 Mar 2026 11:00:00 +99999999", 200),
        ("x" * 100_000, 200),
    ],
)
def test_if_modified_since(header: str, status: int) -> None:
    assert decide(document(), NOW, if_modified_since=header).status == status


@pytest.mark.parametrize("tags", ['"other"', "", "garbage", "W/"])
def test_if_none_match_wins_even_where_it_says_nothing(tags: str) -> None:
    decision = decide(document(), NOW, if_none_match=tags, if_modified_since="Sat, 14 Mar 2026 11:30:00 GMT")
    assert decision.status == 200


def test_a_match_wins_over_an_older_date() -> None:
    decision = decide(document(), NOW, if_none_match=f'"{TAG}"', if_modified_since="Sat, 14 Mar 2020 11:30:00 GMT")
    assert decision.status == 304


def test_a_date_counts_for_nothing_in_the_second_of_the_change() -> None:
    date = "Sat, 14 Mar 2026 11:00:00 GMT"
    during = CHANGED + timedelta(milliseconds=700)
    assert decide(document(), during, if_modified_since=date).status == 200
    assert decide(document(), CHANGED + timedelta(seconds=1), if_modified_since=date).status == 304


def test_only_get_and_head_are_conditional() -> None:
    assert decide(document(), NOW, method="HEAD", if_none_match="*").status == 304
    assert decide(document(), NOW, method="OPTIONS", if_none_match="*").status == 200


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, ""),
        ("", ""),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("gzip;q=0.5, br;q=0.5", "br"),
        ("gzip;q=0", ""),
        ("gzip;q=0.000, br;q=0", ""),
        ("*", "gzip"),
        ("*;q=0.1", "gzip"),
        ("*;q=0", ""),
        ("br, *;q=0", "br"),
        ("gzip;q=0, *", ""),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=1", "gzip"),
        ("identity;q=0", ""),  # never 406
        ("identity;q=0, *;q=0", ""),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("deflate", ""),
        ("gzip;q=nonsense", ""),
        ("gzip;q=1.5", ""),
        (" gzip ; q=0.8 , br;q=0.1", "gzip"),
        (";;;,,,=", ""),
        ("x," * 10_000 + "gzip", ""),
        ("gzip," + "x," * 10_000, "gzip"),
    ],
)
def test_accept_encoding(header: str | None, coding: str) -> None:
    assert choose_coding(header) == coding


HEADER = st.none() | st.text(max_size=60) | st.text(alphabet=' ,;="*/WwQq0123456789.-gzipbr', max_size=60)


@settings(max_examples=150)
@given(HEADER, HEADER, HEADER)
def test_no_header_is_ever_refused(tags: str | None, date: str | None, codings: str | None) -> None:
    decision = decide(document(), NOW, if_none_match=tags, if_modified_since=date, accept_encoding=codings)
    assert decision.status in (200, 304)
    assert decision.coding in ("", "gzip", "br")
