"""The security headers, on every answer."""

from __future__ import annotations

from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; "
    "media-src 'self' https: http:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Pictures, sound and film come from wherever the newsroom keeps them; nothing else comes from elsewhere."""
DESTINATION, LOOKED_AT = "HTTP_SEC_FETCH_DEST", "document"
"""What browsers tell of whatever they open for a person to look at (Fetch Metadata); feed readers tell nothing."""
_PARSED = ("text/html", "application/xml")
"""What a browser makes a page of."""


def secure(response: Response) -> Response:
    """Add to *response* what keeps a browser from running or framing anything of it."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if (response.content_type or "").startswith(_PARSED):
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
    return response
