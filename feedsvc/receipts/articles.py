"""The receipt of one article: what its state and its history say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.model import Article, Change, SourceRecord, Stored
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
    told = _told(state, stored, history)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What an article's state and its history say of it: fields of its receipt."""

    fate: Fate
    says: str
    at: datetime | None
    why: str = ""
    was: str = ""
    until: datetime | None = None
    held_by: Hold | None = None


def _told(state: str, stored: Stored, history: Sequence[Change]) -> _Told:
    last = next((change for change in history if change.kind not in ("configured", "pruned")), None)
    at = None if last is None else last.at
    match state:
        case "public":
            return _public(last, history, stored.article)
        case "taken down":
            killed = next((change for change in history if change.kind == "killed"), last)
            at = None if killed is None else killed.at
            why = f"an operator took it down: {stored.takedown}" if stored.takedown else "an operator took it down"
            return _Told(fate=Fate.WITHDRAWN, says=f"It is not public: {why}.", at=at, why=why)
        case "withdrawn":
            gone = next((change for change in history if change.kind == "withdrawn"), None)
            why = gone.detail if gone is not None and gone.detail else "its file is gone"
            return _Told(fate=Fate.WITHDRAWN, says=f"It is not public any more: {why}.", at=stored.withdrawn, why=why)
        case "expired":
            why, at = "its time has passed, as its file says", stored.article.expires
            return _Told(fate=Fate.WITHDRAWN, says=f"It is not public any more: {why}.", at=at, why=why)
        case "scheduled":
            says, until = "It is in, and nobody can see it before its time.", stored.article.visible_from
            return _Told(fate=Fate.HELD, says=says, at=at, held_by=Hold.EMBARGO, until=until)
        case Fate.WAITING:
            return _Told(fate=Fate.WAITING, says="It is public again as soon as its file has been read.", at=at)
        case _:
            why = f"its file says {state}"
            return _Told(fate=Fate.HELD, says=f"It is in and is not shown: {why}.", at=at, held_by=Hold.STATUS, why=why)


def _public(last: Change | None, history: Sequence[Change], article: Article) -> _Told:
    told = _Told(fate=Fate.PUBLISHED, says="It is public.", at=None if last is None else last.at, until=article.expires)
    if last is None:
        return told
    if last.kind == "moved":
        was = _before(history, article.source)
        says = f"It is public, as before; its file lay at {was}." if was else told.says
        return replace(told, fate=Fate.MOVED, says=says, was=was)
    if last.kind == "restored" or any(change.kind == LIFTED for change in history[1:2]):
        return replace(told, says="It is public again.")
    if last.kind == "updated":
        was = _before(history, article.source)
        return replace(told, fate=Fate.UPDATED, says="It is public, in a newer version.", was=was)
    return told


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
