"""What every page of the desk is set in: navigation, the operator's zone, messages, and conditional answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, g, jsonify, render_template, request

from feedsvc.dates import rfc3339
from feedsvc.web.answers import plain
from feedsvc.web.context import Context
from feedsvc.web.desk import wording
from feedsvc.web.wording import corrected

ZONE_COOKIE = "feedsvc-desk-zone"
NAVIGATION = (
    ("/desk", "Overview"),
    ("/desk/files", "Files"),
    ("/desk/articles", "Articles"),
    ("/desk/sections", "Sections"),
    ("/desk/feeds", "Feeds"),
    ("/desk/readers", "Readers"),
)
"""The pages of the desk, in their order: address and title."""
DONE: Mapping[str, str] = {
    "retry": "The file is read again now. What became of it stands here in a second or two.",
    "rescan": "The content folder is looked at now.",
    "takedown": "The article is taken down.",
    "restore": "The takedown is lifted. The file is read again now.",
    "accept": "Accepted. It is done with the next pass, in a second or two.",
    "dismiss": "Dismissed. The folder is looked at once more; if nothing has changed, the question comes back.",
    "zone": "Times are shown in the zone that you chose.",
}
"""What is said after an order, by the name that the address carries."""


def page(context: Context, template: str, *, status: int = 200, **values: Any) -> Response:
    """The page, or 304 where the browser has the same (RFC 9110 section 13.1.2). It is kept by no cache."""
    now, chosen = context.clock(), zone(context)
    html = render_template(
        f"desk/{template}",
        navigation=[(context.links.href(path), text, _here(path)) for path, text in NAVIGATION],
        form_key=g.desk_key,
        zone=chosen.key,
        done=DONE.get(request.args.get("done", ""), ""),
        stamp=lambda at: wording.stamp(at, chosen, now),
        ago=lambda at: wording.span(max(now - at, timedelta())),
        ahead=lambda at: wording.span(max(at - now, timedelta())),
        later=lambda article: corrected(article, chosen) is not None,
        size=wording.size,
        number=wording.number,
        link=lambda path, /, **arguments: address(context, path, **arguments),
        here=lambda **arguments: address(context, request.path, **{**request.args.to_dict(), "done": "", **arguments}),
        **values,
    )
    body = html.encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Content-Type": "text/html; charset=utf-8", "Vary": "Cookie"}
    if status == 200 and request.if_none_match.contains_weak(tag.strip('"')):
        return Response(status=304, headers={"ETag": tag, "Vary": "Cookie"})
    return Response(body, status=status, headers=headers)


def as_json(value: Any, *, status: int = 200) -> Response:
    """*value* as JSON; times as RFC 3339 in UTC."""
    answer = jsonify(_plain(value))
    answer.status_code = status
    return answer


def absent(context: Context, what: str) -> Response:
    """404 for somebody who has signed in: *what* there is not."""
    return page(context, "absent.html", status=404, what=what)


def back(context: Context, path: str, done: str, /, **arguments: str) -> Response:
    """303 to the page at *path*, which says that it is *done*."""
    location = address(context, path, **arguments, done=done)
    return plain("", status=303, headers={"Location": location})


def address(context: Context, path: str, /, **arguments: Any) -> str:
    """An address of the desk; arguments that are empty are left out."""
    given = {name: value for name, value in arguments.items() if value not in ("", None, False)}
    return context.links.href(path) + (f"?{urlencode(given)}" if given else "")


def zone(context: Context) -> ZoneInfo:
    """The zone that the operator chose in this browser; the site's if none."""
    name = request.cookies.get(ZONE_COOKIE, "")
    return known_zone(name) or context.settings.site.timezone


def known_zone(name: str) -> ZoneInfo | None:
    """The zone called *name*; None if there is none."""
    try:
        return ZoneInfo(name) if name and len(name) < 64 else None
    except (KeyError, ValueError, OSError):
        return None


def _here(path: str) -> bool:
    """Whether the page is that of the navigation, or of one of its things: ``/desk/file`` is of ``/desk/files``."""
    asked = "/desk/files" if request.path == "/desk/preview" else request.path
    return asked in (path, path[:-1]) or (path != "/desk" and asked.startswith(f"{path[:-1]}/"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
