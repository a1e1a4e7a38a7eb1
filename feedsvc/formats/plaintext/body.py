"""The body of a text as paragraphs, and paragraphs as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from feedsvc.formats.plaintext import tables
from feedsvc.formats.plaintext.lines import Line, is_spaceless, joined
from feedsvc.formats.wording import sentences

_BULLET = re.compile(r"(?:[-*] |[•‣◦▪●■]\s*)(?=\S)")
_NUMBERED = re.compile(r"[(（]?(?P<number>\d{1,2})(?:[.)]\s{1,4}|[）、．]\s{0,4})(?=\S)")
_RULE = re.compile(r"(?:[-_*=~#–—•·.]\s?){3,80}")
_ADDRESS = re.compile(r"(?i:https?)://[^\s<>\"“”«»`{}|\\^]{1,2000}")
_AFTER_ADDRESS = ".,;:!?'’‘…*_"
_NARROWEST_WRAP = 40  # below it stands verse
_WIDEST_WRAP = 120
_HEADING = 80
_LONGEST_ITEM = 6
_FEWEST_UNSTOPPED = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its *text* on one line, the number of its first *line*, and whether a *gap* is before it.

    *rows* are its lines where they are those of a table.
    """

    text: str
    line: int
    gap: bool = True
    rows: Sequence[Line] = ()


def paragraphs(lines: Sequence[Line], *, wrapped: bool | None = None) -> list[Paragraph]:
    """The paragraphs of *lines*.

    In a *wrapped* text (None: look whether it is one) a blank line, an indent or a bullet opens a paragraph;
    in any other each line is one. The lines of a table stay together.
    """
    apart = tables.found(lines)
    if apart:
        if wrapped is None:
            inside = {index for table in apart for index in table}
            wrapped = is_wrapped([line for index, line in enumerate(lines) if index not in inside])
        parts: list[Paragraph] = []
        end = 0
        for table in apart:
            rows = lines[table.start : table.stop]
            parts += _running(lines[end : table.start], wrapped=wrapped)
            parts.append(Paragraph(joined(rows), rows[0].number, rows[0].gap, rows))
            end = table.stop
        return [*parts, *_running(lines[end:], wrapped=wrapped)]
    return _running(lines, wrapped=wrapped)


def _running(lines: Sequence[Line], *, wrapped: bool | None) -> list[Paragraph]:
    """The paragraphs of *lines*, none of which is a row of a table."""
    if not (is_wrapped(lines) if wrapped is None else wrapped):
        return [Paragraph(line.text, line.number, line.gap) for line in lines]
    base = min((line.indent for line in lines), default=0)
    listed = numbered([line.text for line in lines], apart=_LONGEST_ITEM)
    found: list[Paragraph] = []
    block: list[Line] = []
    for index, line in enumerate(lines):
        if block and (line.gap or index in listed or _opens(line, base, block[-1])):
            found.append(Paragraph(joined(block), block[0].number, block[0].gap))
            block = []
        block.append(line)
    if block:
        found.append(Paragraph(joined(block), block[0].number, block[0].gap))
    return found


def is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether *lines* were broken to a width: most breaks fall within a sentence, where the next word had no room."""
    widths = sorted(len(line.text) + line.indent for line in lines)
    width = widths[len(widths) * 19 // 20] if widths else 0
    narrowest = 20 if lines and is_spaceless(lines[0].text[-1]) else _NARROWEST_WRAP
    if not narrowest <= width <= _WIDEST_WRAP:
        return False
    base = min(line.indent for line in lines)
    breaks = [(one, other) for one, other in pairwise(lines) if not other.gap and not _opens(other, base, one)]
    within = [(one, other) for one, other in breaks if not sentences.ends(one.text)]
    if sentences.unstopped(lines[0].text):
        full = sum(1 for one, _ in within if (len(one.text) + one.indent) * 5 >= width * 4)
        return len(within) >= _FEWEST_UNSTOPPED and full * 4 >= len(within) * 3
    if len(within) * 10 < len(breaks) * 4 or not within:
        return False
    full = sum(1 for one, other in within if len(one.text) + one.indent + 1 + _first_word(other.text) > width)
    lower = sum(1 for _, other in within if other.text[0].islower())
    return full * 10 >= len(within) * 6 or (width >= 50 and lower * 10 >= len(within) * 4)


def _first_word(text: str) -> int:
    return len(text.split(None, 1)[0])


def numbered(texts: Sequence[str], *, apart: int = 1) -> set[int]:
    """The indexes of *texts* that are items of numbered lists: they count 1, 2 … and stand at most *apart* apart."""
    found: set[int] = set()
    run: list[int] = []
    for index, text in enumerate([*texts, ""]):
        sign = _NUMBERED.match(text[:12])
        number = int(sign["number"]) if sign is not None and len(text) > sign.end() else 0
        if run and number == len(run) + 1 and index - run[-1] <= apart:
            run.append(index)
        elif number == 1 or (run and index - run[-1] >= apart):
            if len(run) > 1:
                found.update(run)
            run = [index] if number == 1 else []
    return found | (set(run) if len(run) > 1 else set())


def _opens(line: Line, base: int, before: Line) -> bool:
    if _BULLET.match(line.text) or _RULE.fullmatch(line.text[:200]):
        return True
    return line.indent >= base + 2 and not (_BULLET.match(before.text) or line.indent == before.indent > base + 8)


def to_html(found: Sequence[Paragraph]) -> str:
    """*found* as HTML: ``p``, ``ul`` for runs of bullets, ``ol`` for runs that count from 1, ``h2``, ``hr``.

    ``h2`` are lines that are sub-heads, ``hr`` rules.
    """
    parts: list[str] = []
    listing = ""
    numbers = numbered([paragraph.text for paragraph in found])
    for index, paragraph in enumerate(found):
        rule = _RULE.fullmatch(paragraph.text[:200])
        bullet = _NUMBERED.match(paragraph.text) if index in numbers else None
        kind = "ol" if bullet is not None else "ul"
        bullet = bullet or (None if rule else _BULLET.match(paragraph.text))
        if listing and (bullet is None or kind != listing or _begins_anew(bullet, listing)):
            parts.append(f"</{listing}>")
            listing = ""
        if bullet is not None:
            if not listing:
                parts.append(f"<{kind}>")
            parts.append(f"<li>{_inline(paragraph.text[bullet.end() :])}</li>")
        elif paragraph.rows:
            parts.append(tables.to_html(paragraph.rows))
        elif rule is not None:
            parts.append("<hr>")
        elif _is_heading(found, index):
            parts.append(f"<h2>{_inline(paragraph.text)}</h2>")
        else:
            parts.append(f"<p>{_inline(paragraph.text)}</p>")
        listing = kind if bullet is not None else ""
    if listing:
        parts.append(f"</{listing}>")
    return "\n".join(parts)


def _begins_anew(bullet: re.Match[str], listing: str) -> bool:
    return listing == "ol" and int(bullet["number"]) == 1


def _is_heading(found: Sequence[Paragraph], index: int) -> bool:
    """A short line without a stop, between the paragraphs of a text, above one that is longer."""
    text = found[index].text
    if not 0 < index < len(found) - 1 or len(text) > _HEADING or len(text.split()) > 12:
        return False
    following = found[index + 1].text
    return (
        (text[-1].isalnum() or text[-1] in "?)’”'\"")
        and not text[0].islower()
        and text[0].isalnum()
        and ": " not in text[:20]
        and not sentences.holds(text.rstrip("?"))
        and ((len(following) > len(text) and sentences.ends(following)) or _BULLET.match(following) is not None)
        and sentences.ends(found[index - 1].text)
    )


def _inline(text: str) -> str:
    """*text* escaped for HTML, with the http(s) addresses in it as links."""
    if "://" not in text:
        return html.escape(text, quote=False)
    parts: list[str] = []
    end = 0
    for address in _ADDRESS.finditer(text):
        url = _trimmed(address.group())
        if len(url.partition("://")[2]) < 3 or "." not in url:
            continue
        parts.append(html.escape(text[end : address.start()], quote=False))
        parts.append(f'<a href="{html.escape(url)}">{html.escape(url, quote=False)}</a>')
        end = address.start() + len(url)
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def _trimmed(url: str) -> str:
    """*url* without the signs that belong to the sentence around it."""
    while True:
        shorter = url.rstrip(_AFTER_ADDRESS)
        if shorter.endswith((")", "]")) and shorter.count(shorter[-1]) > shorter.count("(["[shorter[-1] == "]"]):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter
