"""Markdown to HTML: CommonMark with tables, strikethrough, task lists, footnotes, alerts and bare addresses.

The parser is pulldown-cmark (by pyromark): its time is linear in the text, whatever the text is. Raw HTML passes
through, for all HTML is sanitised later; quotation marks and dashes stay as they were typed.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedsvc.errors import ParseError, TooLarge
from feedsvc.formats.markdown.footnotes import linked

if TYPE_CHECKING:
    from pyromark import Markdown

MAX_DEPTH = 100
"""How many quotations and lists may be opened within one another on a line."""
MAX_HTML = 20_000_000
"""How long the HTML of one text may be, in characters."""
MAX_PARTS = 1_000_000
"""How many words in emphasis, links and other parts one text may have, where they must be looked at one by one."""

_OPENER = r"(?:[ \t]{0,20}(?:>|[*+-](?=[ \t])|\d{1,9}[.)](?=[ \t])))"
# Both begin with the line end before the line: a search for one sign is fast.
_DEEP = re.compile(rf"\n{_OPENER}{{{MAX_DEPTH + 1}}}")
_DEEPISH = re.compile(rf"\n{_OPENER}{{10,{MAX_DEPTH + 1}}}+")
_MAX_DEEPISH = 200_000
_ADDRESS = r"(?:https?://|www\.)[^\s<>`\"\\]{2,2000}"
_BARE = re.compile(rf"(?i)(?<![\w/:.@=\"'-]){_ADDRESS}")
_PUNCTUATION = "?!.,:;*_~'”’»"
_CLOSED = frozenset({"Link", "Image", "CodeBlock"})
_ANCHOR = re.compile(r"(?i)<(/?)a[\s>]")


# A feed has no forms: the boxes of a task list are shown as signs.
_BOXES = (
    ('<input disabled="" type="checkbox" checked=""/>\n', "☑ "),
    ('<input disabled="" type="checkbox"/>\n', "☐ "),
)
_ALIGNED = re.compile(r'<(t[dh]) style="text-align: (left|center|right)">')


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block at the top level of a text: where it stands, in bytes, and its words as plain text.

    *kind* is "heading" (of *level* 1 to 6), "paragraph", "html", "rule" or "other". *pictures* counts the images;
    what they show is no part of *text*.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    text: str = ""
    pictures: int = 0


def to_html(text: str) -> str:
    """*text*, Markdown, as HTML that is not yet sanitised. Raises TooLarge."""
    _check(text)
    with _guarded():
        html = _markdown().html(_with_links(text))
    if len(html) > MAX_HTML:
        raise TooLarge(
            f"The text makes more than {MAX_HTML // 1_000_000} MB of HTML. Split it, or take out what repeats."
        )
    if "<input " in html:
        for box, sign in _BOXES:
            html = html.replace(box, sign)
    if ' style="' in html:
        html = _ALIGNED.sub(r'<\1 align="\2">', html)
    return linked(html)


def to_plain(text: str) -> str:
    """The words of a short Markdown *text*, without its markup, on one line."""
    return " ".join(block.text for block in blocks(text.strip()) if block.text)


def blocks(text: str) -> Iterator[Block]:
    """The top-level blocks of *text*, read only as far as they are asked for. Raises TooLarge."""
    _check(text)
    return _blocks(text)


def code_ranges(text: str) -> list[tuple[int, int]]:
    """Where code stands in *text*, fenced, indented or within a line: pairs of character positions, in order."""
    if "`" not in text and "~~~" not in text and "    " not in text and "\t" not in text:
        return []
    _check(text)
    found: list[tuple[int, int]] = []
    for event, place in _events(text):
        if isinstance(event, dict) and ("Code" in event or _started(event)[0] == "CodeBlock"):
            found.append((place["start"], place["end"]))
    return _characters(text, found)


@functools.cache
def _markdown() -> Markdown:
    """The parser with its settings; it holds no state and may be shared between threads."""
    from pyromark import Markdown, Options

    return Markdown(
        options=Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_GFM
        | Options.ENABLE_HEADING_ATTRIBUTES
    )


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """A panic of the parser (of a kind that no ``except Exception`` catches) is an error of the one file."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ParseError("The Markdown parser failed on this text. Simplify it, or save it as plain text.") from None


def _check(text: str) -> None:
    """Refuse what would take much memory, or make much and deep HTML of few signs."""
    if len(text) > MAX_PARTS and sum(text.count(sign) for sign in "[]*_~`!<&|") > MAX_PARTS:
        raise TooLarge(f"The text has more than {MAX_PARTS:,} signs of markup. Split it, or take out what repeats.")
    deepish = 0
    lines = "\n" + text
    for match in _DEEPISH.finditer(lines):
        deepish += match.end() - match.start()
        if deepish > _MAX_DEEPISH or _DEEP.match(lines, match.start()):
            raise TooLarge(
                f"Quotations or lists are nested deeper than {MAX_DEPTH} levels, or too often. Take out some of the "
                "> and list signs at the beginning of the line.",
                line=lines.count("\n", 0, match.start()) + 1,
            )


def _events(text: str) -> Iterator[tuple[Any, Any]]:
    with _guarded():
        for count, pair in enumerate(_markdown().events_with_range(text)):
            if count > MAX_PARTS:
                raise TooLarge(f"The text has more than {MAX_PARTS:,} parts. Split it, or take out what repeats.")
            yield pair


def _started(event: Any) -> tuple[str, Any]:
    """The name and the details of what begins with *event*; empty where nothing begins."""
    start = event.get("Start") if isinstance(event, dict) else None
    if start is None:
        return "", None
    if isinstance(start, str):
        return start, None
    name, details = next(iter(start.items()))
    return name, details


def _ended(event: Any) -> str:
    """The name of what ends with *event*; empty where nothing ends."""
    end = event.get("End") if isinstance(event, dict) else None
    return end if isinstance(end, str) else next(iter(end)) if end is not None else ""


def _blocks(text: str) -> Iterator[Block]:
    depth = showing = 0
    kind, level, pictures = "", 0, 0
    words: list[str] = []
    for event, place in _events(text):
        name, details = _started(event)
        if name:
            if depth == 0:
                kind = {"Heading": "heading", "Paragraph": "paragraph", "HtmlBlock": "html"}.get(name, "other")
                level = int(details["level"][1:]) if name == "Heading" else 0
                pictures, words = 0, []
            depth += 1
            if name == "Image":
                pictures += 1
                showing += 1
        elif isinstance(event, dict) and "End" in event:
            depth -= 1
            showing -= _ended(event) == "Image"
            if depth == 0:
                plain = " ".join("".join(words).split())
                yield Block(
                    kind=kind, start=place["start"], end=place["end"], level=level, text=plain, pictures=pictures
                )
        elif isinstance(event, dict) and not showing:
            words.extend(event[part] for part in ("Text", "Code", "Html") if part in event)
        elif event == "Rule" and depth == 0:
            yield Block(kind="rule", start=place["start"], end=place["end"])
        elif isinstance(event, str):
            words.append(" ")


def _with_links(text: str) -> str:
    """*text* with each bare web address in ``<>``, as the autolinks of GitHub Flavored Markdown section 6.9."""
    if not any(_is_bare(text, start) for start in ("http://", "https://", "www.") if start in text):
        return text
    encoded = text.encode()
    parts: list[bytes] = []
    done = inside = 0
    for event, place in _merged(text):
        name, _ = _started(event)
        if name in _CLOSED:
            inside += 1
        elif _ended(event) in _CLOSED:
            inside -= 1
        elif isinstance(event, dict) and "InlineHtml" in event:
            if anchor := _ANCHOR.match(event["InlineHtml"]):
                inside = max(0, inside + (-1 if anchor[1] else 1))
        elif isinstance(event, dict) and "Text" in event and not inside:
            source = encoded[place["start"] : place["end"]].decode()
            linked = _BARE.sub(_linked, source)
            if linked != source:
                parts += [encoded[done : place["start"]], linked.encode()]
                done = place["end"]
    parts.append(encoded[done:])
    return b"".join(parts).decode()


def _is_bare(text: str, start: str) -> bool:
    """Whether an address that begins with *start* may stand outside links and their definitions in *text*."""
    if text.count(start) == text.count(f"]({start}"):
        return False
    at = text.find(start)
    while at >= 0:
        before = text[max(0, at - 3) : at]
        if not before.endswith(("](", "]: ", "<", '"', "'", "=", "/")):
            return True
        at = text.find(start, at + 1)
    return False


def _merged(text: str) -> Iterator[tuple[Any, dict[str, int]]]:
    """The events of *text*, pieces of text that touch made one, for an address may be cut at a ``_`` or ``*``."""
    start = end = -1
    for event, place in _events(text):
        if isinstance(event, dict) and "Text" in event:
            if place["start"] != end:
                if end >= 0:
                    yield {"Text": ""}, {"start": start, "end": end}
                start = place["start"]
            end = place["end"]
            continue
        if end >= 0:
            yield {"Text": ""}, {"start": start, "end": end}
            end = -1
        yield event, place
    if end >= 0:
        yield {"Text": ""}, {"start": start, "end": end}


def _linked(match: re.Match[str]) -> str:
    """An address in ``<>``, the punctuation at its end left outside."""
    address = match[0]
    spare = address.count(")") - address.count("(")
    while address and (address[-1] in _PUNCTUATION or (address[-1] == ")" and spare > 0)):
        spare -= address[-1] == ")"
        address = address[:-1]
    rest = match[0][len(address) :]
    host = re.split(r"[/?#:]", re.sub(r"(?i)^https?://", "", address), maxsplit=1)[0]
    if "." not in host.removeprefix("www.").strip(".") or "[" in address or "]" in address:
        return match[0]
    if address[:4].lower() == "www.":
        return f"[{address}](<http://{address}>){rest}"
    return f"<{address}>{rest}"


def _characters(text: str, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges of bytes of the encoded *text* as ranges of its characters."""
    if text.isascii():
        return ranges
    encoded = text.encode()
    found = []
    at_byte = at_character = 0
    for start, end in ranges:
        begin = at_character + len(encoded[at_byte:start].decode())
        at_byte, at_character = end, begin + len(encoded[start:end].decode())
        found.append((begin, at_character))
    return found
