"""What the doctor says of the settings and the plug-ins."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from feedsvc.doctor import settled

Here = Any


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"site": {"base_url": "http://harbour-courier.no"}}, "site.base_url: it begins with http"),
        ({"site": {"base_url": "https://news.example.org"}}, "site.base_url: news.example.org is an example's domain"),
        ({"site": {"base_url": "https://intranet"}}, "site.base_url: 'intranet' has no dot in it"),
        (
            {"site": {"base_url": "http://127.0.0.1:8000"}, "server": {"host": "::"}},
            "site.base_url: links in feeds lead to 127.0.0.1",
        ),
        ({"site": {"authority": "news.example.org,2026"}}, "site.authority: news.example.org is nobody's domain"),
        ({"site": {"authority": "localhost,2026"}}, "site.authority: localhost is nobody's domain"),
        ({"site": {"authority": "harbour-courier.no,2999-01"}}, "site.authority: 2999-01 is still to come"),
        (
            {"sections": {"harbour": {"aliases": ["Sea"]}, "harbour/sea": {"aliases": ["Sea"]}}},
            """sections."harbour/sea".aliases: 'sea' is a name of harbour and harbour/sea""",
        ),
        (
            {"sections": {"harbour": {"moved_from": ["quay"]}, "quay": {}}},
            'sections."harbour".moved_from: quay is a section of its own',
        ),
        (
            {"sections": {"harbour": {"moved_from": ["quay"]}, "town": {"moved_from": ["quay"]}}},
            'sections."town".moved_from: quay moved to harbour and to town',
        ),
        ({"sections": {"harbour": {}, "sport": {}}}, 'sections."sport": no article that is public now stands in it'),
        (
            {"content": {"auto_sections": False, "codes": {"15": "sport"}}, "sections": {"harbour": {}}},
            "content.codes: 15 leads to sport, which is no section",
        ),
    ],
)
def test_settings_that_were_hardly_meant(here: Here, tables: dict[str, Any], told: str) -> None:
    here.configure(**tables)
    assert any(line.startswith(f"warning {told}") for line in here.troubles()), here.troubles()


def test_folders_that_cannot_be_made(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    content = here.settings.content.model_copy(update={"attached": here.folder / "etc" / "var" / "attached"})
    server = here.settings.server.model_copy(update={"token_file": here.folder / "etc" / "var" / "desk-token"})
    here.settings = here.settings.model_copy(update={"content": content, "server": server})
    assert here.troubles() == []
    (here.folder / "etc").mkdir()
    refused_access(here.folder / "etc", os.W_OK)
    assert here.troubles() == [
        "error content.attached: etc/var/attached cannot be written by this user",
        "error server.token_file: etc/var cannot be written by this user",
    ]
    server.token_file.parent.mkdir()
    server.token_file.write_text("x" * 43)
    server.token_file.chmod(0o600)
    refused_access(here.folder / "etc" / "var", os.W_OK)
    assert [line.partition(":")[0] for line in here.troubles()] == ["error content.attached"]


def test_settings_that_are_fine(here: Here) -> None:
    here.configure(
        site={"base_url": "http://127.0.0.1:8000", "authority": "desk@harbour-courier.no,2026-11-01"},
        sections={"harbour": {"title": "Harbour", "aliases": ["Port", "Sea"], "moved_from": ["quay"]}},
        content={"codes": {"15": "sport"}},
    )
    assert here.troubles() == []


def test_the_zone_of_the_machine(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "_local_zone", lambda: "Europe/Oslo")
    assert here.troubles() == []
    here.configure(site={"timezone": "UTC"})
    (told,) = here.troubles()
    assert told.startswith("warning site.timezone: dates that name no zone are taken for UTC")
    monkeypatch.setattr(settled, "_local_zone", lambda: "Etc/UTC")
    assert here.troubles() == []


def test_a_token_that_others_can_read(here: Here) -> None:
    token = here.folder / "desk-token"
    token.write_text("secret")
    token.chmod(0o600)
    server = here.settings.server.model_copy(update={"token_file": token})
    here.settings = here.settings.model_copy(update={"server": server})
    assert here.troubles() == []
    token.chmod(0o640)
    assert here.troubles() == ["error desk-token: others can read the token (mode 640)"]


def test_a_format_that_there_is_not(here: Here) -> None:
    here.configure(feeds={"formats": ["rss", "gopher"]})
    (told,) = here.troubles()
    assert told.startswith("error plug-ins: feeds.formats: there is no format 'gopher'")


def test_a_plug_in_that_cannot_be_loaded(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint(name="broken", value="no.such.module:Thing", group="feedsvc.formats")
    real = metadata.entry_points

    def entry_points(**given: str) -> Any:
        return [point] if given.get("group") == "feedsvc.formats" else real(**given)

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    (told,) = here.troubles()
    assert told.startswith(
        "error plug-ins: the formats plug-in 'broken' (no.such.module:Thing) is left out: it cannot be loaded"
    )
