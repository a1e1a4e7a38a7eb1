"""Front matter: the keys and values before the text of a Markdown file.

YAML between lines of ``---``, TOML between lines of ``+++``, a JSON object at the very start, or the plain
``Key: value`` lines of Pelican and MultiMarkdown.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedsvc.errors import ParseError, TooLarge
from feedsvc.formats.keys.entries import Value, fold

MAX_BYTES = 65_536
"""How long front matter may be."""

_MAX_DEPTH = 20
_MAX_PARTS = 500
"""How many names a TOML key may be joined of. More than ``_MAX_DEPTH`` are refused in any case, but reading such a key
takes the square of their number."""
# Metadata must not be published as text for a blank too few or too many, so what a key may look like is wide.
_YAML_KEY = r"[ \t\u00a0]*[\"']?[^\W\d][\w.\-/ ]{0,80}[\"']?[ \t]*:(?!//)"
_TOML_KEY = r"(?:[\w.\"'-]{1,80}[ \t]*=|\[)"
# One line at a time, each ended by exactly one sign, so that no text makes this slow.
_BLANK_OR_COMMENT = r"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n]){0,400}+"
_OPENING = re.compile(
    rf"\s{{0,200}}(?:---[ \t]*[\r\n]{_BLANK_OR_COMMENT}(?:{_YAML_KEY}|---[ \t]*(?:[\r\n]|\Z))"
    rf"|\+\+\+[ \t]*[\r\n]{_BLANK_OR_COMMENT}(?:{_TOML_KEY}|\+\+\+[ \t]*(?:[\r\n]|\Z)))"
)
_FENCES: Mapping[str, re.Pattern[str]] = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_JSON = re.compile(r"\s{0,200}\{\s*(?:\"[^\"\n]{1,100}\"\s*:|\}\s*\n)")
_TOML_LINE = re.compile(r"^[ \t]*(?:\[+[ \t]*)?(\"[^\"\n]+\"|'[^'\n]+'|[\w-]+)[ \t]*[=\].]", re.MULTILINE)
_TOML_QUOTED = re.compile(r"\"(?:[^\"\\\r\n]|\\.)*+\"|'[^'\r\n]*+'")
_TOML_WHERE = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)")
_LOOSE_LINE = re.compile(r"([A-Za-z][\w -]{0,30}):(?:[ \t]+(\S.*)|[ \t]*)")
_LOOSE_KEYS = frozenset({"title", "date", "author", "authors", "slug", "tags", "category", "summary", "status", "lang"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What stands before the text, and the text.

    *kind* is "YAML", "TOML", "JSON", "lines", or empty where there is none. *lines* are the file's lines of the
    top-level keys; *body* begins on line *body_line*.
    """

    kind: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    body: str
    body_line: int = 1
    notes: tuple[str, ...] = ()


def opens(text: str) -> bool:
    """Whether *text* begins with a fence of YAML or TOML front matter and a plausible key. Cheap; never raises.

    The rule between two paragraphs (``---``) is no fence, nor is one before a list.
    """
    return _OPENING.match(text) is not None


def split(text: str) -> FrontMatter:
    """Part *text* (line ends ``\\n``, no BOM) into front matter and body. Raises ParseError and TooLarge."""
    start = len(text) - len(text.lstrip())
    fence = text[start : start + 3]
    if fence in _FENCES and opens(text):
        return _fenced(text, start, fence)
    if fence[:1] == "{" and _JSON.match(text):
        return _json(text, start)
    return _loose(text, start) or FrontMatter(body=text)


def _fenced(text: str, start: int, fence: str) -> FrontMatter:
    line = text.count("\n", 0, start) + 1
    begin = text.find("\n", start) + 1
    end = _FENCES[fence].search(text, begin)
    if end is None:
        raise ParseError(
            f"The front matter opens here with {fence} and is never closed. Put a line of {fence} after its last key.",
            line=line,
        )
    block = text[begin : end.start()]
    _check_size(block, line)
    kind = "YAML" if fence == "---" else "TOML"
    values, lines, notes = _yaml(block, line + 1) if kind == "YAML" else _toml(block, line + 1)
    return FrontMatter(
        kind=kind,
        values=values,
        lines=lines,
        body=text[end.end() + 1 :],
        body_line=text.count("\n", 0, end.end()) + 2,
        notes=tuple(notes),
    )


def _check_size(block: str, line: int) -> None:
    if len(block) > MAX_BYTES or len(block.encode(errors="replace")) > MAX_BYTES:
        raise TooLarge(
            f"The front matter is longer than {MAX_BYTES // 1024} KB. Is its closing line missing? "
            "Keep only the keys that describe the article.",
            line=line,
        )


def _yaml(block: str, line: int) -> tuple[dict[str, Value], dict[str, int], list[str]]:
    from feedsvc.formats.markdown import yamltext

    return yamltext.load(block, first_line=line)


def _toml(block: str, line: int) -> tuple[dict[str, Value], dict[str, int], list[str]]:
    for number, written in enumerate(block.split("\n"), line):
        if written.count(".") > _MAX_PARTS and _TOML_QUOTED.sub("", written).count(".") > _MAX_PARTS:
            raise TooLarge(f"The front matter is nested deeper than {_MAX_DEPTH} levels. Flatten it.", line=number)
    try:
        read = tomllib.loads(block, parse_float=str)
    except (ValueError, RecursionError) as error:
        message = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        place = _TOML_WHERE.search(message)
        at = line + int(place[1]) - 1 if place is not None and place[1] else line
        reason = _TOML_WHERE.sub("", message)
        raise ParseError(
            f"The TOML front matter cannot be read from here: {reason}. Text stands in quotation marks, as in "
            'title = "Headline".',
            line=at,
        ) from None
    lines: dict[str, int] = {}
    for match in _TOML_LINE.finditer(block):
        lines.setdefault(match[1].strip("\"'"), line + block.count("\n", 0, match.start()))
    return _mapping(read, line), {key: lines[key] for key in read if key in lines}, []


def _json(text: str, start: int) -> FrontMatter:
    line = text.count("\n", 0, start) + 1
    block = text[start : start + MAX_BYTES]
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    try:
        read, end = decoder.raw_decode(block)
    except (ValueError, RecursionError) as error:
        if len(text) - start > MAX_BYTES:
            _check_size(text[start:], line)
        reason = f"{error.msg}" if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        at = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise ParseError(
            f"The JSON front matter cannot be read from here: {reason}. Look for a missing quotation mark or comma.",
            line=line + at - 1,
        ) from None
    values = _mapping(read, line)
    lines = {}
    for key in values:
        found = re.search(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", block[:end])
        if found is not None:
            lines[key] = line + block.count("\n", 0, found.start())
    return FrontMatter(
        kind="JSON",
        values=values,
        lines=lines,
        body=text[start + end :],
        body_line=text.count("\n", 0, start + end) + 1,
    )


def _mapping(read: Mapping[str, Any], line: int) -> dict[str, Value]:
    return {key: _as_text(value, line, 1) for key, value in read.items()}


def _as_text(value: Any, line: int, depth: int) -> Value:
    """A value of TOML or JSON as text, or as lists and mappings of text."""
    if depth > _MAX_DEPTH:
        raise TooLarge(f"The front matter is nested deeper than {_MAX_DEPTH} levels. Flatten it.", line=line)
    if isinstance(value, dict):
        return {key: _as_text(part, line, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part, line, depth + 1) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return "" if value is None else str(value)


def _loose(text: str, start: int) -> FrontMatter | None:
    """``Key: value`` lines up to the first blank line, continued by indented ones; None where they are a text."""
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    line = text.count("\n", 0, start)
    position = start
    key = ""
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        written = text[position:end]
        position = end + 1
        line += 1
        if not written.strip():
            break
        if position - start > MAX_BYTES:
            return None
        match = _LOOSE_LINE.fullmatch(written.rstrip())
        if match is not None:
            key = match[1].strip()
            values[key] = match[2] or ""
            lines[key] = line
        elif key and written[0] in " \t":
            values[key] = f"{values[key]} {written.strip()}".strip()
        else:
            return None
    known = {fold(name) for name in values} & _LOOSE_KEYS
    if "title" not in known and len(known) < 2:
        return None
    return FrontMatter(kind="lines", values=values, lines=lines, body=text[position:], body_line=line + 1)
