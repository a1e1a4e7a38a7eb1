"""The addresses in an article's HTML: resolved, cleaned, and neutral where they are our own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urljoin, urlsplit

_LINE_SIGNS = re.compile(r"[\t\n\r]+")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}\xa0]")  # RFC 3986 section 2
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WEB = re.compile(r"(https?):/*([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST_ADDRESS = 4_000


class Addresses:
    """How the addresses of one article are written: resolved, and neutral where they are our own."""

    def __init__(self, base: str, own: Sequence[str]) -> None:
        web = _WEB.match(base)
        self._base = base if web or re.match(r"/(?![/\\])", base) else ""
        self._scheme = web[1].lower() if web else "https"
        self._root = f"{self._scheme}://{web[2]}" if web else ""
        self._own = frozenset(origin.rstrip("/").lower() for origin in own if origin)

    def written(self, address: str, *, mail: bool = False) -> str:
        """*address* as it is stored; empty where it may not be."""
        address = _LINE_SIGNS.sub("", address).strip()
        if address in ("", "#"):
            return ""
        if address[0] == "#":
            address = address if address.startswith("#a-") else "#a-" + address[1:]
        else:
            try:
                address = self._resolved(address, mail)
            except ValueError:  # from urljoin and urlsplit: "//[" and the like
                return ""
        address = _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0]), address)
        return address if len(address) <= _LONGEST_ADDRESS else ""

    def _resolved(self, address: str, mail: bool) -> str:
        scheme = _SCHEME.match(address)
        if scheme is not None and scheme[1].lower() not in {"http", "https"}:
            return address if mail and scheme[1].lower() == "mailto" else ""
        if "\\" in address:  # a browser takes it for a slash
            path, mark, rest = address.partition("?")
            address = path.replace("\\", "/") + mark + rest
        if address.startswith("//"):
            address = f"{self._scheme}:{address}"
        elif scheme is None and self._base:
            plainly = address[0] == "/" and "/." not in address
            address = self._root + address if plainly else urljoin(self._base, address)
        web = _WEB.match(address)
        if web is None:
            # A second look: urljoin has other ideas of what a scheme is than a browser.
            return "" if _SCHEME.match(address) or address.startswith("//") else address
        if "[" in web[2] or "]" in web[2]:
            urlsplit(address)  # raises where it is no IPv6 address
        user, at, host = web[2].rpartition("@")
        if _NOT_IN_ADDRESSES.search(host):
            return ""  # no host has such characters, and percent-encoded it would be another one
        origin = f"{web[1].lower()}://{user}{at}{host.lower()}"
        # Neutral, and never with two slashes: that would be another host.
        return "/" + web[3].lstrip("/") if origin in self._own else origin + web[3]


def host_of(address: str) -> str:
    """The host of an absolute web *address*, its port included; empty where it is none."""
    web = _WEB.match(address)
    return web[2].rpartition("@")[2] if web else ""
