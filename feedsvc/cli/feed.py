"""``feedsvc feed``."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

import click

from feedsvc.cli.options import config_option, examples, opened, settings_of

_LISTED = 30


@click.command(epilog=examples("feedsvc feed all", "feedsvc feed international/europe-americas --format atom"))
@click.argument("section")
@click.option("--format", "suffix", default="rss", show_default=True, help="rss, atom, json, or that of a plug-in.")
@config_option
def feed(section: str, suffix: str, config_file: Path | None) -> None:
    """Print the feed of SECTION (a path such as international/europe-americas, or all) as it is served now."""
    from feedsvc import logs
    from feedsvc.clock import utc_now
    from feedsvc.publish.cache import DocumentCache
    from feedsvc.store.base import ALL

    settings, _ = settings_of(config_file)
    logs.configure(level=logging.WARNING)  # log lines go to standard error, and the feed alone to standard output
    with opened(settings, existing=True) as store:
        cache = DocumentCache(store, settings, utc_now)
        if suffix not in cache.formats:
            raise click.UsageError(f"there is no format {suffix!r}; there are {', '.join(cache.formats)}")
        names = {ALL, *store.versions(), *settings.sections}
        document = cache.get(_path(section, names), suffix)
        if document is None and not store.passes():
            raise click.ClickException("nothing has been taken in yet; start the service, or run `feedsvc ingest`")
        if document is None:
            raise click.ClickException(f"there is no feed {section!r}; {_others(section, names)}")
        click.echo(document.body(), nl=False)


def _path(section: str, names: Collection[str]) -> str:
    """The name of the feed that *section* means, in whatever case it is written."""
    from feedsvc import text
    from feedsvc.store.base import AUTHORS, TAGS

    path = section.strip("/")
    slugged = "/".join(text.slug(segment) for segment in path.split("/"))
    known = slugged in names or slugged.startswith((TAGS, AUTHORS))
    return slugged if known and path not in names else path


def _others(section: str, names: Collection[str]) -> str:
    """What may have been meant, for the end of a message."""
    import difflib

    close = difflib.get_close_matches(section, names, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    listed = sorted(names)
    return f"there are: {', '.join(listed[:_LISTED])}" + (", …" if len(listed) > _LISTED else "")
