"""A site to ask: a real store, real renderers, a clock set by hand."""

from __future__ import annotations

import pytest
from fakes import Newsroom, make_settings
from flask.testing import FlaskClient

from feedsvc.config import Settings
from feedsvc.web.app import create_app


@pytest.fixture
def settings() -> Settings:
    return make_settings(
        site={"description": "News of the sea", "rights": "© The Harbour Courier"},
        feeds={"hubs": ["https://hub.example.net/"]},
        sections={
            "harbour": {
                "title": "Harbour & Port",
                "description": "Ships and quays",
                "moved_from": ["docks", "old/quay"],
            },
            "town/council": {"title": "Council"},
        },
    )


@pytest.fixture
def room(room: Newsroom, settings: Settings) -> Newsroom:
    """Of the settings of a test module, if it has its own."""
    room.configure(settings)
    return room


@pytest.fixture
def client(room: Newsroom, settings: Settings) -> FlaskClient:
    return create_app(settings, room.store, room.clock).test_client()
