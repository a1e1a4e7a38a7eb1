"""The addresses in an article's HTML."""

from __future__ import annotations

import pytest

from feedsvc.addresses import Addresses, host_of


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("next.html", "https://wire.example/town/next.html"),
        ("/a b", "https://wire.example/a%20b"),
        ("//other.example/x", "https://other.example/x"),
        ("HTTPS://NEWS.example.org/x", "/x"),
        ("https://news.example.org//evil.example", "/evil.example"),
        ("https:\\\\other.example\\x", "https://other.example/x"),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:a@example.org", ""),
        ("#part", "#a-part"),
        ("#a-part", "#a-part"),
        ("#", ""),
        ("//[", ""),
        ("https://wire.example/" + "x" * 5_000, ""),
    ],
)
def test_an_address_is_stored_resolved_and_neutral(written: str, stored: str) -> None:
    addresses = Addresses("https://wire.example/town/", ["https://news.example.org"])
    assert addresses.written(written) == stored


def test_mail_is_for_links_alone() -> None:
    assert Addresses("", ()).written("mailto:a@example.org", mail=True) == "mailto:a@example.org"


def test_the_host_of_an_address() -> None:
    assert host_of("https://user@wire.example:8080/x") == "wire.example:8080"
    assert host_of("/x") == ""
