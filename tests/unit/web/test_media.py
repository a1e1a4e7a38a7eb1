"""``/media/``: whole, in part, for ever, and nothing but what an article names."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import Newsroom, make_settings
from flask.testing import FlaskClient

from feedsvc.model import Medium
from feedsvc.web.app import create_app

BYTES = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "town").mkdir(parents=True)
    return folder


@pytest.fixture
def site(room: Newsroom, content: Path) -> FlaskClient:
    settings = make_settings(content={"path": content})
    return create_app(settings, room.store, room.clock).test_client()


@pytest.fixture
def medium(room: Newsroom, content: Path) -> Medium:
    file = content / "town" / "quay.png"
    file.write_bytes(BYTES)
    status = file.stat()
    known = Medium(
        path="town/quay.png", hash="abcdefgh", type="image/png", length=len(BYTES), mtime_ns=status.st_mtime_ns
    )
    with room.store.writing(None, at=room.clock()) as writer:
        writer.illustrate("town/ferry.md", [known])
    return known


def test_whole(site: FlaskClient, medium: Medium) -> None:
    answer = site.get("/media/abcdefgh/quay.png", buffered=True)
    assert answer.status_code == 200
    assert answer.data == BYTES
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] == '"abcdefgh"'


def test_head(site: FlaskClient, medium: Medium) -> None:
    answer = site.head("/media/abcdefgh/quay.png", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(BYTES))


@pytest.mark.parametrize(
    ("asked", "status", "got", "told"),
    [
        ("bytes=0-9", 206, BYTES[:10], f"bytes 0-9/{len(BYTES)}"),
        ("bytes=200-", 206, BYTES[200:], f"bytes 200-{len(BYTES) - 1}/{len(BYTES)}"),
        ("bytes=-5", 206, BYTES[-5:], f"bytes {len(BYTES) - 5}-{len(BYTES) - 1}/{len(BYTES)}"),
        ("lines=1-2", 200, BYTES, None),
    ],
)
def test_in_part(site: FlaskClient, medium: Medium, asked: str, status: int, got: bytes, told: str | None) -> None:
    answer = site.get("/media/abcdefgh/quay.png", buffered=True, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (status, got)
    assert answer.headers.get("Content-Range") == told


def test_a_range_beyond_the_end(site: FlaskClient, medium: Medium) -> None:
    assert site.get("/media/abcdefgh/quay.png", buffered=True, headers={"Range": "bytes=9999-"}).status_code == 416


def test_unchanged(site: FlaskClient, medium: Medium) -> None:
    answer = site.get("/media/abcdefgh/quay.png", buffered=True, headers={"If-None-Match": '"abcdefgh"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_only_the_hash_is_looked_up(site: FlaskClient, medium: Medium) -> None:
    answer = site.get("/media/abcdefgh/other.png", buffered=True)
    assert answer.status_code == 308
    assert answer.headers["Location"] == "https://news.example.org/media/abcdefgh/quay.png"


@pytest.mark.parametrize("path", ["/media/unknown/quay.png", "/media/abcdefgh/", "/media/", "/media/../quay.png"])
def test_unknown(site: FlaskClient, medium: Medium, path: str) -> None:
    assert site.get(path, buffered=True).status_code == 404


def test_what_has_changed_is_not_served_under_the_old_address(site: FlaskClient, medium: Medium, content: Path) -> None:
    (content / "town" / "quay.png").write_bytes(b"something else")
    assert site.get("/media/abcdefgh/quay.png", buffered=True).status_code == 404


def test_a_link_in_its_place_is_not_followed(site: FlaskClient, medium: Medium, content: Path, tmp_path: Path) -> None:
    file = content / "town" / "quay.png"
    file.rename(tmp_path / "secret")
    file.symlink_to(tmp_path / "secret")
    assert site.get("/media/abcdefgh/quay.png", buffered=True).status_code == 404
