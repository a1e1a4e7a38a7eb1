"""The one place that decides how a request for a document is answered: 200 or 304, and in which coding.

Everything here is a pure function of request headers, document and time. A header that cannot be understood counts
as absent: a poll is never refused for what it says of itself.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime

from werkzeug.http import parse_accept_header, parse_date, parse_etags

from feedsvc.publish.document import CODINGS, Document

_LONGEST_TAGS = 8192
_LONGEST_ACCEPT = 512
_LONGEST_DATE = 64
_SUFFIXES = frozenset({"gzip", "br", "deflate", "zstd", ""})
"""What is met after the ``-`` behind a tag: our own codings, and those that a proxy adds; some write ``--gzip``."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a request is answered: *status* 200 or 304, and the *coding* of the form chosen ("" is identity)."""

    status: int
    coding: str


_DECISIONS = {(status, coding): Decision(status, coding) for status in (200, 304) for coding in ("", *CODINGS)}


def decide(
    document: Document,
    now: datetime,
    *,
    method: str = "GET",
    if_none_match: str | None = None,
    if_modified_since: str | None = None,
    accept_encoding: str | None = None,
) -> Decision:
    """Answer a request for *document* at *now* (RFC 9110 sections 12.5.3, 13.1.2, 13.1.3 and 13.2.2).

    If-None-Match wins over If-Modified-Since, also where nothing in it can be understood. A tag counts whatever its
    coding and whether weak or strong.
    """
    coding = choose_coding(accept_encoding)
    if method not in ("GET", "HEAD"):
        return _DECISIONS[200, coding]
    if if_none_match is not None:
        unchanged = if_none_match == document.etag(coding) or _matches(if_none_match, document.tag)
    elif if_modified_since is not None:
        unchanged = _unmodified(if_modified_since, document, now)
    else:
        unchanged = False
    return _DECISIONS[304 if unchanged else 200, coding]


def choose_coding(accept_encoding: str | None) -> str:
    """The coding that the client likes best, the smallest of equals; identity where it names none that we have.

    Nothing is ever refused: a client that forbids even identity gets it all the same. ``*`` stands for gzip, which
    everything that writes it can read.
    """
    if not accept_encoding:
        return ""
    if len(accept_encoding) > _LONGEST_ACCEPT:
        # What is cut off is not looked at; the last one kept may be half a word.
        accept_encoding = accept_encoding[:_LONGEST_ACCEPT].rpartition(",")[0]
    return _choose(accept_encoding)


@functools.lru_cache(maxsize=256)
def _choose(accept_encoding: str) -> str:
    weights: dict[str, float] = {}
    for name, weight in parse_accept_header(accept_encoding):
        name = name.lower().removeprefix("x-")  # RFC 9110 section 8.4.1.3: x-gzip is gzip
        weights.setdefault(name, weight)
    if "*" in weights:
        weights.setdefault("gzip", weights["*"])
    best = max(CODINGS, key=lambda coding: weights.get(coding, 0.0))
    weight = weights.get(best, 0.0)
    # Identity is acceptable unless forbidden, and likes to give way unless it was asked for by name.
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _matches(header: str, tag: str) -> bool:
    """Whether *header* (If-None-Match) names *tag*, in any coding, by the weak comparison."""
    header = header.strip()
    if header == "*":
        return True
    etags = parse_etags(header[:_LONGEST_TAGS])
    # The library gives None for an empty tag, "".
    return any(_same(candidate, tag) for candidate in etags.as_set(include_weak=True) if candidate)


def _same(candidate: str, tag: str) -> bool:
    return candidate == tag or (
        candidate.startswith(f"{tag}-") and _SUFFIXES.issuperset(candidate[len(tag) + 1 :].split("-"))
    )


def _unmodified(header: str, document: Document, now: datetime) -> bool:
    """Whether *header* (If-Modified-Since) is a date not ahead of *now* at which the document stood as it stands."""
    modified = document.modified(now)
    if modified is None or len(header) > _LONGEST_DATE:
        return False
    try:
        since = parse_date(header)
    except (ArithmeticError, LookupError):  # dates that no calendar holds
        return False
    return since is not None and modified <= since <= now
