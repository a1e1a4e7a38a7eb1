"""Every kind of store, for the tests of the ``Store`` contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stores import FACTORIES, Room

from feedsvc.store.base import Store


@pytest.fixture(params=FACTORIES)
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store of this test, each time anew: as another process would."""
    opened: list[Store] = []

    def open_() -> Store:
        opened.append(FACTORIES[request.param](tmp_path))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def patience(request: pytest.FixtureRequest, open_again: Callable[[], Store]) -> int:
    """How many times as long as SQLite, which runs within this process, the database may take."""
    return 1 if request.node.callspec.params["open_again"] == "sqlite" else 4


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    """An empty store."""
    return open_again()


@pytest.fixture
def room(store: Store) -> Room:
    """An empty store and the time."""
    return Room(store)
