"""A desk with a token of its own, and a browser that may sign in at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fakes import Newsroom, make_settings
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedsvc.config import Settings
from feedsvc.web.app import create_app
from feedsvc.web.desk import tokens
from feedsvc.web.desk.tokens import Token

HTML = {"Accept": "text/html"}
PREFIX = "/paper"


class Browser:
    """A browser at the desk: it keeps cookies, and sends the key of the forms that it is shown."""

    def __init__(self, app: Flask, token: Path, room: Newsroom) -> None:
        self.client: FlaskClient = app.test_client()
        self.room = room
        self._path = token

    @property
    def token(self) -> Token:
        found = tokens.read(self._path)
        assert found is not None
        return found

    @property
    def secret(self) -> str:
        return self._path.read_text().strip()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"{PREFIX}{path}", headers=HTML | headers)

    def sign_in(self, **form: str) -> TestResponse:
        return self.client.post(f"{PREFIX}/desk/sign-in", data=form or {"token": self.secret}, headers=HTML)

    @property
    def key(self) -> str:
        """The key of the forms on the first page."""
        found = re.search(r'name="key" value="([0-9a-f]{32})"', self.get("/desk").text)
        assert found
        return found[1]

    def order(self, path: str, headers: Mapping[str, str] | None = None, /, **form: Any) -> TestResponse:
        """Send a form of the desk."""
        return self.client.post(f"{PREFIX}{path}", data={"key": self.key, **form}, headers=HTML | dict(headers or {}))


@pytest.fixture
def desk_settings(tmp_path: Path) -> Settings:
    content = tmp_path / "content"
    content.mkdir()
    return make_settings(
        site={"base_url": "https://news.example.org/paper"},
        content={"path": content},
        server={"token_file": tmp_path / "token", "trusted_proxies": ["10.0.0.0/8"]},
        store={"url": f"sqlite:///{tmp_path}/store.db"},
    )


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as room:
        yield room


@pytest.fixture
def stranger(desk_settings: Settings, room: Newsroom) -> Browser:
    tokens.ensure(desk_settings.server.token_file)
    return Browser(create_app(desk_settings, room.store, room.clock), desk_settings.server.token_file, room)


@pytest.fixture
def operator(stranger: Browser) -> Browser:
    assert stranger.sign_in().status_code == 303
    return stranger
