"""Marks of long archives that the store keeps: whoever begins with them comes to the same as who makes all anew."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article, make_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.config import Settings
from feedsvc.model import Article
from feedsvc.publish import keeping
from feedsvc.publish.archive import Archives
from feedsvc.publish.pages import Chain, Page
from feedsvc.publish.settings import plan
from feedsvc.store.base import Mark
from feedsvc.store.opening import open_store

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIMIT = 3
COUNT = 32
SETTINGS = make_settings(feeds={"limit": LIMIT})


@pytest.fixture(autouse=True, scope="module")
def long() -> Iterator[None]:
    """An archive is long at nine articles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "LONG", 3 * LIMIT)
        yield


@pytest.fixture
def old(room: Newsroom) -> list[Article]:
    return filled(room)


def filled(room: Newsroom) -> list[Article]:
    """The articles of a room, an hour apart; one has an end."""
    articles = [make_article(f"n{n:02}", published=NOON - HOUR * (COUNT - n)) for n in range(COUNT)]
    articles[20] = replace(articles[20], expires=NOON + 2 * HOUR)
    room.put(*articles, cold=True)
    return articles


class Counted:
    """A store that counts the marks it gave."""

    def __init__(self, store: Any) -> None:
        self.store, self.marked = store, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def marks(self, *args: Any, **named: Any) -> Any:
        found = self.store.marks(*args, **named)
        self.marked += len(found)
        return found


def started(room: Newsroom, under: Settings = SETTINGS, name: str = "all") -> tuple[Archives, Chain, int]:
    """The archives of a process that starts now, that of one feed, and how many marks it read for it."""
    store = Counted(room.store.store)
    archives = Archives(store, under)  # type: ignore[arg-type]
    chosen = plan(under, name)
    window = room.store.store.window(name, room.clock(), limit=chosen.limit)
    assert window is not None
    archives.attached(window, chosen, room.clock())
    chain = archives.chain(name)
    assert chain is not None
    return archives, chain, store.marked


def made_anew(room: Newsroom, under: Settings = SETTINGS) -> Chain:
    """The archive as it is without what was kept."""

    class Forgetful(Counted):
        def kept_marks(self, feed: str) -> str:
            return ""

    archives, chosen = Archives(Forgetful(room.store.store), under), plan(under, "all")  # type: ignore[arg-type]
    window = room.store.store.window("all", room.clock(), limit=chosen.limit)
    assert window is not None
    archives.attached(window, chosen, room.clock())
    chain = archives.chain("all")
    assert chain is not None
    return chain


def test_a_process_that_starts_goes_on_from_what_another_one_kept(room: Newsroom, old: list[Article]) -> None:
    first, chain, read = started(room)
    assert read == COUNT
    first.keep()
    room.clock.move(minutes=5)
    _, again, read = started(room)
    assert read == COUNT % LIMIT
    assert again == replace(chain, at=room.clock())


def test_short_archives_are_not_kept(room: Newsroom) -> None:
    room.put(*(make_article(f"n{n}", published=NOON - HOUR * (n + 1)) for n in range(3 * LIMIT - 1)))
    first, _, _ = started(room)
    first.keep()
    assert room.store.store.kept_marks("all") == ""


EVENTS: dict[str, Callable[[Newsroom, list[Article]], object]] = {
    "nothing": lambda _room, _old: None,
    "new": lambda room, _old: room.put(make_article("new", published=room.clock())),
    "late": lambda room, _old: room.put(make_article("late", published=NOON - 20 * HOUR), cold=True),
    "edited": lambda room, old: room.edit(old[4], title="Corrected"),
    "dated otherwise": lambda room, old: room.put(replace(old[7], published=NOON - 9 * HOUR, updated=room.clock())),
    "withdrawn": lambda room, old: room.withdraw(old[10]),
    "withheld for a time": lambda room, old: room.edit(old[13], embargo=NOON + 3 * HOUR),
    "expiring": lambda room, old: room.edit(old[16], expires=NOON + HOUR),
    "scheduled": lambda room, _old: room.put(make_article("later", embargo=NOON + HOUR + MINUTE)),
    "expired": lambda room, _old: room.clock.move(hours=3),
}


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(list(EVENTS)), st.booleans()), max_size=6))
def test_whatever_happens_both_come_to_the_same(events: list[tuple[str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Newsroom(Path(folder)) as room:
        articles = filled(room)
        started(room)[0].keep()
        for event, again in events:
            room.clock.move(minutes=20)
            EVENTS[event](room, articles)
            archives, chain, _ = started(room)
            assert chain == made_anew(room)
            if again:
                archives.keep()


def test_other_settings_make_all_anew(room: Newsroom, old: list[Article]) -> None:
    started(room)[0].keep()
    under = make_settings(feeds={"limit": LIMIT}, site={"title": "Another name"})
    archives, chain, read = started(room, under)
    assert read == COUNT
    assert chain == made_anew(room, under)
    archives.keep()
    assert started(room, under)[2] == COUNT % LIMIT


def test_what_another_program_kept_is_not_understood(
    room: Newsroom, old: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    started(room)[0].keep()
    monkeypatch.setattr(keeping, "FORM", keeping.FORM + 1)
    assert started(room)[2] == COUNT


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept[: len(kept) // 2],
        lambda _: "[" * 100_000,
        lambda _: "{}",
        lambda _: "[]",
        lambda _: "7",
        lambda _: "[1]",
        lambda kept: json.dumps([*json.loads(kept)[:5], []]),
        lambda kept: json.dumps([*json.loads(kept)[:5], [[1]]]),
        lambda kept: json.dumps([*json.loads(kept)[:5], None]),
        lambda kept: json.dumps([*json.loads(kept)[:4], 10**30, json.loads(kept)[5]]),
        lambda kept: json.dumps([*json.loads(kept)[:3], "many", *json.loads(kept)[4:]]),
        lambda kept: json.dumps([*json.loads(kept)[:5], [[one[0], None, *one[2:]] for one in json.loads(kept)[5]]]),
        lambda kept: json.dumps([*json.loads(kept)[:5], [[7, *one[1:]] for one in json.loads(kept)[5]]]),
    ],
)
def test_damaged_marks_are_made_anew(room: Newsroom, old: list[Article], damage: Callable[[str], str]) -> None:
    first, chain, _ = started(room)
    first.keep()
    damaged = damage(room.store.store.kept_marks("all"))
    room.store.store.keep_marks("all", damaged, seq=chain.seq)
    archives, chain, read = started(room)
    assert (chain, read) == (made_anew(room), COUNT)
    archives.keep()
    assert started(room)[2] == COUNT % LIMIT


def test_marks_that_are_too_old_are_made_anew(room: Newsroom, old: list[Article]) -> None:
    started(room)[0].keep()
    room.clock.move(days=8)
    assert started(room)[2] > LIMIT
    assert started(room)[1] == made_anew(room)


def test_a_backup_in_the_place_of_the_store(room: Newsroom, old: list[Article], tmp_path: Path) -> None:
    """Its numbers of changes come round again, with other changes behind them."""
    room.store.store.backup(tmp_path / "backup.db")
    room.clock.move(minutes=5)
    for _ in range(3):
        room.edit(old[0], title="Lost again")
    archives, chain, _ = started(room)
    lost, room.store.store = room.store.store, open_store(f"sqlite:///{tmp_path}/backup.db")
    lost.close()
    archives._store = room.store.store
    archives.keep()
    assert room.store.store.kept_marks("all") == ""
    room.clock.move(minutes=5)
    window, chosen = room.store.store.window("all", room.clock(), limit=LIMIT), plan(SETTINGS, "all")
    assert window is not None
    archives.attached(window, chosen, room.clock())
    assert archives.chain("all") == made_anew(room) != chain


def test_what_a_node_whose_clock_is_behind_schedules_is_not_missed(room: Newsroom, old: list[Article]) -> None:
    for number in range(LIMIT):
        room.put(make_article(f"new{number}", published=room.clock()))
    room.clock.move(seconds=5)
    started(room)[0].keep()
    room.clock.now = NOON - timedelta(seconds=15)
    room.put(make_article("later", published=NOON - HOUR, embargo=NOON - timedelta(seconds=5)))
    room.clock.now = NOON + timedelta(seconds=5)
    assert started(room)[1] == made_anew(room)


def test_what_cannot_be_kept_is_tried_again_later(room: Newsroom, old: list[Article]) -> None:
    archives, _, _ = started(room)
    archives._store = room.store  # type: ignore[assignment]
    room.store.lost = True
    archives.keep()
    room.store.lost = False
    room.store.asked.clear()
    archives.keep()
    assert not room.store.asked
    room.clock.move(days=1)
    window, chosen = room.store.store.window("all", room.clock(), limit=LIMIT), plan(SETTINGS, "all")
    assert window is not None
    archives.attached(window, chosen, room.clock())
    archives.keep()
    assert room.store.store.kept_marks("all")


# ---------------------------------------------------------------------- when
def chain_of(count: int, *, at: timedelta = timedelta(), seq: int = 1, seed: str = "s", digest: str = "d") -> Chain:
    last = Mark(1, 1, "a", 1, 0, "x")
    pages = [Page(number=n, digest=f"{digest}{n}", after=None, last=last, count=LIMIT) for n in range(1, count + 1)]
    return Chain(seed=seed, size=LIMIT, seq=seq, at=NOON + at, pages=tuple(pages))


@pytest.mark.parametrize(
    ("chain", "due"),
    [
        (chain_of(10), False),
        (chain_of(10, at=-MINUTE), True),
        (chain_of(10, seq=0), True),
        (chain_of(10, seed="t"), True),
        (chain_of(12, at=23 * HOUR), False),
        (chain_of(12, at=24 * HOUR), True),
        (chain_of(13, at=59 * MINUTE), False),
        (chain_of(13, at=HOUR), True),
        (chain_of(9, at=HOUR), True),
        (chain_of(10, at=HOUR, digest="e"), True),
        (chain_of(2, at=24 * HOUR), False),
    ],
)
def test_when_marks_are_kept_anew(chain: Chain, due: bool) -> None:
    assert keeping.due(chain, chain_of(10)) is due
    assert keeping.due(chain, None) is (chain.full >= 3)
