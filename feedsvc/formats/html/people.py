"""Who signed: people are authors, wires are the agency, the outlet itself is neither."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedsvc.formats.base import RawAuthor
from feedsvc.formats.html.clues import Clues
from feedsvc.text import one_line

_WIRES = frozenset(
    {
        "aap",
        "australian associated press",
        "afp",
        "agence france-presse",
        "agence france presse",
        "ansa",
        "ap",
        "associated press",
        "the associated press",
        "ap news",
        "apa",
        "ats",
        "keystone-ats",
        "belga",
        "bloomberg",
        "bloomberg news",
        "bss",
        "canadian press",
        "the canadian press",
        "cna",
        "ddp",
        "dpa",
        "deutsche presse-agentur",
        "efe",
        "agencia efe",
        "europa press",
        "ians",
        "interfax",
        "itar-tass",
        "tass",
        "jiji",
        "jiji press",
        "kna",
        "kyodo",
        "kyodo news",
        "lusa",
        "ntb",
        "pa",
        "pa media",
        "press association",
        "pti",
        "press trust of india",
        "reuters",
        "thomson reuters",
        "ria novosti",
        "ritzau",
        "sda",
        "keystone-sda",
        "sid",
        "stt",
        "tt",
        "unb",
        "upi",
        "xinhua",
        "xinhua news agency",
        "yonhap",
        "yonhap news agency",
        "anadolu agency",
        "ani",
        "pr newswire",
        "prnewswire",
        "globe newswire",
        "globenewswire",
        "business wire",
    }
)
_BY = re.compile(r"(?:(?:written|reported)\s+)?by\s*:?\s+", re.IGNORECASE)
"""English alone: De, Di and Von are parts of names where the page names its authors apart."""

_LONGEST_NAME = 120
_MOST = 50


def is_wire(name: str) -> bool:
    """Whether *name* is that of a news agency."""
    return one_line(name).rstrip(".").casefold() in _WIRES


def bare_name(text: str) -> str:
    """*text* without the "By" before it."""
    line = one_line(text)
    found = _BY.match(line)
    return line[found.end() :] if found else line


def add_author(clues: Clues, author: RawAuthor, origin: str) -> None:
    """Note *author*, or the agency where the name is a wire's. Addresses and machine names are passed over."""
    name = bare_name(author.name)
    if not name or len(name) > _LONGEST_NAME:
        return
    if is_wire(name):
        clues.add("agency", name, origin)
        return
    if is_address(name) or name.startswith("@") or name.casefold() in {"admin", "null", "none", "undefined"}:
        return
    uri = author.uri if is_address(author.uri) else ""
    if len(clues.authors) >= _MOST or any(one.name.casefold() == name.casefold() for one, _ in clues.authors):
        return
    clues.authors.append((RawAuthor(name=name, uri=uri, email=author.email, role=author.role), origin))


def is_address(text: str) -> bool:
    """Whether *text* is an http address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
