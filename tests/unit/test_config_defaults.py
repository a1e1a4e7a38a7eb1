"""The defaults of all settings, as the documentation has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from feedsvc.config import Podcast, Section, Settings

REQUIRED = object()
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "site": {
        "base_url": REQUIRED,
        "title": REQUIRED,
        "authority": REQUIRED,
        "language": "en",
        "languages": (),
        "timezone": ZoneInfo("UTC"),
        "description": "",
        "rights": "",
        "icon": "",
        "logo": "",
        "accent_color": "",
    },
    "content": {
        "path": Path("content"),
        "scan_every": timedelta(seconds=10),
        "settle": timedelta(seconds=2),
        "max_file": 5_000_000,
        "on_missing": "withdraw",
        "max_missing": 0.5,
        "max_missing_files": 5,
        "max_new_ids": 20,
        "attached": Path("var/attached"),
        "auto_sections": True,
        "fallback_encoding": "cp1252",
        "ignore": ("README*", "LICENSE*", "_*", "*.log"),
        "default_section": "news",
        "codes": {},
    },
    "store": {"url": "sqlite:///var/feedsvc.db"},
    "feeds": {
        "formats": (),
        "limit": 50,
        "max_bytes": 1_000_000,
        "max_age": timedelta(seconds=60),
        "late": timedelta(days=7),
        "full_text": True,
        "hubs": (),
        "delta": False,
    },
    "server": {
        "host": "127.0.0.1",
        "port": 8000,
        "workers": 2,
        "ingest_niceness": 5,
        "role": "all",
        "trusted_proxies": (),
        "poll_budget": "",
        "token_file": Path("var/desk-token"),
        "log_format": "auto",
    },
    "section": {
        "title": "",
        "description": "",
        "aliases": (),
        "moved_from": (),
        "language": "",
        "limit": None,
        "max_age": None,
        "full_text": None,
        "podcast": None,
    },
    "podcast": {
        "author": "",
        "owner_name": "",
        "owner_email": "",
        "category": ("News",),
        "explicit": False,
        "image": "",
        "type": "episodic",
        "locked": False,
        "guid": "",
    },
}


@pytest.mark.parametrize("table", DEFAULTS)
def test_every_key_has_the_default_that_is_documented(table: str) -> None:
    tables = {name: field.annotation for name, field in Settings.model_fields.items()} | {
        "section": Section,
        "podcast": Podcast,
    }
    kind = tables[table]
    assert isinstance(kind, type)
    assert issubclass(kind, BaseModel)
    found = {
        name: REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in kind.model_fields.items()
    }
    assert found == DEFAULTS[table]
