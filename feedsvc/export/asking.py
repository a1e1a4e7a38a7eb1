"""Asks the application for an address as a reader would: what it answers is what is exported, byte for byte."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

STRANGER = "192.0.2.1"
"""An address that nobody has (RFC 5737): what is for this machine alone is not exported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: the *status*, the *headers* by their names in lower case, and the body in *chunks*."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterable[bytes]

    @property
    def modified(self) -> int:
        """Last-Modified in seconds since 1970; 0 where none is told."""
        told = self.headers.get("last-modified")
        return int(parsedate_to_datetime(told).timestamp()) if told else 0

    @property
    def lasting(self) -> bool:
        """Whether it may be kept at all: what changes with who asks, or with each moment, may not."""
        return "no-store" not in self.headers.get("cache-control", "") and "set-cookie" not in self.headers

    def body(self) -> bytes:
        """All of it. To be asked for once."""
        return b"".join(self.chunks)


@contextlib.contextmanager
def asked(application: WSGIApplication, address: str, *, coding: str = "") -> Iterator[Answer]:
    """What *application* answers to a GET for *address*, percent-encoded and with any query, in *coding* if it can."""
    path, _, query = address.partition("?")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),  # PEP 3333
        "QUERY_STRING": query,
        "REMOTE_ADDR": STRANGER,
    }
    if coding:
        environ["HTTP_ACCEPT_ENCODING"] = coding
    setup_testing_defaults(environ)
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], None]:
        told.append((status, headers))
        return lambda _: None

    chunks = application(environ, start_response)
    try:
        status, headers = told[-1]
        found = {name.lower(): value for name, value in headers}
        yield Answer(status=int(status[:3]), headers=found, chunks=chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
