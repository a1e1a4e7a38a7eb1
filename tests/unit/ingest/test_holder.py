"""Who holds the lease, and whether that process is dead."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from feedsvc.ingest.holder import is_dead, this_process


def name_in_a_child(*, alive: bool) -> tuple[str, subprocess.Popen[str]]:
    code = "from feedsvc.ingest.holder import this_process; print(this_process(), flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    if not alive:
        child.communicate("\n")
    return name, child


def test_this_process_is_alive_and_has_one_name() -> None:
    assert this_process() == this_process()
    assert not is_dead(this_process())


def test_another_process_is_alive_until_it_ends() -> None:
    name, child = name_in_a_child(alive=True)
    assert name != this_process()
    assert not is_dead(name)
    child.kill()
    child.wait()
    assert is_dead(name)
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        pipe.close()


def test_a_process_that_ended_and_is_not_reaped_is_dead() -> None:
    name, child = name_in_a_child(alive=True)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n")
    child.stdin.close()
    assert child.stdout.read() == ""  # its end of the pipe closes when it ends
    with child.stdout:
        while not is_dead(name):
            assert child.returncode is None  # it is not waited for here
    child.wait()


def test_a_later_process_under_the_same_number_is_another() -> None:
    host, boot, pid, started = this_process().split("/")
    assert is_dead(f"{host}/{boot}/{pid}/{int(started) - 1}")


@pytest.mark.parametrize("holder", ["", "desk", "elsewhere/1/2/3", "elsewhere/12345678/99999999/1", "a/b/c/d/e"])
def test_of_another_host_nothing_is_known(holder: str) -> None:
    assert not is_dead(holder)


def test_before_a_restart_of_the_host_nothing_is_known_by_number() -> None:
    host, _, pid, started = this_process().split("/")
    assert not is_dead(f"{host}/00000000/{pid}/{started}")


def test_in_another_container_nothing_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two containers may share the host, its name and its start, and yet count their processes each for itself."""
    here = this_process()
    real = os.readlink
    monkeypatch.setattr(os, "readlink", lambda path: "pid:[1]" if str(path) == "/proc/self/ns/pid" else real(path))
    there = this_process()
    assert there != here
    assert not is_dead(f"{here.rpartition('/')[0]}/1")
    assert is_dead(f"{there.rpartition('/')[0]}/1")
