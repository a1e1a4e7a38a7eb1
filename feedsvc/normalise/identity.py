"""Ids of articles: a file's own, or minted from the path at which it was first seen (RFC 4151)."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from feedsvc import text
from feedsvc.normalise.inert import is_program

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", re.ASCII)
"""An absolute URI (RFC 3986 section 4.3, a fragment allowed): a scheme, and after it what section 2 lets stand."""
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)
_UNRESERVED = "/-._~"
_MAX_LENGTH = 1000
_MAX_URI = 1600
"""How long an id may become by percent-encoding: with a path or the name of a feed it stands in an index."""


def own_id(written: str, *, authority: str) -> str:
    """The id of an article whose file gives *written* as its id; empty where it gives none, or one that is too long.

    An absolute URI is used character for character; anything else, and what a browser would run (``javascript:``),
    becomes a tag URI of *authority*.
    """
    written = text.xml_safe(written).strip()
    if not written or len(written) > _MAX_LENGTH:
        return ""
    if _URI.fullmatch(written) and not is_program(written):
        return written
    made = f"tag:{authority}:id/{quote(written, safe=_UNRESERVED)}"
    return made if len(made) <= _MAX_URI else ""


def minted_id(path: str, *, authority: str, part: int = 0, attempt: int = 1) -> str:
    """The id of an article without an id of its own, first seen at *path*, which is in NFC as the store knows it.

    *part* tells the articles of one file apart. *attempt* counts from 1: where an earlier article of that path
    still has the id, the next is tried. A path that is too long by its encoding is named by its SHA-256.
    """
    specific = quote(path, safe=_UNRESERVED)
    again = f"~{attempt}" if attempt > 1 else ""
    end = again + (f"#{part}" if part else "")
    if len(f"tag:{authority}:{specific}{end}") > _MAX_URI:
        specific = f"sha256/{hashlib.sha256(path.encode()).hexdigest()}"
    return f"tag:{authority}:{specific}{end}"


def version_number(written: str) -> int:
    """The version of an item as a number; 0 where it gives none that is one. "3.1" counts as 3."""
    found = _DIGITS.match(written.strip())
    return int(found[0]) if found else 0
