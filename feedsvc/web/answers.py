"""Documents as responses. The headers are those of the document: nothing is added, dropped or guessed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Request, Response, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as WerkzeugResponse

from feedsvc.publish.conditions import choose_coding, decide
from feedsvc.publish.document import Document

MOVED_MAX_AGE = 3600
UNKNOWN_MAX_AGE = 60
RETRY_AFTER_SECONDS = 10


class Answer(Response):
    """A response whose headers go out as they are; werkzeug would take Last-Modified out of a 304."""

    default_mimetype = None

    def get_wsgi_headers(self, environ: object) -> Headers:
        """The headers as they were set (RFC 9110 section 15.4.5 for those of a 304)."""
        del environ
        return self.headers


def answer(document: Document, request: Request, now: datetime) -> Answer:
    """*document* as *request* asks for it: 200 or 304, coded as it likes."""
    environ = request.environ
    decision = decide(
        document,
        now,
        method=request.method,
        if_none_match=environ.get("HTTP_IF_NONE_MATCH"),
        if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE"),
        accept_encoding=environ.get("HTTP_ACCEPT_ENCODING"),
    )
    if decision.status == 304:
        return Answer(status=304, headers=document.headers(decision.coding, now, body=False))
    return Answer(document.body(decision.coding), status=200, headers=document.headers(decision.coding, now))


def page(html: str, request: Request, *, status: int, cache_control: str) -> Answer:
    """A page that is not found, gone or broken: coded as *request* likes, without validators."""
    document = Document(html.encode(), media_type="text/html; charset=utf-8")
    coding = choose_coding(request.environ.get("HTTP_ACCEPT_ENCODING"))
    body = document.body(coding)
    headers = {
        "Content-Type": document.media_type,
        "Content-Length": str(len(body)),
        "Cache-Control": cache_control,
        "Vary": "Accept-Encoding",
    }
    if coding:
        headers["Content-Encoding"] = coding
    return Answer(body, status=status, headers=headers)


def plain(text: str, *, status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """A short answer in plain text."""
    body = text.encode()
    found = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return Answer(body, status=status, headers=found | dict(headers or {}))


def trouble(what: str, advice: str, *, status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """*what* is the matter and what to do, in two sentences: a page for who looks at one, else plain text."""
    if request.accept_mimetypes.quality("text/html") <= request.accept_mimetypes.quality("text/plain"):
        return plain(f"{what}. {advice}\n", status=status, headers=headers)
    html = render_template("trouble.html", what=what, advice=advice)
    return plain(html, status=status, headers={"Content-Type": "text/html; charset=utf-8", **(headers or {})})


def unavailable(what: str, headers: Mapping[str, str] | None = None) -> Answer:
    """503 (RFC 9110 section 15.6.4): *what* is the matter for now, and it is worth while to ask again."""
    found = {"Cache-Control": "no-store", "Retry-After": str(RETRY_AFTER_SECONDS), **(headers or {})}
    return trouble(what, "Please try again in a moment.", status=503, headers=found)


def moved(location: str) -> Answer:
    """308 to the absolute address *location* (RFC 9110 section 15.4.9)."""
    return plain(
        f"This has moved to {location}\n",
        status=308,
        headers={
            "Location": location,
            "Cache-Control": f"public, max-age={MOVED_MAX_AGE}",
            "Access-Control-Allow-Origin": "*",
        },
    )


def is_redirect(response: WerkzeugResponse) -> bool:
    """Whether *response* sends the client elsewhere."""
    return 300 <= response.status_code < 400 and response.status_code != 304
