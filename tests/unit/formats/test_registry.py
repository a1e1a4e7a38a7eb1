"""Which format reads a file: by its bytes first, by its suffix second."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import PurePosixPath

import pytest
from fakes import make_settings

from feedsvc.errors import NotAnArticle, ParseError, UnknownFormat
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.registry import ENTRY_POINTS, Formats, formats
from feedsvc.ingest.run import rules

MARKDOWN = b"---\ntitle: A title\n---\n\nA text.\n"
HTML = b"<!DOCTYPE html><html><head><title>A title</title></head><body><p>A text.</p></body></html>"
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>A</title></item></channel></rss>'
NITF = b"<nitf><head><title>A</title></head><body><body.content><p>T.</p></body.content></body></nitf>"
NEWSML = (
    b'<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" version="1"></newsItem>'
)


class Shouting:
    """A plug-in's format: whatever begins with an exclamation mark."""

    name = "shouting"
    suffixes = frozenset({".shout", ".md"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        return data.startswith(b"!")

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        return [RawItem(title=data.decode())]


class Broken(Shouting):
    def __init__(self) -> None:
        raise RuntimeError("no licence found")


class Namesake(Shouting):
    name = "HTML"


class Dotless(Shouting):
    suffixes = frozenset({"shout"})


class Fails(Shouting):
    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        raise RuntimeError("not today")


class GivesTexts(Shouting):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        return ["text"]  # type: ignore[list-item]


NO_FORMAT = dict
SHOUTING = Shouting()


def plug_in(monkeypatch: pytest.MonkeyPatch, **named: str) -> None:
    """Install entry points that lead to this file."""
    points = [EntryPoint(name, value, ENTRY_POINTS) for name, value in named.items()]

    def found(*, group: str) -> list[EntryPoint]:
        assert group == "feedsvc.formats"
        return points

    monkeypatch.setattr(metadata, "entry_points", found)
    monkeypatch.setitem(sys.modules, "plugged", sys.modules[__name__])


@pytest.fixture(scope="module")
def installed() -> Formats:
    return formats()


@pytest.mark.parametrize(
    ("data", "name", "format_name"),
    [
        (MARKDOWN, "a.md", "Markdown"),
        (MARKDOWN, "a.txt", "Markdown"),
        (MARKDOWN, "a", "Markdown"),
        (HTML, "a.html", "HTML"),
        (HTML, "a.txt", "HTML"),
        (HTML, "a.md", "HTML"),
        (NITF, "a.txt", "NITF"),
        (NITF, "a.XML", "NITF"),
        (NEWSML, "tag_wire.example.com_2014_newsml_1", "NewsML-G2"),
        (b"1 of 2 DOCUMENTS\n\nThe Daily\n", "a.unheard-of", "plain text"),
        (b"\x16\x16\x01a0583\x1fkbxx\r\n", "a.txt", "wire text"),
        (b"\x01nlp062 4 i 211\r\nFerry/\r\n\x02", "a", "wire text"),
        (b"nlp062 4 i 211  nlp 0062\r\n\r\nFerry/\r\n", "a.iptc", "wire text"),
        (b"ZCZC NLA\r\n", "a.md", "wire text"),
        (b"^BC-Ferry,120<\r\n^The ferry sails<\r\n", "a.html", "wire text"),
        (b"^ is the sign of a power\n\nIt is so.\n", "a.txt", "plain text"),
        (b"ZCZCs are few\n\nIt is so.\n", "a.txt", "plain text"),
    ],
)
def test_the_bytes_decide_whatever_the_name(installed: Formats, data: bytes, name: str, format_name: str) -> None:
    chosen = installed.choose(data, PurePosixPath("town", name))
    assert chosen.name.startswith(format_name)


@pytest.mark.parametrize("name", ["a.txt", "a", "a.TXT", "a.unheard-of", "tag_wire.example.com_2014"])
def test_where_the_bytes_say_nothing_the_suffix_does_and_else_it_is_plain_text(installed: Formats, name: str) -> None:
    assert installed.choose(b"A title\n\nA text of one sentence.\n", PurePosixPath(name)).name == "plain text"


def test_a_suffix_counts_in_any_case(installed: Formats) -> None:
    assert installed.choose(b"# A title\n\nA text.\n", PurePosixPath("a.MD")).name == "Markdown"


def test_a_format_that_no_suffix_leads_to_is_told() -> None:
    with pytest.raises(UnknownFormat, match=r"no input format reads \.xyz files"):
        Formats([SHOUTING]).choose(b"text", PurePosixPath("a.xyz"))
    with pytest.raises(UnknownFormat, match="no input format reads such files"):
        Formats([SHOUTING]).choose(b"text", PurePosixPath("a"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG picture"),
        (b"\xff\xd8\xff\xe0", "JPEG picture"),
        (b"GIF89a", "GIF picture"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0", "BMP picture"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "picture, sound or film"),
        (b"\0\0\0\x20ftypisom", "film, sound or picture"),
        (b"ID3\x03\0", "sound file"),
        (b"OggS\0\x02", "sound file"),
        (b"%PDF-1.7\n", "PDF document; save its text"),
        (b"PK\x03\x04\x14\0", "ZIP archive; unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old office document (.doc); save it as"),
        (b"\x1f\x8b\x08", "gzip archive; unpack it"),
        (b"index.md".ljust(257, b"\0") + b"ustar\x0000", "tar archive; unpack it"),
        (b"BZh91AY&SY", "bzip2 archive; unpack it"),
        (b"\xfd7zXZ\0", "xz archive; unpack it"),
        (b"{\\rtf1\\ansi", "RTF document; save its text"),
        (b"SQLite format 3\0", "database"),
        (b"\x7fELF\x02", "program"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_what_is_no_text_is_refused_with_what_it_is_and_what_to_do(
    installed: Formats, data: bytes, said: str, name: str
) -> None:
    with pytest.raises(NotAnArticle) as refused:
        installed.choose(data + b"\0" * 20, PurePosixPath(name))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "BMW shows a new car",
        "ID3 sales grow",
        "BZhotels opens a house",
        "GIF and PNG compared",
        "Rare birds",
        "PK is ours",
    ],
)
def test_a_text_that_begins_like_a_picture_is_a_text(installed: Formats, text: str) -> None:
    chosen = installed.choose(f"{text}\n\nA text of one sentence.\n".encode(), PurePosixPath("a.txt"))
    assert chosen.name == "plain text"


@pytest.mark.parametrize("data", [b"", b"\0", b"\xff" * 5000, b"<", b"{", b"---", b"\xff\xfe", b"A" * 100_000])
def test_choosing_never_fails_otherwise(installed: Formats, data: bytes) -> None:
    assert installed.choose(data, PurePosixPath("a.txt")).name


def test_every_built_in_is_a_format_with_a_name_of_its_own(installed: Formats) -> None:
    names = [one.name for one in installed.installed]
    assert len(names) == len(set(names)) >= 12
    assert all(isinstance(one, Format) for one in installed.installed)
    assert all(suffix == suffix.lower() for one in installed.installed for suffix in one.suffixes)


# ---------------------------------------------------------------------- plug-ins
@pytest.mark.parametrize("value", ["plugged:Shouting"])
def test_a_plug_in_is_asked_before_the_built_ins(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    plug_in(monkeypatch, shout=value)
    installed = formats()
    assert installed.choose(b"!---\ntitle: x\n---\n", PurePosixPath("a.md")).name == "shouting"
    assert installed.choose(b"no sign of anything", PurePosixPath("a.shout")).name == "shouting"
    assert installed.choose(HTML, PurePosixPath("a.shout")).name == "HTML"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("plugged:Broken", "no licence found"),
        ("plugged:Missing", "Missing"),
        ("no_such_module:X", "no_such_module"),
        ("plugged:NO_FORMAT", "is no Format"),
        ("plugged:Namesake", "the name 'HTML' is that of another format"),
        ("plugged:Dotless", "its suffixes are"),
    ],
)
def test_a_broken_plug_in_is_named_with_what_to_do_and_left_out(
    monkeypatch: pytest.MonkeyPatch, value: str, said: str, installed: Formats
) -> None:
    plug_in(monkeypatch, loud=value)
    found = formats()
    (one,) = found.plug_ins
    assert said in str(one)
    assert "'loud'" in str(one)
    assert "mend or uninstall it" in str(one)
    assert [each.name for each in found.installed] == [each.name for each in installed.installed]


def test_a_plug_in_that_fails_when_asked_disturbs_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, loud="plugged:Fails")
    assert formats().choose(HTML, PurePosixPath("a.html")).name == "HTML"


def test_what_a_plug_in_gives_must_be_items(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, loud="plugged:GivesTexts")
    with pytest.raises(ParseError, match="shouting of a plug-in"):
        formats().choose(b"!", PurePosixPath("a")).parse(b"!", PurePosixPath("a"))


def test_files_are_read_anew_once_a_broken_plug_in_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_settings()
    plug_in(monkeypatch, loud="plugged:Shouting")
    whole = rules(settings, formats())
    monkeypatch.setattr(sys.modules[__name__], "Shouting", None)
    broken = rules(settings, formats())
    assert broken != whole
    assert broken.partition("-")[0] == whole
