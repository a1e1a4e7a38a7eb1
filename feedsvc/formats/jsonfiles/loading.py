"""JSON from bytes that nobody vouches for: decoded, measured before it is parsed, and refused with a place.

Stricter than RFC 8259 where two readers could understand the same bytes differently: a name that stands twice
in one object is refused (section 4 leaves its meaning open), and so are ``NaN`` and ``Infinity`` (section 6).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from feedsvc import text
from feedsvc.errors import ContentError, ParseError, TooLarge

MAX_DEPTH = 100
"""How deep arrays and objects may nest."""
MAX_BYTES = 8 * 2**20
MAX_TOKENS = 500_000
"""How many strings, arrays and objects one file may hold: a bound on the memory that the values take."""
MAX_DIGITS = 400
"""The longest whole number: beyond it, turning digits into a number gets slow."""

# A string without its end matches to the end of the text and gives no character back: linear on any input.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_COLON = re.compile(r"\s*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The value of a JSON text, and notes on what was guessed (``RawItem.notes``)."""

    value: object
    notes: tuple[str, ...] = ()


class _DuplicateError(ValueError):
    pass


class _BadNumberError(ValueError):
    pass


def load(data: bytes, *, fallback_encoding: str = "cp1252") -> Loaded:
    """The value of the JSON in *data*.

    Raises ParseError with line and column where the bytes are no JSON, TooLarge where they pass a limit.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The JSON has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        decoded = text.decode(_marked(data), fallback=fallback_encoding)
    except text.UndecodableText as error:
        raise ParseError(f"The JSON cannot be read as text: {error}. Save it as UTF-8.", line=error.line) from error
    source = decoded.text
    _measure(source)
    notes = (f"The encoding was guessed as {decoded.encoding}.",) if decoded.guessed else ()
    return Loaded(value=_parse(source), notes=notes)


def peek(data: bytes, *markers: bytes) -> object:
    """The value of the JSON in *data*, None where it is no JSON or holds none of *markers*; never raises.

    For recognising a format: *markers* are lower-case names that it surely has, looked for without regard to
    case before anything is parsed.
    """
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] not in (b"{", b"["):
        return None
    if markers and len(data) <= MAX_BYTES:
        folded = data.replace(b"\0", b"").lower()
        if not any(marker in folded for marker in markers):
            return None
    try:
        return load(data).value
    except ContentError:
        return None


def _marked(data: bytes) -> bytes:
    """*data* with a byte order mark where it is UTF-16 without one (JSON begins with an ASCII character)."""
    if data[:1] in (b"{", b"[") and data[1:2] == b"\0" and data[2:4] != b"\0\0":
        return codecs.BOM_UTF16_LE + data
    if data[:1] == b"\0" and data[1:2] in (b"{", b"["):
        return codecs.BOM_UTF16_BE + data
    return data


def _measure(source: str) -> None:
    depth = 0
    for tokens, match in enumerate(_TOKEN.finditer(source), start=1):
        sign = source[match.start()]
        if sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line, _ = _place(source, match.start())
                raise TooLarge(
                    f"The JSON nests deeper than {MAX_DEPTH} in line {line}; no article does.",
                    line=line,
                )
        elif sign in "]}":
            depth -= 1
        if tokens > MAX_TOKENS:
            raise TooLarge(f"The JSON holds more than {MAX_TOKENS:,} values; divide it into several files.")


def _parse(source: str) -> object:
    try:
        value: object = json.loads(source, object_pairs_hook=_object, parse_constant=_no_number, parse_int=_integer)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ParseError(
            f"The JSON is broken at {where}: {_plainer(error.msg)}. Correct it there, or ask the sender for "
            "a whole file.",
            line=error.lineno,
        ) from error
    except _DuplicateError as error:
        line, column = _place(source, _second(source))
        raise ParseError(
            f"The JSON has the name “{str(error)[:80]}” twice in one object (line {line}, column {column}), "
            "so its meaning is uncertain. Remove one of them.",
            line=line,
        ) from error
    except _BadNumberError as error:
        line, column = _place(source, source.find(str(error)))
        raise ParseError(
            f"The JSON has a number that cannot be used at line {line}, column {column}: {str(error)[:20]}. "
            "Write null, or a number of usual size.",
            line=line,
        ) from error
    except (RecursionError, ValueError, MemoryError) as error:
        raise ParseError("The JSON cannot be read: it is nested too deeply or too large.") from error
    return value


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _DuplicateError(text.one_line(text.xml_safe(name)))
            seen.add(name)
    return made


def _no_number(name: str) -> NoReturn:
    raise _BadNumberError(name)


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _BadNumberError(digits)
    return int(digits)


def _place(source: str, position: int) -> tuple[int, int]:
    """Line and column of *position*, both from 1."""
    position = max(position, 0)
    return source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)


def _second(source: str) -> int:
    """Where the first name stands that its object has already; 0 if it cannot be found."""
    names: list[set[str] | None] = []
    for match in _TOKEN.finditer(source):
        sign = source[match.start()]
        if sign in "[{":
            names.append(set() if sign == "{" else None)
        elif sign in "]}":
            if names:
                names.pop()
        elif names and names[-1] is not None and _COLON.match(source, match.end()):
            name = json.loads(match[0])
            if name in names[-1]:
                return match.start()
            names[-1].add(name)
    return 0


_PLAINER = {
    "Expecting value": "a value is missing there",
    "Expecting ',' delimiter": "a comma is missing there",
    "Expecting ':' delimiter": "a colon is missing there",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing there",
    "Illegal trailing comma before end of object": "a comma stands before the closing brace",
    "Illegal trailing comma before end of array": "a comma stands before the closing bracket",
    "Extra data": "there is more after the end",
    "Unterminated string starting at": "a text that begins there has no closing quote",
    "Invalid control character at": "a line break or control character stands in a text",
    "Invalid \\escape": "a backslash stands before a sign that it does not go with",
    "Invalid \\uXXXX escape": "\\u is not followed by four hexadecimal digits",
}


def _plainer(message: str) -> str:
    return _PLAINER.get(message.rstrip(": "), message)
