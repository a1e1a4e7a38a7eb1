"""What the site offers at all: nothing to change, nothing outside, nothing fetched, no picture that is a page."""

# ruff: noqa: E501  (files are written as they would lie there)

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import danger
import pytest
from security.site import Site

from feedsvc.errors import ContentError
from feedsvc.formats.registry import formats

HIDDEN = "the harbour master's own words"
ARTICLE = b"Kittiwake back in port\n\nIt came in with the tide.\n"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "PROPFIND", "MKCOL", "PURGE")
ABOVE = (
    "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "..%5csecret.txt", "....//secret.txt",
    "%252e%252e%252fsecret.txt", "..%c0%afsecret.txt", "..%00/secret.txt", "../../secret.txt", "../content/a.txt",
    "/etc/hostname", "//etc/hostname", "file:///etc/hostname", "x/../../secret.txt", "a.txt", "..;/secret.txt",
    "~root/secret.txt", "%2fetc%2fhostname", "\\..\\secret.txt", "./../secret.txt", "store.db", "../store.db",
)  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def test_nothing_can_be_changed_over_the_web(site: Site) -> None:
    site.write("news/a.txt", ARTICLE)
    site.take_in()
    before = site.store.changes_token()
    paths = {str(rule).replace("<", "").replace(">", "") for rule in site.app.url_map.iter_rules()}
    found = [address for address, _ in site.crawl()]
    assert len(paths) > 10
    for path in (*paths, *found, "/desk", "/admin", "/metrics", "/takedown"):
        for method in UNSAFE:
            response = site.client.open(path, method=method, data=b"a=b")
            assert response.status_code in (400, 401, 403, 404, 405, 501), (method, path, response.status)
    for rule in site.app.url_map.iter_rules():
        assert rule.methods is not None
        assert rule.methods <= {"GET", "HEAD", "OPTIONS"} or rule.rule.startswith("/desk"), rule
    for path in ("/desk", "/desk/", "/desk/status"):
        assert site.client.get(path).status_code in (401, 403, 404), path
    assert site.store.changes_token() == before


def test_no_path_leads_outside(site: Site) -> None:
    (site.folder / "secret.txt").write_text(HIDDEN)
    site.write("a.txt", ARTICLE)
    site.write("news/.hidden.txt", f"Hidden\n\nIt is hidden: {HIDDEN}.\n".encode())
    (site.content / "linked.txt").symlink_to(site.folder / "secret.txt")
    (site.content / "folder").symlink_to(site.folder)
    site.write(
        "news/b.md", b"# Bait\n\n![one](../../secret.txt) ![two](/../secret.txt) ![three](../linked.txt)\n\nText.\n"
    )
    site.take_in()
    assert len(site.ids()) == 2
    places = (
        "",
        "static/",
        "media/",
        "media/aaaaaaaaaaaaaaaaaaaa/",
        "articles/",
        "feeds/",
        "sections/",
        "sitemaps/",
        "archive/",
    )
    for place in places:
        for path in ABOVE:
            response = site.client.get(f"/{place}{path}")
            assert response.status_code in (301, 302, 308, 400, 404), (place, path, response.status)
            assert HIDDEN not in response.text
            assert "root:" not in response.text
    for _, response in site.crawl():
        assert HIDDEN not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"<!doctype html><script>alert(1)</script>"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
        ("a.pdf", b"%PDF-1.7 /JS (app.alert(1))"),
        ("a.swf", b"FWS\x05"),
        ("a.jpg", b"#!/bin/sh\n"),
    ],
)
def test_a_picture_that_is_none_is_not_served(site: Site, name: str, content: bytes) -> None:
    site.write(f"news/{name}", content)
    site.write("news/b.md", f"---\ntitle: Bait\nimage: {name}\n---\n\nText with ![one]({name}) in it.\n".encode())
    site.take_in()
    assert any(identity.endswith("news/b.md") for identity in site.ids())
    for address, response in site.crawl():
        assert not address.startswith("/media/"), response.status
        if response.headers["Content-Type"].startswith("text/html"):
            assert danger.in_page(response.text) == []


def test_a_picture_is_served_as_nothing_but_a_picture(site: Site) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f00050001ff"
        "56c7dd0a0000000049454e44ae426082"
    )
    # A picture to its first bytes, and a page to a browser that looks for one.
    site.write("news/a.png", pixel + b"<script>alert(1)</script>")
    site.write("news/b.md", b"---\ntitle: Bait\n---\n\nText with ![one](a.png) in it.\n")
    site.take_in()
    served = [(address, response) for address, response in site.crawl() if address.startswith("/media/")]
    for _, response in served:
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_is_fetched_while_files_are_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*arguments: Any, **named: Any) -> Any:
        asked.append(arguments)
        raise OSError("no network here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    inside = "http://169.254.169.254/latest/meta-data/"
    files = {
        "a.xml": f"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "{inside}"><?xml-stylesheet href="{inside}"?>
<nitf xmlns:xi="http://www.w3.org/2001/XInclude"><body><body.head><hedline><hl1>One</hl1></hedline></body.head>
<body.content><p>Text.</p><xi:include href="{inside}"/></body.content></body></nitf>""",
        "b.html": f"""<!doctype html><html><head><base href="{inside}"><link rel="stylesheet" href="{inside}">
<meta http-equiv="refresh" content="0;url={inside}"><title>Two</title></head><body><article><h1>Two</h1>
<img src="{inside}"><iframe src="{inside}"></iframe><p>Text of the second article, in one sentence.</p></article></body>""",
        "c.md": f"---\ntitle: Three\nimage: {inside}\ncanonical_url: {inside}\n---\n\nText ![x]({inside}) of it.\n",
        "d.json": f"""{{"@context": "{inside}", "@type": "NewsArticle", "headline": "Four", "articleBody": "Text of it.",
"image": "{inside}", "author": {{"@id": "{inside}"}}}}""",
        "e.xml": f"""<rss version="2.0"><channel><item><title>Five</title><link>{inside}</link>
<description>Text of it.</description><enclosure url="{inside}" length="1" type="image/png"/></item></channel></rss>""",
    }
    installed, titles = formats(), []
    for name, text in files.items():
        path = PurePosixPath("news") / name
        try:  # here, and not in the reader's own process, where nobody would see it
            titles += [item.title for item in installed.choose(text.encode(), path).parse(text.encode(), path)]
        except ContentError:
            titles.append("refused")
        if name != "b.html":
            site.write(f"news/{name}", text.encode())
    assert len(titles) == len(files)
    assert titles.count("refused") <= 1
    site.take_in()
    assert len(site.ids()) >= 3
    for _, response in site.crawl():
        assert response.status_code == 200
    assert asked == []
