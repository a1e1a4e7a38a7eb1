"""The ``feedsvc`` command: finds the subcommand, loads it alone, and turns our errors into one clear line."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from feedsvc import __version__
from feedsvc.errors import FeedsvcError

_COMMANDS = {
    # name: (module, what it does)
    "serve": ("feedsvc.cli.serve", "Run the service: web workers and scheduler."),
    "ingest": ("feedsvc.cli.ingest", "Take in what lies in the content folder, once, to the end."),
    "check": ("feedsvc.cli.check", "Show what files would become; touches nothing."),
    "feed": ("feedsvc.cli.feed", "Print a feed."),
    "status": ("feedsvc.cli.status", "Tell what was published, what waits, what was refused and why."),
    "config": ("feedsvc.cli.config", "Print the settings in force, and where each came from."),
    "takedown": ("feedsvc.cli.orders", "Take an article down, whatever its file says."),
    "restore": ("feedsvc.cli.orders", "Lift a takedown."),
    "accept": ("feedsvc.cli.orders", "Let go what waits for your word, such as a large deletion."),
    "history": ("feedsvc.cli.history", "Tell the life of an article, or the newest events of all."),
}


class _Lazy(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            ctx.fail(f"no command {args[0]!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedsvc")
def cli() -> None:
    """Publish a folder of articles as RSS, Atom and JSON Feed."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line. Ends the process: 0 done, 1 content, 2 usage or settings, 3 store, 4 server."""
    try:
        cli.main(args=arguments, prog_name="feedsvc", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except FeedsvcError as error:
        click.echo(f"feedsvc: {error}", err=True)
        sys.exit(error.exit_code)
