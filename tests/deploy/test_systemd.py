"""The units are what systemd understands, let the service do no more than it needs, and agree with the program."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import click
import pytest
from deploy.conftest import DEPLOY
from tools import lacking, program

from feedsvc import server
from feedsvc.cli.main import COMMANDS, cli

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
HARDENED = [unit for unit in SERVICES if "reload" not in unit.name]


class Unit(configparser.RawConfigParser):
    """A unit; the last value of a key counts, but for those that are lists."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read_string(path.read_text())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_it(unit: Path, tmp_path: Path) -> None:
    there = tmp_path / "opt" / "feedsvc"
    for name in ("venv/bin/feedsvc", "deploy/backup.sh"):
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text("#!/bin/sh\n")
        (there / name).chmod(0o755)
    for one in UNITS:
        text = one.read_text().replace("/opt/feedsvc", str(there)).replace("/usr/sbin/nginx", "/bin/true")
        (tmp_path / one.name).write_text(text)
    name = unit.name.replace("@.", "@8001.")
    if name != unit.name:
        (tmp_path / name).write_text((tmp_path / unit.name).read_text())
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "feedsvc" in line and "nginx.service" not in line]
    assert not ours


@pytest.mark.parametrize("unit", HARDENED, ids=lambda unit: unit.name)
def test_little_is_left_to_do_harm_with(unit: Path) -> None:
    done = subprocess.run(
        [program("systemd-analyze"), "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    found = re.search(r"exposure level for .*: ([0-9.]+)", done.stdout)
    if found is None:
        lacking(f"systemd-analyze cannot tell offline: {done.stderr.strip()}")
    assert float(found[1]) <= 2.0


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_is_started_is_there(unit: Path) -> None:
    command = Unit(unit)["Service"]["ExecStart"].split()
    if command[0] == "/opt/feedsvc/venv/bin/feedsvc":
        assert command[1] in COMMANDS
        known = cli.get_command(click.Context(cli), command[1])
        assert known is not None
        options = {option for parameter in known.params for option in parameter.opts}
        assert {word for word in command if word.startswith("--")} <= options
    elif command[0].startswith("/opt/feedsvc/"):
        assert (DEPLOY.parent / command[0].removeprefix("/opt/feedsvc/")).exists()


@pytest.mark.parametrize("name", ["feedsvc.service", "feedsvc-web@.service"])
def test_it_has_the_time_to_drain(name: str) -> None:
    service = Unit(DEPLOY / "systemd" / name)["Service"]
    assert service["KillMode"] == "mixed"
    assert int(service["TimeoutStopSec"]) > server.KILL_SECONDS + server.SCHEDULER_SECONDS
    assert service["KillSignal"] == "SIGTERM"
    assert service["RestartPreventExitStatus"] == "2"
    assert int(service["LimitNOFILE"]) >= 4096


def test_the_timer_starts_the_backup() -> None:
    assert (DEPLOY / "systemd" / "feedsvc-backup.service").exists()
    assert Unit(DEPLOY / "systemd" / "feedsvc-backup.timer")["Timer"]["Persistent"] == "yes"
