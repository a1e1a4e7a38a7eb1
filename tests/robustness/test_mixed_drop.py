"""A thousand files, good and bad, with the worst of each format among them, in one pass of one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("mixed_drop.py")
FILES = int(os.environ.get("FAULT_FILES", "1000"))
LARGEST = 2_000_000
"""Bytes of each huge file: by hand they are as large as files may be, 5 MB."""
MOST_MEGABYTES = 500


@pytest.fixture(scope="module")
def figures() -> Any:
    # A process of its own: the memory of this one belongs to all tests before.
    command = [sys.executable, str(SCRIPT), str(FILES), str(LARGEST)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout)


def test_every_file_has_a_state_and_a_bad_one_a_reason(figures: Any) -> None:
    assert figures["files"] > FILES
    assert sum(figures["states"].values()) == figures["files"]
    assert figures["states"]["refused"] > FILES // 6
    assert figures["silent"] == []


def test_every_good_file_is_accepted(figures: Any) -> None:
    assert figures["states"]["accepted"] >= FILES * 2 // 3
    assert figures["lost"] == []


def test_memory_stays_within_bounds(figures: Any) -> None:
    assert figures["peak"] < MOST_MEGABYTES
    assert figures["readers"] < MOST_MEGABYTES
