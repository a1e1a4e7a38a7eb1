"""Polls as they are counted between two writes to the store: by hour and day, in bounded tables.

Whatever clients say of themselves, the tables stay small: what does not fit any more is counted under ``other``.
Days and hours are of UTC, and named by the millisecond since 1970 at which they begin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import NamedTuple

from feedsvc.numbers.agents import Agent
from feedsvc.numbers.sketch import Sketch

HOUR, DAY = 3_600_000, 86_400_000
OTHER = "other"
MOST_POLLERS, MOST_PAIRS = 512, 128
"""How many hashes a sketch keeps: of the pollers of a feed, and of the clients of one name."""
ROWS_AT_ONCE = 300
"""How many rows one transaction writes: nobody who takes files in has to wait long for it."""
MOST_FEEDS = 2000
MOST_NAMES = 300
MOST_DECLARED = 2000
MOST_IDS = 50
"""How many feeds and formats, unknown names, declared counts, and ids of one service for a feed a day tells apart."""


class Poll(NamedTuple):
    """Polls that were alike. *feed* and *format* are empty where no document was answered.

    *coding* is that of the answer, or of the one that a 304 spared. *sent* counts bytes of bodies, *spared* those that
    a 304 or a 226 made needless, *squeezed* those that compression did; each for one poll. *client* is a hash.
    """

    feed: str
    format: str
    status: int
    conditional: bool
    coding: str
    sent: int
    spared: int
    squeezed: int
    agent: Agent
    client: int


@dataclass(slots=True)
class Counts:
    """Numbers that add up."""

    def add(self, other: Counts) -> None:
        """Add those of *other*."""
        for one in fields(self):
            if one.type == "int":
                setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def numbers(self) -> dict[str, int]:
        """The numbers by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.type == "int"}


@dataclass(slots=True)
class FeedCounts(Counts):
    """The polls of one feed in one format: all, with a validator, answered by 304; bytes as in :class:`Poll`."""

    polls: int = 0
    conditional: int = 0
    unchanged: int = 0
    sent: int = 0
    spared: int = 0
    squeezed: int = 0


@dataclass(slots=True)
class ClientCounts(Counts):
    """The requests of all clients of one name.

    *polls* were answered by a document, *full* of them by a whole one, and *unchanged* by 304; *plain* could have been
    compressed. *moved* met an address that moved, *gone* one that is gone or never was, *refused* the poll budget.
    *pairs* holds hashes of client and document.
    """

    polls: int = 0
    full: int = 0
    unchanged: int = 0
    conditional: int = 0
    plain: int = 0
    moved: int = 0
    gone: int = 0
    refused: int = 0
    pairs: Sketch = field(default_factory=lambda: Sketch(MOST_PAIRS))


class Declared(NamedTuple):
    """Whose count it is: *service* with its *feed_id* declares subscribers of a feed in a format."""

    day: int
    feed: str
    format: str
    service: str
    feed_id: str


class Tally:
    """What was counted since the tables were last taken out. Not thread-safe: one thread counts.

    *known* are the names of programs that are always told apart.
    """

    def __init__(self, known: frozenset[str] = frozenset()) -> None:
        self._known = known
        self._admitted: dict[tuple[int, str], set[tuple[str, ...]]] = {}
        self.feeds: dict[tuple[int, int, str, str], FeedCounts] = {}
        self.pollers: dict[tuple[int, str, str], Sketch] = {}
        self.declared: dict[Declared, tuple[int, int]] = {}
        self.clients: dict[tuple[int, str], ClientCounts] = {}

    def __bool__(self) -> bool:
        return bool(self.feeds or self.declared or self.clients)

    def add(self, poll: Poll, count: int, *, at: int) -> None:
        """Count *poll* *count* times, *at* so many milliseconds since 1970."""
        day, agent = day_of(at), poll.agent
        name = self._fit(day, "names", MOST_NAMES, agent.name) if agent.name not in self._known else agent.name
        if poll.feed:
            feed, suffix = poll.feed, poll.format
            if not self._admit(day, "feeds", MOST_FEEDS, (feed, suffix)):
                feed = suffix = OTHER
            if poll.status != 429:
                self._count_feed(at, feed, suffix, poll, count)
                if agent.subscribers is not None:
                    self._declare(Declared(day, feed, suffix, name, agent.feed_id), agent.subscribers, at)
                elif agent.reads:
                    self.pollers.setdefault((day, feed, suffix), Sketch(MOST_POLLERS)).add(poll.client)
        self._count_client(self.clients.setdefault((day, name), ClientCounts()), poll, count)

    def merge(self, other: Tally) -> None:
        """Count what *other* counted before as well; its bounds were kept when it was counted."""
        for key, counts in other.feeds.items():
            self.feeds.setdefault(key, FeedCounts()).add(counts)
        for place, sketch in other.pollers.items():
            self.pollers.setdefault(place, Sketch(MOST_POLLERS)).merge(sketch)
        for whose, (count, at) in other.declared.items():
            if at >= self.declared.get(whose, (0, 0))[1]:
                self.declared[whose] = (count, at)
        for name, client in other.clients.items():
            mine = self.clients.setdefault(name, ClientCounts())
            mine.add(client)
            mine.pairs.merge(client.pairs)

    def take(self) -> Tally:
        """Take out what was counted, and begin anew; what was told apart today still is."""
        taken = Tally()
        for table in ("feeds", "pollers", "declared", "clients"):
            setattr(taken, table, getattr(self, table))
            setattr(self, table, {})
        newest = max((day for day, _kind in self._admitted), default=0)
        self._admitted = {key: names for key, names in self._admitted.items() if key[0] >= newest}
        return taken

    def parts(self, rows: int = ROWS_AT_ONCE) -> Iterator[Tally]:
        """The same in parts, each of which writes about *rows* rows."""
        part, size = Tally(), 0
        for table in ("feeds", "pollers", "declared", "clients"):
            for key, value in getattr(self, table).items():
                getattr(part, table)[key] = value
                size += 1
                if size >= rows:
                    yield part
                    part, size = Tally(), 0
        if size:
            yield part

    # ------------------------------------------------------------------ how it is done
    def _count_feed(self, at: int, feed: str, suffix: str, poll: Poll, count: int) -> None:
        for span in (HOUR, DAY):
            counts = self.feeds.setdefault((span, at - at % span, feed, suffix), FeedCounts())
            counts.polls += count
            counts.conditional += count * poll.conditional
            counts.unchanged += count * (poll.status == 304)
            counts.sent += count * poll.sent
            counts.spared += count * poll.spared
            counts.squeezed += count * poll.squeezed

    def _declare(self, whose: Declared, count: int, at: int) -> None:
        place = f"ids {whose.feed} {whose.format} {whose.service}"
        if whose.feed_id and not self._admit(whose.day, place, MOST_IDS, (whose.feed_id,)):
            return  # nobody has so many: they are made up
        if self._admit(whose.day, "declared", MOST_DECLARED, whose[1:]):
            self.declared[whose] = (count, at)

    def _count_client(self, counts: ClientCounts, poll: Poll, count: int) -> None:
        counts.moved += count * (poll.status == 308)
        counts.gone += count * (poll.status in (404, 410))
        counts.refused += count * (poll.status == 429)
        counts.pairs.add(poll.client ^ _spread(f"{poll.feed}.{poll.format}"))
        if poll.feed and poll.status in (200, 226, 304):
            counts.polls += count
            counts.full += count * (poll.status == 200)
            counts.unchanged += count * (poll.status == 304)
            counts.conditional += count * poll.conditional
            counts.plain += count * (poll.coding == "")

    def _fit(self, day: int, kind: str, most: int, name: str) -> str:
        return name if self._admit(day, kind, most, (name,)) else OTHER

    def _admit(self, day: int, kind: str, most: int, name: tuple[str, ...]) -> bool:
        """Whether *name* is one of the first *most* of its *kind* that day."""
        admitted = self._admitted.setdefault((day, kind), set())
        if name in admitted:
            return True
        if len(admitted) >= most:
            return False
        admitted.add(name)
        return True


def _spread(name: str) -> int:
    """A hash of *name* that no salt is needed for."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def milliseconds(moment: datetime) -> int:
    """*moment* in milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def day_of(at: int) -> int:
    """The day of the moment *at*."""
    return at - at % DAY
