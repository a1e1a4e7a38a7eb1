"""Ids of articles: a file's own, or minted from the path at which it was first seen (RFC 4151)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", re.ASCII)
"""An absolute URI as RFC 3986 section 4.3 writes it: a scheme, and nothing but visible ASCII after it."""
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)
_UNRESERVED = "/-._~"
_MAX_LENGTH = 1000


def own_id(written: str, *, authority: str) -> str:
    """The id of an article whose file gives *written* as its id; empty where it gives none.

    An absolute URI is used character for character; anything else becomes a tag URI of *authority*.
    """
    written = written.strip()
    if not written or len(written) > _MAX_LENGTH:
        return ""
    if _URI.fullmatch(written) and "<" not in written and ">" not in written and '"' not in written:
        return written
    return f"tag:{authority}:id/{quote(written, safe=_UNRESERVED)}"


def minted_id(path: str, *, authority: str, part: int = 0, attempt: int = 1) -> str:
    """The id of an article without an id of its own, first seen at *path*.

    *part* tells the articles of one file apart. *attempt* counts from 1: where an earlier article of that path
    still has the id, the next is tried.
    """
    specific = quote(unicodedata.normalize("NFC", path), safe=_UNRESERVED)
    again = f"~{attempt}" if attempt > 1 else ""
    return f"tag:{authority}:{specific}{again}" + (f"#{part}" if part else "")


def version_number(written: str) -> int:
    """The version of an item as a number; 0 where it gives none that is one. "3.1" counts as 3."""
    found = _DIGITS.match(written.strip())
    return int(found[0]) if found else 0
