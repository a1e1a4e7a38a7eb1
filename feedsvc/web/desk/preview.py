"""A file as it would go out, before it does: read by the same code as ``feedsvc check``, and published nowhere."""

from __future__ import annotations

import base64
import dataclasses
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Response, request

from feedsvc import links
from feedsvc.errors import RenderError
from feedsvc.model import Entry, Medium
from feedsvc.publish.settings import plan
from feedsvc.publish.window import framed
from feedsvc.store.base import ALL
from feedsvc.web import articles, headers, media, views
from feedsvc.web.answers import plain
from feedsvc.web.context import Context
from feedsvc.web.desk import frame, paging

if TYPE_CHECKING:  # a worker that nobody asks for a preview never needs what reads files
    from feedsvc.ingest.trial import Accepted, LeftOut, Refused

_TURN_SECONDS = 10.0
MOST_ITEMS = 20
"""How many articles of one file are shown."""
PAGE = "page"
POLICY = (
    headers.CONTENT_SECURITY_POLICY.replace("script-src 'self'; ", "").replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    + "; sandbox"
).replace("-src 'self' https:", "-src 'self' data: https:")
"""As for a page of the site, but without its scripts, within the desk, and with media that stand in it."""
MOST_MEDIA_BYTES = 8 * 10**6
"""How many bytes of pictures, sound and film stand in the preview of one article."""
_FIELDS = ("id", "sections", "byline", "published", "updated", "embargo", "expires", "pubstatus", "language", "summary")


class Previews:
    """Reads one file at a time, so that a large one does not keep a worker from its polls."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._turn = threading.Lock()

    def overview(self) -> Response:
        """The page with the frames: each article of the file as page or as item of a feed."""
        source, shape = self._asked()
        outcomes = self._outcomes(source)
        if outcomes is None:
            return _busy()
        accepted, refused = outcomes
        return frame.page(
            self._context,
            "preview.html",
            source=source,
            shape=shape,
            shapes=[(PAGE, "Page"), *((suffix, one.name) for suffix, one in self._context.formats.items())],
            articles=[(number, _fields(one)) for number, one in enumerate(accepted[:MOST_ITEMS])],
            count=len(accepted),
            refused=refused,
            frame_address=lambda number: frame.address(
                self._context, "/desk/preview/frame", path=source, shape=shape, item=str(number)
            ),
        )

    def framed(self) -> Response:
        """What stands in a frame: a page of the site, or a feed of this item alone. It may do nothing and is framed
        by the desk only.
        """
        source, shape = self._asked()
        outcomes = self._outcomes(source)
        if outcomes is None:
            return _busy()
        accepted, _ = outcomes
        number = request.args.get("item", "0")
        if not (number.isascii() and number.isdigit()) or not int(number[:6]) < len(accepted):
            return plain("There is no such article in the file now.\n", status=404)
        chosen = accepted[int(number)]
        answer = self._page(chosen) if shape == PAGE else self._item(_entry(chosen), shape)
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
        return answer

    def _asked(self) -> tuple[str, str]:
        shape = paging.choice(request, "shape", (PAGE, *self._context.formats), PAGE)
        return paging.text(request, "path"), shape

    def _outcomes(self, source: str) -> tuple[list[Accepted], list[Refused | LeftOut]] | None:
        """The articles that the file would give, and why it would give none; None while another one is being read."""
        from feedsvc.formats.registry import formats
        from feedsvc.ingest.trial import Accepted, Trial

        if not self._turn.acquire(timeout=_TURN_SECONDS):
            return None
        try:
            with Trial(self._context.settings, formats(), now=self._context.clock()) as trial:
                outcomes = list(trial.below_content(source))
        finally:
            self._turn.release()
        accepted = [one for one in outcomes if isinstance(one, Accepted)]
        return accepted, [one for one in outcomes if not isinstance(one, Accepted)]

    def _page(self, outcome: Accepted) -> Response:
        context = self._context
        listing = context.directory.listing(context.clock())
        html = articles.rendered(views.article_page(_entry(outcome), context, listing), context, listing)
        return Response(self._illustrated(html, outcome.media), content_type="text/html; charset=utf-8")

    def _illustrated(self, html: str, named: Iterable[Medium]) -> str:
        """*html* with its own pictures, sound and film in it, pictures first: no address gives them out before the
        article is public, and a frame that may do nothing sends no cookie to one that would.
        """
        site, left = self._context.links, MOST_MEDIA_BYTES
        for one in sorted(named, key=lambda one: not one.type.startswith("image/")):
            if one.length > left:
                continue
            file = media.opened(self._context, one)
            if file is None:
                continue
            with file:
                data = file.read(left)
            left -= len(data)
            inline = f'src="data:{one.type};base64,{base64.b64encode(data).decode("ascii")}"'
            path = links.medium(one.hash, one.name)
            for written in (path, site.href(path), site.absolute(path)):
                html = html.replace(f'src="{written}"', inline)
        return html

    def _item(self, entry: Entry, shape: str) -> Response:
        settings = self._context.settings
        feed = framed(plan(settings, ALL), settings, "", updated=entry.article.updated, entries=(entry,))
        try:
            text = self._context.formats[shape].render(feed, self._context.links)
        except RenderError as error:
            return plain(f"It could not be written: {error}\n", status=200)
        return Response(text, content_type="text/plain; charset=utf-8")


def _entry(outcome: Accepted) -> Entry:
    article = outcome.normalised.article
    path = links.article(outcome.normalised.day, article.slug, links.key(article.id))
    return Entry(article=article, path=path, released=article.visible_from)


def _fields(outcome: Accepted) -> dict[str, Any]:
    """What is told of an article beside its frame: its fields with where they came from, and the notes."""
    article, origin = outcome.normalised.article, outcome.normalised.origin
    fields = [
        (name, value if not isinstance(value, tuple) else ", ".join(map(str, value)), origin.get(name, ""))
        for name, value in ((field.name, getattr(article, field.name)) for field in dataclasses.fields(article))
        if name in _FIELDS and value not in ("", (), None)
    ]
    return {"title": article.title, "fields": fields, "notes": outcome.normalised.notes}


def _busy() -> Response:
    return plain("Another preview is being made. Try again in a moment.\n", status=503, headers={"Retry-After": "5"})
