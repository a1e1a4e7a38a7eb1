"""Rows of columns: fitted to a terminal's width, and elsewhere one plain line a row, never cut, never wrapped."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

import click

from feedsvc.cli.options import one_line

_WIDEST = 50
"""How far a column of a plain line is filled up; a longer value pushes the rest of its line on."""


def show(rows: Iterable[Sequence[str]], *, styles: Mapping[str, str] | None = None, indent: int = 0) -> None:
    """Print *rows* of equally many cells. On a terminal a row whose first cell is in *styles* is in that style."""
    clean = [[one_line(cell) for cell in row] for row in rows]
    if not clean:
        return
    if sys.stdout.isatty():
        _fitted(clean, styles or {}, indent)
        return
    widths = [min(max(len(row[column]) for row in clean), _WIDEST) for column in range(len(clean[0]) - 1)]
    for row in clean:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        click.echo(" " * indent + "  ".join([*cells, row[-1]]).rstrip())


def _fitted(rows: Sequence[Sequence[str]], styles: Mapping[str, str], indent: int) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    for column in range(len(rows[0])):
        table.add_column(no_wrap=column == 0, overflow="fold")
    for row in rows:
        # As Text, because square brackets in a title are no markup.
        table.add_row(*(Text(cell) for cell in row), style=styles.get(row[0]))
    Console(soft_wrap=False).print(Padding(table, (0, 0, 0, indent)))
