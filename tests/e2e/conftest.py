"""Fixtures for tests that start the real service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.newsroom import Newsroom, Service


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes more than twenty seconds, most of it waiting")


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A folder of one's own, and an end to everything that is started in it."""
    with Newsroom(tmp_path) as newsroom:
        yield newsroom


@pytest.fixture
def service(newsroom: Newsroom) -> Service:
    """A running service in an empty newsroom."""
    return newsroom.start().wait_ingesting()
