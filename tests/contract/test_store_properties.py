"""Every Store through the same tests, last part: what holds whatever is put."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON, make_article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import Room
from strategies import articles

from feedsvc.model import Article, PubStatus

MINUTE = timedelta(minutes=1)
quickly = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
minutes = st.integers(-30, 30).map(lambda count: NOON + count * MINUTE)
edits = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.fixed_dictionaries(
            {
                "published": minutes,
                "embargo": st.none() | minutes,
                "expires": st.none() | minutes,
                "pubstatus": st.sampled_from([*PubStatus, PubStatus.USABLE, PubStatus.USABLE]),
            }
        ),
        st.sampled_from(["put", "put", "put", "put", "withdraw", "takedown", "restore"]),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def numbers() -> itertools.count[int]:
    """Numbers that are not used twice in one store: each example has a section of its own."""
    return itertools.count()


@quickly
@given(article=articles())
def test_an_article_is_stored_whole_and_twice_is_once(
    room: Room, numbers: itertools.count[int], article: Article
) -> None:
    article = replace(article, id=f"{article.id}/{next(numbers)}")
    room.put(article, late=timedelta())
    stored, versions = room.stored(article), room.store.versions()
    assert stored.article == article
    assert stored.digest == article.digest
    assert room.put(article, late=timedelta()) == "unchanged"
    assert room.stored(article) == stored
    assert room.store.versions() == versions
    assert room.store.find(stored.key) == stored


@quickly
@given(steps=edits, looks=st.lists(st.integers(0, 70), max_size=5))
def test_a_feed_shows_what_is_visible_and_nothing_else(
    room: Room, numbers: itertools.count[int], steps: Sequence[tuple[int, dict[str, object], str]], looks: Sequence[int]
) -> None:
    section = f"s{next(numbers)}"
    room.now = NOON
    known: dict[str, Article] = {}
    withdrawn, down = set[str](), set[str]()

    def looked_at() -> None:
        visible = {
            article.id for article in known.values() if article.id not in withdrawn | down and article.visible(room.now)
        }
        assert set(room.shown(section)) == visible
        assert not visible & set(room.buried(section))
        assert {entry.article.id for entry in room.store.listing(section, room.now, limit=99)} == visible
        for article_id in known:
            stored = room.store.get(article_id)
            assert stored is not None
            assert stored.public(room.now) == (article_id in visible)
            assert stored.was_public(room.now) or article_id not in visible
        counts = {found.path: found.count for found in room.store.sections(room.now)}
        assert counts.get(section, 0) == len(visible)

    for number, fields, order in steps:
        room.wait(minutes=5)
        article = make_article(f"{section}/{number}", sections=(section,), updated=room.now, **fields)
        if order == "put":
            before = room.store.get(article.id)
            if before is not None and before.was_public(room.now):
                article = replace(article, published=before.article.published)
            room.put(article)
            known[article.id] = article
            withdrawn.discard(article.id)
        elif article.id in known and order == "withdraw":
            room.withdraw(article)
            withdrawn.add(article.id)
        elif article.id in known and order == "takedown":
            room.takedown(article)
            down.add(article.id)
        elif article.id in down:
            room.restore(article)
            room.put(known[article.id])
            down.discard(article.id)
            withdrawn.discard(article.id)
        looked_at()
    for minute in sorted(looks):
        room.now = max(room.now, NOON + minute * MINUTE)
        looked_at()
