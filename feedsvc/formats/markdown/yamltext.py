"""YAML as plain data: a mapping in which every scalar stays the text that was written.

``no``, ``2016-01-29``, ``1e3`` and ``012`` are text here, for what they mean is decided where the key is known.
Aliases, anchors and tags are refused, so nothing can be built, expanded or run. The parser is libyaml's, read
event by event: no node is ever made that was not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedsvc.errors import ParseError, TooLarge
from feedsvc.formats.keys.entries import Value
from feedsvc.text import without_controls

if TYPE_CHECKING:
    from yaml import Event
    from yaml.error import YAMLError

MAX_DEPTH = 20
MAX_VALUES = 10_000

_CORE_TAG = re.compile(r"(?:!|tag:yaml\.org,2002:(?:str|int|float|bool|null|timestamp|seq|map))")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# libyaml refuses a whole document for one of these; no key or value means anything by them.
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPE = re.compile(r"(?i:\\(?:u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})|(ud[89a-f][\da-f]{2})|.))")
"""An escape as JSON writes it. An emoji is two of them there, each half a character, which no YAML may name."""
_KEY_LINE = re.compile(r"([^\s\"'#\[\]{}&*!|>%@`,?:-][^:\n]{0,100}?)[ \t]*:[ \t]+(\S.*)")
_BRACKETS = {"[": "]", "{": "}"}
_NO_BLANK = re.compile(r"(?m)^([ ]*[\w-]{1,60}):(?=[^\s/])")
_FLAT_LINE = re.compile(
    r"([A-Za-z][A-Za-z0-9_]{0,40}): (?:\"([^\"\\\x00-\x1f\x7f-\xa0\u2028\u2029]*)\""
    r"|\[([A-Za-z0-9]+(?:, [A-Za-z0-9]+){0,100})\]"
    r"|([A-Za-z0-9](?:[A-Za-z0-9_./+-]|:(?=[A-Za-z0-9_./+-])| (?=[A-Za-z0-9_./+(])){0,500}))"
)
_LEADING_TAB = re.compile(r"(?m)^[ ]*\t[ \t]*")


class _Broken(Exception):
    """The YAML cannot be read as keys and values; *line* counts from 0 within the block."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Refused(_Broken):
    """The YAML is well-formed and asks for what front matter may not have: no repair is tried."""


def load(block: str, *, first_line: int = 1) -> tuple[dict[str, Value], dict[str, int], list[str]]:
    """Read *block* into its values, the file's line of each top-level key, and notes on what was guessed.

    *first_line* is the file's line on which *block* begins. A value left empty, ``~`` and ``null`` is "". Of a
    key that stands twice the last one counts. A block that is no YAML only because a one-line value should
    have been quoted ("title: Council: the vote") is read as it was meant. Raises ParseError and TooLarge.
    """
    block = without_controls(_UNREADABLE.sub("", block))
    flat = _flat(block, first_line)
    if flat is not None:
        return *flat, []
    try:
        return _read(block, first_line)
    except _Refused as refused:
        raise ParseError(str(refused), line=first_line + refused.line) from None
    except _Broken as broken:
        repaired, notes = _repaired(block, first_line)
        try:
            values, lines, more = _read(repaired, first_line)
        except _Refused as refused:
            raise ParseError(str(refused), line=first_line + refused.line) from None
        except _Broken:
            raise ParseError(str(broken), line=first_line + broken.line) from None
        return values, lines, [*notes, *more]


def _flat(block: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]] | None:
    """The values and lines of a *block* of nothing but ``key: value`` lines that cannot be read in two ways.

    Most front matter is such, and libyaml takes ten times as long for it. None for any other: that is for libyaml.
    """
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(block.splitlines(), start=first_line):
        found = _FLAT_LINE.fullmatch(line)
        if found is None or found[1] in values:
            return None
        key, quoted, listed, plain = found.groups()
        lines[key] = number
        if quoted is not None:
            values[key] = quoted
        elif listed is not None:
            values[key] = ["" if part in _NULLS else part for part in listed.split(", ")]
        else:
            values[key] = "" if plain in _NULLS else plain
    return (values, lines) if values else None


def _read(block: str, first_line: int) -> tuple[dict[str, Value], dict[str, int], list[str]]:
    import yaml

    lines: dict[str, int] = {}
    notes: list[str] = []
    values: dict[str, Value] = {}
    reader = _Reader(yaml.parse(block, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), first_line)
    try:
        event = reader.next()
        while isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            event = reader.next()
        if isinstance(event, yaml.StreamEndEvent):
            return {}, {}, []
        if not isinstance(event, yaml.MappingStartEvent):
            raise _Broken(
                "The front matter is no list of keys. Write each one on a line of its own, as in title: Headline.",
                _line(event),
            )
        reader.check(event)
        for key, line, value in reader.pairs(1):
            if key in values:
                notes.append(f"Line {first_line + line}: the key {key} stands twice; the last one counts.")
            values[key] = value
            lines[key] = first_line + line
        for event in reader.events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _Broken("A second YAML document begins here; front matter has one.", _line(event))
    except yaml.YAMLError as error:
        raise _explained(error) from None
    except (ValueError, RecursionError) as error:
        raise _Broken(f"The YAML front matter cannot be read ({error}).", 0) from None
    return values, lines, notes


class _Reader:
    """Values out of YAML events, bounded in depth and count."""

    def __init__(self, events: Iterator[Event], first_line: int) -> None:
        self.events = events
        self._first_line = first_line
        self._count = 0

    def next(self) -> Event:
        return next(self.events)

    def check(self, event: Event) -> None:
        """Refuse what is not plain data."""
        import yaml

        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                "The front matter uses a YAML anchor or alias (& or *), which is refused. Write the value out, or "
                "put it in quotation marks if the sign is meant as text.",
                line,
            )
        tag = getattr(event, "tag", None)
        if tag and not _CORE_TAG.fullmatch(tag):
            raise _Refused(
                f"The front matter uses the YAML tag {tag[:60]}, which is refused. Leave the tag out, or put the "
                "value in quotation marks if the exclamation mark is meant as text.",
                line,
            )

    def pairs(self, depth: int) -> Iterator[tuple[str, int, Value]]:
        """The keys of the mapping that has just begun, the line of each in the block, and their values."""
        import yaml

        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            self.check(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Broken("A key of the front matter is itself a list or mapping.", _line(event))
            yield event.value, _line(event), self.value(self.next(), depth)

    def value(self, event: Event, depth: int) -> Value:
        import yaml

        self.check(event)
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_VALUES:
            raise TooLarge(
                f"The front matter is nested deeper than {MAX_DEPTH} levels or has more than {MAX_VALUES:,} values. "
                "Keep only the keys that describe the article.",
                line=self._first_line + _line(event),
            )
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and not event.style
            return "" if plain and event.value in _NULLS else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self.value(event, depth + 1))
            return items
        return {key: value for key, _, value in self.pairs(depth + 1)}


def _line(event: Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line


def _explained(error: YAMLError) -> _Broken:
    """libyaml's complaint in words that an editor can act upon, with the line where the trouble begins."""
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    if "quoted scalar" in context:
        mark = getattr(error, "context_mark", None) or mark
        message = "a quotation mark opens here and is not closed properly"
    elif "mapping values are not allowed" in problem:
        message = "a value holds a colon and is not in quotation marks, or a line is indented wrongly"
    elif "cannot start any token" in problem or "found a tab" in problem:
        message = "a value begins with a sign that YAML reserves (@ ` % or a tab); put it in quotation marks"
    elif "simple key" in problem or "simple key" in context:
        message = "a line has no colon after its key"
    else:
        message = f"{context} {problem}".strip()
    return _Broken(
        f"The YAML front matter cannot be read from here: {message}. Correct this line or the one above it.",
        0 if mark is None else mark.line,
    )


def _repaired(block: str, first_line: int) -> tuple[str, list[str]]:
    """*block* with blanks where they belong, and quoted what is a one-line value and no YAML by itself."""
    block = _LEADING_TAB.sub(lambda tab: tab.group().replace("\t", "  "), block.replace("\u00a0", " "))
    block = _ESCAPE.sub(_character, _NO_BLANK.sub(r"\1: ", block))
    lines = block.split("\n")
    notes: list[str] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        match = _KEY_LINE.fullmatch(line.rstrip())
        if match is None or following[:1] in {" ", "\t"} or _readable(line):
            continue
        key, value = match.groups()
        if _runs_on(value, following) or (value[0] in _BRACKETS and _BRACKETS[value[0]] not in value):
            continue
        if value[0] == '"' and '"' not in value[1:]:
            value = value[1:]
        value = value.replace("\t", " ").replace("'", "''")
        lines[number] = f"{key}: '{value}'"
        notes.append(f"Line {first_line + number}: the value of {key} needs quotation marks; it was read as it stands.")
    return "\n".join(lines), notes


def _character(escape: re.Match[str]) -> str:
    """What a pair of halves stands for; nothing for a half alone, and any other *escape* as it is."""
    high, low, half = escape.groups()
    if high:
        return bytes.fromhex(high + low).decode("utf-16-be")
    return "" if half else escape[0]


def _readable(line: str) -> bool:
    try:
        values, _, _ = _read(line, 1)
    except _Broken:
        return False
    # "{{ page.title }}" and the like are read as mappings of mappings; nobody means that on one line.
    return len(values) == 1


def _runs_on(value: str, following: str) -> bool:
    """Whether *value* opens a quotation that is closed on a later line."""
    quote = value[0]
    return quote in "\"'" and quote not in value[1:] and _KEY_LINE.fullmatch(following) is None
