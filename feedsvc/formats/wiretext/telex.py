"""Messages between ``ZCZC`` and ``NNNN``: fields by one sign each, or lines of routing above a headline and a text.

::

    ZCZC NLA               ZCZC
    %A                     NLA-12
    #Harbour               HARBOUR-ICE
    $Harbour frozen over   Harbour frozen over
    :(WRENMOUTH)           WRENMOUTH, March 5, 2026 (NLA) - …
    …                      NLA/AM/1912hrs
    NNNN                   NNNN
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import days, embargoes
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wiretext import copytext, marks, times, withdrawals
from feedsvc.formats.wiretext.messages import Message
from feedsvc.formats.wording import bylines, furniture, sentences

_SIGNED = re.compile(r"(?P<sign>[%#$:&*@=^+~!])\s?(?P<value>\S.*)?")
_OPENING = re.compile(r"ZCZC\b\s*(?P<rest>.{0,80})")
_NUMBER = re.compile(r"\.?(?:[A-Z]{2,10} )?(?P<letters>[A-Z]{2,5})[- ]?(?P<digits>\d{1,4})", re.IGNORECASE)
_NUMBERED = re.compile(r"[A-Z]{2,5}-?\d{1,4}(?: [A-Z0-9]{1,8}){1,6}")  # "NLW0451 4 2 240 TOWN"
_ROUTING = re.compile(r"(?:[A-Z0-9]{1,4}(?: [A-Z0-9]{1,5}){0,8}|\.[A-Z]{2,12}(?: [A-Z]{2,5}\d{1,4})?|[/.:]\S{1,30})")
_SLUG = re.compile(r"[A-Z0-9][\w.'’&]*(?:[-/–=]+[\w.'’&]+(?: [A-Z0-9&]+){0,3})+[-=]?|[A-Z]{3,20}[-=]")
_NAVTEX = re.compile(r"[A-Z]{2}\d\d")
_SIGNS = {"#": "slug", "$": "title", "^": "title", ":": "dateline"}
_FIELD = re.compile(r"[A-Z]\w{2,15}\s?:\s?\S.{0,60}")
_SET = re.compile(r"\s?\.?[<=]!$")  # "WEIGHTS<!", "1400M .=!": ends of lines for a typesetter
_HEAD = 14
_LONGEST_TITLE = 150
_LONGEST_DAY = 40


def read(message: Message) -> list[RawItem]:
    """The article of *message*, or what it takes back. Raises NotAnArticle where it is neither."""
    draft = TextDraft(message.line)
    lines = [line._replace(text=_SET.sub("", line.text)) for line in message.lines if line.text not in ("NNNN", "nnnn")]
    sender = ""
    opening = _OPENING.fullmatch(lines[0].text) if lines else None
    if opening is not None:
        sender = opening["rest"].strip()
        lines = lines[1:]
    if not lines:
        raise NotAnArticle("This message has no text between ZCZC and NNNN.", line=message.line)
    moment = next((one for line in (*lines[:_HEAD], *lines[-3:]) if (one := times.sent(line.text))), None)
    day = moment.day if moment else ""
    copytext.put_sent(draft, moment, "time of transmission")
    killing = any(marks.kills(line.text) for line in lines[:6])
    lines = copytext.without_desk(lines, draft, agency=sender) or lines
    if len(lines) > 1 and _SIGNED.fullmatch(lines[1].text) and _ROUTING.fullmatch(lines[0].text[:80]):
        lines = lines[1:]
    if _SIGNED.fullmatch(lines[0].text):
        agency = sender if sender.isalpha() else ""
        lines = _signed(lines, draft)
        numbers: list[str] = []
    else:
        agency, numbers, lines = _routed(sender, lines, draft)
    own = _number(sender) or (numbers[0] if numbers else "")
    if own and not day:
        lead = next((found for line in lines[:6] if (found := copytext.lead_of(line.text))), None)
        day = times.named_day(lead.day, "") if lead is not None else ""
    if own and day:
        draft.put("id", withdrawals.known_as(own, day), "number and day")
    if killing or "withdrawal" in draft or any(marks.kills(draft.text(field)) for field in ("title", "slug")):
        text = " ".join(line.text for line in message.lines)
        named = [one for one in withdrawals.numbers_in(text, like=re.sub(r"\d", "", own) or agency) if one != own]
        return withdrawals.items(message, named=named, day=day)
    if not agency and own and bylines.is_wire(re.sub(r"\d", "", own).upper()):
        agency = re.sub(r"\d", "", own).upper()
    copytext.fill(draft, lines, agency=agency)
    if "withdrawal" in draft:
        return withdrawals.items(message, named=[], day=day)
    return [draft.item("wire message")]


def _signed(lines: Sequence[Line], draft: TextDraft) -> list[Line]:
    """Read the fields that one sign opens; the lines below them."""
    codes: list[str] = []
    words: list[str] = []
    index = 0
    for index, line in enumerate(lines):
        found = _SIGNED.fullmatch(line.text)
        if found is None or (index > _HEAD):
            break
        sign, value = found["sign"], (found["value"] or "").strip()
        if sign == ":" and not value.startswith("("):
            words += [word.strip() for word in value.split(" :")]
        elif sign == "$" and len(value) <= 2:
            codes.append(value)
        elif sign in _SIGNS:
            value = value.strip("() ") if sign == ":" else value
            if sign in "$^" and (unmarked := marks.without_mark(value)) != value:
                draft.put("version", str(marks.version(value) or ""), "")
                value = unmarked
            draft.put(_SIGNS[sign], value, at(line, f"“{sign}”"))
        elif sign in "*@+%":
            codes.append(value)
        elif sign == "=":
            draft.put("version", str(marks.version(value) or ""), at(line, "“=”"))
    else:
        index = len(lines)
    draft.put("codes", tuple(dict.fromkeys(code for code in codes if code)), "fields of the head")
    draft.put("categories", furniture.tags(draft.text("slug").replace("/", ",")), "“#”")
    return _untitled(list(lines[index:]), draft, [draft.text("slug"), *words])


def _untitled(lines: list[Line], draft: TextDraft, words: Sequence[str]) -> list[Line]:
    """*lines* below a title that none of the signs named: their first where it stands alone, else *words*."""
    if "title" in draft:
        return lines
    if len(lines) > 1 and lines[1].gap and len(lines[0].text) <= _LONGEST_TITLE and not sentences.ends(lines[0].text):
        copytext.put_title(draft, lines[:1])
        lines = lines[1:]
    else:
        draft.put("title", ": ".join(filter(None, words)), "“#” and “:”")
    if len(lines) > 1 and len(lines[0].text) <= _LONGEST_DAY and days.readable(lines[0].text):
        draft.put_day(lines[0].text, at(lines[0]))
        lines = lines[1:]
    return lines


def _routed(sender: str, lines: list[Line], draft: TextDraft) -> tuple[str, list[str], list[Line]]:
    """The agency, the numbers and the text of a message whose head is lines of routing, a slug, a headline."""
    numbers: list[str] = []
    agency = sender if bylines.is_wire(sender) and sender else ""
    head: list[Line] = []
    index = 0
    while index < min(len(lines), _HEAD):
        line = lines[index]
        if (
            copytext.lead_of(line.text, agency) is not None
            or sentences.holds(line.text)
            or (head and (_begins(line, head) or _FIELD.fullmatch(line.text)))
        ):
            break
        index += 1
        number = _number(line.text) or (_number(line.text.split()[0]) if _NUMBERED.fullmatch(line.text[:80]) else "")
        if number:
            numbers.append(number)
        elif marks.is_mark(line.text):
            draft.put("version", str(marks.version(line.text) or ""), at(line))
        elif not (
            times.sent(line.text) or embargoes.put(draft, line) or (not head and _ROUTING.fullmatch(line.text[:80]))
        ):
            if (credit := bylines.read(line.text)) is not None and head and credit.byline:
                draft.put("byline", credit.byline, at(line))
            else:
                head.append(line)
    if len(head) > 1 and _SLUG.fullmatch(head[0].text[:100]):
        draft.put("slug", head[0].text.strip("-= "), at(head[0], "slug"))
        draft.put(
            "categories", furniture.tags(head[0].text.strip("-= ").title().replace("-", ",").replace("/", ",")), "slug"
        )
        head = head[1:]
    copytext.put_title(draft, head[:3])
    if not head and index:
        draft.note("The message has no headline.")
    return agency, numbers, lines[index:]


def _begins(line: Line, head: Sequence[Line]) -> bool:
    """Whether the text begins with *line*, below the headline."""
    return line.indent >= head[-1].indent + 2 or (line.gap and len(line.text) > 60) or len(head) >= 4


def _number(text: str) -> str:
    """The number of a message, ``BSS-12`` or ``NLA0123``, in lower case; empty where *text* is none."""
    first = text.split(" ")[0] if text.startswith("ZCZC") else text
    found = _NUMBER.fullmatch(first.strip()[:40])
    if found is None:
        found = _NAVTEX.fullmatch(text[:4]) if len(text) == 4 else None
        return found.group().lower() if found is not None else ""
    return (found["letters"] + found["digits"]).lower() if found["digits"].strip("0") else ""
