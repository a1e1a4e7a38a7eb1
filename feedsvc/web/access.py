"""Who may see the service's insides without a page of its own: this machine, and who has the token."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from feedsvc.web.answers import plain
from feedsvc.web.context import Context
from feedsvc.web.desk.attempts import Attempts
from feedsvc.web.desk.tokens import TokenFile

_LONGEST = 2000
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO",
              "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP")  # fmt: skip
"""What proxies add: with any of them a request comes from somewhere else than its peer."""


class Access:
    """Lets in who has the token of ``[server] token_file``, and where *local* is allowed, who is on this machine."""

    def __init__(self, context: Context) -> None:
        server = context.settings.server
        self._file = TokenFile(server.token_file)
        self._attempts = Attempts(server.trusted_proxies)
        self._proxies = server.trusted_proxies

    def has_token(self) -> bool:
        """Whether the request carries the token. A wrong one counts as an attempt to guess it."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._attempts.wait(request.environ):
            return False
        token = self._file.token()
        if token is not None and token.is_(given.strip()[:_LONGEST]):
            return True
        self._attempts.failed(request.environ)
        return False

    def refusal(self) -> Response | None:
        """None for those who may see, else the answer to others."""
        if is_local(request.environ, self._proxies) or self.has_token():
            return None
        wait = self._attempts.wait(request.environ)
        if wait:
            return plain("Too many wrong attempts.\n", status=429, headers={"Retry-After": str(wait)})
        return plain(
            "Ask from this machine, or with the token of [server] token_file.\n",
            status=401,
            headers={"WWW-Authenticate": 'Bearer realm="desk"', "Cache-Control": "no-store"},
        )


def is_local(environ: Mapping[str, Any], proxies: Sequence[str]) -> bool:
    """Whether the request comes from this machine itself, and not by a proxy on it.

    A proxy that is trusted speaks for others whatever it says, and a peer without an address is behind a socket that
    a proxy holds.
    """
    try:
        peer = ipaddress.ip_address(str(environ.get("REMOTE_ADDR", "")).partition("%")[0])
    except ValueError:
        return False
    if not peer.is_loopback or any(name in environ for name in _FORWARDED):
        return False
    return not any(peer in ipaddress.ip_network(proxy, strict=False) for proxy in proxies)
