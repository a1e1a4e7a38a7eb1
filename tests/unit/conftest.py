"""What the tests of the parts may use."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fakes import Newsroom

if TYPE_CHECKING:
    from unit.ingest.newsdesk import Desk


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """An empty store and a clock."""
    with Newsroom(tmp_path) as room:
        yield room


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Makes desks, each with a folder and a store of its own; keyword arguments are tables of the settings."""
    from unit.ingest.newsdesk import Desk  # all of ingest: only for those that want it

    desks: list[Desk] = []

    def make(**tables: Any) -> Desk:
        desks.append(Desk(tmp_path / f"desk{len(desks)}", **tables))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A desk with the settings of a small site."""
    return make_desk()


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Permissions count, even where the tests run as root (capabilities(7))."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    held = (ctypes.c_uint32 * 6)()
    if libc.capget(header, held) != 0:
        pytest.skip("the system has no capabilities that could be given up")
    less = (ctypes.c_uint32 * 6)(*held)
    less[0] = held[0] & ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, less) == 0
    yield
    assert libc.capset(header, held) == 0
