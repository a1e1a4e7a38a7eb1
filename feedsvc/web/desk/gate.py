"""Who may come in: a session cookie for browsers, the token itself for scripts, and nobody else.

Everything below ``/desk`` passes here, addresses that there are not included: from outside all look alike.
"""

from __future__ import annotations

import hmac
import threading
from urllib.parse import urlsplit

from flask import Response, g, render_template, request

from feedsvc.logs import get_logger
from feedsvc.web.answers import plain, trouble, unavailable
from feedsvc.web.context import Context
from feedsvc.web.desk.attempts import Attempts
from feedsvc.web.desk.ended import Ended
from feedsvc.web.desk.tokens import SESSION_LASTS, Session, Token, TokenFile

COOKIE = "feedsvc-desk"
FORM_KEY = "key"
_SAFE = ("GET", "HEAD")
SIGN_IN, SIGN_OUT = "/desk/sign-in", "/desk/sign-out"
_LONGEST = 2000
MOST_BYTES = 64 * 2**10
"""How large a form may be, before anybody has looked at who sends it."""
STRANGERS = 4
"""How many forms of strangers may be on their way at the same time: each of them keeps a thread of the worker."""
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Gate:
    """The gate of the desk of one site."""

    def __init__(self, context: Context) -> None:
        server = context.settings.server
        self._context = context
        self._file = TokenFile(server.token_file)
        self._ended = Ended(server.token_file)
        self._attempts = Attempts(server.trusted_proxies)
        self._strangers = threading.BoundedSemaphore(STRANGERS)
        self._log = get_logger(__name__)

    # ------------------------------------------------------------------ before every request
    def admit(self) -> Response | None:
        """None for those who may go on, else the answer that they get. Whoever goes on has ``g.desk_session``."""
        request.max_content_length = MOST_BYTES
        token = self._file.token()
        g.desk_session, g.desk_key = None, ""
        if request.path == SIGN_IN and request.method == "POST":
            return self._sign_in(token)
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._bearer(token, given.strip())
        session = self._session(token)
        if token is None or session is None:
            return self._closed()
        g.desk_session, g.desk_key = session, token.form_key(session)
        if request.method not in _SAFE and not self._meant(g.desk_key):
            return trouble(
                "This did not come from a form of the desk", "Go back, load the page anew, try again.", status=403
            )
        if request.method in _SAFE and "ticket" in request.args:
            return _see_other(self._context.links.href("/desk"))  # out of the address, and of the history
        return None

    def _session(self, token: Token | None) -> Session | None:
        cookie = request.cookies.get(COOKIE, "")
        found = None if token is None or not cookie else token.session(cookie[:_LONGEST], self._context.clock())
        try:
            return None if found is None or found.id in self._ended else found
        except OSError as error:
            self._log.error("no session is let in, for those that ended cannot be read", error=str(error))
            return None

    def _bearer(self, token: Token | None, given: str) -> Response | None:
        """A script with the token. No form key is asked for: no browser sends this header by itself."""
        wait = self._attempts.wait(request.environ)
        if wait:
            return _too_often(wait)
        if token is None or not token.is_(given[:_LONGEST]):
            self._failed()
            return self._closed()
        g.desk_session = Session(id="", until=self._context.clock() + SESSION_LASTS)
        return None

    def _meant(self, key: str) -> bool:
        """Whether a request that changes something comes from a form of ours."""
        return from_here(self._context) and hmac.compare_digest(
            request.form.get(FORM_KEY, "").encode(errors="replace"), key.encode()
        )

    # ------------------------------------------------------------------ in and out
    def _sign_in(self, token: Token | None) -> Response:
        """A session for the token, or for a ticket that it signed; the browser is sent on to the desk."""
        if not from_here(self._context):
            return trouble("This did not come from the desk", "Load the page anew, and sign in there.", status=403)
        wait = self._attempts.wait(request.environ)
        if wait:
            return _too_often(wait)
        if not self._strangers.acquire(blocking=False):
            return unavailable("Too many are signing in")
        try:
            request.form  # noqa: B018  (it is read here, as slowly as it is sent)
        finally:
            self._strangers.release()
        now = self._context.clock()
        ticket, given = request.form.get("ticket", "")[:_LONGEST], request.form.get("token", "").strip()[:_LONGEST]
        if token is None or not (token.is_(given) or (ticket and token.admits(ticket, now))):
            self._failed()
            return self._closed(wrong="ticket" if ticket and not given else "token")
        session, cookie = token.begin(now)
        wanted = request.form.get("to", "")
        answer = _see_other(self._context.links.href(wanted if is_ours(wanted) else "/desk"))
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=int(SESSION_LASTS.total_seconds()),
            path=self._context.links.href("/desk"),
            secure=self._context.settings.site.base_url.startswith("https:"),
            httponly=True,
            samesite="Strict",
        )
        self._log.info("signed in at the desk", address=request.remote_addr, session=session.id)
        return answer

    def sign_out(self) -> Response:
        """End the session, wherever else its cookie may have got to."""
        try:
            if g.desk_session.id:  # a script has none
                self._ended.add(g.desk_session.id, self._context.clock())
        except OSError as error:
            self._log.warning("a session ended in its browser alone", error=str(error))
        answer = _see_other(self._context.links.href("/desk"))
        answer.delete_cookie(
            COOKIE,
            path=self._context.links.href("/desk"),
            secure=self._context.settings.site.base_url.startswith("https:"),
            httponly=True,
            samesite="Strict",
        )
        return answer

    def _failed(self) -> None:
        self._attempts.failed(request.environ)
        self._log.warning("a wrong token at the desk", address=request.remote_addr)

    def _closed(self, *, wrong: str = "") -> Response:
        """401 (RFC 9110 section 15.5.2), the same for every address; a page to sign in for those who look at one."""
        headers = {"WWW-Authenticate": 'Bearer realm="desk"'}
        looks = request.method in _SAFE or request.path == SIGN_IN
        if not looks or not request.accept_mimetypes.accept_html or request.path.endswith(".json"):
            return plain("Sign in first.\n", status=401, headers=headers)
        ticket = request.args.get("ticket", "")[:_LONGEST] if request.method in _SAFE else ""
        asked = request.full_path.rstrip("?") if request.method in _SAFE else request.form.get("to", "")
        wanted = asked if is_ours(asked) and "ticket=" not in asked else ""
        html = render_template("desk/sign-in.html", ticket=ticket, wrong=wrong, wanted=wanted)
        return Response(html, status=401, headers=headers, content_type="text/html; charset=utf-8")


def secure(response: Response) -> Response:
    """The headers of everything below ``/desk``: kept nowhere, framed nowhere, found by no search engine."""
    headers = response.headers
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if (response.content_type or "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    return response


def from_here(context: Context) -> bool:
    """Whether the browser says that a page of this site sent the request, as far as it says anything.

    Fetch metadata decide where there are any. Without them ``Origin`` does; under our own referrer policy that may be
    ``null``, which says nothing (Fetch standard, section 3.2).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        return True
    return origin == context.links.origin or urlsplit(origin).netloc == request.headers.get("Host")


def is_ours(path: str) -> bool:
    """Whether *path* is an address of the desk to which somebody may be sent after signing in."""
    local = path == "/desk" or path.startswith(("/desk/", "/desk?"))
    return local and path.isprintable() and "\\" not in path and not path.startswith((SIGN_IN, SIGN_OUT))


def _see_other(location: str) -> Response:
    """303 (RFC 9110 section 15.4.4): the address before does not stay in the history."""
    return plain("", status=303, headers={"Location": location})


def _too_often(wait: int) -> Response:
    """429 (RFC 6585 section 4)."""
    return trouble(
        "Too many wrong attempts from your address",
        f"Try again in {wait} seconds.",
        status=429,
        headers={"Retry-After": str(wait)},
    )
