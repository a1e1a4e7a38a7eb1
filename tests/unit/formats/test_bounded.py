"""Reading within limits: whatever a format does to its process, the caller gets items or a ContentError."""

from __future__ import annotations

import importlib
import os
import pickle
import select
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from feedsvc.errors import ContentError, FieldError, NotAnArticle, ParseError, TooLarge, UnknownFormat
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.bounded import BoundedParser
from feedsvc.formats.html.format import Html

HERE = Path(__file__).parent
PATH = PurePosixPath("coast/wall.test")


@pytest.fixture
def parser() -> Iterator[BoundedParser]:
    with BoundedParser(seconds=10, memory=256 * 2**20) as bounded:
        yield bounded


def hostile(name: str, monkeypatch: pytest.MonkeyPatch) -> Format:
    monkeypatch.syspath_prepend(HERE)
    found: Format = getattr(importlib.import_module("hostile_formats"), name)()
    return found


def reader_of(bounded: BoundedParser, fmt: Format) -> int:
    (item,) = bounded.parse(fmt, b"x", PATH)
    return int(item.title)


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_gives_what_the_format_gives(parser: BoundedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    (item,) = parser.parse(hostile("Well", monkeypatch), b"x" * 3_000_000, PATH, fallback_encoding="koi8-r")
    assert item == RawItem(title=item.title, body="3000000 coast/wall.test koi8-r", literal=frozenset({"title"}))
    assert int(item.title) != os.getpid()


def test_the_child_is_kept_and_replaced_after_a_number_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    fmt = hostile("Well", monkeypatch)
    with BoundedParser(files=2) as bounded:
        readers = [reader_of(bounded, fmt) for _ in range(4)]
    assert readers[0] == readers[1]
    assert readers[2] == readers[3]
    assert readers[1] != readers[2]
    assert not any(map(lives, readers))


def test_a_format_without_end_is_ended_and_the_next_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with BoundedParser(seconds=0.5) as bounded:
        before = reader_of(bounded, hostile("Well", monkeypatch))
        with pytest.raises(ParseError, match=r"took longer than 0\.5 s"):
            bounded.parse(hostile("Endless", monkeypatch), b"", PATH)
        assert not lives(before)
        assert reader_of(bounded, hostile("Well", monkeypatch)) != before


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("Hungry", TooLarge, "256 MB"),
        ("Leaving", ParseError, "exit status 3"),
        ("Crashing", ParseError, "signal 11"),
        ("Faulty", ParseError, "KeyError"),
    ],
)
def test_no_failure_of_a_format_is_more_than_one_of_its_file(
    name: str, kind: type[ContentError], reason: str, parser: BoundedParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(kind, match=reason):
        parser.parse(hostile(name, monkeypatch), b"", PATH)
    assert reader_of(parser, hostile("Well", monkeypatch))


def test_errors_arrive_as_the_format_raised_them(parser: BoundedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FieldError, match="the date is none") as caught:
        parser.parse(hostile("Refusing", monkeypatch), b"", PATH)
    assert (caught.value.field, caught.value.value, caught.value.line) == ("published", "soon", 7)


def test_output_of_a_format_does_not_disturb(parser: BoundedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader_of(parser, hostile("Chatty", monkeypatch))


def test_a_format_that_the_child_cannot_import_is_an_error_of_the_file(
    parser: BoundedParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    parser.parse(Html(), b"<p>Warm.</p>", PATH)
    fmt = hostile("Well", monkeypatch)  # its folder is not on the path of the child that runs already
    with pytest.raises(ParseError, match="hostile_formats"):
        parser.parse(fmt, b"", PATH)


def test_html_is_read_in_the_child_as_it_is_here(parser: BoundedParser) -> None:
    page = (
        b"<html><title>Wall</title><body><nav><a href=/>Home</a></nav><h1>Wall</h1><p>It is to be rebuilt.</p></html>"
    )
    assert list(parser.parse(Html(), page, PATH)) == list(Html().parse(page, PATH))
    with pytest.raises(NotAnArticle):
        parser.parse(Html(), b"<html></html>", PATH)


def test_threads_take_turns(parser: BoundedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    fmt = hostile("Well", monkeypatch)
    bodies: list[str] = []

    def read(size: int) -> None:
        bodies.append(parser.parse(fmt, b"x" * size, PATH)[0].body.split()[0])

    threads = [threading.Thread(target=read, args=(size,)) for size in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bodies) == [str(size) for size in range(8)]


def test_closing_twice_does_no_harm_and_it_can_be_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = BoundedParser()
    first = reader_of(bounded, hostile("Well", monkeypatch))
    bounded.close()
    bounded.close()
    assert not lives(first)
    assert reader_of(bounded, hostile("Well", monkeypatch)) != first
    bounded.close()


@pytest.mark.parametrize("name", ["Well", "Endless"])
def test_the_child_ends_with_a_parent_that_is_killed(name: str) -> None:
    script = f"""
        import sys, threading
        sys.path.insert(0, {str(HERE)!r})
        from pathlib import PurePosixPath
        import hostile_formats
        from feedsvc.formats.bounded import BoundedParser
        bounded = BoundedParser(seconds=60)
        path = PurePosixPath("x")
        print(bounded.parse(hostile_formats.Well(), b"", path)[0].title, flush=True)
        bounded.parse(hostile_formats.{name}(), b"", path)
        sys.stdin.read()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        watched = os.pidfd_open(child)
        parent.kill()
    try:
        assert ended_within(watched, seconds=10)
    finally:
        os.close(watched)


def ended_within(watched: int, *, seconds: float) -> bool:
    return bool(select.select([watched], [], [], seconds)[0])


@pytest.mark.parametrize(
    "error",
    [
        NotAnArticle("no text", source="a/b.html", line=3),
        UnknownFormat("bytes"),
        TooLarge("too many tags", line=9),
        FieldError("no date", field="published", value="soon", source="a.md", line=2),
    ],
)
def test_errors_pickle_with_all_they_hold(error: ContentError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
