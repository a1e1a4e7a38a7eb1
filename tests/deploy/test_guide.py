"""The commands of ``docs/deploy.md``, as far as a machine can check them without being set up anew."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from deploy.conftest import DEPLOY

from feedsvc import config
from feedsvc.cli.main import COMMANDS, cli

ROOT = DEPLOY.parent
TEXT = (ROOT / "docs" / "deploy.md").read_text()
_INDENTED = re.compile(r"(?:^    .*\n(?:\n(?=    ))?)+", re.MULTILINE)
BLOCKS = [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in _INDENTED.findall(TEXT)]
SHELL = [block for block in BLOCKS if not block.startswith("[")]
LINES = [line for block in SHELL for line in block.splitlines() if line.strip()]
MADE = ("/opt/feedsvc/venv", "/opt/feedsvc/docs")
PROGRAMS = {
    "adduser", "apt-get", "certbot", "curl", "docker", "find", "install", "nginx", "python3", "runuser", "systemctl",
}  # fmt: skip


def test_there_is_something_to_check() -> None:
    assert len(LINES) > 30


@pytest.mark.parametrize("block", SHELL, ids=lambda block: block.splitlines()[0][:40])
def test_the_shell_understands_it(block: str) -> None:
    done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", LINES)
def test_it_names_programs_and_files_that_there_are(line: str) -> None:
    words = shlex.split(line)
    assert words[0] in PROGRAMS or words[0].startswith("/opt/feedsvc/venv/bin/"), words[0]
    for path in re.findall(r"/opt/feedsvc/[\w./@-]+", line):
        if not path.startswith(MADE):
            assert (ROOT / path.removeprefix("/opt/feedsvc/")).exists(), path
    for unit in re.findall(r"\b(feedsvc[\w@-]*\.(?:service|timer|path))\b", line):
        assert (DEPLOY / "systemd" / re.sub(r"@\d+\.", "@.", unit)).exists(), unit
    for path in re.findall(r"(?<![\w/])deploy/[\w./-]+", line):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("line", [line for line in LINES if re.search(r"bin/feedsvc\s", line)])
def test_it_gives_commands_that_there_are(line: str) -> None:
    words = shlex.split(line.partition("bin/feedsvc ")[2])
    if words == ["--version"]:
        return
    assert words[0] in COMMANDS
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    command.make_context(words[0], words[1:], resilient_parsing=False)


def test_units_are_installed_before_they_are_started() -> None:
    installed: set[str] = set()
    for line in LINES:
        words = shlex.split(line)
        units = {re.sub(r"@\d+\.", "@.", word) for word in words if re.match(r"feedsvc[\w@-]*\.\w+$", word)}
        if words[0] == "install":
            installed |= {Path(word).name for word in words if "/deploy/systemd/" in word}
        elif words[:2] in (["systemctl", "enable"], ["systemctl", "start"]):
            assert units <= installed, line
    assert installed == {path.name for path in (DEPLOY / "systemd").iterdir()}


def test_the_settings_are_understood(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if block.startswith("["))
    file = tmp_path / "feedsvc.toml"
    file.write_text(block)
    found = config.load(file, {})
    assert str(found.content.path) == "/srv/feedsvc/content"
    unit = (DEPLOY / "systemd" / "feedsvc.service").read_text()
    assert f"ReadOnlyPaths=-{found.content.path}" in unit
    assert found.store.url == "sqlite:////var/lib/feedsvc/feedsvc.db"
    assert "StateDirectory=feedsvc\n" in unit
    for conf in ("nginx.conf", "nginx-cache.conf"):
        text = (DEPLOY / conf).read_text()
        assert f"127.0.0.1:{found.server.port}" in text
        assert "news.example.org" in text
        assert found.site.base_url == "https://news.example.org"


def test_all_that_the_service_writes_lies_where_its_unit_lets_it_write(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if block.startswith("["))
    file = tmp_path / "feedsvc.toml"
    file.write_text(block)
    found = config.load(file, {})
    for written in (Path(found.store.url.removeprefix("sqlite:///")), found.content.attached, found.server.token_file):
        assert written.is_relative_to("/var/lib/feedsvc"), written


def test_programs_are_installed_before_they_are_called() -> None:
    package = {"nginx": "nginx-light", "python3": "python3-venv"}
    installed: set[str] = set()
    for line in LINES:
        words = shlex.split(line)
        if words[0] == "apt-get":
            installed |= set(words)
        elif words[0] in ("certbot", "curl", "nginx", "python3"):
            assert package.get(words[0], words[0]) in installed, line


def test_everything_in_deploy_is_told_of() -> None:
    told = (
        TEXT
        + (ROOT / "docs" / "export.md").read_text()
        + "".join(unit.read_text() for unit in (DEPLOY / "systemd").iterdir())
    )
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert path.name in told or path.name == "alerts.yml", path
