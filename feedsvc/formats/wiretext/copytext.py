"""The text of a message: notes, embargoes and the desk's marks out of it, the rest into the item."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from feedsvc import dates
from feedsvc.errors import NotAnArticle
from feedsvc.formats.plaintext import embargoes, whole
from feedsvc.formats.plaintext.draft import TextDraft, at, span
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wiretext import marks, times
from feedsvc.formats.wording import bylines, furniture, leads, sentences

_LONGEST_LINE = 400
_STANDFIRST = 600
_NOTE_LINES = 12
_WIDEST = 100
_SIGNATURE = re.compile(r"[A-Za-z]{2,6}(?:[ /][A-Za-z0-9]{1,6}){1,6}(?:/\d{3,4}\s?hrs)?")
_INLINE_SIGNATURE = re.compile(r"(?<=[.!?\"”’'])\s+(?P<agency>[A-Z]{2,5})(?:[/ ][A-Z]{1,5}){0,5}$")
_WIRE_LEAD = re.compile(
    r"(?P<place>[^\W\d_][^()!?:;]{1,40}?)\s+\((?P<agency>[^()\d]{2,20})\)\s+(?P<rule>(?:--?|[–—_])\s+)?(?=[\w„“\"'‘«])"
)
_COMMA_LEAD = re.compile(  # "Wrenmouth, Nov 12, NLA - The ..."
    r"(?P<place>[A-Z][\w .,'’-]{1,40}?), (?P<day>[A-Z][a-z]{2,8}\.? \d{1,2}),? (?P<agency>[A-Z][A-Za-z]{1,11})"
    r"\s?(?:--?|[–—_])\s+"
)
_CREDIT = re.compile(r"\((?P<agency>[A-Za-z]{2,6})(?:[\\/ ]{1,2}[a-z]{2,4}){1,4}\)")
_INITIALS = re.compile(r"[A-Z]{2,4}|\d{4}|\d{8}")
_USUAL_WIDTH = 66
_WITH_PHOTOS = re.compile(
    r"\s*\((?:with )?(?:photos?|fotos?|pictures?|video|graphics?|\d{1,4} words?)[^()]{0,40}\)$", re.IGNORECASE
)


def fill(draft: TextDraft, lines: Sequence[Line], *, agency: str = "") -> None:
    """Make *lines* the text of *draft*. Raises NotAnArticle where no sentence is left.

    *agency* is who sent the message, as its head says; it goes behind what the dateline says.
    """
    kept = without_desk(lines, draft, agency=agency)
    kept = _credits(kept, draft, agency)
    kept = _standfirst(kept, draft, agency)
    if not kept:
        raise NotAnArticle("This message has no text.", line=lines[0].number if lines else 0)
    kept = _without_lead(kept, draft, agency)
    whole.put_body(draft, kept, wrapped=wrapped(kept), listed=True)
    draft.put("agency", agency, "head of the message")


def wrapped(lines: Sequence[Line]) -> bool | None:
    """Whether an indent or a blank line opens each paragraph, False where each line is one.

    None where only their widths can tell.
    """
    if sum(len(line.text) > _WIDEST for line in lines) * 4 > len(lines):
        return False
    indents = {line.indent for line in lines}
    base = min(indents, default=0)
    if any(indent >= base + 2 for indent in indents):
        return True
    return True if any(line.gap for line in lines[1:]) and any(not line.gap for line in lines[1:]) else None


def without_desk(lines: Sequence[Line], draft: TextDraft, *, agency: str = "") -> list[Line]:
    """*lines* without what desks write to each other; embargoes, times and corrections in it go into *draft*."""
    kept: list[Line] = []
    dropped: list[Line] = []
    in_note = 0
    base = min((line.indent for line in lines), default=0)
    width = max(_USUAL_WIDTH, *(len(line.text) + line.indent for line in lines)) if lines else 0
    heading = False
    for index, line in enumerate(lines):
        if marks.opens_notepad(line.text):
            for rest in lines[index:]:
                read_note(rest, draft)
            dropped += lines[index:]
            break
        if marks.is_note(line.text):
            # A note alone on its line, as a heading, goes on over the blank line below it.
            in_note = _NOTE_LINES
            heading = line.text.rstrip(" :.)]").count(" ") <= 2 and len(line.text) <= 40
        elif in_note and not (
            (line.gap and not heading)
            or line.indent >= base + 2
            or lead_of(line.text, agency) is not None
            or _had_room(lines[index - 1], line, width)
        ):
            heading = False
        else:
            in_note = 0
        if in_note:
            in_note -= 1
            read_note(line, draft)
            dropped.append(line)
        elif _is_desk_line(line, draft):
            dropped.append(line)
        else:
            kept.append(line)
    found = next((one for line in kept[:8] if (one := lead_of(line.text, agency)) is not None and one.agency), None)
    sender = agency or draft.text("agency") or (found.agency if found is not None else "")
    while len(kept) > 1 and _signs(kept[-1], sender):
        dropped.append(kept.pop())
    if dropped:
        shown = ", ".join(str(one.number) for one in sorted(dropped)[:10])
        draft.note(f"Left out as written for editors or for the wire: line {shown}{' …' if len(dropped) > 10 else ''}.")
    if kept and sender:
        kept[-1] = _unsigned(kept[-1], sender)
    return _regapped(kept)


def _had_room(before: Line, line: Line, width: int) -> bool:
    """Whether a sentence ended on the line *before*, where the first word of *line* would have had room."""
    return sentences.ends(before.text) and len(before.text) + 1 + len(line.text.split()[0]) <= width


def lead_of(text: str, agency: str = "") -> leads.Lead | None:
    """The dateline that opens *text*; a wire's own may have no dash, or a place in small letters.

    *agency* is who sent the message, as its head says; empty where that is not known.
    """
    lead = leads.read(text)
    if lead is not None:
        return lead
    head = text[:160]
    found = _WIRE_LEAD.match(head)
    if found is not None:
        sender = found["agency"].strip()
        place, comma, day = found["place"].strip().partition(", ")
        known = sender.partition("/")[0].casefold() == agency.casefold() or bylines.is_wire(sender.upper())
        dated = bool(comma) and dates.parse_without_year(day) is not None
        if dated or not comma:
            proper = all(word[0].isupper() or not word[0].isalpha() for word in place.split())
            if proper and len(place.split()) <= 4 and (found["rule"] or (known and (agency or dated))):
                return leads.Lead(place, day, sender, text[found.end() :])
    found = _COMMA_LEAD.match(head)
    if (
        found is not None
        and dates.parse_without_year(found["day"]) is not None
        and (found["agency"].isupper() or bylines.is_wire(found["agency"]))
    ):
        return leads.Lead(found["place"], found["day"], found["agency"], text[found.end() :])
    plain = leads.bare(text)
    if plain is None or (
        plain.agency and plain.agency.casefold() != agency.casefold() and not bylines.is_wire(plain.agency)
    ):
        return None
    return plain


def read_note(line: Line, draft: TextDraft) -> None:
    """What a note to editors says that must be heeded: an embargo, a correction, a kill."""
    said = line.text.strip("()[] ")
    label, colon, rest = said.partition(":")
    if not (embargoes.put(draft, line._replace(text=said)) or (colon and _embargoed(draft, line, rest.strip()))):
        draft.put_editors_note(line.text, at(line))
    if marks.kills(label if colon and not rest.strip() else (rest.strip() if colon else said)):
        draft.put("withdrawal", True, at(line, "note to editors"))


def _embargoed(draft: TextDraft, line: Line, text: str) -> bool:
    return any(
        embargoes.put(draft, line._replace(text=part.strip())) for part in re.split(r"(?<=\.)\s", text[:400])[:6]
    )


def _is_desk_line(line: Line, draft: TextDraft) -> bool:
    """A line of its own for an embargo, a time of transmission, "(more)", or the end of the message."""
    text = line.text
    if len(text) > _LONGEST_LINE:
        return False
    if embargoes.put(draft, line):
        return True
    moment = times.sent(text)
    if moment is not None:
        draft.put("published", moment.written, at(line, "time of transmission"))
        return True
    folded = text.casefold().strip(" .-–—_=/()[]<")
    return folded in ("more", "more to come", "more to follow", "mf", "mtf", "nnnn", "zczc", "end of message")


def _signs(line: Line, agency: str) -> bool:
    """Whether *line*, the last, only signs: ``dpa koe yyno n1 sck``, ``BSS/AB/CD/1912hrs``."""
    if furniture.is_sign_off(line.text) or _INITIALS.fullmatch(line.text[:10]):
        return True
    if line.text.startswith("=") and bylines.is_wire(line.text.strip("= ")):
        return True
    credit = _CREDIT.fullmatch(line.text[:40])
    if credit is not None and bylines.is_wire(credit["agency"].upper()):
        return True
    found = _SIGNATURE.fullmatch(line.text[:60])
    if found is None or sentences.ends(line.text):
        return False
    first = re.split("[ /]", line.text)[0]
    return bool(agency and first.casefold() == agency.partition("/")[0].casefold()) or (
        bylines.is_wire(first) and (first.isupper() or first == "dpa")
    )


def _unsigned(line: Line, agency: str) -> Line:
    """*line* without the wire's name and the initials behind its last sentence: ``… he said. PTI ABC``."""
    found = _INLINE_SIGNATURE.search(line.text[-60:])
    if found is None or found["agency"].casefold() != agency.partition("/")[0].casefold():
        return line
    return line._replace(text=line.text[: len(line.text) - len(found.group())])


def _regapped(lines: Sequence[Line]) -> list[Line]:
    """*lines* with a gap before each that lost its neighbours above."""
    kept: list[Line] = []
    for line in lines:
        apart = bool(kept) and line.number > kept[-1].number + 1
        kept.append(line._replace(gap=True) if apart and not line.gap else line)
    return kept


def _credits(lines: list[Line], draft: TextDraft, agency: str) -> list[Line]:
    """*lines* without bylines and roles that stand above the text."""
    named: list[Line] = []
    parts: list[str] = []
    for line in lines[:4]:
        credit = bylines.read(line.text) if len(line.text) <= 160 and lead_of(line.text, agency) is None else None
        if credit is None or not (credit.byline or (named and credit.agency)):
            break
        named.append(line)
        if credit.byline:
            parts.append(credit.byline)
        draft.put("agency", credit.agency, at(line))
        draft.put("dateline", credit.dateline if credit.byline else "", at(line))
    if len(named) == len(lines):
        return lines
    if parts and not draft.put("byline", ", ".join(parts), span(named)):
        draft.note(f"A second byline, “{', '.join(parts)}”, is left out.")
    return lines[len(named) :]


def _standfirst(lines: list[Line], draft: TextDraft, agency: str) -> list[Line]:
    """*lines* from the dateline on; one paragraph above it is the standfirst."""
    for index, line in enumerate(lines[:10]):
        if (index == 0 or line.gap or line.indent > lines[0].indent) and lead_of(line.text, agency) is not None:
            above = lines[:index]
            if above and not any(one.gap for one in above[1:]) and sum(len(one.text) for one in above) <= _STANDFIRST:
                draft.put("standfirst", joined(above), span(above))
                return lines[index:]
            break
    return lines


def _without_lead(lines: list[Line], draft: TextDraft, agency: str) -> list[Line]:
    """*lines* without the dateline that opens them, where something of the text is left on its line."""
    lead = lead_of(lines[0].text, agency)
    if lead is None or not lead.rest:
        return lines
    origin = at(lines[0], "dateline")
    draft.put("dateline", lead.place, origin)
    draft.put("agency", lead.agency, origin)
    if lead.day and "published" not in draft:
        draft.put("published", lead.day, origin)  # without its year, perhaps: a wire comes when it is news
    elif lead.day:
        whole.put_day(draft, lead.day, origin)
    return [lines[0]._replace(text=lead.rest), *lines[1:]]


def refuse_take(part: int, *, of: str, line: int) -> None:
    """Raise NotAnArticle where the message that begins on *line* is a later *part* of a text."""
    if part > 1:
        raise NotAnArticle(
            f"This message is part {part} of “{of}”: put it below the first part, in the same file.", line=line
        )


def put_title(draft: TextDraft, lines: Sequence[Line]) -> None:
    """Make *lines* the title of *draft*, without "UPDATE 2-" in front."""
    if not lines:
        return
    written = _WITH_PHOTOS.sub("", joined(lines).strip(" =<"))
    title = marks.without_mark(written)
    if title != written:
        mark = written[: len(written) - len(title)].strip()
        draft.note(f"“{mark}” in front of the title is left out.")
        draft.put("version", str(marks.version(mark) or ""), span(lines))
    draft.put("title", title, span(lines))


def put_sent(draft: TextDraft, moment: times.Sent | None, where: str) -> None:
    """Give the time of transmission to *draft*."""
    if moment is not None:
        draft.put("published", moment.written, where)


def put_advance(draft: TextDraft, number: int, near: str, where: str) -> None:
    """Hold an advance until day *number* of the month of *near* or the next; without *near* it is withheld."""
    if not number or "embargo" in draft:
        return
    for later in (0, 1):
        if near:
            first = dt.date.fromisoformat(near).replace(day=1)
            month = (first + dt.timedelta(days=31 * later)).replace(day=1)
            try:
                day = month.replace(day=number).isoformat()
            except ValueError:
                continue
            if day >= near:
                draft.put("embargo", day, where)
                return
    draft.hold(f"The message is an advance ({where}) and its day cannot be told: the article is withheld.", where)
