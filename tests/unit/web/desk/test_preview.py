"""Previews: what a file would become, shown and never published."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, Newsroom

ARTICLE = "---\ntitle: A secret ferry\nembargo: 2026-03-20T09:00:00Z\n---\n\nIt **sails** at night.\n"

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return tmp_path / "content"


def test_a_file_is_shown_and_published_nowhere(operator: Any, content: Path, room: Newsroom) -> None:
    (content / "harbour").mkdir()
    (content / "harbour" / "night.md").write_text(ARTICLE)
    before = room.store.store.changes_token()
    page = operator.get("/desk/preview?path=harbour/night.md")
    assert "A secret ferry" in page.text
    frames = re.findall(r'<iframe src="([^"]*)" sandbox', page.text)
    assert len(frames) == 1
    frame = operator.get(frames[0].replace("&amp;", "&").removeprefix("/paper"))
    assert frame.status_code == 200
    assert "<strong>sails</strong>" in frame.text
    policy = frame.headers["Content-Security-Policy"]
    assert policy.endswith("; sandbox")
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert frame.headers["Cache-Control"] == "no-store"
    for shape, mark in (("rss", "<rss"), ("atom", "<feed"), ("json", '"items"')):
        item = operator.get(f"/desk/preview/frame?path=harbour/night.md&shape={shape}&item=0")
        assert item.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert mark in item.text
        assert "A secret ferry" in item.text
    assert room.store.store.changes_token() == before
    assert room.store.store.listing("all", NOON + timedelta(days=99), limit=9) == []


def test_pictures_show_before_anybody_else_may_see_them(operator: Any, content: Path) -> None:
    picture = base64.b64decode(PIXEL)
    (content / "boat.png").write_bytes(picture)
    (content / "night.md").write_text(f"{ARTICLE}\n![A boat](boat.png) ![None](nowhere.png)\n")
    frame = operator.get("/desk/preview/frame?path=night.md")
    assert f'src="data:image/png;base64,{PIXEL}"' in frame.text
    assert "img-src 'self' data:" in frame.headers["Content-Security-Policy"]
    assert "nowhere.png" in frame.text
    (address,) = set(
        re.findall(r"/media/[a-z2-7]+/boat.png", operator.get("/desk/preview/frame?path=night.md&shape=rss").text)
    )
    assert operator.get(address).status_code == 404  # and stays hidden from everybody


@pytest.mark.parametrize(
    ("name", "kind", "element"), [("night.mp3", "audio/mpeg", "audio"), ("night.mp4", "video/mp4", "video")]
)
def test_sound_and_film_are_heard_and_seen_beforehand(
    operator: Any, content: Path, name: str, kind: str, element: str
) -> None:
    bytes_ = {"audio": b"ID3\x04" + bytes(100), "video": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100)}[element]
    (content / name).write_bytes(bytes_)
    (content / "night.md").write_text(ARTICLE.replace("---\n", f"---\n{element}: {name}\n", 1))
    frame = operator.get("/desk/preview/frame?path=night.md")
    found = re.search(rf"<{element} controls[^>]* src=\"data:{kind};base64,([^\"]+)", frame.text)
    assert found, frame.text
    assert base64.b64decode(found[1]) == bytes_
    assert "media-src 'self' data:" in frame.headers["Content-Security-Policy"]


def test_a_picture_that_is_too_large_is_left_an_address(
    operator: Any, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.web.desk.preview.MOST_MEDIA_BYTES", 10)
    (content / "boat.png").write_bytes(base64.b64decode(PIXEL))
    (content / "night.md").write_text(f"{ARTICLE}\n![A boat](boat.png)\n")
    assert "data:image" not in operator.get("/desk/preview/frame?path=night.md").text


def test_a_file_that_would_be_refused_says_why(operator: Any, content: Path) -> None:
    (content / "bad.md").write_text("---\ntitle: Bad\nembargo: soonish\n---\n\nText of it.\n")
    page = operator.get("/desk/preview?path=bad.md").text
    assert "is no date" in page
    assert "<iframe" not in page
    assert operator.get("/desk/preview/frame?path=bad.md").status_code == 404
    (content / "x.log").write_text("x")
    assert "[content] ignore" in operator.get("/desk/preview?path=x.log").text


@pytest.mark.parametrize(
    "path", ["", "/", "../secret.md", "a/../../secret.md", "%2e%2e/secret.md", "/etc/passwd", "linked/secret.md",
             "link.md", ".hidden.md", "x//y", "nowhere.md", "a\\..\\secret.md", "\x00"],
)  # fmt: skip
def test_no_path_leads_outside(operator: Any, content: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.md").write_text("# The hidden words\n\nThey are hidden here.\n")
    (content / ".hidden.md").write_text("# The hidden words\n\nThey are hidden here.\n")
    (content / "linked").symlink_to(tmp_path)
    (content / "link.md").symlink_to(tmp_path / "secret.md")
    for address in ("/desk/preview", "/desk/preview/frame"):
        answer = operator.client.get(f"/paper{address}", query_string={"path": path}, headers={"Accept": "text/html"})
        assert answer.status_code in (200, 404)
        assert "hidden words" not in answer.text
        assert "root:" not in answer.text


@pytest.mark.parametrize("item", ["", "x", "1", "-1", "999999999999", "²"])
def test_an_item_that_is_not_there(operator: Any, content: Path, item: str) -> None:
    (content / "one.md").write_text("# One\n\nThe one article.\n")
    answer = operator.client.get("/paper/desk/preview/frame", query_string={"path": "one.md", "item": item})
    assert answer.status_code == 404
