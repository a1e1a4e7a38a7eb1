"""The text of a mail in plain letters: lines joined as they were before they were sent, and nothing hung on to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.formats.mail import quoted
from feedsvc.formats.mail.edges import closes, is_signature_mark, opens_answered
from feedsvc.formats.mail.quoted import Quoted

_LOOK = 60
_MOST_CLOSING = 20


@dataclass(slots=True)
class Letter:
    """*lines* of a text; the mail *forwarded* in it; whether anything was *cut* off its end, and that by a guess."""

    lines: list[str]
    forwarded: Quoted | None = None
    cut: bool = False
    guessed: bool = False


def read(text: str, *, subject: str = "", flowed: bool = False, delsp: bool = False) -> Letter:
    """The lines of *text* that its writer wrote, or those of the mail that is forwarded in it."""
    lines = unflowed(text, delsp=delsp) if flowed else text.split("\n")
    forwarded, answered, guessed = None, False, False
    for _ in range(quoted.MOST_WITHIN):
        found = quoted.find(lines, subject)
        if found is None:
            break
        answered, guessed = not found.forwarded, found.guessed
        if answered:
            lines = lines[: found.begin]
            break
        forwarded, subject = found, found.fields.get("subject", "")
        lines = [re.sub(r"^> ?", "", line) for line in lines[found.end :]]
    kept = _without_end(_without_top(lines))
    cut = answered or len(kept) < _end(lines, len(lines))
    return Letter(lines=kept, forwarded=forwarded, cut=cut, guessed=guessed)


def unflowed(text: str, *, delsp: bool = False) -> list[str]:
    """The lines of *text* as they were before they were broken (RFC 3676 section 4.2)."""
    lines: list[str] = []
    parts: list[str] = []
    depth_of = 0
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        if parts and depth != depth_of:
            lines.append("".join(parts))
            parts = []
        depth_of = depth
        if is_signature_mark(rest):
            lines += ["".join(parts), "-- "] if parts else ["-- "]
            parts = []
            continue
        if not parts and depth:
            parts.append(">" * depth + " ")
        if rest.endswith(" "):
            parts.append(rest[:-1] if delsp else rest)
        else:
            lines.append("".join([*parts, rest]))
            parts = []
    return [*lines, "".join(parts)] if parts else lines


def _without_top(lines: list[str]) -> list[str]:
    """*lines* without the quoted ones at the top, where the answer stands below them."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    at = below = _attributed(lines, first) if lines else 0
    while at and at < len(lines) and (not lines[at].strip() or _is_quoted(lines[at])):
        at += 1
    return lines[at:] if any(_is_quoted(line) for line in lines[below:at]) and at < len(lines) else lines


def _without_end(lines: Sequence[str]) -> list[str]:
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    end = len(lines)
    for number in range(first + 1, end):
        if is_signature_mark(lines[number]) or _answers(lines, number):
            end = number
            break
    for _ in range(_MOST_CLOSING):
        end = _end(lines, end)
        begin = end
        while begin > first and lines[begin - 1].strip():
            begin -= 1
        if begin <= first or not closes("\n".join(lines[begin:end][:_LOOK])):
            break
        end = begin
    return list(lines[:end])


def _answers(lines: Sequence[str], number: int) -> bool:
    """Whether line *number*, or it and the next one, say who wrote what is quoted below them, to the end."""
    below = _attributed(lines, number)
    after: list[str] = []
    for line in lines[below:][:_LOOK] if below else ():
        if is_signature_mark(line):
            break
        if line.strip():
            after.append(line)
    return bool(below) and (
        lines[number].startswith("--") or (bool(after) and sum(map(_is_quoted, after)) * 2 >= len(after))
    )


def _attributed(lines: Sequence[str], number: int) -> int:
    """The line below those that say who wrote what follows: *number*, or it and the next one; 0 where none does."""
    line = lines[number]
    if len(line) > 300 or not line.strip():
        return 0
    if opens_answered(line):
        return number + 1
    return number + 2 if number + 1 < len(lines) and opens_answered(f"{line} {lines[number + 1][:300]}") else 0


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] == ">"


def _end(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
