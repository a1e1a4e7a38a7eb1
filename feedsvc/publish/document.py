"""A ``Document``: one feed or page as it goes out, with its validators, its coded forms and its headers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

from werkzeug.urls import iri_to_uri

from feedsvc import links as paths
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.logs import get_logger
from feedsvc.publish.rendering import rendered
from feedsvc.publish.validity import MOST_BYTES
from feedsvc.publish.window import ALWAYS, NEVER, Shown

CODINGS = ("br", "gzip")
"""The content codings that a document can be had in, the smallest first."""
VARY = "Accept-Encoding"
STALE_WHILE_REVALIDATE = 30
STALE_IF_ERROR = 3600
_SECOND = timedelta(seconds=1)
_GZIP_LEVEL = 6
"""Takes 3 ms for a feed of full texts; level 7 saves 1 % more in half as much time again."""
_BROTLI_QUALITY = 5
"""Takes 6 ms for a feed of full texts and saves an eighth on gzip; the best quality saves 4 % more in 200 ms."""
_HASH_LENGTH = 16
_TOLD = 5
"""How many faults a log line tells of."""

MOST_REPLIES = 64
"""How many replies a document remembers; the readers of a feed ask in far fewer ways."""
LONGEST_ASKED = 500
"""How many characters of a request are remembered with its reply."""

Headers = list[tuple[str, str]]


class Outcome(NamedTuple):
    """What is counted of an answer: the *status* with its reason, and how many bytes of body were *sent*.

    *coding* is that of the form that was chosen, also where it is not sent. *conditional*: it was asked for with a
    validator.
    """

    status: str
    coding: str
    sent: int
    conditional: bool


class Reply(NamedTuple):
    """An answer as it goes out: the *status* with its reason, *headers*, and the *body*, empty where none is sent."""

    status: str
    headers: Headers
    body: bytes
    outcome: Outcome


class Document:
    """Bytes for readers, which stand from *valid_from* until before *valid_until*.

    *tag* is the ETag of the identity form without quotes. *last_modified* is None where none is told. *max_age* is
    in seconds. An *immutable* document stays as it is at its address. Until *guarded_until* no cache may serve the
    document when it is stale. *shows* are the ids of the articles in it. Coded forms are made once, when first asked
    for.
    """

    __slots__ = (
        "_calm_from", "_calm_until", "_extra", "_forms", "_immutable", "_lock", "_ready", "_replies", "_vary",
        "guarded_until", "identity", "last_modified", "max_age", "media_type", "shows", "tag", "valid_from",
        "valid_until",
    )  # fmt: skip

    def __init__(
        self,
        identity: bytes,
        *,
        media_type: str,
        tag: str = "",
        last_modified: datetime | None = None,
        valid_from: datetime = ALWAYS,
        valid_until: datetime = NEVER,
        guarded_until: datetime = ALWAYS,
        max_age: int = 60,
        immutable: bool = False,
        vary: str = VARY,
        extra: Sequence[tuple[str, str]] = (),
        shows: frozenset[str] = frozenset(),
    ) -> None:
        self.identity = identity
        self.media_type = media_type
        self.tag = tag or fingerprint(identity)
        self.last_modified = None if last_modified is None else last_modified.replace(microsecond=0)
        self.valid_from = valid_from
        self.valid_until = valid_until
        self.guarded_until = guarded_until
        self.max_age = max_age
        self.shows = shows
        self._extra = tuple(extra)
        self._immutable = immutable
        self._vary = vary
        self._forms = {"": identity}
        self._ready: dict[tuple[str, bool], Headers] = {}
        self._replies: dict[tuple[str | None, ...], Reply] = {}
        self._lock = threading.Lock()
        # Between these the headers do not depend on the time.
        self._calm_from = max(guarded_until, ALWAYS if last_modified is None else last_modified + _SECOND)
        rush = timedelta(seconds=max_age + STALE_IF_ERROR)
        self._calm_until = valid_until if valid_until == NEVER or valid_until - ALWAYS < rush else valid_until - rush

    @property
    def size(self) -> int:
        """The bytes that it holds, in all forms made so far."""
        return sum(map(len, self._forms.values()))

    @property
    def codings(self) -> tuple[str, ...]:
        """The codings that were asked for so far."""
        return tuple(coding for coding in CODINGS if coding in self._forms)

    def etag(self, coding: str = "") -> str:
        """The strong ETag of the form in *coding* (RFC 9110 section 8.8.3), with its quotes."""
        return f'"{self.tag}-{coding}"' if coding else f'"{self.tag}"'

    def weight(self, coding: str) -> int:
        """The bytes of the form in *coding*; of the smallest one where that was never asked for: none is made."""
        form = self._forms.get(coding)
        return min(map(len, list(self._forms.values()))) if form is None else len(form)

    def body(self, coding: str = "") -> bytes:
        """The bytes in *coding*; "" is identity."""
        form = self._forms.get(coding)
        if form is None:
            with self._lock:
                form = self._forms.get(coding)
                if form is None:
                    form = self._forms[coding] = _encode(self.identity, coding)
        return form

    def reply(self, asked: tuple[str | None, ...], now: datetime) -> Reply | None:
        """The reply that was given to *asked* before, where it is the same *now*. Its headers are not for changing."""
        return self._replies.get(asked) if self._calm_from <= now < self._calm_until else None

    def remember(self, asked: tuple[str | None, ...], reply: Reply, now: datetime) -> None:
        """Remember *reply* for whoever asks in the same words; it depends on all that is *asked*, and on the time."""
        calm = self._calm_from <= now < self._calm_until
        if calm and len(self._replies) < MOST_REPLIES and sum(map(len, filter(None, asked))) <= LONGEST_ASKED:
            self._replies[asked] = reply

    def lasting(self, shown: Shown) -> Document:
        """The same bytes under the same validators, for as long as *shown* stands."""
        same = Document(
            self.identity,
            media_type=self.media_type,
            tag=self.tag,
            last_modified=self.last_modified,
            valid_from=shown.valid_from,
            valid_until=shown.valid_until,
            guarded_until=shown.guarded_until,
            max_age=self.max_age,
            vary=self._vary,
            extra=self._extra,
            shows=self.shows,
        )
        same._forms = self._forms
        return same

    def modified(self, now: datetime) -> datetime | None:
        """Last-Modified in whole seconds; None while the clock is still in that second, or behind it.

        A document could change again within the second, and the date would be the same.
        """
        told = self.last_modified
        return None if told is None or now - told < _SECOND else told

    def headers(self, coding: str, now: datetime, *, body: bool = True) -> Headers:
        """The headers of a 200 in *coding*, or without those of its *body* those of a 304, as a list of its own."""
        if self._calm_from <= now < self._calm_until:
            key = (coding, body)
            ready = self._ready.get(key)
            if ready is None:
                ready = self._ready[key] = self._headers(coding, now, body=body)
            return ready.copy()
        return self._headers(coding, now, body=body)

    def _headers(self, coding: str, now: datetime, *, body: bool) -> Headers:
        headers: Headers = []
        if body:
            headers += [("Content-Type", self.media_type), ("Content-Length", str(len(self.body(coding))))]
            if coding:
                headers.append(("Content-Encoding", coding))
        headers.append(("ETag", self.etag(coding)))
        modified = self.modified(now)
        if modified is not None:
            headers.append(("Last-Modified", format_datetime(modified, usegmt=True)))
        headers.append(("Cache-Control", self._cache_control(now)))
        headers.append(("Vary", self._vary))
        headers.extend(self._extra)
        return headers

    def _cache_control(self, now: datetime) -> str:
        """No cache may keep the document past *valid_until*, nor serve it stale after something was withdrawn."""
        left = max(0, int((self.valid_until - now).total_seconds()))
        age = min(self.max_age, left)
        if self._immutable:  # RFC 8246
            return f"public, max-age={age}, s-maxage={age}, immutable"
        spare = 0 if now < self.guarded_until else left - age
        return (
            f"public, max-age={age}, s-maxage={age}, "
            f"stale-while-revalidate={min(STALE_WHILE_REVALIDATE, spare)}, "
            f"stale-if-error={min(STALE_IF_ERROR, spare)}"
        )


def fingerprint(identity: bytes) -> str:
    """A hash of *identity* for an ETag, the same on every node."""
    return hashlib.sha256(identity).hexdigest()[:_HASH_LENGTH]


def make_document(
    shown: Shown,
    renderer: Renderer,
    links: Links,
    *,
    others: Sequence[Renderer] = (),
    most_bytes: int = MOST_BYTES,
    vary: str = VARY,
) -> Document:
    """The document of *shown* in the format of *renderer*; *others* are the formats that it is offered in besides.

    *vary* names the request headers that an answer depends on. An article at fault is left out and logged. Raises
    RenderError where the document would not be valid whatever is left out, and what *renderer* raises for a feed
    without articles.
    """
    made = rendered(shown, renderer, links, most_bytes=most_bytes)
    if made.left_out:
        get_logger(__name__).error(
            "articles left out of a feed",
            feed=shown.feed.name, format=renderer.name, articles=sorted(fault.article_id for fault in made.left_out),
            error="; ".join(fault.message for fault in made.left_out[:_TOLD]),
        )  # fmt: skip
    return Document(
        made.identity,
        media_type=renderer.media_type,
        tag=f"{_base36(shown.seq)}-{fingerprint(made.identity)}",
        last_modified=shown.last_modified if shown.last_modified.timestamp() > 0 else None,
        valid_from=shown.valid_from,
        valid_until=shown.valid_until,
        guarded_until=shown.guarded_until,
        max_age=shown.feed.ttl,
        vary=vary,
        extra=(
            ("Link", _link(shown, renderer, links, others)),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "ETag, Link, Retry-After"),
            ("X-Content-Type-Options", "nosniff"),
        ),
        shows=made.shows,
    )


def _link(shown: Shown, renderer: Renderer, links: Links, others: Sequence[Renderer]) -> str:
    """The ``Link`` header (RFC 8288 section 3): one self, the hubs, the other formats, the page."""
    name = shown.feed.name
    url = links.absolute(paths.feed(name, renderer.suffix))
    parts = [f'<{url}>; rel="self"; type="{_bare(renderer)}"']
    parts += [f'<{iri_to_uri(hub)}>; rel="hub"' for hub in shown.feed.hubs]
    for other in others:
        if other.suffix != renderer.suffix:
            address = links.absolute(paths.feed(name, other.suffix))
            parts.append(f'<{address}>; rel="alternate"; type="{_bare(other)}"')
    parts.append(f'<{links.absolute(shown.feed.page)}>; rel="alternate"; type="text/html"')
    return ", ".join(parts)


def _bare(renderer: Renderer) -> str:
    return renderer.media_type.partition(";")[0]


def _encode(identity: bytes, coding: str) -> bytes:
    if coding == "gzip":
        import deflate

        return bytes(deflate.gzip_compress(identity, _GZIP_LEVEL))  # without a modification time
    import brotli

    return bytes(brotli.compress(identity, quality=_BROTLI_QUALITY, mode=brotli.MODE_TEXT))


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        if not number:
            return digits
