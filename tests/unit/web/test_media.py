"""``/media/``: whole, in part, for ever, and nothing but what an article names."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from fakes import Newsroom, make_article, make_settings
from flask.testing import FlaskClient

from feedsvc import links
from feedsvc.ingest.media import read_medium
from feedsvc.model import Medium
from feedsvc.web.app import create_app
from feedsvc.web.media import PIECE, STREAMS

HASH = "abcdefghabcdefghabcd"
FERRY = make_article(source="town/ferry.md", content=f'<p><img src="/media/{HASH}/quay.png"/></p>')
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
    os.utime(file, ns=(10**18, 10**18))
    status = file.stat()
    known = Medium(path="town/quay.png", hash=HASH, type="image/png", length=len(BYTES), mtime_ns=status.st_mtime_ns)
    with room.store.writing(None, at=room.clock()) as writer:
        writer.illustrate("town/ferry.md", [known])
    room.put(FERRY)
    return known


def test_whole(site: FlaskClient, medium: Medium) -> None:
    answer = site.get(f"/media/{HASH}/quay.png", buffered=True)
    assert answer.status_code == 200
    assert answer.data == BYTES
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=86400, immutable"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] == f'"{HASH}"'


def test_head(site: FlaskClient, medium: Medium) -> None:
    answer = site.head(f"/media/{HASH}/quay.png", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(BYTES))


@pytest.mark.parametrize(
    ("asked", "status", "got", "told"),
    [
        ("bytes=0-9", 206, BYTES[:10], f"bytes 0-9/{len(BYTES)}"),
        ("bytes=200-", 206, BYTES[200:], f"bytes 200-{len(BYTES) - 1}/{len(BYTES)}"),
        ("bytes=-5", 206, BYTES[-5:], f"bytes {len(BYTES) - 5}-{len(BYTES) - 1}/{len(BYTES)}"),
        ("bytes=0-0,5-6", 200, BYTES, None),
        ("bytes=9-2", 200, BYTES, None),
        ("bytes=x", 200, BYTES, None),
        ("lines=1-2", 200, BYTES, None),
    ],
)
def test_in_part(site: FlaskClient, medium: Medium, asked: str, status: int, got: bytes, told: str | None) -> None:
    answer = site.get(f"/media/{HASH}/quay.png", buffered=True, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (status, got)
    assert answer.headers.get("Content-Range") == told


def test_a_range_beyond_the_end(site: FlaskClient, medium: Medium) -> None:
    answer = site.get(f"/media/{HASH}/quay.png", buffered=True, headers={"Range": "bytes=9999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(BYTES)}"


def test_unchanged(site: FlaskClient, medium: Medium) -> None:
    answer = site.get(f"/media/{HASH}/quay.png", buffered=True, headers={"If-None-Match": f'"{HASH}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_only_the_hash_is_looked_up(site: FlaskClient, medium: Medium) -> None:
    answer = site.get(f"/media/{HASH}/other.png", buffered=True)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://news.example.org/media/{HASH}/quay.png"


@pytest.mark.parametrize(
    "path",
    [
        "/media/unknown/quay.png",
        "/media/%00%00%00%00%00%00%00%00/x",
        "/media/%25%25%25%25%25%25%25%25/x",
        f"/media/{HASH}/",
        "/media/",
        "/media/../quay.png",
    ],
)
def test_unknown(site: FlaskClient, medium: Medium, path: str) -> None:
    assert site.get(path, buffered=True).status_code == 404


def test_what_has_changed_is_not_served_under_the_old_address(site: FlaskClient, medium: Medium, content: Path) -> None:
    (content / "town" / "quay.png").write_bytes(b"something else")
    assert site.get(f"/media/{HASH}/quay.png", buffered=True).status_code == 404


def test_a_link_in_its_place_is_not_followed(site: FlaskClient, medium: Medium, content: Path, tmp_path: Path) -> None:
    file = content / "town" / "quay.png"
    file.rename(tmp_path / "secret")
    file.symlink_to(tmp_path / "secret")
    assert site.get(f"/media/{HASH}/quay.png", buffered=True).status_code == 404


@pytest.mark.parametrize(
    ("if_range", "status"),
    [(f'"{HASH}"', 206), (f'W/"{HASH}"', 200), ('"other"', 200), ("Sun, 01 Jan 2017 00:00:00 GMT", 200), ("same", 206)],
)
def test_a_part_only_of_what_the_client_has(site: FlaskClient, medium: Medium, if_range: str, status: int) -> None:
    if if_range == "same":
        if_range = site.head(f"/media/{HASH}/quay.png").headers["Last-Modified"]
    headers = {"Range": "bytes=0-1", "If-Range": if_range}
    assert site.get(f"/media/{HASH}/quay.png", buffered=True, headers=headers).status_code == status


def test_head_knows_no_ranges(site: FlaskClient, medium: Medium) -> None:
    assert site.head(f"/media/{HASH}/quay.png", headers={"Range": "bytes=0-1"}).status_code == 200


def test_nothing_of_it_could_run_in_our_origin(site: FlaskClient, medium: Medium) -> None:
    headers = site.get(f"/media/{HASH}/quay.png", buffered=True).headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("tag", ["*", f'W/"{HASH}"', f'"x", "{HASH}"'])
def test_unchanged_in_every_spelling(site: FlaskClient, medium: Medium, tag: str) -> None:
    answer = site.get(f"/media/{HASH}/quay.png", buffered=True, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=86400, immutable"
    assert answer.headers["ETag"] == f'"{HASH}"'


def test_a_touched_file_is_the_same(room: Newsroom, content: Path) -> None:
    file = content / "town" / "quay.png"
    file.write_bytes(BYTES)
    known = read_medium(content, "town/quay.png")
    with room.store.writing(None, at=room.clock()) as writer:
        writer.illustrate("town/ferry.md", [known])
    path = links.medium(known.hash, known.name)
    room.put(make_article(source="town/ferry.md", content=f'<p><img src="{path}"/></p>'))
    site = create_app(make_settings(content={"path": content}), room.store, room.clock).test_client()
    os.utime(file, ns=(10**18, 10**18))
    assert site.get(path, buffered=True).data == BYTES
    file.write_bytes(bytes(reversed(BYTES)))
    assert site.get(path, buffered=True).status_code == 404


def test_copies_under_other_names_stand_at_their_own_addresses(
    site: FlaskClient, room: Newsroom, medium: Medium, content: Path
) -> None:
    (content / "town" / "tide.png").write_bytes(BYTES)
    os.utime(content / "town" / "tide.png", ns=(10**18, 10**18))
    copy = dataclasses.replace(medium, path="town/tide.png")
    tide = make_article(
        id="tag:example.org,2026:tide", source="town/tide.md", content=f'<p><img src="/media/{HASH}/tide.png"/></p>'
    )
    with room.store.writing(None, at=room.clock()) as writer:
        writer.illustrate("town/tide.md", [copy])
    room.put(tide)
    for name in ("quay.png", "tide.png"):
        assert site.get(f"/media/{HASH}/{name}", buffered=True).data == BYTES
    assert site.get(f"/media/{HASH}/tide").headers["Location"].endswith(f"/media/{HASH}/quay.png")
    assert site.get(f"/media/{HASH}/other.png").headers["Location"].endswith(f"/media/{HASH}/quay.png")
    assert site.get(f"/media/{HASH}/{'é' * 20_000}.png").status_code == 308
    room.withdraw(FERRY)
    assert site.get(f"/media/{HASH}/tide.png", buffered=True).data == BYTES
    assert site.get(f"/media/{HASH}/quay.png").headers["Location"].endswith(f"/media/{HASH}/tide.png")


def test_with_its_article_it_goes(site: FlaskClient, room: Newsroom, medium: Medium) -> None:
    room.withdraw(FERRY)
    answer = site.get(f"/media/{HASH}/quay.png", buffered=True)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-cache"


def test_slow_downloads_leave_threads_to_others(
    site: FlaskClient, medium: Medium, room: Newsroom, content: Path
) -> None:
    (content / "town" / "film.png").write_bytes(BYTES[:8] + bytes(PIECE))
    film = read_medium(content, "town/film.png")
    assert film is not None
    with room.store.writing(None, at=room.clock()) as writer:
        writer.illustrate("town/ferry.md", [medium, film])
    address = links.medium(film.hash, film.name)
    room.put(dataclasses.replace(FERRY, content=f'<p><img src="/media/{HASH}/quay.png"/><img src="{address}"/></p>'))
    downloads = [site.get(address) for _ in range(STREAMS)]
    assert {answer.status_code for answer in downloads} == {200}
    refused = site.get(address)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert refused.headers["Cache-Control"] == "no-store"
    assert site.get(address, buffered=True, headers={"Range": "bytes=0-99"}).status_code == 206
    assert site.head(address).status_code == 200
    assert site.get(f"/media/{HASH}/quay.png", buffered=True).data == BYTES
    downloads.pop().close()
    downloads.append(site.get(address))
    assert downloads[-1].status_code == 200
    assert site.get(address).status_code == 503
    for answer in downloads:
        answer.close()
