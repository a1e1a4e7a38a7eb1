"""The command as such: help without weight, errors in one line, exit codes, pipes, completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner

from feedsvc import __version__
from feedsvc.cli.main import BROKEN_PIPE, COMMANDS, INTERRUPTED, cli
from feedsvc.errors import ConfigError, FeedsvcError, LeaseLost, ServerError, UnknownFormat

HEAVY = {"alembic", "feedgen", "flask", "granian", "lxml", "nh3", "pydantic", "rich", "sqlalchemy", "structlog", "yaml"}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes a command ``fail`` that raises what it is given."""

    def add(error: BaseException) -> None:
        @click.command()
        def fail() -> None:
            raise error

        module: Any = types.ModuleType("failing_command")
        module.fail = fail
        monkeypatch.setitem(sys.modules, "failing_command", module)
        monkeypatch.setitem(COMMANDS, "fail", ("failing_command", "Fails."))

    return add


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command(option: str) -> None:
    result = CliRunner().invoke(cli, [option])
    assert result.exit_code == 0
    for name, (_, told) in COMMANDS.items():
        assert f"{name} " in result.stdout
        assert told in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "-h"])
    assert result.exit_code == 0
    assert "Examples:" in result.stdout


def test_without_a_command_the_help_goes_to_standard_error() -> None:
    result = CliRunner().invoke(cli, [])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


def test_version() -> None:
    result = CliRunner().invoke(cli, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"feedsvc, version {__version__}\n")


@pytest.mark.parametrize(
    "arguments", [[], *([name] for name in COMMANDS if name not in ("serve", "ingest"))], ids=lambda a: " ".join(a)
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom feedsvc.cli.main import cli\n"
        f"try: cli({[*arguments, '--help']!r}, prog_name='feedsvc')\n"
        f"except SystemExit: print(sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.strip() == "[]"


# ---------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["stauts"], "feedsvc: there is no command 'stauts'; did you mean 'status'? (see `feedsvc --help`)"),
        (["xyzzy"], "feedsvc: there is no command 'xyzzy' (see `feedsvc --help`)"),
        (["check"], "feedsvc: Missing argument 'PATH...' (see `feedsvc check --help`)"),
        (["history", "--limit", "0"], "(see `feedsvc history --help`)"),
        (["takedown", "x"], "feedsvc: Missing option '--reason' (see `feedsvc takedown --help`)"),
    ],
)
def test_wrong_usage_is_one_line_and_two(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(cli, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnknownFormat("no input format reads this"), 1),
        (FeedsvcError("a plug-in cannot be loaded"), 1),
        (ConfigError("site.title is required"), 2),
        (LeaseLost("another process takes files in"), 3),
        (ServerError("the port is taken"), 4),
        (click.ClickException("there is no feed"), 1),
    ],
)
def test_our_errors_are_one_line_with_their_code(
    failing: Callable[[BaseException], None], error: Exception, code: int
) -> None:
    failing(error)
    result = CliRunner().invoke(cli, ["fail"])
    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"feedsvc: {message}\n")


def test_an_error_cannot_change_what_the_terminal_shows(failing: Callable[[BaseException], None]) -> None:
    failing(FeedsvcError("bad \x1b[2J\nname \u202e"))
    assert CliRunner().invoke(cli, ["fail"]).stderr == "feedsvc: bad \\u001b[2J name \\u202e\n"


def test_a_bug_shows_its_traceback(failing: Callable[[BaseException], None]) -> None:
    failing(ZeroDivisionError("a bug"))
    result = CliRunner().invoke(cli, ["fail"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_an_interrupt_ends_it_in_one_word(failing: Callable[[BaseException], None]) -> None:
    failing(KeyboardInterrupt())
    result = CliRunner().invoke(cli, ["fail"])
    assert (result.exit_code, result.stderr.strip()) == (INTERRUPTED, "feedsvc: stopped")


# ---------------------------------------------------------------------- processes
def test_the_exit_codes_of_a_process(room: Any) -> None:
    named = ("--config", str(room.config))
    bad = room.write("harbour/bad.md", b"\x89PNG\r\n\x1a\n")
    assert room.process("check", str(bad), *named).returncode == 1
    assert room.process("config", "--config", "nowhere.toml").returncode == 2
    lost = room.process("status", *named)
    assert (lost.returncode, lost.stdout) == (3, "")
    assert lost.stderr.startswith("feedsvc: there is no store at ")
    assert room.process("config", *named).returncode == 0


def test_nobody_reads_on(room: Any) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "feedsvc", "config", "--config", str(room.config)],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (BROKEN_PIPE, b"")


def test_output_in_a_terminal_that_lacks_letters(room: Any) -> None:
    room.write("harbour/łódź.md")
    environ = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    shown = room.process("check", "content", "--config", str(room.config), environ=environ)
    assert shown.returncode == 0
    assert "\\u0142ód\\u017a.md: an article" in shown.stdout.encode("utf-8", "surrogateescape").decode("latin-1")
    as_json = room.process("check", "content", "--json", "--config", str(room.config), environ=environ)
    assert json.loads(as_json.stdout)["source"] == "harbour/łódź.md"


@pytest.mark.parametrize(
    ("words", "word", "found"),
    [
        ("feedsvc st", 1, ["status", "store"]),
        ("feedsvc check --", 2, ["--config", "--json", "--help"]),
        ("feedsvc nonsense --", 2, ["--version", "--help"]),
    ],
)
def test_completion(room: Any, words: str, word: int, found: list[str]) -> None:
    environ = {"_FEEDSVC_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(word)}
    code = "from feedsvc.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert [line.split(",")[1] for line in done.stdout.split()] == found
