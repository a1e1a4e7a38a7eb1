"""Values as settings write them."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from feedsvc import values

MESSAGES = {
    "Duration": "write a number with a unit (ms, s, m, min, h, d, w), such as '10s'",
    "Size": "write a number with a unit (b, kb, mb, gb, kib, mib, gib), such as '5 MB'",
    "BaseUrl": "write the public address of the site, such as 'https://news.example.org'",
    "Authority": "write a domain that was yours and the date, such as 'news.example.org,2026' (RFC 4151)",
    "Zone": "write the name of a time zone, such as 'Europe/Berlin'",
    "Language": "write a language tag, such as 'en' or 'pt-BR' (BCP 47)",
    "Encoding": "write the name of a character set, such as 'cp1252'; empty to guess none",
    "Picture": "write a web address, or a path of this site that begins with '/'",
    "Colour": "write a colour as '#rrggbb', such as '#0a5c7a'",
    "Rate": "write a number for a time, such as '60/h' or '5/m'; empty for none",
}


def read(name: str, value: Any) -> Any:
    return TypeAdapter(getattr(values, name)).validate_python(value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Duration", "500ms", timedelta(milliseconds=500)),
        ("Duration", "10s", timedelta(seconds=10)),
        ("Duration", " 1.5 H ", timedelta(minutes=90)),
        ("Duration", "5min", timedelta(minutes=5)),
        ("Duration", "5m", timedelta(minutes=5)),
        ("Duration", "7d", timedelta(days=7)),
        ("Duration", "1w", timedelta(days=7)),
        ("Duration", "0s", timedelta()),
        ("Size", "5 MB", 5_000_000),
        ("Size", "1.5kb", 1500),
        ("Size", "2 MiB", 2 * 2**20),
        ("Size", "800 B", 800),
        ("Size", 42, 42),
        ("Strings", "a, b,,c ", ("a", "b", "c")),
        ("Strings", "", ()),
        ("Strings", ["a,b"], ("a,b",)),
        ("BaseUrl", "https://news.example.org/", "https://news.example.org"),
        ("BaseUrl", "http://[::1]:8000/paper", "http://[::1]:8000/paper"),
        ("BaseUrl", "https://zeitung.example/büro", "https://zeitung.example/büro"),
        ("Authority", "news.example.org,2026", "news.example.org,2026"),
        ("Authority", "desk@example.org,2026-01-31", "desk@example.org,2026-01-31"),
        ("Zone", "Europe/Berlin", ZoneInfo("Europe/Berlin")),
        ("Language", "zh-Hant-TW", "zh-Hant-TW"),
        ("Encoding", "", ""),
        ("Encoding", "Windows-1250", "Windows-1250"),
        ("Picture", "", ""),
        ("Picture", "/logo.png", "/logo.png"),
        ("Picture", "https://cdn.example/logo.png", "https://cdn.example/logo.png"),
        ("Colour", "#0a5C7a", "#0a5C7a"),
        ("Rate", "", ""),
        ("Rate", "60/h", "60/h"),
        ("Networks", "10.0.0.1/8,::1", ("10.0.0.1/8", "::1")),
    ],
)
def test_what_is_meant(name: str, value: Any, expected: Any) -> None:
    assert read(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Duration", value) for value in ("soon", "", "10", "10 years", "-1d", "1e3s", "1.2.3s", "٣s")),
        ("Duration", "9" * 400 + "d"),
        *(("Duration", value) for value in (7, 7.5, True, None, ["1s"])),
        *(("Size", value) for value in ("5 apples", "", "5", "-1 MB", 5.5, True, None)),
        *(("BaseUrl", f"https://{rest}") for rest in ("", "a b", "a?", "a/#", "me@a", "a:99999", "[a", "a/<")),
        *(("BaseUrl", value) for value in ("ftp://a", "a.example", "//a.example", "javascript:alert(1)")),
        *(("Authority", value) for value in ("a.example", "a.example, 2026", "a,26", "a b,2026", "a,٢٠٢٦")),
        *(("Zone", value) for value in ("Mars", "Europe", "../etc/passwd", "", 1, None)),
        *(("Language", value) for value in ("", "en_US", "e", "english language")),
        *(("Encoding", value) for value in ("cp9999", "a b", "\0")),
        *(("Picture", value) for value in ("logo.png", "//cdn.example/x", "javascript:alert(1)", "https:///x")),
        *(("Colour", value) for value in ("blue", "#fff", "#0a5c7a;")),
        *(("Rate", value) for value in ("60", "0/h", "-1/h", "60/year", "x/h", "²/h", "9" * 5000 + "/h")),
    ],
)  # fmt: skip
def test_what_is_wrong_says_what_to_write(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        read(name, value)
    assert caught.value.errors()[0]["msg"] == f"Value error, {MESSAGES[name]}"


def test_a_size_is_not_negative() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        read("Size", -1)


def test_a_time_longer_than_the_calendar() -> None:
    with pytest.raises(ValidationError, match="longer than the calendar"):
        read("Duration", "999999999999w")


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValidationError, match="'proxy' is no address or network"):
        read("Networks", ["10.0.0.0/8", "proxy"])


def test_a_rate_as_a_number_in_seconds() -> None:
    assert values.rate("60/h") == (60, 3600)
    assert values.rate("5/m") == (5, 60)


@given(st.text(), st.sampled_from([*MESSAGES, "Strings", "Networks"]))
def test_any_text_is_a_value_or_refused(text: str, name: str) -> None:
    with contextlib.suppress(ValidationError):
        assert read(name, text) is not None
