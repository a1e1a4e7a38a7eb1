"""What operators may order. Each is a POST that passed the gate, and leads back to a page that says what is done.

The web processes take no files in: what concerns files is left in the store as a request, and the scheduler sees to
it within a second.
"""

from __future__ import annotations

from flask import Response, request

from feedsvc.logs import get_logger
from feedsvc.store.questions import RESCAN, RETRY
from feedsvc.web.context import Context
from feedsvc.web.desk import frame

_LONGEST_REASON = 1000


def retry(context: Context) -> Response:
    """Read one file again, although it has not changed."""
    path = _given("path")
    if context.store.source(path) is None:
        return frame.absent(context, f"file {path}")
    context.store.request(RETRY, path, now=context.clock())
    _told("retry", path)
    return frame.back(context, "/desk/file", "retry", path=path)


def rescan(context: Context) -> Response:
    """Look at the whole content folder now."""
    context.store.request(RESCAN, now=context.clock())
    _told("rescan", "")
    return frame.back(context, "/desk", "rescan")


def takedown(context: Context) -> Response:
    """Take an article down, for a reason."""
    key, reason, now = _given("article"), _given("reason")[:_LONGEST_REASON], context.clock()
    stored = context.store.find(key)
    if stored is None:
        return frame.absent(context, f"article {key}")
    if not reason:
        return frame.page(context, "refusal.html", status=400, why="A takedown needs a reason: it is kept for later.")
    with context.store.writing(None, at=now) as writer:
        writer.takedown(stored.article.id, now=now, reason=reason)
    _told("takedown", stored.article.id)
    return frame.back(context, f"/desk/article/{key}", "takedown")


def restore(context: Context) -> Response:
    """Lift a takedown, and have the files of the article read again."""
    key, now = _given("article"), context.clock()
    stored = context.store.find(key)
    if stored is None:
        return frame.absent(context, f"article {key}")
    with context.store.writing(None, at=now) as writer:
        lifted = writer.restore(stored.article.id, now=now)
    if not lifted:
        return frame.page(context, "refusal.html", status=409, why="No takedown is in force for this article.")
    for claim in context.store.claims(article_id=stored.article.id):
        context.store.request(RETRY, claim.path, now=now)
    _told("restore", stored.article.id)
    return frame.back(context, f"/desk/article/{key}", "restore")


def accept(context: Context) -> Response:
    """Let go what waits for the operator's word; only as it was shown to them."""
    name, since = _given("hold"), _given("files")
    held = context.store.holds().get(name)
    if held is None or str(len(held.get("paths", ()))) != since:
        return frame.page(context, "refusal.html", status=409, why="What waits has changed meanwhile. Look at it anew.")
    context.store.accept(name, now=context.clock())
    context.store.request(RESCAN, now=context.clock())
    _told("accept", name)
    return frame.back(context, "/desk", "accept")


def dismiss(context: Context) -> Response:
    """Put a question aside: it comes back where it still stands."""
    name = _given("hold")
    if name not in context.store.holds():
        return frame.page(context, "refusal.html", status=409, why="Nothing waits under that name any more.")
    context.store.hold(name, None, now=context.clock())
    context.store.request(RESCAN, now=context.clock())
    _told("dismiss", name)
    return frame.back(context, "/desk", "dismiss")


def zones(context: Context) -> Response:
    """The page to choose the zone of times on."""
    from zoneinfo import available_timezones

    return frame.page(context, "zone.html", zones=sorted(available_timezones()))


def choose_zone(context: Context) -> Response:
    """Remember in this browser which zone times are shown in; the site's own where the choice is empty."""
    name = _given("zone")
    if name and frame.known_zone(name) is None:
        return frame.page(context, "refusal.html", status=400, why=f"There is no time zone {name!r}.")
    answer = frame.back(context, "/desk", "zone")
    answer.set_cookie(
        frame.ZONE_COOKIE,
        name,
        max_age=365 * 24 * 3600 if name else 0,
        path=context.links.href("/desk"),
        secure=context.settings.site.base_url.startswith("https:"),
        httponly=True,
        samesite="Strict",
    )
    return answer


def _given(name: str) -> str:
    return request.form.get(name, "").encode(errors="ignore").decode().replace("\0", "").strip()


def _told(order: str, subject: str) -> None:
    get_logger(__name__).info("ordered at the desk", order=order, subject=subject, address=request.remote_addr)
