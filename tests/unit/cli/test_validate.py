"""``feedsvc validate``: every feed in every format, and what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Feed

CRANE = """\
---
title: The crane is painted
date: 2026-01-06T10:00:00Z
---
It is red now.
"""


@pytest.fixture
def room(room: Any) -> Any:
    room.write("harbour/ferry.md")
    room.write("harbour/crane.md", CRANE)
    room.take_in()
    return room


def spoil(monkeypatch: pytest.MonkeyPatch, good: bytes, bad: bytes) -> None:
    """Let RSS come out with *bad* in the place of *good*."""
    render = Rss.render

    def spoilt(self: Rss, feed: Feed, links: Links) -> bytes:
        return render(self, feed, links).replace(good, bad)

    monkeypatch.setattr(Rss, "render", spoilt)


@pytest.mark.parametrize("named", [(), ("all",), ("harbour", "all")])
def test_good_feeds_are_counted_and_nothing_else(room: Any, named: tuple[str, ...]) -> None:
    result = room.run("validate", *named)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "6 documents, 0 errors, 0 warnings\n", "")


def test_one_feed(room: Any) -> None:
    assert room.run("validate", "/Harbour/").stdout == "3 documents, 0 errors, 0 warnings\n"


def test_an_article_at_fault_is_named(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, b"<title>The crane is painted</title>", b"<title></title>")
    result = room.run("validate", "harbour")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "harbour.rss: error: it has no title (tag:news.example.org,2026:harbour/crane.md)",
        "3 documents, 1 error, 0 warnings",
    ]
    assert result.stderr == ""


def test_a_warning_does_not_fail(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, b"<title>The crane is painted</title>", b"<title>The crane &amp;amp; painted</title>")
    result = room.run("validate", "harbour", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["faults"] == [
        {
            "feed": "harbour",
            "format": "rss",
            "article": "tag:news.example.org,2026:harbour/crane.md",
            "severity": "warning",
            "rule": "title",
            "message": "its title reads 'The crane &amp; painted'",
        }
    ]
    assert (told["documents"], told["errors"], told["warnings"]) == (3, 0, 1)


def test_a_document_at_fault_is_told(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, b"</rss>", b"")
    result = room.run("validate", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["documents"], told["errors"]) == (6, 2)
    assert {(fault["feed"], fault["format"]) for fault in told["faults"]} == {("all", "rss"), ("harbour", "rss")}
    assert all("not well-formed" in fault["message"] for fault in told["faults"])


def test_an_unknown_feed_names_the_nearest(room: Any) -> None:
    result = room.run("validate", "harbor")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no feed 'harbor'; did you mean harbour?" in result.stderr
    assert "without a name all feeds" in room.run("validate", "xyz").stderr
