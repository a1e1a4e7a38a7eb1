"""The config file and the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc import config
from feedsvc.config import Section, Settings
from feedsvc.errors import ConfigError

SITE = """
[site]
base_url = "https://news.example.org"
title = "The Harbour Courier"
authority = "news.example.org,2026"
"""
Load = Callable[..., Settings]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "feedsvc.toml"


@pytest.fixture
def load(file: Path) -> Load:
    """Loads a config file with the text given, after the tables that every one needs."""

    def load_(text: str = "", environ: Mapping[str, str] | None = None, *, site: str = SITE) -> Settings:
        file.write_text(site + text)
        return config.load(file, environ or {})

    return load_


def refused(load: Load, *arguments: Any, **named: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(*arguments, **named)
    assert "\n" not in str(caught.value)
    return caught.value


# ---------------------------------------------------------------- what there is
def test_the_smallest_file(load: Load, file: Path) -> None:
    settings = load()
    root = file.parent.parent
    assert settings.site.title == "The Harbour Courier"
    assert settings.content.path == root / "content"
    assert settings.server.token_file == root / "var" / "desk-token"
    assert settings.store.url == f"sqlite:///{root}/var/feedsvc.db"
    assert settings.sections == {}


def test_settings_are_frozen(load: Load) -> None:
    settings = load()
    with pytest.raises(ValidationError, match="frozen"):
        settings.site.title = "Another"
    with pytest.raises(ValidationError, match="frozen"):
        settings.site = settings.site


def test_a_full_file(load: Load) -> None:
    settings = load(
        """
        [content]
        scan_every = "500ms"
        settle = "1.5 s"
        max_file = "2 MiB"
        codes = { 15000000 = "sport", "04000000" = "business/markets" }
        [feeds]
        max_age = "5min"
        late = "1w"
        max_bytes = 2000
        hubs = ["https://hub.example"]
        [server]
        trusted_proxies = ["10.0.0.0/8", "::1"]
        poll_budget = "60/h"
        [sections."world/asia"]
        title = "Asia"
        aliases = ["Far East"]
        moved_from = ["asia"]
        limit = 20
        max_age = "2h"
        language = "en-GB"
        [sections."日本"]
        """
    )
    assert settings.content.scan_every == timedelta(milliseconds=500)
    assert settings.content.settle == timedelta(seconds=1.5)
    assert settings.content.max_file == 2 * 2**20
    assert settings.content.codes == {"15000000": "sport", "04000000": "business/markets"}
    assert settings.feeds.max_age == timedelta(minutes=5)
    assert settings.feeds.late == timedelta(days=7)
    assert settings.feeds.max_bytes == 2000
    assert settings.feeds.hubs == ("https://hub.example",)
    assert settings.server.trusted_proxies == ("10.0.0.0/8", "::1")
    assert settings.server.poll_budget == "60/h"
    assert list(settings.sections) == ["world/asia", "日本"]
    assert settings.sections["world/asia"] == Section(
        title="Asia",
        aliases=("Far East",),
        moved_from=("asia",),
        limit=20,
        max_age=timedelta(hours=2),
        language="en-GB",
    )
    assert settings.sections["日本"] == Section()


def test_a_byte_order_mark_is_no_part_of_the_file(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + SITE.encode())
    assert config.load(file, {}).site.title == "The Harbour Courier"


# ---------------------------------------------------------------- where relative paths start
def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text(SITE)
    settings = config.load(tmp_path / "feedsvc.toml", {})
    assert settings.content.path == tmp_path / "content"


def test_paths_are_absolute_however_the_file_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(SITE)
    monkeypatch.chdir(file.parent)
    assert config.load(Path("feedsvc.toml"), {}).content.path == file.parent.parent / "content"
    monkeypatch.chdir(file.parent.parent)
    assert config.load(Path("config/feedsvc.toml"), {}).content.path == file.parent.parent / "content"


def test_absolute_paths_stay(load: Load) -> None:
    settings = load(
        '[content]\npath = "/srv/drop"\n[store]\nurl = "sqlite:////srv/s.db"\n[server]\ntoken_file = "/run/token"'
    )
    assert settings.content.path == Path("/srv/drop")
    assert settings.store.url == "sqlite:////srv/s.db"
    assert settings.server.token_file == Path("/run/token")
    assert load('[store]\nurl = "postgresql://db/paper"').store.url == "postgresql://db/paper"


def test_a_linked_config_file_counts_from_where_the_link_lies(tmp_path: Path) -> None:
    # So are files mounted that are changed by exchanging a link to their folder.
    (tmp_path / "..2026").mkdir()
    (tmp_path / "..2026" / "feedsvc.toml").write_text(SITE)
    (tmp_path / "paper" / "config").mkdir(parents=True)
    link = tmp_path / "paper" / "config" / "feedsvc.toml"
    link.symlink_to(tmp_path / "..2026" / "feedsvc.toml")
    assert config.load(config.find(link), {}).content.path == tmp_path / "paper" / "content"


# ---------------------------------------------------------------- which file
def test_the_file_is_the_one_named_else_that_of_the_environment_else_the_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"config/feedsvc\.toml or feedsvc\.toml; name one with --config FILE"):
        config.find(None, {})
    (tmp_path / "feedsvc.toml").write_text(SITE)
    assert config.find(None, {}) == tmp_path / "feedsvc.toml"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feedsvc.toml").write_text(SITE)
    assert config.find(None, {}) == tmp_path / "config" / "feedsvc.toml"
    (tmp_path / "other.toml").write_text(SITE)
    environ = {"FEEDSVC_CONFIG": "other.toml"}
    assert config.find(None, environ) == tmp_path / "other.toml"
    assert config.find(Path("feedsvc.toml"), environ) == tmp_path / "feedsvc.toml"
    assert config.find(None, {"FEEDSVC_CONFIG": ""}) == tmp_path / "config" / "feedsvc.toml"
    with pytest.raises(ConfigError, match=r"no config file at lost\.toml"):
        config.find(None, {"FEEDSVC_CONFIG": "lost.toml"})
    with pytest.raises(ConfigError, match="no config file at config"):
        config.find(Path("config"), environ)


def test_the_environment_of_the_process_is_used_by_itself(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(SITE)
    monkeypatch.setenv("FEEDSVC_CONFIG", str(file))
    monkeypatch.setenv("FEEDSVC_FEEDS__LIMIT", "7")
    assert config.load(config.find(None)).feeds.limit == 7
    assert os.environ["FEEDSVC_CONFIG"] == str(file)


# ---------------------------------------------------------------- what is wrong
@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("[feed]\n", "feed", "there is no table [feed]; did you mean 'feeds'?"),
        ("[zzz]\n", "zzz", "there is no table [zzz]; there are site, content, store, feeds, server, sections"),
        ("[feeds]\nlimits = 3\n", "feeds.limits", "[feeds] has no key 'limits'; did you mean 'limit'?"),
        ("[store]\nzzzzz = 3\n", "store.zzzzz", "[store] has no key 'zzzzz'; there are url"),
        ('[sections."a/b"]\ntitel = "x"', 'sections."a/b".titel', "has no key 'titel'; did you mean 'title'?"),
        ("[feeds]\nlimit = 0", "feeds.limit", "feeds.limit = 0: Input should be greater than or equal to 1"),
        ("[feeds]\nlimit = 1001", "feeds.limit", "feeds.limit = 1001: Input should be less than or equal to 1000"),
        ('[feeds]\nlate = "soon"', "feeds.late", "feeds.late = 'soon': write a number with a unit "),
        ('[content]\nmax_file = "5 apples"', "content.max_file", "(b, kb, mb, gb, kib, mib, gib), such as '5 MB'"),
        ('[content]\nmax_file = "0 MB"', "content.max_file", "would refuse every file"),
        ('[content]\non_missing = "delete"', "content.on_missing", "'withdraw' or 'keep'"),
        ('[content]\ndefault_section = "World News"', "content.default_section", "write it as 'world-news'"),
        ('[content]\ncodes = { a = "All" }', "content.codes", "write it as 'all'"),
        ('[content]\ncodes = "a"', "content.codes", "write pairs separated by commas"),
        ('[sections]\nsport = "Sport"', 'sections."sport"', "sections.\"sport\" = 'Sport': write it as a table"),
        ('[sections.sport]\nlimit = 0', 'sections."sport".limit', "limit = 0: Input should be greater"),
        ('[sections.sport]\nmoved_from = ["A"]', 'sections."sport".moved_from', "write it as 'a'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_key_and_the_file(
    load: Load, file: Path, text: str, key: str, message: str
) -> None:
    error = refused(load, text)
    assert message in str(error)
    assert error.key == key
    assert str(error).startswith((str(file), key))


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('title = "The Harbour Courier"', "", "site.title", "site.title is required"),
        ('title = "The Harbour Courier"', 'title = ""', "site.title", "at least 1 character"),
        ("https://news.example.org", "news.example.org", "site.base_url", "write the public address of the site"),
        ("example.org,2026", "example.org", "site.authority", "a domain that was yours and the date"),
        ("authority =", 'timezone = "Mars"\nauthority =', "site.timezone", "such as 'Europe/Berlin'"),
        ("authority =", 'language = "en_US"\nauthority =', "site.language", "such as 'en' or 'pt-BR' (BCP 47)"),
        ("[site]", "[sight]", "site", "site is required"),
        (SITE, "site = 3", "site", "site = 3: write it as a table, [site]"),
        (SITE, "[site\n", "", "this is not valid TOML: "),
        (SITE, SITE + "title = 'again'", "", "this is not valid TOML: "),
    ],
)
def test_what_is_wrong_with_the_site(load: Load, old: str, new: str, key: str, message: str) -> None:
    assert old in SITE
    error = refused(load, site=SITE.replace(old, new))
    assert message in str(error)
    assert error.key == key


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("World", "write it as 'world'"),
        ("world news", "write it as 'world-news'"),
        ("world//asia", "write it as 'world/asia'"),
        ("/world/", "write it as 'world'"),
        ("a.b", "write it as 'a-b'"),
        ("!", "write it as 'news'"),
        ("", "write it as 'news'"),
        ("a/b/c/d/e/f", "has 6 segments; a section path has at most 5"),
        ("all", "begins with 'all', which is reserved"),
        ("tags/boats", "begins with 'tags', which is reserved"),
        ("authors", "reserved"),
        ("search", "reserved"),
        ("archive/2026", "reserved"),
        ("media", "reserved"),
    ],
)
def test_a_section_path_is_slugs_and_not_reserved(load: Load, path: str, message: str) -> None:
    error = refused(load, f'[sections."{path}"]\n')
    assert message in str(error)
    assert error.key == f'sections."{path}"'


@pytest.mark.parametrize("path", ["sport", "world/asia", "a/b/c/d/e", "news/all", "日本/スポーツ", "café"])
def test_a_good_section_path(load: Load, path: str) -> None:
    assert list(load(f'[sections."{path}"]\n').sections) == [path]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(SITE.encode() + b'rights = "\xe9"')
    for name in ("latin.toml", "absent.toml", "."):
        with pytest.raises(ConfigError, match="cannot be read"):
            config.load(tmp_path / name, {})


# ---------------------------------------------------------------- the environment
def test_the_environment_wins_over_the_file(load: Load, file: Path) -> None:
    environ = {
        "FEEDSVC_SITE__TITLE": "The Evening Tide",
        "feedsvc_feeds__limit": "7",
        "FEEDSVC_FEEDS__FULL_TEXT": "false",
        "FEEDSVC_FEEDS__HUBS": " https://a.example , https://b.example,",
        "FEEDSVC_CONTENT__IGNORE": "",
        "FEEDSVC_CONTENT__CODES": "15000000=sport, 04000000 = business/markets",
        "FEEDSVC_CONTENT__MAX_FILE": "1 MB",
        "FEEDSVC_CONTENT__PATH": "drop",
        "FEEDSVC_STORE__URL": "sqlite:////srv/s.db",
        "FEEDSVC_CONFIG": "ignored here",
        "FEEDSVC_DEBUG": "not ours",
        "PATH": "/bin",
    }
    settings = load("[feeds]\nlimit = 9\nmax_age = '2h'", environ)
    assert settings.site.title == "The Evening Tide"
    assert settings.site.authority == "news.example.org,2026"
    assert settings.feeds.limit == 7
    assert settings.feeds.full_text is False
    assert settings.feeds.max_age == timedelta(hours=2)
    assert settings.feeds.hubs == ("https://a.example", "https://b.example")
    assert settings.content.ignore == ()
    assert settings.content.codes == {"15000000": "sport", "04000000": "business/markets"}
    assert settings.content.max_file == 10**6
    assert settings.content.path == file.parent.parent / "drop"
    assert settings.store.url == "sqlite:////srv/s.db"


def test_the_environment_can_give_what_the_file_leaves_out(load: Load) -> None:
    environ = {
        "FEEDSVC_SITE__BASE_URL": "http://localhost:8000/",
        "FEEDSVC_SITE__TITLE": "T",
        "FEEDSVC_SITE__AUTHORITY": "example.org,2026-01-31",
    }
    assert load("", environ, site="").site.base_url == "http://localhost:8000"


@pytest.mark.parametrize(
    ("name", "value", "key", "message"),
    [
        ("FEEDSVC_FEED__LIMIT", "7", "feed", "there is no table [feed]; did you mean 'feeds'?"),
        ("FEEDSVC_CONFIG__X", "7", "config", "there is no table [config]"),
        ("FEEDSVC_FEEDS__LIMITS", "7", "feeds.limits", "[feeds] has no key 'limits'; did you mean 'limit'?"),
        ("FEEDSVC_FEEDS__LIMIT__X", "7", "feeds.limit__x", "[feeds] has no key 'limit__x'"),
        ("FEEDSVC_SECTIONS__SPORT__TITLE", "x", "sections", "sections are set in the config file only"),
        ("FEEDSVC_SECTIONS", "x", "sections", "sections are set in the config file only"),
        ("FEEDSVC_STORE", "x", "store", "name a key as well, such as FEEDSVC_STORE__URL"),
        ("FEEDSVC_FEEDS__LIMIT", "many", "feeds.limit", "feeds.limit = 'many': Input should be a valid integer"),
        ("feedsvc_feeds__late", "7", "feeds.late", "feeds.late = '7': write a number with a unit"),
        ("FEEDSVC_CONTENT__CODES", "a", "content.codes", "write pairs separated by commas"),
        ("FEEDSVC_CONTENT__CODES", "=a", "content.codes", "write pairs separated by commas"),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(load: Load, name: str, value: str, key: str, message: str) -> None:
    error = refused(load, "", {name: value})
    assert str(error).startswith(f"environment, {name}: ")
    assert message in str(error)
    assert error.key == key


# ---------------------------------------------------------------- where each value comes from
def test_explain_tells_every_value_and_where_it_came_from(load: Load, file: Path) -> None:
    environ = {"FEEDSVC_FEEDS__HUBS": "https://a.example,https://b.example", "feedsvc_site__title": "Tide"}
    settings = load(
        """
        [feeds]
        limit = 7
        late = "1.5h"
        [content]
        codes = {a = "sport"}
        [sections."b/c"]
        title = "C"
        limit = 3
        [sections.a]
        """
    )
    found = {setting.key: (setting.value, setting.origin) for setting in config.explain(file, environ)}
    tables = {name: getattr(settings, name) for name in Settings.model_fields if name != "sections"}
    told = {f"{name}.{key}" for name, table in tables.items() for key in type(table).model_fields}
    assert set(found) == told | {'sections."b/c".title', 'sections."b/c".limit'}
    assert found["site.title"] == ("Tide", "environment, feedsvc_site__title")
    assert found["site.authority"] == ("news.example.org,2026", str(file))
    assert found["site.timezone"] == ("UTC", "default")
    assert found["feeds.limit"] == ("7", str(file))
    assert found["feeds.late"] == ("5400s", str(file))
    assert found["feeds.hubs"] == ("https://a.example, https://b.example", "environment, FEEDSVC_FEEDS__HUBS")
    assert found["content.codes"] == ("a=sport", str(file))
    assert found["content.ignore"] == ("README*, LICENSE*, _*, *.log", "default")
    assert found["content.path"] == (str(file.parent.parent / "content"), "default")
    assert found['sections."b/c".limit'] == ("3", str(file))


def test_explain_shows_no_password(load: Load, file: Path) -> None:
    load("[store]\nurl = 'postgresql://paper:s3cret:x@db.example/paper'")
    found = {setting.key: setting.value for setting in config.explain(file, {})}
    assert found["store.url"] == "postgresql://paper:***@db.example/paper"
    assert found["site.base_url"] == "https://news.example.org"
    for url, shown in {
        "postgresql://paper:s3/cret@x@db.example/paper": "postgresql://paper:***@db.example/paper",
        "postgresql:///paper?user=desk&password=s3cret&sslmode=require": (
            "postgresql:///paper?user=desk&password=***&sslmode=require"
        ),
        "sqlite:////srv/a:b@c.db": "sqlite:////srv/a:b@c.db",
    }.items():
        load(f"[store]\nurl = '{url}'")
        assert {one.key: one.value for one in config.explain(file, {})}["store.url"] == shown
