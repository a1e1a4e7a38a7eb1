"""IPTC 7901: ``SOH eca062 4 i 211 … dpa 061``, a line of keywords, STX, a headline that ``=`` ends, the text, ETX."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.base import RawCategory, RawItem
from feedsvc.formats.plaintext import embargoes
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wiretext import copytext, marks, times, withdrawals
from feedsvc.formats.wiretext.messages import IPTC_HEAD, Message
from feedsvc.formats.wording import bylines, sentences

_SENDER = re.compile(
    r"(?<!\S)(?P<agency>[A-Za-z]{2,5}(?:-[A-Za-z]{2,4})?)\s+(?P<id>[\d-]{2,20})(?:#(?P<version>\d{1,4}))?(?!\S)"
)
_SLASHED = re.compile(r"/(?P<agency>[A-Z]{2,6})-(?P<id>[A-Z]{1,4}\d{1,4})(?!\S)")
_BY = re.compile(r"(?:By|Von|Par|Por|Di)\s+\S")
_SLUG = re.compile(r"[^\W\d_][\w'’.]{0,40}(?:-[\w'’.]{1,40}){1,8}")
_HEAD_LINES = 10
_MOST_NAMES = 12
_WHERE = "head of the message"


def head_of(message: Message) -> re.Match[str] | None:
    """The head of an IPTC 7901 message; None where it has none."""
    for field in message.fields[:3]:
        if field:
            return IPTC_HEAD.fullmatch(field.strip())
    return None


def read(message: Message, head: re.Match[str]) -> list[RawItem]:
    """The article of *message*, or what it takes back. Raises NotAnArticle where it is neither."""
    draft = TextDraft(message.line)
    lines = list(message.lines)
    agency, own, version = _sender(head["more"] or "")
    keywords = [field for field in message.fields if field and IPTC_HEAD.fullmatch(field) is None]
    if not keywords and lines and "/" in lines[0].text and lines[0].text.endswith("/") and " =" not in lines[0].text:
        keywords.append(lines.pop(0).text)
    if not keywords and _stands_apart(lines):
        keywords.append(lines.pop(0).text)
    moment = times.sent(message.tail) or next((one for line in lines[-3:] if (one := times.sent(line.text))), None)
    day = moment.day if moment else ""
    number = f"{head['service']}{head['number']}"
    copytext.put_sent(draft, moment, "time of transmission")
    draft.put("urgency", head["priority"], _WHERE)
    draft.put("codes", (head["category"], head["service"]), _WHERE)
    slug = " ".join(keywords).strip(" /")
    draft.put("slug", slug, "keywords")
    terms = [term.strip() for term in slug.split("/") if term.strip()]
    signs = [term for term in terms if marks.is_mark(term) or marks.kills(term)]
    tags = dict.fromkeys(term for term in terms if term not in signs)
    draft.put("categories", tuple(RawCategory(term=term) for term in tags), "keywords")
    if own and len(own) > 6:  # a number of the agency's own, which later versions keep
        draft.put("id", f"wire/{agency.lower()}/{own}", _WHERE)
        draft.put("version", version, _WHERE)
    elif day and head["number"].strip("0"):
        draft.put("id", withdrawals.known_as(number, day), _WHERE)
    title, marked, rest = _headline(lines, draft)
    if len(title) == 1 and _SLUG.fullmatch(title[0].text) and len(rest) > 1 and _is_title(rest[0], rest[1]):
        draft.put("slug", title[0].text, at(title[0], "slug"))
        draft.put("categories", tuple(RawCategory(term=term) for term in title[0].text.split("-")), "slug")
        title, rest = rest[:1], rest[1:]
    said = [*signs, *(line.text.strip("= ") for line in (*marked, *title)), *(line.text for line in rest[:2])]
    if any(marks.kills(one) for one in said):
        refs = withdrawals.numbers_in(" ".join(line.text for line in message.lines), like=head["service"])
        return withdrawals.items(message, named=[one for one in refs if one != number.lower()], day=day)
    signs += [line.text for line in marked]
    draft.put("version", str(max(map(marks.version, signs), default=0) or ""), _WHERE)
    copytext.refuse_take(max(map(marks.take, signs), default=0), of=slug or number, line=message.line)
    copytext.put_title(draft, title)
    copytext.fill(draft, rest, agency=agency)
    if "withdrawal" in draft:
        return withdrawals.items(message, named=withdrawals.numbers_in(" ".join(said), like=head["service"]), day=day)
    return [draft.item("wire message")]


def _sender(more: str) -> tuple[str, str, str]:
    """The agency that the head names, its own number of the text, the version of that; each may be empty."""
    found = _SENDER.search(more)
    if found is not None:
        return found["agency"], found["id"], found["version"] or ""
    found = _SLASHED.search(more)
    return (found["agency"], found["id"], "") if found is not None else ("", "", "")


def _headline(lines: Sequence[Line], draft: TextDraft) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines of the headline, the marks around it, and the text below; bylines and notes go into *draft*."""
    end = _head_end(lines)
    title: list[Line] = []
    marked: list[Line] = []
    rest: list[Line] = []
    ended = any(line.text.endswith("=") for line in lines[:end])
    closed = False
    for line in lines[:end]:
        text = line.text.rstrip("= ").strip()
        credit = bylines.read(text) if text else None
        if not text:
            continue
        if embargoes.put(draft, line._replace(text=text)):
            continue
        if marks.is_note(text):
            rest.append(line._replace(text=text, gap=True))
        elif marks.is_mark(text):
            marked.append(line)
            draft.put_editors_note(text, at(line))
        elif title and (
            (closed and (_BY.match(text) or (credit is not None and credit.byline)))
            or (line.text.endswith("=") and _signs(text))
        ):
            draft.put("byline", credit.byline if credit is not None else text, at(line))
            draft.put("agency", credit.agency if credit is not None else "", at(line))
        else:
            title.append(line._replace(text=text))
            closed = line.text.endswith("=") or not ended
    return title, marked, [*rest, *(line._replace(gap=True) for line in lines[end : end + 1]), *lines[end + 1 :]]


def _stands_apart(lines: Sequence[Line]) -> bool:
    """Whether the first line is one of keywords: a gap parts it from a headline that ``=`` ends."""
    if len(lines) < 2 or not lines[1].gap or lines[0].text.endswith("="):
        return False
    first = lines[0].text
    if marks.is_mark(first) or marks.is_note(first) or marks.kills(first) or _BY.match(first):
        return False
    return any(line.text.endswith("=") for line in lines[1 : _end_of_block(lines)])


def _end_of_block(lines: Sequence[Line]) -> int:
    """The index of the line, below the second, that a gap parts from those above it."""
    return next((index for index, line in enumerate(lines[2:_HEAD_LINES], start=2) if line.gap), _HEAD_LINES)


def _signs(text: str) -> bool:
    """Whether the last line of a headline, which ``=`` ends, names who wrote: ``By nlp correspondents``."""
    return _BY.match(text) is not None and 3 <= len(text.split()) <= _MOST_NAMES


def _is_title(line: Line, following: Line) -> bool:
    """Whether *line*, below a slug, is the headline: it stands alone, and neither opens nor is the text."""
    return following.gap and copytext.lead_of(line.text) is None and not sentences.ends(line.text)


def _head_end(lines: Sequence[Line]) -> int:
    """The index of the first line of the text: below the last line that ``=`` ends, or above the lead."""
    end = 0
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if line.text.endswith("="):
            end = index + 1
    if end:
        while end < len(lines) and (credit := bylines.read(lines[end].text)) is not None and credit.byline:
            end += 1
        return end
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if copytext.lead_of(line.text) is not None or (index and (line.gap or line.indent >= lines[0].indent + 2)):
            return index
        if index and sentences.ends(line.text):
            return 1
    return min(1, len(lines))
