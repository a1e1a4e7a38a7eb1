"""``feedsvc feed``."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli.options import config_option, opened, settings_of


@click.command()
@click.argument("section")
@click.option("--format", "suffix", default="rss", show_default=True, help="rss, atom, json, or that of a plug-in.")
@config_option
def feed(section: str, suffix: str, config_file: Path | None) -> None:
    """Print the feed of SECTION (a path such as international/europe-americas, or all) as it is served now."""
    from feedsvc.clock import utc_now
    from feedsvc.publish.cache import DocumentCache

    settings, _ = settings_of(config_file)
    with opened(settings) as store:
        cache = DocumentCache(store, settings, utc_now)
        if suffix not in cache.formats:
            raise click.BadParameter(f"{suffix!r} is none of {', '.join(cache.formats)}", param_hint="--format")
        document = cache.get(section.strip("/"), suffix)
        if document is None:
            known = ", ".join(sorted(store.versions())) or "none yet"
            raise click.ClickException(f"there is no feed {section!r}; there are: {known}")
        click.get_binary_stream("stdout").write(document.body())
