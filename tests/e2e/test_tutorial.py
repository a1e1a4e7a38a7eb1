"""The tutorial, from its first command to its last: each has to answer what stands below it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.newsroom import free_port, until
from tools import tied

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text("utf-8")
ADDRESS = "127.0.0.1:8000"
SERVE = "feedsvc serve"
PATIENCE = 60.0


def steps(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of the page with the lines that it shall print."""
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            here = re.match(r"[^\n]*<<'END'\n.*?^END$\n?", step, re.MULTILINE | re.DOTALL)
            command = here[0] if here else step.partition("\n")[0]
            yield command, step[len(command) :].strip("\n").splitlines()


def lacking(printed: str, promised: list[str]) -> str:
    """The first of the *promised* lines that is not among those that were *printed*, in their order."""
    lines = iter(printed.splitlines())
    for line in promised:
        pattern = re.escape(line.rstrip()).replace("…", ".*")
        if line != "…" and not any(re.fullmatch(pattern, one.rstrip()) for one in lines):
            return line
    return ""


class Terminal:
    """Two terminals in one folder: one in which the service runs, and one for everything else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "serve.log"
        self.service: subprocess.Popen[bytes] | None = None
        tools = folder / "bin"
        tools.mkdir()
        (tools / "feedsvc").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedsvc "$@"\n')
        (tools / "feedsvc").chmod(0o755)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")} | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "FEEDSVC_SERVER__PORT": str(self.port),
        }

    def here(self, text: str) -> str:
        return text.replace(ADDRESS, f"127.0.0.1:{self.port}")

    def serve(self) -> None:
        with self.log.open("wb") as log:
            self.service = subprocess.Popen(
                tied(sys.executable, "-m", *SERVE.split()),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", self.here(command)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def end(self) -> None:
        if self.service is not None:
            self.service.send_signal(signal.SIGTERM)
            self.service.wait(20)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    try:
        yield made
    finally:
        made.end()


@pytest.mark.slow
def test_every_command_answers_what_it_promises(terminal: Terminal) -> None:
    done = 0
    for command, promised in steps(PAGE):
        promised = [terminal.here(line) for line in promised]
        done += 1
        if command == SERVE:
            terminal.serve()
            until(lambda told=promised: not lacking(terminal.log.read_text(), told), PATIENCE, what=command)
        elif command.startswith("cd "):
            terminal.folder = terminal.folder / command.removeprefix("cd ")
        elif command.startswith("feedsvc status"):  # files come in a few seconds after they are dropped
            until(lambda asked=command, told=promised: not lacking(terminal.run(asked).stdout, told), PATIENCE,
                  every=0.5, what=f"{command} prints {promised}")  # fmt: skip
        else:
            answer = terminal.run(command)
            assert answer.returncode == 0, (command, answer.stderr)
            missing = lacking(answer.stdout + answer.stderr, promised)
            assert not missing, f"`{command}` did not print {missing!r}:\n{answer.stdout}"
    assert done > 20


def test_the_comparison_can_fail() -> None:
    assert lacking("one\ntwo\n", ["two", "one"]) == "one"
    assert lacking("one\ntwo\n", ["…", "t…"]) == ""
    assert lacking("one two\n", ["one"]) == "one"
