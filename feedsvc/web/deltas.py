"""The 226 of a feed: only what changed, for a client that says which version it has and that it takes this."""

from __future__ import annotations

from datetime import datetime

from flask import Request

from feedsvc.errors import StoreUnavailable
from feedsvc.publish import delta
from feedsvc.publish.conditions import decide
from feedsvc.publish.document import Document
from feedsvc.publish.press import most_bytes
from feedsvc.publish.settings import plan
from feedsvc.web.answers import Answer
from feedsvc.web.context import Context
from feedsvc.web.pages import PageShelf


class Deltas:
    """The answers with changes of one site; those made last are kept, for many clients are at the same version."""

    def __init__(self) -> None:
        self._shelf = PageShelf()

    def answer(
        self, context: Context, name: str, suffix: str, document: Document, request: Request, now: datetime
    ) -> Answer | None:
        """The changes of *document* as *request* asks for them; None where it is to have 304 or the whole one."""
        if not context.settings.feeds.delta or not delta.wanted(request.environ.get("HTTP_A_IM")):
            return None
        if_none_match = request.environ.get("HTTP_IF_NONE_MATCH")
        seq, tag = delta.base(if_none_match)
        decision = decide(
            document,
            now,
            method=request.method,
            if_none_match=if_none_match,
            accept_encoding=request.environ.get("HTTP_ACCEPT_ENCODING"),
        )
        if not seq or decision.status == 304:
            return None
        part = self._part(context, name, suffix, document, seq, now)
        if part is None:
            return None
        found = delta.headers(document, part, decision.coding, now, delta_base=tag)
        return Answer(part.body(decision.coding), status=226, headers=found)

    def _part(
        self, context: Context, name: str, suffix: str, document: Document, seq: int, now: datetime
    ) -> Document | None:
        key = f"{name}.{suffix} {document.tag} {seq}"
        kept = self._shelf.get(key, now)
        if kept is not None:
            return kept
        try:
            # What is shown is asked for after the document: the answer may be ahead of its tag, never behind it.
            shown = context.cache.shown(name)
            since = None if shown is None or seq > shown.seq else context.store.since(name, seq)
        except StoreUnavailable:
            return None
        if shown is None or since is None:
            return None
        part = delta.delta_document(
            shown,
            since,
            context.formats[suffix],
            context.links,
            limit=plan(context.settings, name).limit,
            most_bytes=most_bytes(context.settings),
        )
        return None if part is None else self._shelf.put(key, part, until=part.valid_until)
