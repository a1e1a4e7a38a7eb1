"""``feedsvc init``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from feedsvc.cli.options import echo_json, examples, json_option

_CONFIG = Path("config/feedsvc.toml")
_TEMPLATE = Path(__file__).with_name("newsroom.toml")
_FIRST = """\
---
title: The first article of {title}
date: {today}
---
This article is a file: `{path}`. It was read, given an address and an id that never change, and placed in the
feeds of its section.

Write the next one beside it, in Markdown, as a Word document or as whatever your newsroom writes in. Correct this
one and save it: its readers see the correction. Remove it, and it goes from every feed.
"""


@click.command(
    epilog=examples(
        "feedsvc init harbour-courier",
        "feedsvc init . --title 'The Courier' --base-url https://news.example.org --sections 'Town, World/Europe'",
    )
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--title", help="What the newsroom is called.")
@click.option("--base-url", help="The public address; every link in a feed begins with it.")
@click.option("--sections", help="The sections, with commas between them; a / leads to one below another.")
@click.option("--timezone", help="Where the newsroom's clocks are. Default: where this machine's are.")
@click.option("--language", default="en", show_default=True, help="The language that most articles are in.")
@json_option
def init(
    folder: Path,
    title: str | None,
    base_url: str | None,
    sections: str | None,
    timezone: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Make a newsroom in DIR, ready to run: a config file, its sections, a first article.

    Asks three questions, each with an answer that will do; what an option answers is not asked. Nothing that is there
    already is touched.
    """
    from feedsvc.clock import utc_now

    config = folder / _CONFIG
    if config.exists():
        raise click.ClickException(f"{config} is there already; edit it, or choose another folder")
    title = title or _asked("What is the newsroom called?", "The Daily Example")
    base_url = base_url or _asked(
        "At which address will readers find it? (this machine alone, for now)", "http://127.0.0.1:8000"
    )
    named = sections or _asked("Which sections has it?", "News, Sport, Culture")
    paths = _paths(named)
    zone = timezone or _here()
    now = utc_now()
    values: Mapping[str, str | int] = {
        "title": title,
        "base_url": base_url.rstrip("/"),
        "authority": _authority(base_url, now),
        "timezone": zone,
        "language": language,
        "port": _port(base_url),
    }
    text = _filled(values) + "".join(_section(path, name) for path, name in paths.items())
    _check(text, config)
    home = next(iter(paths))
    first = Path("content") / home / "first-article.md"
    article = _FIRST.format(title=title, path=first.as_posix(), today=now.astimezone(ZoneInfo(zone)).date())
    for path in paths:
        (folder / "content" / path).mkdir(parents=True, exist_ok=True)
    if not (folder / first).exists():
        (folder / first).write_text(article, encoding="utf-8")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(text, encoding="utf-8")
    if as_json:
        echo_json({"folder": str(folder), "config": str(config), "article": str(folder / first), **values})
    else:
        _next(folder, values, first)


def _asked(question: str, default: str) -> str:
    """The answer to a question. It is asked on standard error, so that standard output holds the result alone."""
    answer: str = click.prompt(question, default=default, err=True)
    return answer


def _paths(named: str) -> Mapping[str, str]:
    """The paths of the sections that were *named*, each with its title. Raises ClickException."""
    from feedsvc import text
    from feedsvc.config import section_path

    found: dict[str, str] = {}
    for name in filter(None, (part.strip() for part in named.split(","))):
        words = [part.strip() for part in name.split("/") if part.strip()]
        path = "/".join(text.slug(word) for word in words)
        try:
            section_path(path)
        except ValueError as error:
            raise click.ClickException(f"{name!r} cannot be a section: {error}") from error
        found.setdefault(path, words[-1])
    if not found:
        raise click.ClickException("a newsroom needs one section at least, such as News")
    return found


def _authority(base_url: str, now: datetime) -> str:
    """The name and day that ids are minted with, for ever: those of today (RFC 4151 section 2.1)."""
    host = urlsplit(base_url).hostname or ""
    name = host if re.fullmatch(r"[a-z0-9.-]*[a-z][a-z0-9.-]*", host) and "." in host else "newsroom.example"
    return f"{name},{now.date().isoformat()}"


def _port(base_url: str) -> int:
    """Where the service listens: at the address itself if that is of this machine alone, else behind a web server."""
    try:
        found = urlsplit(base_url)
        local = found.scheme == "http" and found.hostname in ("127.0.0.1", "localhost")
        return (found.port if local else None) or 8000
    except ValueError:  # told when the settings are checked
        return 8000


def _here() -> str:
    """The name of this machine's time zone, UTC where it has none that is known."""
    named = os.environ.get("TZ", "").lstrip(":")
    link = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    for name in (named, link):
        try:
            return ZoneInfo(name).key
        except (ValueError, OSError, KeyError):  # none, or none that is known
            continue
    return "UTC"


def _filled(values: Mapping[str, str | int]) -> str:
    """The template of the config file with *values* in it."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f'"<{name}>"', _quoted(value))
    return text


def _section(path: str, title: str) -> str:
    return f"\n[sections.{_quoted(path)}]\ntitle = {_quoted(title)}\n"


def _quoted(value: str | int) -> str:
    """*value* as TOML has it: JSON's strings and integers are the same."""
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(text: str, config_file: Path) -> None:
    """Raises ConfigError where an answer is no value of its setting."""
    import tempfile

    from feedsvc import config
    from feedsvc.errors import ConfigError

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / _CONFIG.name
        path.write_text(text, encoding="utf-8")
        try:
            config.load(path, {})
        except ConfigError as error:
            raise click.ClickException(str(error).replace(str(path), str(config_file))) from error


def _next(folder: Path, values: Mapping[str, str | int], first: Path) -> None:
    """What was made, and what a person does now."""
    place = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    lines: Sequence[str] = (
        f"{values['title']} is ready in {folder}:",
        f"  {_CONFIG}   who publishes, where, and which sections there are; docs/configuration.md explains every key",
        f"  {first}   the first article",
        f"ids of articles will begin with tag:{values['authority']}: – change [site] authority now or never",
        "",
        "Run it:",
        f"  {place}feedsvc serve",
    )
    click.echo("\n".join(lines))
