"""``config/feedsvc.toml`` and the environment, read into frozen ``Settings``.

An unknown key or table is an error that names the nearest known one. Durations and sizes are strings with a
unit. Relative paths start at the folder of the config file, or at its parent if that folder is named ``config``.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from feedsvc import text
from feedsvc.errors import ConfigError

ENV_PREFIX = "FEEDSVC_"
CONFIG_VARIABLE = "FEEDSVC_CONFIG"
DEFAULT_FILES = ("config/feedsvc.toml", "feedsvc.toml")
RESERVED = frozenset({"all", "tags", "authors", "search", "archive", "media"})
"""First segments that section paths may not have: they are addresses of their own."""
MAX_SEGMENTS = 5

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", re.ASCII)


def _quantity(value: object, units: Mapping[str, float], example: str) -> float:
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[2].lower() not in units:
        raise ValueError(f"write a number with a unit ({', '.join(units)}), such as {example!r}")
    return float(found[1]) * units[found[2].lower()]


def _duration(value: object) -> object:
    return value if isinstance(value, timedelta) else timedelta(seconds=_quantity(value, _SECONDS, "10s"))


def _size(value: object) -> object:
    return int(_quantity(value, _BYTES, "5 MB")) if isinstance(value, str) or value is None else value


def _listed(value: object) -> object:
    """A list; from the environment, where everything is text, its items are separated by commas."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


def _mapped(value: object) -> object:
    """A table; from the environment as ``key=value`` pairs separated by commas."""
    if isinstance(value, str):
        return dict(pair.split("=", 1) for pair in _listed(value))  # type: ignore[attr-defined]
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("write the public address of the site, such as 'https://news.example.org'")
    return value.rstrip("/")


def _authority(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.@_-]+,\d{4}(-\d{2}(-\d{2})?)?", value):
        raise ValueError("write a domain that was yours and the date, such as 'news.example.org,2026' (RFC 4151)")
    return value


def _zone(value: object) -> object:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("write the name of a time zone, such as 'Europe/Berlin'") from None
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value):
        raise ValueError("write a language tag, such as 'en' or 'pt-BR' (BCP 47)")
    return value


def section_path(value: str) -> str:
    """*value* if it is a section path: one to five segments, each a slug, the first not reserved.

    Raises ValueError that says what is wrong and, where it can, what to write.
    """
    segments = value.split("/")
    slugged = "/".join(text.slug(segment) for segment in segments)
    if slugged != value or not all(segments):
        raise ValueError(f"{value!r} is no section path; write it as {slugged.strip('/')!r}")
    if len(segments) > MAX_SEGMENTS:
        raise ValueError(f"{value!r} has {len(segments)} segments; a section path has at most {MAX_SEGMENTS}")
    if segments[0] in RESERVED:
        raise ValueError(f"{value!r} begins with {segments[0]!r}, which is reserved for addresses of the service")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size), Field(ge=0)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Language = Annotated[str, AfterValidator(_language)]
SectionPath = Annotated[str, AfterValidator(section_path)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Site(_Table):
    """``[site]``: who publishes."""

    base_url: Annotated[str, AfterValidator(_base_url)]
    title: Annotated[str, Field(min_length=1)]
    authority: Annotated[str, AfterValidator(_authority)]
    language: Language = "en"
    languages: Strings = ()
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("UTC")
    description: str = ""
    rights: str = ""


class Content(_Table):
    """``[content]``: the drop folder, and how its files are read."""

    path: Path = Path("content")
    scan_every: Duration = timedelta(seconds=10)
    settle: Duration = timedelta(seconds=2)
    max_file: Size = 5 * 10**6
    on_missing: Literal["withdraw", "keep"] = "withdraw"
    max_missing: Annotated[float, Field(gt=0, le=1)] = 0.5
    max_missing_files: Annotated[int, Field(ge=1)] = 5
    auto_sections: bool = True
    fallback_encoding: str = "cp1252"
    ignore: Strings = ("README*", "LICENSE*", "_*", "*.log")
    default_section: SectionPath = "news"
    codes: Annotated[dict[str, SectionPath], BeforeValidator(_mapped)] = {}


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
    """``[server]``: the web server."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    trusted_proxies: Strings = ()
    poll_budget: str = ""
    token_file: Path = Path("var/desk-token")


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


class Settings(BaseSettings):
    """Everything that an operator can set. Made by :func:`load`; frozen; paths are absolute."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENV_PREFIX, env_nested_delimiter="__", enable_decoding=False
    )

    site: Site
    content: Content = Content()
    store: Store = Store()
    feeds: Feeds = Feeds()
    server: Server = Server()
    sections: dict[SectionPath, Section] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the library's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose tables come in as keyword arguments."""
        del settings_cls
        return env_settings, init_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting in force: its dotted *key*, its *value* as text, and *origin*, where it came from."""

    key: str
    value: str
    origin: str


def find(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The config file: *path*, else ``FEEDSVC_CONFIG``, else the first usual name below the working folder.

    Raises ConfigError if there is none.
    """
    if path is None and environ.get(CONFIG_VARIABLE):
        path = Path(environ[CONFIG_VARIABLE])
    candidates = [path] if path is not None else [Path(name) for name in DEFAULT_FILES]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    names = " or ".join(str(candidate) for candidate in candidates)
    raise ConfigError(f"no config file at {names}; name one with --config FILE")


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the config file *path* and of *environ*.

    Raises ConfigError, naming the key and, for an unknown one, the nearest known one.
    """
    tables = _read(path)
    _check_variables(environ)
    try:
        settings = _Environment.bound(environ)(**tables)
    except ValidationError as error:
        raise _config_error(error, path, environ) from None
    if settings.content.max_file < 1:
        raise ConfigError("content.max_file: a limit of no bytes would refuse every file", key="content.max_file")
    return _resolved(settings, path)


def explain(path: Path, environ: Mapping[str, str] = os.environ) -> list[Setting]:
    """Every setting in force under *path* and *environ*, and where each came from. Raises ConfigError."""
    settings, tables = load(path, environ), _read(path)

    def origin(*keys: str) -> str:
        variable = ENV_PREFIX + "__".join(keys).upper()
        if keys[0] != "sections" and any(name.upper() == variable for name in environ):
            return f"environment, {variable}"
        table: Any = tables
        for key in keys:
            if not isinstance(table, dict) or key not in table:
                return "default"
            table = table[key]
        return str(path)

    found = []
    for name in ("site", "content", "store", "feeds", "server"):
        table = getattr(settings, name)
        for key in type(table).model_fields:
            found.append(Setting(key=f"{name}.{key}", value=_shown(getattr(table, key)), origin=origin(name, key)))
    for section, table in settings.sections.items():
        for key in sorted(table.model_fields_set):
            where = origin("sections", section, key)
            found.append(Setting(key=f'sections."{section}".{key}', value=_shown(getattr(table, key)), origin=where))
    return found


class _Environment:
    """Lets :class:`Settings` read a given mapping where the library would read ``os.environ``."""

    @staticmethod
    def bound(environ: Mapping[str, str]) -> type[Settings]:
        variables = {name.lower(): value for name, value in environ.items() if name.upper() != CONFIG_VARIABLE}

        class Source(EnvSettingsSource):
            def _load_env_vars(self) -> Mapping[str, str | None]:
                return variables

        class Bound(Settings):
            @classmethod
            def settings_customise_sources(
                cls, settings_cls: type[BaseSettings], *sources: Any, **named: Any
            ) -> tuple[PydanticBaseSettingsSource, ...]:
                init = named.get("init_settings") or sources[0]
                return Source(settings_cls), init

        return Bound


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def _check_variables(environ: Mapping[str, str]) -> None:
    tables = [name for name in Settings.model_fields if name != "sections"]
    for name in environ:
        if not name.upper().startswith(ENV_PREFIX) or "__" not in name:
            continue
        table, key = name[len(ENV_PREFIX) :].lower().split("__", 1)
        if table == "sections":
            raise ConfigError(f"environment, {name}: sections are set in the config file only", key="sections")
        if table not in tables:
            raise ConfigError(f"environment, {name}: there is no table [{table}]{_nearest(table, tables)}", key=table)
        known = list(_fields(table))
        if key not in known:
            raise ConfigError(
                f"environment, {name}: [{table}] has no key {key!r}{_nearest(key, known)}",
                key=f"{table}.{key}",
            )


def _fields(table: str) -> Iterator[str]:
    kinds: dict[str, type[BaseModel]] = {
        "site": Site, "content": Content, "store": Store, "feeds": Feeds, "server": Server, "sections": Section
    }  # fmt: skip
    return iter(kinds[table].model_fields if table in kinds else ())


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"


def _config_error(error: ValidationError, path: Path, environ: Mapping[str, str]) -> ConfigError:
    first = error.errors()[0]
    steps = [str(step) for step in first["loc"] if step != "[key]"]
    key = ".".join(f'"{step}"' if "/" in step else step for step in steps[:3])
    variable = ENV_PREFIX + "__".join(steps).upper()
    where = f"environment, {variable}" if any(name.upper() == variable for name in environ) else str(path)
    if first["type"] == "extra_forbidden":
        known = list(_fields(steps[0])) if len(steps) > 1 else list(Settings.model_fields)
        kind = f"[{'.'.join(steps[:-1])}] has no key {steps[-1]!r}" if len(steps) > 1 else f"no table [{steps[0]}]"
        return ConfigError(f"{where}: {kind}{_nearest(steps[-1], known)}", key=key)
    if first["type"] == "missing":
        return ConfigError(f"{where}: {key} is required", key=key)
    message = first["msg"].removeprefix("Value error, ")
    return ConfigError(f"{where}: {key} = {first['input']!r}: {message}", key=key)


def _resolved(settings: Settings, path: Path) -> Settings:
    root = path.parent.parent if path.parent.name == "config" else path.parent
    content = settings.content.model_copy(update={"path": root / settings.content.path})
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
    return str(value)
