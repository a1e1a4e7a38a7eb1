"""Public addresses."""

from __future__ import annotations

import base64
import hashlib
import string
from datetime import date
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import links
from feedsvc.links import Links


@pytest.mark.parametrize(
    ("base_url", "origin", "prefix", "absolute", "href"),
    [
        ("https://news.example.org", "https://news.example.org", "", "https://news.example.org/a", "/a"),
        ("https://news.example.org/", "https://news.example.org", "", "https://news.example.org/a", "/a"),
        ("http://localhost:8000", "http://localhost:8000", "", "http://localhost:8000/a", "/a"),
        ("https://example.org/news", "https://example.org", "/news", "https://example.org/news/a", "/news/a"),
        ("https://example.org/news/", "https://example.org", "/news", "https://example.org/news/a", "/news/a"),
        ("https://[2001:db8::1]:8443/n", "https://[2001:db8::1]:8443", "/n", "https://[2001:db8::1]:8443/n/a", "/n/a"),
    ],
)
def test_addresses_from_the_base(base_url: str, origin: str, prefix: str, absolute: str, href: str) -> None:
    made = Links(base_url)
    assert (made.origin, made.prefix) == (origin, prefix)
    assert (made.absolute("/a"), made.href("/a")) == (absolute, href)


def test_paths() -> None:
    assert links.index() == "/"
    assert links.section("world/asia") == "/sections/world/asia"
    assert links.feed("all", "rss") == "/feeds/all.rss"
    assert links.feed("world/asia", "atom") == "/feeds/world/asia.atom"
    assert links.feed("tags/müll", "json") == "/feeds/tags/m%C3%BCll.json"
    assert links.article(date(2026, 3, 4), "ferry-sails", "abcd2345") == "/articles/2026/03/04/ferry-sails-abcd2345"


def test_an_article_without_a_slug_has_its_key_alone() -> None:
    assert links.article(date(2026, 3, 4), "", "abcd2345") == "/articles/2026/03/04/abcd2345"


def test_a_year_has_four_digits_on_every_system() -> None:
    assert links.article(date(987, 3, 4), "saga", "abcd2345") == "/articles/0987/03/04/saga-abcd2345"


def test_every_script_is_kept_and_percent_encoded() -> None:
    path = links.article(date(2026, 3, 4), "フェリー", "abcd2345")
    assert path.isascii()
    assert unquote(path) == "/articles/2026/03/04/フェリー-abcd2345"


def test_the_key_is_the_beginning_of_a_hash_of_the_id() -> None:
    article_id = "tag:news.example.org,2026:Fähre"
    whole = base64.b32encode(hashlib.sha256(article_id.encode()).digest()).decode().lower()
    assert links.key(article_id) == whole[:8]
    assert [links.key(article_id, length=length) for length in range(8, 17)] == [whole[:end] for end in range(8, 17)]
    assert links.key("tag:news.example.org,2026:ferry") == "cupcxjgz"  # readers have it in their bookmarks


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_key_needs_no_encoding(article_id: str) -> None:
    assert set(links.key(article_id)) <= set(string.ascii_lowercase + "234567")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_name_leaves_its_place_in_an_address(name: str) -> None:
    for path in (links.section(name), links.feed(name, "rss"), links.article(date(2026, 3, 4), name, "k")):
        parts = urlsplit(Links("https://news.example.org").absolute(path))
        assert (parts.netloc, parts.query, parts.fragment) == ("news.example.org", "", "")
        assert parts.path == path
