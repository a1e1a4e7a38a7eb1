"""What a node that only answers polls needs of PostgreSQL is what ``docs/postgresql.md`` grants it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import postgres
import pytest
from fakes import NOON, make_article
from stores import Room

from feedsvc.errors import StoreUnavailable
from feedsvc.numbers.agents import Agent
from feedsvc.numbers.tally import DAY, Poll, Tally, day_of, milliseconds
from feedsvc.store.base import Store
from feedsvc.store.opening import open_store

if postgres.lacking():
    pytest.skip(postgres.lacking(), allow_module_level=True)

GUIDE = (Path(__file__).parents[3] / "docs" / "postgresql.md").read_text()
GRANTS = re.findall(r"^(?:GRANT|ALTER DEFAULT PRIVILEGES) .*;$", GUIDE, re.MULTILINE)
TODAY = day_of(milliseconds(NOON))


@pytest.fixture
def name() -> Iterator[str]:
    """A user who may do nothing yet, and the name of a database with a store and one article in it."""
    name = postgres.shared().database(postgres.template())
    with contextlib.closing(open_store(postgres.shared().url(name))) as store:
        Room(store).put(make_article())
    user = f"web_{os.getpid()}_{name}"
    postgres.shared().sql(f"CREATE ROLE {user} LOGIN")
    yield name
    postgres.shared().sql(f"DROP OWNED BY {user}", database=name)
    postgres.shared().sql(f"DROP ROLE {user}")


def opened(name: str, grants: list[str]) -> contextlib.closing[Store]:
    """The store as the user of the guide has it once the *grants* are given."""
    user = f"web_{os.getpid()}_{name}"
    for grant in grants:
        told = grant.replace("DATABASE feedsvc", f"DATABASE {name}").replace("ROLE feedsvc ", "ROLE postgres ")
        postgres.shared().sql(told.replace("feedsvc_web", user), database=name)
    return contextlib.closing(open_store(postgres.shared().url(name).replace("postgres@", f"{user}@")))


def test_to_answer_polls_it_needs_to_read(name: str) -> None:
    with opened(name, [grant for grant in GRANTS if "SELECT" in grant or "CONNECT" in grant]) as store:
        assert "all" in store.versions()
        with pytest.raises(StoreUnavailable, match="permission denied"):
            store.salt(TODAY, "a" * 32, today=TODAY)


def test_to_count_them_it_needs_to_write_the_numbers(name: str) -> None:
    counted = Tally()
    agent = Agent("Feedbin", "service", 3, "77")
    counted.add(Poll("all", "rss", 304, True, "gzip", 0, 200, 0, agent, 1), 1, at=milliseconds(NOON))
    with opened(name, GRANTS) as store:
        store.salt(TODAY - DAY, "z" * 32, today=TODAY - DAY)
        assert store.salt(TODAY, "a" * 32, today=TODAY) == "a" * 32
        store.add_tally(counted)
        store.add_tally(counted)
        (day,) = store.polls(hours=False, since=NOON - timedelta(days=1))
        assert day.polls == 2
        for marks in ("[1]", "[2]"):
            store.keep_marks("all", marks, seq=1)
            assert store.kept_marks("all") == marks
        with pytest.raises(StoreUnavailable, match="permission denied"):
            Room(store).put(make_article())
