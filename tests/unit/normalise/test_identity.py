"""Ids: absolute URIs, whatever a file gives."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.normalise.identity import minted_id, own_id, version_number

AUTHORITY = "news.example.org,2026"
TAG = f"tag:{AUTHORITY}:"


@pytest.mark.parametrize(
    "written",
    [
        "urn:newsml:localhost:2016-09-30:1",
        "urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
        "tag:reuters.example.com,2014:newsml_L4N0",
        "https://www.example.com/a?b=c&d=%C3%BC#e",
        "http://example.com/(a)*b'c",
        "STORY:1234",
        "tag:news.example.org,2026:id/x",
    ],
)
def test_a_uri_is_used_character_for_character(written: str) -> None:
    assert own_id(written, authority=AUTHORITY) == written
    assert own_id(f" {written}\n", authority=AUTHORITY) == written


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("1234", "1234"),
        ("a/b~c.d-e_f", "a/b~c.d-e_f"),
        ("Kürbis 7", "K%C3%BCrbis%207"),
        ("2016-09-30T12:00", "2016-09-30T12%3A00"),
        ("note: a sentence", "note%3A%20a%20sentence"),
        ("C:\\news\\a.txt", "C%3A%5Cnews%5Ca.txt"),
        ("urn:x:<script>", "urn%3Ax%3A%3Cscript%3E"),
        ("urn:x:1%zz", "urn%3Ax%3A1%25zz"),
        ("http://example.com/ü", "http%3A//example.com/%C3%BC"),
        ("a\ud800b\x00c", "abc"),
    ],
)
def test_any_other_id_becomes_a_tag(written: str, after: str) -> None:
    assert own_id(written, authority=AUTHORITY) == f"{TAG}id/{after}"


@pytest.mark.parametrize("written", ["", "  \n", "x" * 1001, "\u6f01" * 200, "\ud800"])
def test_what_is_no_id_gives_none(written: str) -> None:
    assert own_id(written, authority=AUTHORITY) == ""


@given(st.text(max_size=60))
def test_every_id_is_an_absolute_uri_without_a_sign_that_needs_escaping(written: str) -> None:
    given_id = own_id(written, authority=AUTHORITY)
    if given_id:
        assert urlsplit(given_id).scheme
        assert re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", given_id)
        assert own_id(given_id, authority=AUTHORITY) == given_id


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_minted_ids_tell_paths_apart(path: str) -> None:
    minted = minted_id(path, authority=AUTHORITY)
    assert minted.startswith(TAG)
    assert minted.isascii()
    assert unquote(minted.removeprefix(TAG)) == path


def test_parts_and_attempts() -> None:
    assert minted_id("a b.md", authority=AUTHORITY) == f"{TAG}a%20b.md"
    assert minted_id("a.md", authority=AUTHORITY, part=3) == f"{TAG}a.md#3"
    assert minted_id("a.md", authority=AUTHORITY, attempt=2) == f"{TAG}a.md~2"
    assert minted_id("a.md", authority=AUTHORITY, part=3, attempt=2) == f"{TAG}a.md~2#3"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("", 0),
        ("3", 3),
        (" 11 ", 11),
        ("3.1", 3),
        ("1542761538", 1542761538),
        ("two", 0),
        ("-4", 0),
        ("9" * 30, 10**18 - 1),
    ],
)
def test_versions_are_numbers(written: str, number: int) -> None:
    assert version_number(written) == number
    assert version_number(written) < 2**63


def test_a_path_that_is_too_long_by_its_encoding_is_named_by_its_hash() -> None:
    path = "\u6f01" * 340
    made = minted_id(path, authority=AUTHORITY, part=2, attempt=3)
    assert re.fullmatch(re.escape(TAG) + "sha256/[0-9a-f]{64}~3#2", made)
    assert made != minted_id(path + "x", authority=AUTHORITY, part=2, attempt=3)
    assert minted_id("\u6f01" * 100, authority=AUTHORITY) == TAG + "%E6%BC%81" * 100
