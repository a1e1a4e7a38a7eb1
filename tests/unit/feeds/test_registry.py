from __future__ import annotations

import sys
from importlib import metadata
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from feedsvc.feeds.base import Renderer
from feedsvc.feeds.registry import GROUP, plug_ins, renderers


class Lines:
    """A plug-in's output format: one title a line."""

    name = "Lines"
    suffix = "txt"
    media_type = "text/plain; charset=utf-8"

    def render(self, feed: Any, links: Any) -> bytes:
        return b""


class Broken(Lines):
    def __init__(self) -> None:
        raise RuntimeError("no licence found")


class TakesRss(Lines):
    suffix = "rss"


class Dotted(Lines):
    suffix = "../x"


class Ends(Lines):
    def __init__(self) -> None:
        sys.exit(3)


class Plain(Lines):
    media_type = "text"


LINES = Lines()
NOTHING = "no renderer"


def plug_in(monkeypatch: pytest.MonkeyPatch, **named: str) -> None:
    """Install entry points that lead to this file."""
    points = [EntryPoint(name, value, GROUP) for name, value in named.items()]

    def found(*, group: str) -> list[EntryPoint]:
        assert group == "feedsvc.renderers"
        return points

    monkeypatch.setattr(metadata, "entry_points", found)


@pytest.fixture(autouse=True)
def this_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plug_in_of_this_test", sys.modules[__name__])


def test_the_built_in_formats_in_their_order() -> None:
    assert list(renderers()) == ["rss", "atom", "json"]
    for suffix, renderer in renderers().items():
        assert isinstance(renderer, Renderer)
        assert renderer.suffix == suffix


def test_they_are_built_when_asked_for() -> None:
    first, second = renderers(), renderers()
    assert first is not second
    assert first["rss"] is not second["rss"]


@pytest.mark.parametrize("value", ["plug_in_of_this_test:Lines", "plug_in_of_this_test:LINES"])
def test_a_plug_in_comes_after_them(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, lines=value)
    assert list(renderers()) == ["rss", "atom", "json", "txt"]
    assert isinstance(renderers()["txt"], Lines)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            "not_installed_anywhere:Lines",
            "cannot be loaded (ModuleNotFoundError: No module named 'not_installed_anywhere')",
        ),
        ("plug_in_of_this_test:Missing", "cannot be loaded"),
        ("plug_in_of_this_test:Broken", "cannot be loaded (RuntimeError: no licence found)"),
        ("plug_in_of_this_test:NOTHING", "it is no Renderer"),
        ("plug_in_of_this_test:TakesRss", "its suffix 'rss' belongs to RSS"),
        ("plug_in_of_this_test:Ends", "cannot be loaded (SystemExit: 3)"),
        ("plug_in_of_this_test:Plain", "its media_type is 'text'"),
        ("plug_in_of_this_test:Dotted", "its suffix is '../x'"),
    ],
)
def test_a_plug_in_that_cannot_be_used_is_named(value: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, lines=value)
    (one,) = plug_ins()
    assert "'lines'" in str(one)
    assert value in str(one)
    assert reason in str(one)
    assert "mend or uninstall it" in str(one)
    assert list(renderers()) == ["rss", "atom", "json"]


def test_of_two_plug_ins_of_one_suffix_the_first_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, b="plug_in_of_this_test:Lines", a="plug_in_of_this_test:LINES")
    first, second = plug_ins()
    assert first.made is LINES
    assert "its suffix 'txt' belongs to Lines" in second.trouble
    assert list(renderers()) == ["rss", "atom", "json", "txt"]
