"""``config/feedsvc.toml`` and the environment, read into frozen ``Settings``.

An unknown key or table is an error that names the nearest known one. Durations and sizes are strings with a
unit. Relative paths start at the folder of the config file, or at its parent if that folder is named ``config``.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from feedsvc import text
from feedsvc.errors import ConfigError
from feedsvc.values import (
    Authority,
    BaseUrl,
    Colour,
    Duration,
    Encoding,
    Language,
    Mailbox,
    Networks,
    Pairs,
    Picture,
    Rate,
    ShowCategories,
    Size,
    Strings,
    Uuid,
    Zone,
)

ENV_PREFIX = "FEEDSVC_"
CONFIG_VARIABLE = "FEEDSVC_CONFIG"
DEFAULT_FILES = ("config/feedsvc.toml", "feedsvc.toml")
RESERVED = frozenset({"all", "tags", "authors", "search", "archive", "media"})
"""First segments that section paths may not have: they are addresses of their own."""
MAX_SEGMENTS = 5


def section_path(value: str) -> str:
    """*value* if it is a section path: one to five segments, each a slug, the first not reserved.

    Raises ValueError that says what is wrong and, where it can, what to write.
    """
    segments = value.split("/")
    slugs = [text.slug(segment) for segment in segments]
    if slugs != segments or not all(segments):
        better = "/".join(filter(None, slugs)) or "news"
        raise ValueError(f"{value!r} is no section path; write it as {better!r}")
    if len(segments) > MAX_SEGMENTS:
        raise ValueError(f"{value!r} has {len(segments)} segments; a section path has at most {MAX_SEGMENTS}")
    if segments[0] in RESERVED:
        raise ValueError(f"{value!r} begins with {segments[0]!r}, which is reserved for addresses of the service")
    return value


SectionPath = Annotated[str, AfterValidator(section_path)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Site(_Table):
    """``[site]``: who publishes."""

    base_url: BaseUrl
    title: Annotated[str, Field(min_length=1)]
    authority: Authority
    language: Language = "en"
    languages: Strings = ()
    timezone: Zone = ZoneInfo("UTC")
    description: str = ""
    rights: str = ""
    icon: Picture = ""
    logo: Picture = ""
    accent_color: Colour = ""


class Content(_Table):
    """``[content]``: the drop folder, and how its files are read."""

    path: Path = Path("content")
    scan_every: Duration = timedelta(seconds=10)
    settle: Duration = timedelta(seconds=2)
    max_file: Size = 5 * 10**6
    attached: Path = Path("var/attached")
    on_missing: Literal["withdraw", "keep"] = "withdraw"
    max_missing: Annotated[float, Field(gt=0, le=1)] = 0.5
    max_missing_files: Annotated[int, Field(ge=1)] = 5
    max_new_ids: Annotated[int, Field(ge=1)] = 20
    auto_sections: bool = True
    fallback_encoding: Encoding = "cp1252"
    ignore: Strings = ("README*", "LICENSE*", "_*", "*.log")
    default_section: SectionPath = "news"
    codes: Annotated[dict[str, SectionPath], Pairs] = {}


class Store(_Table):
    """``[store]``: where the state is kept."""

    url: str = "sqlite:///var/feedsvc.db"


class Feeds(_Table):
    """``[feeds]``: what the feeds show."""

    formats: Strings = ()
    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    max_bytes: Size = 10**6
    max_age: Duration = timedelta(seconds=60)
    late: Duration = timedelta(days=7)
    full_text: bool = True
    hubs: Strings = ()
    delta: bool = False


class Server(_Table):
    """``[server]``: the web server, and what else this process does."""

    role: Literal["all", "web", "ingest"] = "all"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    ingest_niceness: Annotated[int, Field(ge=0, le=19)] = 5
    trusted_proxies: Networks = ()
    poll_budget: Rate = ""
    token_file: Path = Path("var/desk-token")
    log_format: Literal["auto", "json", "logfmt", "columns"] = "auto"


class Podcast(_Table):
    """``[sections."PATH".podcast]``: the section is a podcast; what this does not say, ``[site]`` does."""

    author: str = ""
    owner_name: str = ""
    owner_email: Mailbox = ""
    category: ShowCategories = ("News",)
    explicit: bool = False
    image: Picture = ""
    type: Literal["episodic", "serial"] = "episodic"
    locked: bool = False
    guid: Uuid = ""


class Section(_Table):
    """``[sections."PATH"]``: one section; what it does not say, ``[site]`` and ``[feeds]`` do."""

    title: str = ""
    description: str = ""
    aliases: Strings = ()
    moved_from: tuple[SectionPath, ...] = ()
    language: Language | Literal[""] = ""
    limit: Annotated[int, Field(ge=1, le=1000)] | None = None
    max_age: Duration | None = None
    full_text: bool | None = None
    podcast: Podcast | None = None


class Settings(_Table):
    """Everything that an operator can set. Made by :func:`load`; frozen; paths are absolute."""

    site: Site
    content: Content = Content()
    store: Store = Store()
    feeds: Feeds = Feeds()
    server: Server = Server()
    sections: dict[SectionPath, Section] = {}


_TABLES: Mapping[str, type[BaseModel]] = {
    "site": Site, "content": Content, "store": Store, "feeds": Feeds, "server": Server
}  # fmt: skip
"""All but ``sections``, which come from the file alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting in force: its dotted *key*, its *value* as text, and *origin*, where it came from."""

    key: str
    value: str
    origin: str


def find(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The config file: *path*, else ``FEEDSVC_CONFIG``, else the first usual name below the working folder.

    A link is not followed: relative paths start where it lies. Raises ConfigError if there is no file.
    """
    if path is None and environ.get(CONFIG_VARIABLE):
        path = Path(environ[CONFIG_VARIABLE])
    candidates = [path] if path is not None else [Path(name) for name in DEFAULT_FILES]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.absolute()
    names = " or ".join(str(candidate) for candidate in candidates)
    raise ConfigError(f"no config file at {names}; name one with --config FILE")


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the config file *path* and of *environ*, which wins.

    Raises ConfigError, naming the key and, for an unknown one, the nearest known one.
    """
    tables, variables = _read(path), _variables(environ)
    for table, key in variables:
        if isinstance(tables.setdefault(table, {}), dict):
            tables[table][key] = environ[variables[table, key]]
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        raise _config_error(error, path, variables) from None
    if settings.content.max_file < 1:
        raise ConfigError("content.max_file: a limit of no bytes would refuse every file", key="content.max_file")
    return _resolved(settings, path)


def explain(path: Path, environ: Mapping[str, str] = os.environ) -> list[Setting]:
    """Every setting in force under *path* and *environ*, and where each came from; no password. Raises ConfigError."""
    settings, tables, variables = load(path, environ), _read(path), _variables(environ)
    found = []
    for name, kind in _TABLES.items():
        written = tables.get(name, {})
        for key in kind.model_fields:
            origin = str(path) if key in written else "default"
            if (name, key) in variables:
                origin = f"environment, {variables[name, key]}"
            shown = _shown(getattr(getattr(settings, name), key))
            found.append(Setting(key=f"{name}.{key}", value=shown, origin=origin))
    for section, table in settings.sections.items():
        for key in sorted(table.model_fields_set):
            value, where = getattr(table, key), f'sections."{section}".{key}'
            inner = {where: value}
            if isinstance(value, Podcast):
                inner = {f"{where}.{name}": getattr(value, name) for name in type(value).model_fields}
            for name, each in inner.items():
                written = not isinstance(value, Podcast) or name.rpartition(".")[2] in value.model_fields_set
                found.append(Setting(key=name, value=_shown(each), origin=str(path) if written else "default"))
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def _variables(environ: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The names of the variables that set something, by table and key. Raises ConfigError for an unknown one."""
    found: dict[tuple[str, str], str] = {}
    for name in sorted(environ):
        if not name.upper().startswith(ENV_PREFIX):
            continue
        table, separator, key = name[len(ENV_PREFIX) :].lower().partition("__")
        where = f"environment, {name}"
        if table == "sections":
            raise ConfigError(f"{where}: sections are set in the config file only", key="sections")
        if not separator:
            if table in _TABLES:
                example = f"{ENV_PREFIX}{table.upper()}__{next(iter(_TABLES[table].model_fields)).upper()}"
                raise ConfigError(f"{where}: name a key as well, such as {example}", key=table)
            continue  # FEEDSVC_CONFIG, and what other programs may use
        if table not in _TABLES:
            raise ConfigError(f"{where}: there is no table [{table}]{_nearest(table, list(_TABLES))}", key=table)
        known = list(_TABLES[table].model_fields)
        if key not in known:
            raise ConfigError(f"{where}: [{table}] has no key {key!r}{_nearest(key, known)}", key=f"{table}.{key}")
        found[table, key] = name
    return found


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"


def _config_error(error: ValidationError, path: Path, variables: Mapping[tuple[str, str], str]) -> ConfigError:
    """The first thing that is wrong, in our words where the library's are not an operator's."""
    first = error.errors()[0]
    steps = [str(step) for step in first["loc"] if step != "[key]"]
    table = f'sections."{steps[1]}"' if steps[0] == "sections" and len(steps) > 1 else steps[0]
    depth = 2 if table != steps[0] else 1
    if depth == 2 and steps[2:3] == ["podcast"] and len(steps) > 3:
        table, depth = f"{table}.podcast", 3
    key = ".".join((table, *steps[depth : depth + 1]))
    variable = variables.get((steps[0], steps[-1])) if len(steps) > 1 else None
    where = str(path) if variable is None else f"environment, {variable}"
    if first["type"] == "extra_forbidden":
        kind = _TABLES.get(steps[0], Settings)
        if steps[0] == "sections":
            kind = Podcast if depth == 3 else Section
        what = f"[{table}] has no key {steps[-1]!r}" if len(steps) > depth else f"there is no table [{steps[0]}]"
        return ConfigError(f"{where}: {what}{_nearest(steps[-1], list(kind.model_fields))}", key=key)
    if first["type"] == "missing":
        return ConfigError(f"{where}: {key} is required", key=key)
    if len(steps) <= depth and first["type"] in ("model_type", "dict_type"):
        return ConfigError(f"{where}: {key} = {first['input']!r}: write it as a table, [{key}]", key=key)
    message = first["msg"].removeprefix("Value error, ")
    if "[key]" in first["loc"]:
        return ConfigError(f"{where}: [{key}]: {message}", key=key)
    return ConfigError(f"{where}: {key} = {first['input']!r}: {message}", key=key)


def _resolved(settings: Settings, path: Path) -> Settings:
    """*settings* with absolute paths."""
    folder = path.absolute().parent
    root = folder.parent if folder.name == "config" else folder
    content = settings.content.model_copy(
        update={"path": root / settings.content.path, "attached": root / settings.content.attached}
    )
    server = settings.server.model_copy(update={"token_file": root / settings.server.token_file})
    url = settings.store.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{root / url.removeprefix('sqlite:///')}"
    store = settings.store.model_copy(update={"url": url})
    return settings.model_copy(update={"content": content, "server": server, "store": store})


def _shown(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    hidden = re.sub(r"(://[^/@:]*):.*@", r"\1:***@", str(value))
    return re.sub(r"([?&]\w*password=)[^&]*", r"\1***", hidden)
