"""``feedsvc completion``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from feedsvc.cli.options import examples

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog=examples(
        "feedsvc completion bash > ~/.local/share/bash-completion/completions/feedsvc",
        "feedsvc completion zsh > ~/.zfunc/_feedsvc",
        "feedsvc completion fish > ~/.config/fish/completions/feedsvc.fish",
    )
)
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
@click.pass_context
def completion(context: click.Context, shell: str | None) -> None:
    """Print what lets your SHELL complete commands, options and files with the Tab key.

    Without SHELL, the one that you are in.
    """
    from click.shell_completion import get_completion_class

    shell = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(shell) if shell in _SHELLS else None
    if kind is None:
        raise click.UsageError(f"which shell is it? Name one of {', '.join(_SHELLS)}")
    program = context.find_root().command
    click.echo(kind(program, {}, "feedsvc", "_FEEDSVC_COMPLETE").source())
