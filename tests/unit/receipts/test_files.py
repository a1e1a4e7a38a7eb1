"""The receipt of a file: one for every way in which a file can end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOON, Newsroom, make_article

from feedsvc.model import SourceState
from feedsvc.receipts import files
from feedsvc.receipts.kinds import Fate, Hold, Receipt
from feedsvc.store.questions import SCAN

FILE = "harbour/ferry.md"


def receipt(room: Newsroom, path: str = FILE) -> Receipt:
    found = files.receipt(room.store.store, path, now=room.clock())
    assert found is not None
    return found


def test_published(room: Newsroom) -> None:
    article = make_article()
    room.put(article)
    room.remember(FILE, SourceState.ACCEPTED, article)
    found = receipt(room)
    assert (found.fate, found.state, found.advice, found.who) == (Fate.PUBLISHED, "accepted", "", "")
    (one,) = found.articles
    assert (one.id, one.state, one.notes) == (article.id, "public", ("guessed",))
    assert one.path.startswith("/articles/2026/03/14/ferry-")


def test_no_address_is_told_that_readers_never_had(room: Newsroom) -> None:
    article = make_article(embargo=NOON + timedelta(hours=1))
    room.put(article)
    room.remember(FILE, SourceState.ACCEPTED, article)
    found = receipt(room)
    assert (found.fate, found.held_by, found.until) == (Fate.HELD, Hold.EMBARGO, NOON + timedelta(hours=1))
    assert found.articles[0].path == ""


def test_of_several_articles_the_gravest_counts(room: Newsroom) -> None:
    articles = [make_article(), make_article("soon", embargo=NOON + timedelta(hours=1)), make_article("wall")]
    room.put(*articles)
    room.remember(FILE, SourceState.ACCEPTED, *articles)
    found = receipt(room)
    assert found.fate is Fate.HELD
    assert "3 articles" in found.says


def test_refused_with_what_stays_in_its_place(room: Newsroom) -> None:
    room.put(make_article())
    room.remember(FILE, SourceState.REFUSED, make_article(), error="line 3: it is no date", line=3)
    found = receipt(room)
    assert (found.fate, found.line, found.kept) == (Fate.REFUSED, 3, ("The ferry sails again",))
    assert found.says == "It was refused: it is no date. What it gave before stays public."
    assert (found.who, found.advice) == ("whoever wrote the file", files.ADVICE[SourceState.REFUSED])
    room.remember("b.md", SourceState.REFUSED, error="it is a PDF document")
    assert receipt(room, "b.md").says == "It was refused: it is a PDF document. Nothing of it is public."


def test_ignored_says_by_which_rule(room: Newsroom) -> None:
    room.remember("x.log", SourceState.IGNORED, error="its name matches '*.log' in [content] ignore")
    found = receipt(room, "x.log")
    assert found.fate is Fate.IGNORED
    assert "'*.log'" in found.says


def test_a_copy_names_its_first_file(room: Newsroom) -> None:
    room.put(make_article())
    room.remember(FILE, SourceState.ACCEPTED, make_article())
    room.remember("town/ferry.md", SourceState.DUPLICATE, make_article())
    found = receipt(room, "town/ferry.md")
    assert (found.fate, found.other, found.kept) == (Fate.DUPLICATE, FILE, ("The ferry sails again",))


@pytest.mark.parametrize(
    ("state", "fate"), [(SourceState.SUPERSEDED, Fate.SUPERSEDED), (SourceState.CONFLICT, Fate.CONFLICT)]
)
def test_a_rival_names_the_file_that_is_used(room: Newsroom, state: SourceState, fate: Fate) -> None:
    room.put(make_article())
    room.remember(FILE, SourceState.ACCEPTED, make_article())
    room.remember("wire/1.xml", state, make_article(), error="version 1 is older than 2")
    found = receipt(room, "wire/1.xml")
    assert (found.fate, found.other) == (fate, FILE)
    assert "version 1 is older than 2" in found.says
    assert (found.who != "") is (fate is Fate.CONFLICT)


def test_missing_moved_and_withdrawn(room: Newsroom) -> None:
    room.remember("a.md", SourceState.MISSING)
    room.remember("b.md", SourceState.GONE, error="moved to town/b.md")
    room.remember("c.md", SourceState.GONE)
    assert receipt(room, "a.md").fate is Fate.MISSING
    assert (receipt(room, "b.md").fate, receipt(room, "b.md").other) == (Fate.MOVED, "town/b.md")
    assert receipt(room, "c.md").fate is Fate.WITHDRAWN


def test_waiting_since_when_and_until_when(room: Newsroom) -> None:
    waiting = [{"source": FILE, "since": "2026-03-14T11:58:00Z", "next": "2026-03-14T12:00:02Z"}]
    room.store.store.beat(SCAN, {"waiting": waiting}, now=NOON)
    found = receipt(room)
    assert (found.fate, found.since, found.until) == (
        Fate.WAITING, NOON - timedelta(minutes=2), NOON + timedelta(seconds=2),
    )  # fmt: skip
    room.put(make_article())
    room.remember(FILE, SourceState.ACCEPTED, make_article())
    assert receipt(room).kept == ("The ferry sails again",)
    room.store.store.beat(SCAN, {"waiting": []}, now=NOON)
    assert receipt(room).fate is Fate.PUBLISHED


@pytest.mark.parametrize(("name", "hold"), [("flood", Hold.FLOOD), ("missing", Hold.DELETION)])
def test_held_by_a_brake(room: Newsroom, name: str, hold: Hold) -> None:
    room.put(make_article())
    room.remember(FILE, SourceState.MISSING, make_article())
    room.store.store.hold(name, {"reason": "too many", "paths": [FILE]}, now=NOON)
    found = receipt(room)
    assert (found.fate, found.held_by, found.who, found.since) == (Fate.HELD, hold, "an operator", NOON)
    assert f"feedsvc accept {name}" in found.advice
    room.store.store.accept(name, now=NOON)
    assert receipt(room).advice == "nothing; it is done at the next pass"


def test_nothing_is_known_of_other_files(room: Newsroom) -> None:
    assert files.receipt(room.store.store, "nowhere.md", now=NOON) is None


@pytest.mark.parametrize("state", SourceState)
def test_every_state_has_advice_and_a_receipt(room: Newsroom, state: SourceState) -> None:
    assert (files.ADVICE[state] == "") is (state is SourceState.ACCEPTED)
    room.remember(FILE, state)
    found = receipt(room)
    assert found.says
    assert found.as_json()["articles"] == []
