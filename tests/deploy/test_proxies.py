"""The service behind nginx: plain with TLS, and with nginx as a cache."""

from __future__ import annotations

import concurrent.futures
import http.server
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from deploy.conftest import DEPLOY, ask, fill
from e2e.articles import markdown
from e2e.newsroom import Newsroom, free_port, until
from tools import program, serving


@pytest.fixture(autouse=True)
def installed() -> None:
    program("nginx")


def cached(root: Path, port: int, upstream: int) -> str:
    found = (DEPLOY / "nginx-cache.conf").read_text()
    for before, after in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("/var/cache/nginx/feedsvc", f"{root}/cache"),
    ):
        assert before in found
        found = found.replace(before, after)
    return found


# ------------------------------------------------------------------ plain, with TLS
def test_the_plain_proxy_with_tls(newsroom: Newsroom) -> None:
    fill(newsroom)
    service = newsroom.start().wait_ingesting()
    service.wait_for("Tug", "Race")
    root, plain, secure = newsroom.root / "nginx", free_port(), free_port()
    root.mkdir()
    certificate, key = root / "cert.pem", root / "key.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=news.example.org",
         "-addext", "subjectAltName=DNS:news.example.org", "-out", str(certificate), "-keyout", str(key)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    folder = "/etc/letsencrypt/live/news.example.org"
    conf = (DEPLOY / "nginx.conf").read_text()
    conf = conf.replace(f"{folder}/fullchain.pem", str(certificate)).replace(f"{folder}/privkey.pem", str(key))
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace("listen 443", f"listen 127.0.0.1:{secure}")
    conf = conf.replace("127.0.0.1:8000", f"127.0.0.1:{service.port}")
    assert "/var/www/html" in (DEPLOY.parent / "docs" / "deploy.md").read_text()
    conf = conf.replace("/var/www/html", str(root))
    challenge = root / ".well-known" / "acme-challenge" / "x"
    challenge.parent.mkdir(parents=True)
    challenge.write_text("proof")
    trust = ssl.create_default_context(cafile=str(certificate))
    trust.check_hostname = False
    with serving(root, conf, secure):
        moved = ask(plain, "/feeds/all.rss", host="news.example.org")
        assert (moved.status, moved.headers["location"]) == (308, "https://news.example.org/feeds/all.rss")
        # A certificate is renewed by what lies here, also when nginx sends everybody else to TLS.
        proof = ask(plain, "/.well-known/acme-challenge/x", host="news.example.org")
        assert (proof.status, proof.body) == (200, b"proof")
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust))
        with opener.open(f"https://127.0.0.1:{secure}/feeds/town.rss", timeout=30) as answer:
            assert answer.read() == service.get("/feeds/town.rss").body
            assert answer.headers["ETag"] == service.get("/feeds/town.rss").headers["etag"]
            assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_what_a_client_claims_of_itself_does_not_reach_the_service(tmp_path: Path) -> None:
    with origin() as (server, seen):
        port = free_port()
        with serving(tmp_path / "nginx", cached(tmp_path, port, server), port):
            claimed = {
                "X-Forwarded-For": "10.9.8.7",
                "X-Forwarded-Host": "evil.example",
                "X-Forwarded-Proto": "ftp",
                "Forwarded": "for=10.9.8.7",
                "Cookie": "a=b",
            }
            assert ask(port, "/feeds/all.rss", claimed, host="news.example.org").status == 200
            assert ask(port, "/desk", claimed, host="news.example.org").status == 200
    for headers in (dict(seen[0][1]), dict(seen[1][1])):
        assert headers["X-Forwarded-For"] == "127.0.0.1"
        assert headers["X-Forwarded-Proto"] == "http"
        assert headers["Host"] == "news.example.org"
        assert "X-Forwarded-Host" not in headers
        assert "Forwarded" not in headers
    assert "Cookie" not in dict(seen[0][1])


# ------------------------------------------------------------------ the cache, before an origin that counts
class Origin(http.server.BaseHTTPRequestHandler):
    """Answers slowly, tells how often it was asked, and does as the service does with codings and changes only."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, list[tuple[str, str]]]]]
    cookie = False

    def do_GET(self) -> None:
        self.seen.append((self.path, list(self.headers.items())))
        path = self.path.partition("?")[0]
        if path == "/slow":
            time.sleep(0.5)
        status = 226 if self.headers.get("A-IM") else 404 if path == "/none" else 200
        body = f"{len(self.seen)}".encode()
        self.send_response(status)
        if self.headers.get("Accept-Encoding"):
            self.send_header("Content-Encoding", self.headers["Accept-Encoding"])
        if path == "/cookie":
            self.send_header("Set-Cookie", "a=b")
        told = {"/none": "no-cache", "/stale": "public, max-age=1, s-maxage=1, stale-while-revalidate=30"}
        self.send_header("Cache-Control", told.get(path, "public, max-age=60, s-maxage=60"))
        self.send_header("Vary", "A-IM, Accept-Encoding")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nothing."""


@contextmanager
def origin() -> Iterator[tuple[int, list[tuple[str, list[tuple[str, str]]]]]]:
    handler = type("Handler", (Origin,), {"seen": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_address[1], handler.seen  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_kept_and_what_is_not(tmp_path: Path) -> None:
    with origin() as (server, seen):
        port = free_port()
        with serving(tmp_path / "nginx", cached(tmp_path, port, server), port):

            def asked(path: str, headers: dict[str, str] | None = None) -> int:
                before = len(seen)
                ask(port, path, headers)
                return len(seen) - before

            assert [asked("/feeds/a.rss"), asked("/feeds/a.rss"), asked("/feeds/a.rss?utm=1")] == [1, 0, 0]
            assert [asked("/sections/a?page=2"), asked("/sections/a?page=2&x"), asked("/sections/a")] == [1, 0, 1]
            gzip = [
                asked("/feeds/a.rss", {"Accept-Encoding": one}) for one in ("gzip", "gzip, deflate", "deflate,gzip")
            ]
            assert gzip == [1, 0, 0]
            assert [asked("/feeds/a.rss", {"Accept-Encoding": one}) for one in ("gzip, br", "br;q=1.0")] == [1, 0]
            assert asked("/feeds/a.rss", {"Accept-Encoding": "zstd"}) == 0
            # An answer with changes only is neither kept nor given to anybody else.
            delta = {"A-IM": "feed", "If-None-Match": '"1-0"'}
            assert [asked("/feeds/b.rss", delta), asked("/feeds/b.rss", delta)] == [1, 1]
            assert dict(seen[-1][1])["If-None-Match"] == '"1-0"'
            assert ask(port, "/feeds/b.rss").status == 200
            assert ask(port, "/feeds/b.rss", delta).status == 226
            assert [asked("/feeds/b.rss", {"Authorization": "Bearer x"}) for _ in range(2)] == [1, 1]
            # A person who opens a feed gets an answer of his own; opening a page is like asking for it.
            opened = {"Sec-Fetch-Dest": "document"}
            assert [asked("/feeds/c.rss", opened), asked("/feeds/c.rss", opened), asked("/feeds/c.rss")] == [1, 1, 1]
            assert [asked("/feeds/a.rss", opened), asked("/feeds/a.rss"), asked("/sections/a", opened)] == [1, 0, 0]
            assert [asked("/cookie"), asked("/cookie")] == [1, 1]
            assert [asked("/none"), asked("/none")] == [1, 1]
            for path in ("/desk", "/desk/x", "/metrics", "/healthz", "/readyz", "/media/a/b.png"):
                assert [asked(path), asked(path)] == [1, 1], path
            assert ask(port, "/stale").body == str(len(seen)).encode()
            time.sleep(2.2)  # nginx counts in whole seconds
            before = len(seen)
            assert ask(port, "/stale").body == str(before).encode()  # stale, and asked for anew behind it
            until(lambda: len(seen) > before)
            until(lambda: ask(port, "/stale").body != str(before).encode())


def test_a_crowd_is_one_question(tmp_path: Path) -> None:
    with origin() as (server, seen):
        port = free_port()
        with (
            serving(tmp_path / "nginx", cached(tmp_path, port, server), port),
            concurrent.futures.ThreadPoolExecutor(20) as crowd,
        ):
            bodies = list(crowd.map(lambda _: ask(port, "/slow").body, range(20)))
    assert bodies == [b"1"] * 20
    assert len(seen) == 1


# ------------------------------------------------------------------ the cache, before the service
def test_who_opens_a_feed_and_who_polls_it_do_not_get_each_others_answer(newsroom: Newsroom) -> None:
    newsroom.configure(workers=1)
    newsroom.drop("town/a.md", markdown("Pier"))
    service = newsroom.start().wait_ingesting()
    service.wait_for("Pier")
    until(lambda: "last-modified" in service.feed("all", "rss").headers)
    port = free_port()
    with serving(newsroom.root / "nginx", cached(newsroom.root, port, service.port), port):
        for _ in range(2):
            seen = ask(port, "/feeds/all.rss", {"Sec-Fetch-Dest": "document"})
            assert seen.headers["content-type"] == "application/xml; charset=utf-8"
            assert seen.headers["cache-control"].startswith("private")
            assert ask(port, "/feeds/all.rss").headers["content-type"] == "application/rss+xml; charset=utf-8"
        kept = ask(port, "/feeds/all.rss")
        assert kept.headers["x-cache"] == "HIT"
        for asked in (
            {"If-None-Match": f'"x", W/{kept.headers["etag"]}'},
            {"If-Modified-Since": kept.headers["last-modified"]},
            {"If-Modified-Since": kept.headers["date"]},
        ):
            for one in (port, service.port):
                assert ask(one, "/feeds/all.rss", asked).status == 304, asked
        head = ask(port, "/feeds/all.rss", method="HEAD")
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(kept.body)))
        assert kept.body == seen.body
        for path in ("/desk", "/metrics"):
            assert all("x-cache" not in ask(port, path).headers for _ in range(2)), path


def test_a_takedown_ends_in_the_cache_as_well(newsroom: Newsroom) -> None:
    newsroom.configure('[feeds]\nmax_age = "1s"\ndelta = true', workers=1)
    newsroom.drop("town/a.md", markdown("Pier"))
    newsroom.drop("town/b.md", markdown("Quay"))
    service = newsroom.start().wait_ingesting()
    service.wait_for("Pier", "Quay")
    page = service.page_of("Pier")
    port = free_port()
    with serving(newsroom.root / "nginx", cached(newsroom.root, port, service.port), port):
        assert ask(port, page).status == 200
        assert b"Pier" in ask(port, "/feeds/all.rss").body
        assert newsroom.command("takedown", page, "--reason", "a test").returncode == 0
        service.everywhere(lambda: not service.shows("Pier"))
        until(lambda: ask(port, page).status == 410)
        until(lambda: b"Pier" not in ask(port, "/feeds/all.rss").body)
        told = ask(port, "/feeds/all.rss").headers["cache-control"]
        assert "stale-while-revalidate=0, stale-if-error=0" in told
        service.stop()
        time.sleep(2)
        assert ask(port, "/feeds/all.rss").status in (502, 504)  # better nothing than what was taken down
