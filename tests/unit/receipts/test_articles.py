"""The receipt of an article, over a real store with a clock set by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article

from feedsvc.model import PubStatus
from feedsvc.receipts import articles
from feedsvc.receipts.kinds import ArticleReceipt, Fate, Hold
from feedsvc.store.lifecycle import state_of


def receipt(room: Newsroom) -> ArticleReceipt:
    stored = room.store.store.get(make_article().id)
    assert stored is not None
    return articles.receipt(room.store.store, stored, now=room.clock())


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "public"),
        ({"embargo": NOON + timedelta(hours=1)}, "scheduled"),
        ({"published": NOON + timedelta(hours=1)}, "scheduled"),
        ({"expires": NOON}, "expired"),
        ({"pubstatus": PubStatus.WITHHELD}, "withheld"),
        ({"pubstatus": PubStatus.CANCELED}, "canceled"),
    ],
)
def test_the_word_for_an_article(room: Newsroom, fields: dict[str, Any], word: str) -> None:
    (stored,) = room.put(make_article(**fields))
    assert state_of(stored, now=NOON) == word


def test_withdrawn_and_taken_down(room: Newsroom) -> None:
    article = make_article()
    room.put(article)
    room.withdraw(article)
    stored = room.store.store.get(article.id)
    assert stored is not None
    assert state_of(stored, now=NOON) == "withdrawn"
    with room.store.store.writing(None, at=NOON) as writer:
        assert writer.takedown(article.id, now=NOON, reason="a court order")
    stored = room.store.store.get(article.id)
    assert stored is not None
    assert state_of(stored, now=NOON) == "taken down"


def test_published_then_updated_then_moved(room: Newsroom) -> None:
    article = make_article()
    room.put(article)
    found = receipt(room)
    assert (found.fate, found.at, found.feeds) == (Fate.PUBLISHED, NOON, ("harbour", "all"))
    room.clock.move(hours=1)
    room.edit(article, title="The ferry sails on")
    found = receipt(room)
    assert (found.fate, found.at, found.was) == (Fate.UPDATED, NOON + timedelta(hours=1), "")
    stored = room.store.store.get(article.id)
    assert stored is not None
    room.put(replace(stored.article, source="town/ferry.md"))
    found = receipt(room)
    assert (found.fate, found.was, found.source) == (Fate.MOVED, "harbour/ferry.md", "town/ferry.md")


def test_held_until_its_time_with_nothing_given_away(room: Newsroom) -> None:
    room.put(make_article(embargo=NOON + timedelta(hours=2)))
    found = receipt(room)
    assert (found.fate, found.held_by, found.until) == (Fate.HELD, Hold.EMBARGO, NOON + timedelta(hours=2))
    assert (found.path, found.feeds) == ("", ())


@pytest.mark.parametrize("status", [PubStatus.WITHHELD, PubStatus.CANCELED])
def test_held_by_its_own_file(room: Newsroom, status: PubStatus) -> None:
    room.put(make_article(pubstatus=status))
    found = receipt(room)
    assert (found.fate, found.held_by) == (Fate.HELD, Hold.STATUS)
    assert status.value in found.why


def test_withdrawn_and_why(room: Newsroom) -> None:
    article = make_article(expires=NOON + timedelta(hours=1))
    room.put(article)
    assert receipt(room).until == NOON + timedelta(hours=1)
    room.clock.move(hours=2)
    found = receipt(room)
    assert (found.fate, found.at, found.why) == (
        Fate.WITHDRAWN, NOON + timedelta(hours=1), "its time has passed, as its file says",
    )  # fmt: skip
    room.withdraw(article)
    found = receipt(room)
    assert (found.fate, found.at, found.why) == (Fate.WITHDRAWN, room.clock(), "its file is gone")
    with room.store.store.writing(None, at=room.clock()) as writer:
        writer.takedown(article.id, now=room.clock(), reason="court order")
    assert receipt(room).why == "an operator took it down: court order"


def test_public_again(room: Newsroom) -> None:
    article = make_article()
    room.put(article)
    room.withdraw(article)
    room.put(article)
    assert receipt(room).says == "It is public again."


def test_public_again_after_a_takedown(room: Newsroom) -> None:
    article = make_article()
    room.put(article)
    with room.store.store.writing(None, at=NOON) as writer:
        writer.takedown(article.id, now=NOON, reason="court order")
    with room.store.store.writing(None, at=NOON) as writer:
        writer.restore(article.id, now=NOON)
    lifted = receipt(room)
    assert (lifted.fate, lifted.state, lifted.feeds) == (Fate.WAITING, "waiting", ())
    assert lifted.says == "It is public again as soon as its file has been read."
    room.put(article)
    assert (receipt(room).fate, receipt(room).says) == (Fate.PUBLISHED, "It is public again.")
