"""Help with examples that can be run, and completion for the shells."""

from __future__ import annotations

import shlex
import subprocess

import click
import pytest
from click.testing import CliRunner
from tools import program

from feedsvc.cli.main import COMMANDS, cli


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples_that_it_understands(name: str) -> None:
    lines = [line.strip() for line in (command(name).epilog or "").splitlines()[2:]]
    assert lines, f"the help of {name} has no examples"
    for line in lines:
        words = shlex.split(line.split(" | ")[0].split(" > ")[0])
        words = words[words.index("feedsvc") + 1 :] if words[0] != "feedsvc" else words[1:]
        words = words[words.index(name) :]
        # With the parent's names of the help option: click keeps that of the first context for good.
        above = click.Context(cli, **cli.context_settings)
        context = command(words[0]).make_context(words[0], words[1:], parent=above, resilient_parsing=True)
        assert context.info_name == name, line


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_the_program(shell: str) -> None:
    result = CliRunner().invoke(cli, ["completion", shell])
    assert result.exit_code == 0
    assert f"_FEEDSVC_COMPLETE={shell}_complete" in result.output


def test_the_shell_that_one_is_in_is_known() -> None:
    asked = CliRunner(env={"SHELL": "/bin/zsh"}).invoke(cli, ["completion"])
    assert "#compdef feedsvc" in asked.output
    unknown = CliRunner(env={"SHELL": "/bin/rc"}).invoke(cli, ["completion"])
    assert unknown.exit_code == 2
    assert "bash, zsh, fish" in unknown.stderr


def test_bash_takes_the_completion() -> None:
    script = CliRunner().invoke(cli, ["completion", "bash"]).output
    taken = subprocess.run(
        [program("bash")], input=f"{script}\ncomplete -p feedsvc\n", capture_output=True, encoding="utf-8"
    )
    assert "feedsvc" in taken.stdout, taken.stderr
