"""The receipt of one article: what its state and its history say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feedsvc.model import Change, SourceRecord, Stored
from feedsvc.receipts.kinds import ArticleReceipt, Fate, Hold
from feedsvc.store.base import Store
from feedsvc.store.lifecycle import feeds_of, state_of

_EVENTS = 50
"""How many of the newest events of an article are looked through for what became of it."""
LIFTED = "takedown lifted"


def receipt(store: Store, stored: Stored, *, now: datetime) -> ArticleReceipt:
    """What became of one article, whichever file gives it."""
    return of_file(store, stored, store.source(stored.article.source), now=now)


def of_file(store: Store, stored: Stored, record: SourceRecord | None, *, now: datetime) -> ArticleReceipt:
    """What became of one article, with what *record* of a file tells of where its fields came from."""
    article, state = stored.article, state_of(stored, now=now)
    history = store.history(article_id=article.id, limit=_EVENTS)
    if state == "public" and history and history[0].kind == LIFTED:
        state = Fate.WAITING.value  # a takedown left no text of it
    told = _Told(state, stored, history)
    origin = {} if record is None else record.origin.get(article.id, {})
    notes = () if record is None else record.notes.get(article.id, ())
    return ArticleReceipt(
        id=article.id,
        key=stored.key,
        title=article.title,
        fate=told.fate,
        state=state,
        says=told.says,
        at=told.at,
        until=told.until,
        held_by=told.held_by,
        why=told.why,
        path=stored.path if stored.was_public(now) else "",
        sections=article.sections,
        feeds=feeds_of(article) if state == "public" else (),
        source=article.source,
        was=told.was,
        published=article.published,
        updated=article.updated,
        visible_from=article.visible_from,
        expires=article.expires,
        takedown=stored.takedown,
        withdrawn=stored.withdrawn,
        origin=dict(origin),
        notes=tuple(notes),
    )


class _Told:
    """What an article's state and its history say of it."""

    def __init__(self, state: str, stored: Stored, history: Sequence[Change]) -> None:
        article = stored.article
        self.fate, self.says, self.why, self.was = Fate.PUBLISHED, "It is public.", "", ""
        self.until: datetime | None = None
        self.held_by: Hold | None = None
        last = next((change for change in history if change.kind not in ("configured", "pruned")), None)
        self.at = None if last is None else last.at
        if state == "taken down":
            killed = next((change for change in history if change.kind == "killed"), last)
            self.fate, self.at = Fate.WITHDRAWN, None if killed is None else killed.at
            self.why = f"an operator took it down: {stored.takedown}" if stored.takedown else "an operator took it down"
            self.says = f"It is not public: {self.why}."
        elif state == "withdrawn":
            self.fate, self.at = Fate.WITHDRAWN, stored.withdrawn
            gone = next((change for change in history if change.kind == "withdrawn"), None)
            self.why = gone.detail if gone is not None and gone.detail else "its file is gone"
            self.says = f"It is not public any more: {self.why}."
        elif state == "expired":
            self.fate, self.at, self.why = Fate.WITHDRAWN, article.expires, "its time has passed, as its file says"
            self.says = f"It is not public any more: {self.why}."
        elif state == "scheduled":
            self.fate, self.held_by, self.until = Fate.HELD, Hold.EMBARGO, article.visible_from
            self.says = "It is in, and nobody can see it before its time."
        elif state == Fate.WAITING:
            self.fate, self.says = Fate.WAITING, "It is public again as soon as its file has been read."
        elif state != "public":
            self.fate, self.held_by = Fate.HELD, Hold.STATUS
            self.why = f"its file says {state}"
            self.says = f"It is in and is not shown: {self.why}."
        else:
            self.until = article.expires
            self._public(last, history, article.source)

    def _public(self, last: Change | None, history: Sequence[Change], source: str) -> None:
        if last is None:
            return
        if last.kind == "moved":
            self.fate, self.was = Fate.MOVED, _before(history, source)
            self.says = f"It is public, as before; its file lay at {self.was}." if self.was else "It is public."
        elif last.kind == "restored" or any(change.kind == LIFTED for change in history[1:2]):
            self.says = "It is public again."
        elif last.kind == "updated":
            self.fate, self.says, self.was = Fate.UPDATED, "It is public, in a newer version.", _before(history, source)


def _before(history: Sequence[Change], source: str) -> str:
    """Where the file of an article lay before its last event, if that was not *source*; else empty."""
    for change in history[1:2]:
        path = change.detail
        if change.kind in _OF_A_FILE and path.endswith(")") and " (" in path:
            path = path[path.rindex(" (") + 2 : -1]
        return path if change.kind in _OF_A_FILE and path != source else ""
    return ""


_OF_A_FILE = frozenset({"published", "updated", "moved", "restored", "scheduled", "withheld", "canceled", "expired"})
"""The events whose detail is the path of the file that the article came from, or ends with it in parentheses."""
