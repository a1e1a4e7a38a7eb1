"""A small newspaper, published yesterday, that can be asked for every kind of answer: in this process or by HTTP."""

from __future__ import annotations

import contextlib
import http.client
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from tools import free_port, tied

from feedsvc import config
from feedsvc.clock import utc_now
from feedsvc.config import Settings
from feedsvc.dates import Precision
from feedsvc.model import Article, Author, Category, Enclosure
from feedsvc.publish.configured import configure
from feedsvc.store.base import INGEST
from feedsvc.store.opening import open_store

PATIENCE = 30.0
CONFIG = """
[site]
base_url = "https://news.example.org"
title = "The Harbour Courier"
authority = "news.example.org,2026"
description = "News of the sea & of the shore"
language = "en-GB"
rights = "https://terms.example/by/4.0"
icon = "/static/icon.png"
logo = "/static/logo.png"
accent_color = "#0a5c7a"

[content]
scan_every = "1h"

[feeds]
hubs = ["https://hub.example.net/"]

[server]
workers = 1

[sections.harbour]
title = "Harbour & Port"
description = "Ships and quays"
moved_from = ["docks"]

[sections."town/council"]
title = "Council"
"""
HEADERS = Sequence[tuple[str, str]]
_BODY = '<p>The ferry <a href="/articles/x">sails</a> &amp; the <em>crane</em> turns.</p>' * 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as it came; *headers* in their order and spelling."""

    status: int
    headers: HEADERS
    body: bytes

    def header(self, name: str) -> str | None:
        """The header *name*, whatever its case; None if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Way(Protocol):
    """A way to ask the newspaper."""

    def ask(self, method: str, target: str, headers: HEADERS = ()) -> Answer:
        """One request, with these headers and no others but Host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newspaper:
    """The config file of the newspaper, and the paths of the pages of its articles, by name."""

    config: Path
    pages: dict[str, str]

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return config.load(self.config, {})


def publish(folder: Path) -> Newspaper:
    """A newspaper in *folder*: its config, an empty content folder, and a store with articles."""
    (folder / "content").mkdir(parents=True)
    file = folder / "feedsvc.toml"
    file.write_text(CONFIG)
    settings = config.load(file, {})
    start = (utc_now() - timedelta(days=1)).replace(microsecond=0)
    hour = timedelta(hours=1)

    def article(name: str, **fields: Any) -> Article:
        values: dict[str, Any] = {
            "id": f"tag:news.example.org,2026:{name}",
            "source": f"harbour/{name}.md",
            "sections": ("harbour",),
            "slug": name,
            "title": f"The {name} sails again",
            "content": _BODY,
            "summary": f"After the repairs the {name} is back & well.",
            "published": start - hour,
            "precision": Precision.INSTANT,
        }
        values |= fields
        values.setdefault("updated", values["published"])
        return Article(**values)

    ferry = article(
        "ferry",
        title='The ferry: "Ada" & <Bo>, R&D',
        standfirst="Nobody was hurt.",
        byline="By Ada Quay and Bo Pier",
        agency="Coast Wire",
        authors=(Author(name="Ada Quay", uri="/authors/ada"), Author(name="Bo Pier")),
        categories=(Category(term="ships", label="Ships & boats", scheme="https://subjects.example/"),),
        enclosures=(
            Enclosure(url="/media/abc/quay.jpg", type="image/jpeg", length=4321, width=640, height=480,
                      alt="The quay", caption="Salt & tar", credit="Cy Mast"),
            Enclosure(url="https://sound.example/song.mp3", type="audio/mpeg", duration=61),
        ),
        link="https://wire.example/ferry",
        rights="© Coast Wire",
        language="fr",
        expires=start + timedelta(days=3650),
        updated=start,
    )  # fmt: skip
    bare = article("bare", content="", summary="", published=start - 2 * hour, precision=Precision.DAY)
    gone = article("gone", published=start - 3 * hour)
    articles = [
        ferry,
        bare,
        gone,
        article("vote", sections=("town/council", "harbour"), published=start - 4 * hour),
        article("arabic", sections=("ا",), language="ar", title="العبارة تبحر", published=start - 5 * hour),
        article("later", sections=("secret",), embargo=start + timedelta(days=3650), published=start),
    ]
    store = open_store(settings.store.url)
    lease = store.lease(INGEST, "test", ttl=timedelta(minutes=1))
    assert lease is not None
    configure(store, settings, now=start, lease=lease)
    with store.writing(lease, at=start) as writer:
        for one in articles:
            writer.put(one, now=start, day=one.published.date(), spellings={"town": "The Town"}, cold=True)
    with store.writing(lease, at=start + hour) as writer:
        writer.withdraw(gone.id, now=start + hour, why="its file is gone")
    store.release(lease)
    pages = {one.slug: found.path for one in articles if (found := store.get(one.id)) is not None}
    store.close()
    return Newspaper(config=file, pages=pages)


# ------------------------------------------------------------------ in this process


class InProcess:
    """Asks a WSGI application, with an environment as servers make it (PEP 3333)."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def ask(self, method: str, target: str, headers: HEADERS = ()) -> Answer:
        """One request."""
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers}
        started: list[tuple[str, HEADERS]] = []

        def start_response(status: str, headers: HEADERS, exc_info: object = None) -> Callable[[bytes], None]:
            del exc_info
            started.append((status, headers))
            return lambda _piece: None

        pieces = self._app(environ, start_response)
        try:
            body = b"".join(pieces)
        finally:
            if callable(close := getattr(pieces, "close", None)):
                close()
        ((status, found),) = started
        return Answer(status=int(status[:3]), headers=list(found), body=body)


# ------------------------------------------------------------------ by HTTP
class OverHttp:
    """Asks a server on this machine, each time on a connection of its own."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, method: str, target: str, headers: HEADERS = ()) -> Answer:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            named = any(name == "Host" for name, _ in headers)
            connection.putrequest(method, target, skip_host=named, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(status=response.status, headers=response.getheaders(), body=response.read())
        finally:
            connection.close()


SERVERS = {
    "feedsvc serve": "feedsvc serve",
    "gunicorn": "gunicorn feedsvc.wsgi:application --bind 127.0.0.1:{port} --workers 1 --threads 4",
    "waitress": "waitress --listen=127.0.0.1:{port} feedsvc.wsgi:application",
}
"""How each server is started: a module of Python and its arguments."""


@contextlib.contextmanager
def served(newspaper: Newspaper, server: str) -> Iterator[OverHttp]:
    """The newspaper behind a real server, from when it is ready."""
    port = free_port()
    log = newspaper.config.parent / f"{server.replace(' ', '-')}.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    environment |= {"FEEDSVC_CONFIG": str(newspaper.config), "FEEDSVC_SERVER__PORT": str(port)}
    with log.open("wb") as told:
        process = subprocess.Popen(
            tied(sys.executable, "-m", *SERVERS[server].format(port=port).split()),
            stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=environment, cwd=newspaper.config.parent,
        )  # fmt: skip
    way = OverHttp(port)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _ready(way):
            assert process.poll() is None, f"{server} ended by itself: {log.read_text()}"
            assert time.monotonic() < deadline, f"{server} is not ready: {log.read_text()}"
            time.sleep(0.05)
        yield way
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{server} did not end on SIGTERM") from None


def _ready(way: OverHttp) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        return way.ask("GET", "/readyz").status == 200
    return False
