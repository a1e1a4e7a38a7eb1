"""The text of a mail in plain letters: lines joined as they were before they were sent, and nothing hung on to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from feedsvc.formats.mail.edges import FORWARDED, closes, is_signature_mark, opens_answered
from feedsvc.text import one_line

_FIELD = re.compile(r"[ \t>*]{0,4}([A-Za-zÀ-ÿ-]{2,20})\*?[ \u00a0]?:\*?[ \t]+(\S[^\n]{0,500})")
_FIELDS = {
    "from": "from", "von": "from", "de": "from", "da": "from", "van": "from",
    "date": "date", "sent": "date", "datum": "date", "gesendet": "date", "envoyé": "date", "fecha": "date",
    "data": "date",
    "subject": "subject", "betreff": "subject", "objet": "subject", "asunto": "subject", "oggetto": "subject",
    "to": "to", "an": "to", "à": "to", "para": "to", "a": "to", "cc": "to", "reply-to": "to",
}  # fmt: skip
_LOOK = 60
_MOST_CLOSING = 20


@dataclass(slots=True)
class Letter:
    """*lines* of a text; the *fields* of a mail that it forwards; and whether anything was *cut* off its end."""

    lines: list[str]
    fields: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


def read(text: str, *, flowed: bool = False, delsp: bool = False) -> Letter:
    """The lines of *text* that its writer wrote."""
    lines = unflowed(text, delsp=delsp) if flowed else text.split("\n")
    fields, lines = _forwarded(lines)
    kept = _without_end(lines)
    return Letter(lines=kept, fields=fields, cut=len(kept) < _end(lines, len(lines)))


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


def _forwarded(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The header of the mail that begins here as a forwarded one, and the lines below it."""
    mark = next((n for n, line in enumerate(lines[:_LOOK]) if FORWARDED.fullmatch(line[:100].strip(" >*"))), -1)
    if mark < 0:
        return {}, list(lines)
    fields: dict[str, str] = {}
    at = mark + 1
    while at < len(lines):
        found = _FIELD.match(lines[at])
        name = _FIELDS.get(found[1].lower(), "") if found else ""
        if found and name:
            fields.setdefault(name, one_line(found[2]).strip("* "))
        elif not lines[at].strip(" >"):
            if fields:
                break
        elif not (fields and lines[at].startswith((" ", "\t"))):
            break
        at += 1
    if "from" not in fields:
        return {}, list(lines)
    return fields, [re.sub(r"^> ?", "", line) for line in lines[at:]]


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
    """Whether line *number* and the next one say who wrote the text that is quoted below them."""
    line = lines[number]
    if len(line) > 300 or not line.strip():
        return False
    above = opens_answered(line)
    if not above and not (number + 1 < len(lines) and opens_answered(f"{line} {lines[number + 1][:300]}")):
        return False
    after = [one for one in lines[number + 1 :][:_LOOK] if one.strip()]
    return line.startswith("--") or (bool(after) and sum(one.lstrip()[:1] == ">" for one in after) * 2 >= len(after))


def _end(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
