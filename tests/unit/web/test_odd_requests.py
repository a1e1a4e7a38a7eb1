"""Whatever is asked, nothing breaks: no 5xx, nothing reflected, no redirect to elsewhere."""

from __future__ import annotations

import pytest
from fakes import Newsroom, make_article
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATHS = [
    "/%00",
    "/%ff",
    "/feeds/%00.rss",
    "/feeds/%ff.rss",
    "/feeds/harbour%00.rss",
    "/feeds//harbour.rss",
    "//feeds/harbour.rss",
    "//evil.example.com/",
    "//evil.example.com/feed",
    "/\\evil.example.com",
    "/feeds/../harbour.rss",
    "/feeds/..%2f..%2fetc%2fpasswd.rss",
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/",
    "/static",
    "/articles/",
    "/articles",
    "/articles//",
    "/articles/%ff-aaaaaaaa",
    "/articles/%00aaaaaaaa",
    "/articles/2026/03/14/x-aaaaaaaa",
    "/articles/" + "a" * 8,
    "/articles/" + "x-" * 9000,
    "/sections/",
    "/sections",
    "/sections/%00",
    "/sections/%ff",
    "/sections/" + "a/" * 3000,
    "/sections/" + "a" * 20_000,
    "/sections/all",
    "/feeds/" + "a" * 60_000 + ".rss",
    "/feeds/" + "/" * 5000 + ".rss",
    "/feeds/.",
    "/feeds/..",
    "/feeds/",
    "/feeds/a.b.c.d",
    "/feeds/é.rss",
    "/feeds/e%CC%81.rss",
    "/%F0%9F%92%A9",
    "/feeds/harbour.rss/",
    "/feeds/harbour.rss;x=1",
    "/feeds/harbour.rss%20",
    "/feeds/harbour.rss%0d%0aX:1",
    "/feed%0d%0aSet-Cookie:%20a=1",
    "/a%0d%0aLocation:x/feed",
    "/x/y/z/feed",
    "/{{7*7}}",
    "/<script>alert(1)</script>",
    "/robots.txt",
    "/robots.txt/",
    "/feeds.opml/",
    "/feeds.opml%00",
    "/sitemap.xml/x",
    "/sitemaps/",
    "/sitemaps/.xml",
    "/sitemaps/0.xml",
    "/sitemaps/-1.xml",
    "/sitemaps/007.xml",
    "/sitemaps/99999999999999999999.xml",
    "/sitemaps/%D9%A1.xml",
    "/sitemaps/news",
    "/sitemaps/../etc.xml",
    "/tags/feed",
    "/feeds/tags/x.rss",
    "/feeds/authors/x.rss",
    "/feeds/archive.rss",
    "/.git/config",
    "/sections/%2e%2e/%2e%2e",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_odd_paths(client: FlaskClient, room: Newsroom, method: str) -> None:
    room.put(make_article())
    for path in PATHS:
        check_odd_path(client, path, method)


def check_odd_path(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method, headers={"Host": "evil.example.com"})
    assert answer.status_code < 500, path
    assert "evil" not in answer.headers.get("Location", "")
    assert "Set-Cookie" not in answer.headers
    assert "X" not in answer.headers
    assert b"<script>alert" not in answer.data
    assert b"49" not in answer.data or method != "GET" or "{{" not in path


HEADERS = [
    "If-None-Match",
    "If-Modified-Since",
    "Accept-Encoding",
    "Accept",
    "A-IM",
    "Range",
    "If-Match",
    "Cookie",
    "Host",
    "X-Forwarded-For",
    "Content-Length",
    "Content-Type",
    "Origin",
]
VALUES = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(HEADERS),
    VALUES,
    st.sampled_from(["/", "/feeds/all.rss", "/sections/x", "/articles/x-aaaaaaaa", "/static/site.css"]),
)
def test_odd_headers(client: FlaskClient, name: str, value: str, path: str) -> None:
    environ = {"HTTP_" + name.upper().replace("-", "_"): value}
    answer = client.get(path, environ_overrides=environ)
    assert answer.status_code < 500
    assert "Set-Cookie" not in answer.headers


def test_not_found_helps_and_reflects_nothing(client: FlaskClient, room: Newsroom) -> None:
    room.put(make_article())
    one, two = client.get("/a-secret-word"), client.get("/another")
    assert one.status_code == 404
    assert one.data == two.data
    assert b"/sections/harbour" in one.data
    assert one.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_mistake_of_ours_is_told_in_one_line(
    client: FlaskClient, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(room.store, "listing", broken, raising=False)
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"secret" not in answer.data
    assert len(answer.data) < 200
