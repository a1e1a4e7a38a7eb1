"""Which format reads a file: chosen by its bytes first, by its suffix second; built-ins and plug-ins alike."""

from __future__ import annotations

import codecs
import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from feedsvc import plugins
from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import Format
from feedsvc.formats.office import container
from feedsvc.formats.plugged import Plugged
from feedsvc.plugins import PlugIn

ENTRY_POINTS = "feedsvc.formats"
_BUILT_IN = (
    # The more particular before the more general: each is asked in this order whether the bytes are its own.
    "feedsvc.formats.office.format:Docx",
    "feedsvc.formats.newsxml.nitf:Nitf",
    "feedsvc.formats.newsxml.newsmlg2:NewsMLG2",
    "feedsvc.formats.newsxml.newsml1:NewsML1",
    "feedsvc.formats.wordpress.format:WordPress",
    "feedsvc.formats.syndication.format:Syndication",
    "feedsvc.formats.mail.format:Mail",
    "feedsvc.formats.jsonfiles.digitalwires:DigitalWires",
    "feedsvc.formats.jsonfiles.govuk:GovUk",
    "feedsvc.formats.jsonfiles.jsonfeed:JsonFeed",
    "feedsvc.formats.jsonfiles.ninjs:Ninjs",
    "feedsvc.formats.jsonfiles.article:JsonArticle",
    "feedsvc.formats.wiretext.format:WireText",
    "feedsvc.formats.markdown.format:Markdown",
    "feedsvc.formats.html.format:Html",
    "feedsvc.formats.plaintext.format:PlainText",
)
_BLANKS = re.compile(rb"[\s\x1c-\x1f\x85\xa0\xef\xbb\xbf\xff\xfe\0]*+")
"""All that any format passes over before its first sign."""
_NO_ARTICLES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%PDF-", "a PDF document; save its text, and drop that"),
    (b"\x1f\x8b", "a gzip archive; unpack it, and drop what is inside"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it, and drop what is inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it, and drop what is inside"),
    (b"Rar!", "a RAR archive; unpack it, and drop what is inside"),
    (b"{\\rtf", "an RTF document; save its text, and drop that"),
    (b"OggS", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_PATTERNS = (
    # Their first letters alone could begin a text: "BMW", "ID3".
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), "a BMP picture"),
    (
        re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"),
        "a bzip2 archive; unpack it, and drop what is inside",
    ),
    (re.compile(rb"ID3[\x02-\x04]"), "a sound file"),
    (re.compile(rb"\0.{3}ftyp", re.DOTALL), "a film, sound or picture"),
)


@dataclass(frozen=True)
class Formats:
    """The input formats of this installation, in the order in which they are asked."""

    installed: Sequence[Format]
    plug_ins: Sequence[PlugIn] = ()

    @property
    def marks(self) -> list[str]:
        """What tells these formats from others; a plug-in counts as itself even while it cannot be used."""
        own = [type(one) for one in self.installed if not isinstance(one, Plugged)]
        return [*(one.value for one in self.plug_ins), *(f"{kind.__module__}.{kind.__qualname__}" for kind in own)]

    @property
    def left_out(self) -> list[str]:
        """The plug-ins that cannot be used."""
        return [one.value for one in self.plug_ins if one.trouble]

    def choose(self, data: bytes, path: PurePosixPath) -> Format:
        """The format that reads *data*. Raises NotAnArticle or UnknownFormat with a reason for the operator."""
        kind = _no_article(data)
        if kind:
            for candidate in self.installed:
                if getattr(candidate, "binary", False) and candidate.recognises(data, path):
                    return candidate
            raise NotAnArticle(f"this is no article but {kind}")
        first = _first_sign(data)
        for candidate, begins in self._asked:
            if (not begins or first in begins) and candidate.recognises(data, path):
                return candidate
        chosen = self._by_suffix.get(path.suffix.lower()) or self._by_suffix.get("")
        if chosen is None:
            raise UnknownFormat(f"no input format reads {path.suffix or 'such'} files")
        return chosen

    @cached_property
    def _asked(self) -> list[tuple[Format, bytes]]:
        """The formats, and with which signs their files ``begin``, where that is known: others need not be read."""
        return [(one, b"" if isinstance(one, Plugged) else getattr(one, "begins", b"")) for one in self.installed]

    @cached_property
    def _by_suffix(self) -> dict[str, Format]:
        suffixes: dict[str, Format] = {}
        for installed in self.installed:
            for suffix in sorted(installed.suffixes):
                suffixes.setdefault(suffix, installed)
        return suffixes


def _first_sign(data: bytes) -> bytes:
    """The first byte behind blanks and marks of byte order; empty where there is none, or a character has several."""
    if b"\0" in data[:4] or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return b""
    blanks = _BLANKS.match(data)
    start = blanks.end() if blanks else 0
    return data[start : start + 1]


def formats() -> Formats:
    """The built-in formats and those of plug-ins; a plug-in is asked before any built-in.

    A plug-in that cannot be used is left out, and stands in ``plug_ins`` with the reason.
    """
    built_in = [_load(name) for name in _BUILT_IN]
    names = {one.name.casefold() for one in built_in}
    found = []
    for one in plugins.load(ENTRY_POINTS, _wrong):
        if not one.trouble and one.made.name.casefold() in names:
            found.append(one.refused(f"the name {one.made.name!r} is that of another format"))
            continue
        if not one.trouble:
            names.add(one.made.name.casefold())
        found.append(one)
    return Formats([*(Plugged(one.made) for one in found if not one.trouble), *built_in], tuple(found))


def _wrong(made: Any) -> str:
    if not isinstance(made, Format):
        return "it is no Format: it needs name, suffixes, recognises and parse"
    if not isinstance(made.name, str) or not made.name:
        return f"its name is {made.name!r}, no text"
    if not all(isinstance(suffix, str) and suffix.startswith(".") for suffix in made.suffixes):
        return f"its suffixes are {made.suffixes!r}, not such as frozenset({{'.ini'}})"
    return ""


def _load(name: str) -> Format:
    module, _, attribute = name.partition(":")
    built_in = getattr(importlib.import_module(module), attribute)()
    if not isinstance(built_in, Format):
        raise TypeError(f"{name} is no Format")
    return built_in


_SIGNS = (b"PK", b"\xd0\xcf\x11\xe0", b"BM", b"BZh", b"ID3", b"\0", b"RIFF", *(sign for sign, _ in _NO_ARTICLES))
"""What all of these begin with, but for a tar archive."""


def _no_article(data: bytes) -> str:
    if not data.startswith(_SIGNS) and data[257:262] != b"ustar":
        return ""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return container.told(data)
    if data[257:262] == b"ustar":
        return "a tar archive; unpack it, and drop what is inside"
    for signature, kind in _NO_ARTICLES:
        if data.startswith(signature):
            return kind
    for pattern, kind in _PATTERNS:
        if pattern.match(data):
            return kind
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "a picture, sound or film"
    return ""
