"""Tables within a text: lines whose columns blanks or semicolons part. Joined to paragraphs nobody could read them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from feedsvc.formats.plaintext.lines import Line

_FEWEST = 3
_MOST_BETWEEN = 1
_LONGEST = 400
_LONGEST_CELL = 40
_GAP = re.compile(r"(?<![\s.!?:,;”\"’]) {2,}(?=\S)|(?<=[^\s]) {3,}(?=\S)|(?<=\S) ?\t+ *(?=\S)")
_TWO = re.compile(r"\d[^.)]{0,14} {3,}\S.{0,40}")  # "1 - 742   Kelp 22.02", and no item of a list
_SIGNS = frozenset("-–—_*")


def found(lines: Sequence[Line]) -> list[range]:
    """Where tables stand in *lines*: indexes of lines that belong to one, in order.

    At least three rows. The line above the first is one of them where it has columns, and so is a line between two.
    """
    tables: list[range] = []
    kinds = [_kind(line.text) for line in lines]
    begin = 0
    while begin < len(lines):
        if not kinds[begin]:
            begin += 1
            continue
        last = begin
        for index in range(begin + 1, len(lines)):
            if lines[index].gap or index - last > _MOST_BETWEEN + 1:
                break
            if kinds[index] == kinds[begin]:
                last = index
        above = begin - 1
        free = above >= (tables[-1].stop if tables else 0)
        headed = free and not lines[begin].gap and len(_GAP.findall(lines[above].text[:_LONGEST])) >= _FEWEST - 1
        if sum(kind == kinds[begin] for kind in kinds[begin : last + 1]) + headed >= _FEWEST:
            tables.append(range(above if headed else begin, last + 1))
        begin = last + 1
    return tables


def to_html(lines: Sequence[Line]) -> str:
    """The table in *lines*: as ``table`` where semicolons part its cells, else as ``pre`` with its blanks."""
    if ";" in lines[-1].text and _kind(lines[-1].text) == ";":
        rows = "\n".join(f"<tr>{''.join(map(_cell, line.text.split(';')))}</tr>" for line in lines)
        return f"<table>\n{rows}\n</table>"
    base = min(line.indent for line in lines)
    return (
        "<pre>"
        + "\n".join(" " * (line.indent - base) + html.escape(line.text, quote=False) for line in lines)
        + "</pre>"
    )


def _cell(text: str) -> str:
    return f"<td>{html.escape(text.strip(), quote=False)}</td>"


def _kind(text: str) -> str:
    """What parts the cells of *text*, a row of a table: ``;`` or a blank; empty where it is none."""
    if len(text) > _LONGEST or not ("  " in text or "\t" in text or ";" in text):
        return ""  # as nearly always
    if text.count(";") >= _FEWEST and all(len(cell) <= _LONGEST_CELL for cell in text.split(";")):
        return "" if "; " in text else ";"
    cells = _GAP.sub("\t", text).split("\t")
    if len(cells) < _FEWEST and not (len(cells) > 1 and _TWO.fullmatch(text)):
        return ""
    figures = sum(_SIGNS.issuperset(cell) or any(sign.isdigit() for sign in cell) for cell in cells)
    return " " if figures * 2 >= len(cells) else ""
