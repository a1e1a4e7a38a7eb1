"""Rows: plain and whole in a pipe, fitted on a terminal."""

from __future__ import annotations

import io

import pytest

from feedsvc.cli import table


class Terminal(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_whole_lines_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table.show([("a", "b", "last " * 60), ("longer", "", "x")], indent=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["  a       b  " + ("last " * 60).rstrip(), "  longer     x"]


def test_one_row_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    table.show([("a\nb", "c\td\x1b[31m")])
    assert capsys.readouterr().out == "a b  c d\\u001b[31m\n"


def test_no_rows_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    table.show([])
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_lines_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    table.show([("refused", "[bold]x[/bold] " + "word " * 20), ("fine", "y")], styles={"refused": "red"})
    shown = terminal.getvalue()
    assert "[bold]x[/bold]" in shown
    assert "\x1b[31m" in shown
    plain = shown.replace("\x1b[31m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= 40
    assert plain.count("word") == 20
