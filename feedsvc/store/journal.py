"""What a transaction changes for readers: rows in ``changes``, and the state of each feed at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from feedsvc.store import rows
from feedsvc.store.bulk import insert_rows
from feedsvc.store.tables import changes, feeds, ms

_NOTE = insert(changes)
# A question for each feed: grouped, the database would go through all that ever happened in them.
_newest = select(func.max(changes.c.seq)).where(changes.c.feed == feeds.c.feed).scalar_subquery()
_KNOWN = (
    select(feeds, _newest.label("newest")).where(feeds.c.feed.in_(bindparam("names", expanding=True))).with_for_update()
)
# Of a feed that is new, all events are of this transaction.
_FIRST = (
    select(changes.c.feed, func.max(changes.c.seq))
    .where(changes.c.feed.in_(bindparam("names", expanding=True)))
    .group_by(changes.c.feed)
)
_AT_ONCE = 5000
"""How many feeds a statement names: one file may tag its articles in more ways than a statement has places."""
_ADVANCE = (
    update(feeds)
    .where(feeds.c.feed == bindparam("new_feed"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "seq", "generation", "changed", "updated")})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One event, at *at*: in the life of an article, or in *feed* where that is not empty."""

    feed: str
    article_id: str
    kind: str
    at: datetime
    detail: str = ""


class _Touch(NamedTuple):
    feed: str
    title: str
    seen: bool
    updated: int


class Journal:
    """The events of one transaction, whose feeds change at *at*.

    Events are written at once; each feed is brought up to them once, by :meth:`close`, however many there are.
    """

    def __init__(self, connection: Connection, *, at: datetime) -> None:
        self._connection = connection
        self._at = ms(at)
        self._touches: list[_Touch] = []

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing: an exception inside undoes what was written since, and is passed on."""
        length = len(self._touches)
        try:
            with self._connection.begin_nested():
                yield
        except BaseException:
            del self._touches[length:]
            raise

    def note(self, notes: Sequence[Note]) -> None:
        """Write down *notes*, in their order."""
        if notes:
            values = [
                {
                    "feed": note.feed,
                    "article_id": note.article_id,
                    "kind": note.kind,
                    "at": ms(note.at),
                    "detail": note.detail,
                }
                for note in notes
            ]
            self._connection.execute(_NOTE, values)

    def touch(self, feed: str, *, seen: bool, updated: datetime | None = None, title: str = "") -> None:
        """Let the feed count as changed; by what readers can see now if *seen*, and dated *updated* then.

        *title* is for a feed that has none yet.
        """
        self._touches.append(_Touch(feed, title, seen, 0 if updated is None else ms(updated)))

    def touch_all(self, feeds: Iterable[tuple[str, str]], *, seen: bool, updated: datetime) -> None:
        """The same for many *feeds*, by name and title."""
        dated = ms(updated)
        self._touches += [_Touch(feed, title, seen, dated) for feed, title in feeds]

    def close(self) -> None:
        """Bring each feed up to its events."""
        by_feed: dict[str, list[_Touch]] = {}
        for touch in self._touches:
            by_feed.setdefault(touch.feed, []).append(touch)
        self._touches.clear()
        feeds = sorted(by_feed)
        for start in range(0, len(feeds), _AT_ONCE):
            self._advance({feed: by_feed[feed] for feed in feeds[start : start + _AT_ONCE]})

    def _advance(self, by_feed: Mapping[str, Sequence[_Touch]]) -> None:
        known = {row.feed: row._mapping for row in self._connection.execute(_KNOWN, {"names": list(by_feed)})}
        if known:
            states = (self._state(row, row["newest"], by_feed[feed]) for feed, row in known.items())
            values = [{f"new_{name}": value for name, value in state.items()} for state in states]
            self._connection.execute(_ADVANCE, values)
        missing = [feed for feed in by_feed if feed not in known]
        if missing:
            newest = {feed: seq for feed, seq in self._connection.execute(_FIRST, {"names": missing})}  # noqa: C416
            # A feed that no reader has seen yet: nothing in it is dated by an article that is still to come.
            made = [
                rows.new_feed(feed) | self._state(rows.new_feed(feed), newest.get(feed), by_feed[feed])
                for feed in missing
            ]
            insert_rows(self._connection, feeds, (tuple(row[column.name] for column in feeds.c) for row in made))

    def _state(self, row: Mapping[Any, Any], newest: int | None, touches: Sequence[_Touch]) -> dict[str, Any]:
        """What *row* of ``feeds`` becomes by *touches*; *newest* is the last event in the feed."""
        seen = [touch.updated for touch in touches if touch.seen]
        return {
            "feed": row["feed"],
            "title": row["title"] or next((touch.title for touch in touches if touch.title), ""),
            "seq": max(row["seq"], newest or 0),
            "generation": row["generation"] + len(touches),
            "changed": max(row["changed"], self._at) if seen else row["changed"],
            "updated": max([row["updated"], *seen]),
        }
