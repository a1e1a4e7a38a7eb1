"""What every test may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from goldens import Judge

pytest.register_assert_rewrite("goldens")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the expected files of golden tests anew")


def pytest_configure() -> None:
    """Let Hypothesis judge what functions give, and not how soon: a machine may be busy."""
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("patient", patient)
    settings.load_profile("patient")


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Judge:
    """Compares with the expected files of golden tests, or writes those anew."""
    from goldens import Judge

    return Judge(update=bool(request.config.getoption("--update-golden")))
