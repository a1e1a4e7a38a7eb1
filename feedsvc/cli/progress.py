"""How far a long piece of work is, and how long it will take yet: on a terminal alone, on standard error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Step = Callable[[int, int], None]
"""Takes how much is done, and of how much."""


@contextlib.contextmanager
def bars(*, quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar for each part of the work that is told of, by its name; None where nobody would see them."""
    if _unseen(quiet=quiet):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    # Results that go into a pipe must not be taken for lines above the bar.
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True, redirect_stdout=False,
    ) as shown:  # fmt: skip
        tasks: dict[str, TaskID] = {}

        def tell(name: str, done: int, of: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name)
            shown.update(tasks[name], completed=done, total=of)

        yield tell


@contextlib.contextmanager
def bar(name: str, *, quiet: bool) -> Iterator[Step | None]:
    """One bar for the whole work; None where nobody would see it."""
    with bars(quiet=quiet) as tell:
        yield None if tell is None else lambda done, of: tell(name, done, of)


@contextlib.contextmanager
def count(of: str, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """How much is done of work that nobody knows the end of, in things called *of*; None where nobody would see it."""
    if _unseen(quiet=quiet):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn(f"{{task.completed}} {of}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(of, total=None)
        yield lambda done: shown.update(task, completed=done)


def _unseen(*, quiet: bool) -> bool:
    return quiet or not sys.stderr.isatty()
