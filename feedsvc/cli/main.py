"""The ``feedsvc`` command: finds the subcommand, loads it alone, and turns our errors into one clear line."""

from __future__ import annotations

import gc
import importlib
import io
import keyword
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from feedsvc import __version__
from feedsvc.errors import FeedsvcError

COMMANDS: Mapping[str, tuple[str, str]] = {
    # name: (module, what it does)
    "init": ("feedsvc.cli.init", "Make a newsroom, ready to run: config, sections, first article."),
    "serve": ("feedsvc.cli.serve", "Run the service: web workers and scheduler."),
    "ingest": ("feedsvc.cli.ingest", "Take in what lies in the content folder, once, to the end."),
    "check": ("feedsvc.cli.check", "Show what files would become; touches nothing."),
    "import": ("feedsvc.cli.importing", "Take a WordPress export apart into files below the content folder."),
    "feed": ("feedsvc.cli.feed", "Print a feed."),
    "validate": ("feedsvc.cli.validate", "Hold every feed in every format against the rules of its format."),
    "status": ("feedsvc.cli.status", "Tell what was published, what waits, what was refused and why."),
    "readers": ("feedsvc.cli.readers", "Tell how many readers each feed has, and which clients waste."),
    "explain": ("feedsvc.cli.explain", "Tell why an article is as it is: fields, section, feeds."),
    "config": ("feedsvc.cli.config", "Print the settings in force, and where each came from."),
    "takedown": ("feedsvc.cli.orders", "Take an article down, whatever its file says."),
    "restore": ("feedsvc.cli.orders", "Lift a takedown."),
    "accept": ("feedsvc.cli.orders", "Let go what waits for your word, such as a large deletion."),
    "token": ("feedsvc.cli.token", "Show a link that signs in to the operators' desk."),
    "backup": ("feedsvc.cli.backup", "Copy the store into a file while the service runs."),
    "store": ("feedsvc.cli.store", "Move the store to another place or database: store copy FROM TO."),
    "export": ("feedsvc.cli.export", "Write the whole site into a folder as files, for any web server."),
    "doctor": ("feedsvc.cli.doctor", "Look for what is wrong with the installation; touches nothing."),
    "completion": ("feedsvc.cli.completion", "Print what lets your shell complete commands."),
    "history": ("feedsvc.cli.history", "Tell the life of an article, or the newest events of all."),
}
INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports a program that SIGINT or SIGPIPE ended."""

_COLLECTED = 20_000
"""After so many new objects Python looks for cycles among them: after 700, that takes a tenth of the start."""


class Feedsvc(click.Group):
    """A group that imports a command's module only when that command is called, and speaks of errors as we do."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name; its module is imported now."""
        if cmd_name not in COMMANDS:
            return None
        attribute = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands in the help, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As usual; for an unknown command it says which one may be meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. When nobody reads on, it ends without a word."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # What is still in the buffer would raise the error again when the process ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(BROKEN_PIPE)
        return result

    def main(self, *arguments: Any, **named: Any) -> Any:
        """Run the command line, and end the process with its exit code (see :func:`main`)."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter is no reason to end
        try:
            ended = super().main(*arguments, **{**named, "standalone_mode": False})
        except click.ClickException as error:
            _fail(_in_one_line(error), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _fail("stopped", INTERRUPTED)
        except FeedsvcError as error:
            _fail(str(error), error.exit_code)
        sys.exit(ended if isinstance(ended, int) else 0)


@click.group(
    "feedsvc", cls=Feedsvc, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="feedsvc")
@click.pass_context
def cli(context: click.Context) -> None:
    """Publish a folder of articles as RSS, Atom and JSON Feed."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(2)


def main() -> None:
    """Run the command line. Ends the process: 0 done, 1 content, 2 usage or settings, 3 store, 4 server."""
    gc.set_threshold(_COLLECTED)
    cli.main(prog_name="feedsvc")


def _fail(message: str, code: int) -> None:
    from feedsvc.cli.options import one_line

    click.echo(f"feedsvc: {one_line(message)}", err=True)
    sys.exit(code)


def _in_one_line(error: click.ClickException) -> str:
    message = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message.removesuffix('.')} (see `{error.ctx.command_path} --help`)"
    return message
