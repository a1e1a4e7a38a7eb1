"""What every test may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from goldens import Judge

pytest.register_assert_rewrite("goldens")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the expected files of golden tests anew")


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Judge:
    """Compares with the expected files of golden tests, or writes those anew."""
    from goldens import Judge

    return Judge(update=bool(request.config.getoption("--update-golden")))
