"""What the tests start does not outlive them."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest
from tools import tied

PATIENCE = 60.0
CHILD = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
PARENT = f"import subprocess, sys, tools; subprocess.Popen(tools.tied(sys.executable, '-c', {CHILD!r})).wait()"


def test_what_is_tied_ends_with_a_parent_that_is_killed() -> None:
    if tied("true") == ["true"]:
        pytest.skip("this system ties no process to its parent")
    there = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": there}) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        assert select.select([child], [], [], PATIENCE)[0]
    finally:
        os.close(child)
