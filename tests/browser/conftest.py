"""One Chromium and one running newsroom for the tests of each module.

Both end with the module: the browser's driver keeps an event loop running, and other tests may want one of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.house import House, open_house
from browser.looking import ARGUMENTS
from playwright.sync_api import Browser, sync_playwright
from tools import program


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program("chromium"), args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A newsroom with a bit of everything, served."""
    program("chromium")  # no service without a browser
    root: Path = tmp_path_factory.mktemp("house")
    with open_house(root) as made:
        yield made
