"""The desk is closed: every route of it, to everybody without a session, and to every other site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from security.site import Site
from werkzeug.routing import Rule

from feedsvc.web.desk import tokens

TITLE = "Kittiwake back in port"
ARTICLE = f"{TITLE}\n\nIt came in with the tide.\n".encode()
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CLOSED = ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic b3BlbjpzZXNhbWU="},
          {"Cookie": "feedsvc-desk=nonsense"}, {"X-Forwarded-For": "127.0.0.1", "Accept": "text/html"})  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, server={"token_file": tmp_path / "token"})
    tokens.ensure(tmp_path / "token")
    made.write("news/a.txt", ARTICLE)
    made.take_in()
    yield made
    made.close()


def rules(site: Site) -> list[Rule]:
    found = [rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/desk")]
    assert len(found) > 20
    return found


def addresses(site: Site) -> set[str]:
    found = {rule.rule.replace("<key>", "aaaaaaaa").replace("<path:path>", "elsewhere/x") for rule in rules(site)}
    return found | {f"{address}?path=news/a.txt&item=0" for address in found}


def test_no_route_is_open_without_a_session(site: Site) -> None:
    before = site.store.changes_token()
    for address in sorted(addresses(site)):
        for method in METHODS:
            for headers in CLOSED:
                client = site.app.test_client(use_cookies=False)
                form = {"article": "aaaaaaaa", "hold": "missing", "key": "0" * 32}
                answer = client.open(address, method=method, headers=headers, data=form)
                # After some wrong tokens even that is not looked at any more.
                assert answer.status_code in (401, 429), (method, address, headers, answer.status)
                assert TITLE not in answer.text
                assert "Courier" not in answer.text
                assert "Set-Cookie" not in answer.headers
                assert answer.headers["Cache-Control"] == "no-store"
    assert site.store.changes_token() == before


def test_what_changes_something_is_a_post_with_the_key_of_the_session(site: Site) -> None:
    client = site.app.test_client()
    secret = (site.folder / "token").read_text().strip()
    assert client.post("/desk/sign-in", data={"token": secret}).status_code == 303
    before = site.store.changes_token()
    for rule in rules(site):
        assert rule.methods is not None
        if rule.methods & {"GET"}:
            address = rule.rule.replace("<key>", "aaaaaaaa").replace("<path:path>", "elsewhere/x")
            assert client.get(address).status_code in (200, 404), address
        for method in rule.methods - {"GET", "HEAD"}:
            if rule.rule == "/desk/sign-in":
                continue  # it asks for the token itself
            answer = client.open(rule.rule, method=method, data={"article": "aaaaaaaa", "path": "news/a.txt"})
            assert answer.status_code == 403, (method, rule.rule)
    assert site.store.changes_token() == before


def test_every_page_keeps_scripts_frames_and_caches_out(site: Site) -> None:
    client = site.app.test_client()
    secret = (site.folder / "token").read_text().strip()
    client.post("/desk/sign-in", data={"token": secret})
    seen = 0
    for address in sorted(addresses(site)):
        answer = client.get(address, headers={"Accept": "text/html"})
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        if headers["Content-Type"].startswith("text/html"):
            seen += 1
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            if "/frame" not in address:
                assert "frame-ancestors 'none'" in policy
                # Nothing of it stands in the page itself.
                for inline in ("<style", "style=", " onclick", " onload", "<script>", "javascript:"):
                    assert inline not in answer.text, (address, inline)
    assert seen > 10


def test_nothing_of_the_desk_is_fetched_from_elsewhere(site: Site) -> None:
    client = site.app.test_client()
    for name in ("desk.css", "desk.js"):
        text = client.get(f"/static/{name}").text
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text
        assert "eval(" not in text
