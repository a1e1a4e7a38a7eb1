"""Where a file lies follows from its address alone, and no address leads out of the folder."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.export.places import FORMS, LONGEST, OWN, article_key, place


@pytest.mark.parametrize(
    ("address", "html", "found"),
    [
        ("/", True, "index.html"),
        ("/?page=2", True, "index.2.html"),
        ("/feeds/all.rss", False, "feeds/all.rss"),
        ("/feeds/world/asia.json", False, "feeds/world/asia.json"),
        ("/feeds/tags/%D0%BC%D0%BE%D1%80%D0%B5.atom", False, "feeds/tags/море.atom"),
        ("/sections/world", True, "sections/world.html"),
        ("/sections/world?page=2", True, "sections/world.2.html"),
        ("/sections/world?page=1", True, "sections/world.html"),
        ("/articles/2026/01/02/a-b-aaaa2222", True, "articles/2026/01/02/a-b-aaaa2222.html"),
        ("/static/site.css?v=00", False, "static/site.css"),
        (f"/articles/2026/01/02/{quote('漁' * 80)}-aaaa2222", True, f"{OWN}/long/aaaa2222.html"),
        (f"/feeds/{quote('漁' * 85)}.rss", False, ""),
        ("/a/../b", False, ""),
        ("/a/%2e%2e/b", False, ""),
        ("/.feedsvc/manifest.db", False, ""),
        ("/a//b", False, ""),
        ("/a%00b", False, ""),
    ],
)
def test_the_place_of_an_address(address: str, html: bool, found: str) -> None:
    assert place(address, html=html) == found


@given(st.text(max_size=400), st.booleans())
def test_no_address_leads_out(text: str, html: bool) -> None:
    for address in (text, quote(text, errors="replace"), f"/articles/{quote(text, errors='replace')}-aaaa2222"):
        found = PurePosixPath(place(address, html=html))
        assert not found.is_absolute()
        assert ".." not in found.parts
        assert OWN not in found.parts or "long" in found.parts
        for one in found.parts:
            assert len(one.encode(errors="replace")) + max(map(len, FORMS.values())) <= LONGEST


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/articles/2026/01/02/slug-aaaa2222", "aaaa2222"),
        ("/articles/2026/01/02/aaaa2222", "aaaa2222"),
        ("/articles/2026/01/02/slug", ""),
        ("/sections/x-aaaa2222", ""),
    ],
)
def test_the_key_of_an_article(address: str, key: str) -> None:
    assert article_key(address) == key
