"""The real server as readers, proxies and worse meet it. One service for all of these: they only ask."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import brotli
import pytest
from e2e.articles import markdown
from e2e.newsroom import FORMATS, PATIENCE, Newsroom, Service, allowed

EVIL = "evil.example"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a few articles, which no test changes."""
    text = "\n\n".join(f"Paragraph {number} of what the harbour master said." for number in range(60))
    with Newsroom(tmp_path_factory.mktemp("http")) as newsroom:
        for number in range(12):
            newsroom.write(f"{'town' if number % 2 else 'sport'}/{number}.md", markdown(f"Boat {number}", text))
        service = newsroom.start()
        titles = [f"Boat {number}" for number in range(12)]
        service.wait_for(*titles)
        service.wait_for(*titles[1::2], feed="town")
        service.wait_for(*titles[::2], feed="sport")
        service.wait_at_rest("all", "town", "sport")
        service.wait_counted()
        yield service


def connect(service: Service, seconds: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=seconds)


def said(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes, or says nothing for long."""
    received = b""
    with suppress(TimeoutError, ConnectionError):
        while part := connection.recv(1 << 16):
            received += part
    return received


@pytest.mark.parametrize("suffix", FORMATS)
def test_conditional_requests(service: Service, suffix: str) -> None:
    path = f"/feeds/town.{suffix}"
    whole = service.get(path)
    assert whole.status == 200
    for name, value in (
        ("If-None-Match", whole.headers["etag"]),
        ("If-None-Match", f'"other", W/{whole.headers["etag"]}'),
        ("If-None-Match", "*"),
        ("If-Modified-Since", whole.headers["last-modified"]),
    ):
        for _ in range(6):  # whichever worker answers
            answer = service.get(path, headers={name: value})
            assert (answer.status, answer.body) == (304, b"")
            for kept in ("etag", "last-modified", "cache-control", "vary", "link"):
                assert answer.headers[kept] == whole.headers[kept]
    for name, value in (
        ("If-None-Match", '"other"'),
        ("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"),
        ("If-Modified-Since", "Mon, 01 Jan 2096 00:00:00 GMT"),
        ("If-Modified-Since", "yesterday"),
    ):
        assert service.get(path, headers={name: value}).stable() == whole.stable()
    head = service.get(path, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.stable()[1] == whole.stable()[1]
    assert service.get(f"{path}?utm_source=x").body == whole.body
    assert service.get(path, method="POST").status == 405


@pytest.mark.parametrize("suffix", FORMATS)
def test_codings(service: Service, suffix: str) -> None:
    path = f"/feeds/town.{suffix}"
    whole = service.get(path)
    for coding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        answers = {service.get(path, headers={"Accept-Encoding": coding}).body for _ in range(8)}
        assert len(answers) == 1, "every worker gives the same bytes"
        answer = service.get(path, headers={"Accept-Encoding": coding})
        assert decode(answer.body) == whole.body
        assert answer.headers["content-encoding"] == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) == len(answer.body) < len(whole.body) / 3
        assert answer.headers["etag"] == f'{whole.headers["etag"][:-1]}-{coding}"'
        for sent in ("", coding):  # a tag counts whatever its coding
            headers = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": sent}
            assert service.get(path, headers=headers).status == 304
    assert "content-encoding" not in service.get(path, headers={"Accept-Encoding": "identity"}).headers


def test_pipelined_requests_are_answered_in_their_order(service: Service) -> None:
    paths = [f"/feeds/{name}.{suffix}" for name in ("town", "sport", "all") for suffix in FORMATS]
    paths += ["/", "/sections/town", "/no/such/page"]
    paths *= 4
    expected = [service.get(path) for path in paths]
    lines = [f"GET {path} HTTP/1.1\r\nHost: harbour.example\r\n" for path in paths]
    lines[-1] += "Connection: close\r\n"
    with connect(service) as connection:
        connection.sendall("\r\n".join([*lines, ""]).encode())
        received = said(connection)
    for answer in expected:
        head, _, received = received.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
        assert head.startswith(b"HTTP/1.1 %d " % answer.status)
        body, received = received[:length], received[length:]
        assert body == answer.body
    assert not received


def test_the_host_that_is_asked_for_is_not_reflected(service: Service) -> None:
    article = service.page_of("Boat 1", feed="town")
    wrong_day = re.sub(r"/\d{4}/\d\d/\d\d/", "/1999/01/02/", article)
    headers = {
        "Host": EVIL,
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": EVIL,
        "X-Forwarded-Prefix": f"/{EVIL}",
        "X-Original-URL": f"/{EVIL}",
        "X-Rewrite-URL": f"/{EVIL}",
        "Forwarded": f"host={EVIL};proto=http",
    }
    paths = ["/", "/feeds/town.rss", "/feeds/all.json", "/feed", "/town/feed", "/sections/town", "/sections/town/"]
    paths += [article, wrong_day, f"{article}/", "/nothing", "//nothing", "/static/feed.css", "/healthz"]
    for path in paths:
        plain, answer = service.get(path), service.get(path, headers=headers)
        assert answer.stable() == plain.stable(), path
        assert EVIL not in f"{answer.headers} {answer.text}"
        if "location" in answer.headers:
            assert answer.headers["location"].startswith("https://harbour.example/"), path
    with connect(service) as connection:
        target = f"http://{EVIL}/feeds/town.rss"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {EVIL}\r\nConnection: close\r\n\r\n".encode())
        assert EVIL.encode() not in said(connection)


def test_slow_connections_do_not_hold_up_polls(service: Service) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(service)) for _ in range(200)]
        for number, connection in enumerate(slow):
            connection.sendall(b"GET /feeds/all.atom HTTP/1.1\r\nHost: harbour.example\r\nX-Slow: "[: 20 + number % 60])
        expected = service.feed("all").body
        waits: list[float] = []
        wrong: list[object] = []

        def poll() -> None:
            for _ in range(4):
                answer = service.feed("all")
                waits.append(answer.seconds)
                if answer.body != expected:
                    wrong.append(answer)

        pollers = [threading.Thread(target=poll) for _ in range(64)]
        for poller in pollers:
            poller.start()
            time.sleep(0.005)
        for number, connection in enumerate(slow):
            with suppress(OSError):
                connection.sendall(b"x")
            if number % 40 == 0:
                waits.append(service.feed("all").seconds)
        for poller in pollers:
            poller.join(60)
        assert not wrong
        assert len(waits) > 250
        # The threads of this test take turns with each other: a few of their waits are their own.
        assert sorted(waits)[len(waits) * 98 // 100] < allowed(1), sorted(waits)[-8:]


HELD_UP = 60
"""More connections than two workers have threads."""


def test_slow_downloads_do_not_hold_up_polls(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom, ExitStack() as stack:
        newsroom.write("town/hum.md", "---\ntitle: A long hum\nenclosure: hum.mp3\n---\nListen.\n")
        sound = newsroom.content / "town" / "hum.mp3"
        sound.write_bytes(b"ID3\x04\0\0\0\0\0\0" + (b"\xff\xfb\x90\x64" + bytes(413)) * 60_000)
        service = newsroom.start()
        service.wait_for("A long hum")
        path = re.search(r"/media/[a-z2-7]+/hum\.mp3", service.feed("all").text)
        assert path is not None
        answered = set[bytes]()
        for _ in range(HELD_UP):
            slow = stack.enter_context(socket.socket())
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.settimeout(PATIENCE)
            slow.connect(("127.0.0.1", service.port))
            slow.sendall(f"GET {path[0]} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            answered.add(slow.recv(12))  # and reads no further
        assert answered == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert service.get("/healthz").status == 200
        assert service.get("/").status == 200
        service.wait_for("A long hum")


def test_forms_that_never_come_do_not_hold_up_polls(service: Service) -> None:
    head = b"POST /desk/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with ExitStack() as stack:
        for _ in range(HELD_UP):
            stack.enter_context(connect(service)).sendall(head + b"Content-Length: 100\r\n\r\ntoken=")
        for _ in range(16):  # both workers
            assert service.feed("all").status == 200
        assert service.get("/").status == 200


ODD = [
    b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /feeds/%ff%fe.rss HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /feeds/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /static/..%2f..%2fapp.py HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /feeds/" + b"a/" * 2000 + b".rss HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /articles/2026/11/10/" + b"x" * 6000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /sections/" + b"%F0%9F%90%9F" * 300 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /?" + b"q=%zz&" * 900 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + b"gzip;q=0.1, " * 600 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + b'"x", ' * 1500 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: \xff\xfe\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-,1-,2-\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET feeds HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: a\r\nSecret: 1\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"DELETE /feeds/all.rss HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c, websocket\r\nConnection: Upgrade\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\0" * 40,
    b"\0" * 200,
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
]


@pytest.mark.parametrize("request_bytes", ODD, ids=range(len(ODD)))
def test_odd_requests_are_no_trouble(service: Service, request_bytes: bytes) -> None:
    with connect(service, 2) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        received = said(connection)
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", received)
    if status is not None:
        assert int(status[1]) < 500 or int(status[1]) in (501, 505), received[:300]
    assert b"Secret" not in received
    assert b"Traceback" not in received
    assert service.get("/healthz").status == 200


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n",
        b"Transfer-Encoding : chunked\r\nContent-Length: 4\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Content-Length: +4\r\n",
    ],
)
def test_no_second_request_is_smuggled_in(service: Service, head: bytes) -> None:
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nX: "
    with connect(service, 2) as connection:
        connection.sendall(b"POST /feeds/all.rss HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n" + hidden)
        connection.sendall(b"\r\n\r\n")
        received = said(connection)
    # Either the request is refused and the connection closed, or it ends where the chunks do, as RFC 9112 has it.
    assert received.count(b"HTTP/1.1 200") <= (1 if head.startswith(b"Content-Length: 4\r\nTransfer") else 0), received
    assert received.startswith((b"HTTP/1.1 400", b"HTTP/1.1 405")) or not received


def test_no_banner_no_trace(service: Service) -> None:
    for path in ("/", "/feeds/all.rss", "/nothing", "/healthz", "/static/feed.css"):
        answer = service.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"\d", answer.headers.get("server", "")), "no version"
        assert "set-cookie" not in answer.headers
        assert "x-powered-by" not in answer.headers
    assert "content-security-policy" in service.get("/").headers
