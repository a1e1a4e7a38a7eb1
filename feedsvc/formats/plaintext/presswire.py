"""Press releases from a wire: issuer, release number, title, ``PLACE, Month d, yyyy/PRNewswire-…/``, title again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import days, embargoes, releases, whole
from feedsvc.formats.plaintext.draft import TextDraft, at, span
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import bylines, leads, sentences

_SOURCE = re.compile(r"source\s*[:：]\s*(?P<issuer>\S.{0,150})", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:media|press|news) release\s+(?:no\.?\s*)?[A-Z]{0,4}\d[\w/-]{0,20}|asianet\s+\d+", re.IGNORECASE
)
_HEAD = 16
_STANDFIRST = 600
_CREDITS = 4
_WIRED = re.compile(
    r"[/(]\s?(?:[\w.]+ )?(?:pr ?newswire|business ?wire|globe ?newswire|access ?wire|newsfile|asianet|medianet|ots|"
    r"cision|marketwired?|ein ?presswire|newswire|[\w-]*newswire)",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"(?P<place>[^()\d]{2,60}?)\s?--?\s?\((?P<wire>BUSINESS WIRE|Marketwired?)\)\s?--?\s?"
    r"(?:(?P<day>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})\s?--?\s?)?",
    re.IGNORECASE,
)
# Below the attachments nothing of the release follows.
_ATTACHMENTS = re.compile(r"(?:image|photo|video) attachments? links?\s*:?|attachments?\s*:?$", re.IGNORECASE)


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The release; None unless it says that it is one, by a label, by a newswire in its dateline, or by its issuer."""
    draft = TextDraft(lines[0].number)
    dated = next((index for index, line in enumerate(lines[:_HEAD]) if _dated(line.text)), None)
    wired = dated is not None and _WIRED.search(lines[dated].text[:200]) is not None
    title, signs = _read_above(lines, dated, draft)
    if signs < 2 and not wired:
        return None
    begins = dated or 0
    if dated is None and title:
        begins = lines.index(title[0]) + 1
    rest = list(lines[begins:])
    if not wired and not (rest and _dated(rest[0].text)):
        title = title[:1]
    if rest:
        rest = _without_dateline(rest, draft)
    if not title and rest and not sentences.ends(rest[0].text):
        title, rest = rest[:1], rest[1:]
    _put_head(draft, title)
    if title and rest and rest[0].text == draft.text("title"):
        draft.note(f"The title is said again on line {rest[0].number}; it is left out there.")
        rest = rest[1:]
    rest = releases.text_of(_without_boilerplate(_without_credits(rest, draft), draft), draft)
    whole.put_body(draft, _without_place(rest, draft))
    return [draft.item()]


def _read_above(lines: Sequence[Line], dated: int | None, draft: TextDraft) -> tuple[list[Line], int]:
    """The title above the dateline, the line *dated*, and how many signs of a release there are; the rest into *draft*.

    Without a dateline the title ends where the text may begin: with its first line, or its second below a sign.
    """
    title: list[Line] = []
    signs = int(dated is not None)
    in_contact = False
    for index, line in enumerate(lines[: _HEAD if dated is None else dated]):
        found = _signs(line, draft, above=lines[index - 1].text if index else "")
        if found is not None:
            signs += found
            in_contact = False
        elif releases.opens_contact(line):
            in_contact = True
        elif not ((in_contact and not line.gap) or _is_furniture(line, draft)):
            in_contact = False
            if dated is None and title and not signs:
                break
            title.append(line)
            if dated is None and len(title) > 1:
                break
    return title, signs


def _signs(line: Line, draft: TextDraft, *, above: str) -> int | None:
    """How many signs of a release *line* below *above* is; None where it names no issuer, number or day at all."""
    issuer = _SOURCE.fullmatch(line.text[:200])
    if issuer is not None or above.casefold().rstrip(":") == "news provided by":
        draft.put("agency", issuer["issuer"] if issuer is not None else line.text, at(line, "issuer"))
        return 1
    if releases.is_label(line):
        return 2
    if _NUMBER.fullmatch(line.text[:100]):
        draft.note(f"Released as “{line.text}”.")
        return 1
    return _day_and_issuer(line, draft)


def _is_furniture(line: Line, draft: TextDraft) -> bool:
    """Whether *line* is an embargo, which goes into *draft*, or is neither title nor sign of a release."""
    return embargoes.put(draft, line) or releases.is_detail(line) or releases.is_distributor(line)


def _day_and_issuer(line: Line, draft: TextDraft) -> int | None:
    """Read a day, perhaps with ``| Source: Tidal Grid`` beside it; how many signs that is, None where it is none."""
    found = days.read(line.text)
    sources = [_SOURCE.fullmatch(other) for other in found.rest] if found is not None else []
    if found is None or not found.published or not all(sources):
        return None
    draft.put_day(found.published, at(line))
    for source in sources:
        draft.put("agency", source["issuer"] if source else "", at(line, "issuer"))
    return len(sources)


def _put_head(draft: TextDraft, title: Sequence[Line]) -> None:
    """The first line, and what runs on from it, is the title; what stands apart below it the standfirst."""
    if not title:
        return
    end = 1
    while end < min(len(title), 3) and not title[end].gap:
        end += 1
    draft.put("title", joined(title[:end]), at(title[0]))
    if title[end:] and sum(len(line.text) for line in title[end:]) <= _STANDFIRST:
        draft.put("standfirst", joined(title[end:]), span(title[end:]))


def _without_credits(lines: list[Line], draft: TextDraft) -> list[Line]:
    """*lines* without the bylines and the days that stand below the title."""
    named: list[Line] = []
    parts: list[str] = []
    end = 0
    for line in lines[:_CREDITS]:
        day = days.readable(line.text)
        credit = None if day or leads.read(line.text) else bylines.read(line.text)
        if day:
            draft.put_day(day, at(line))
        elif credit is not None and credit.byline:
            named.append(line)
            parts.append(credit.byline)
        elif not embargoes.put(draft, line):
            break
        end += 1
    draft.put("byline", ", ".join(parts), span(named) if named else "")
    return lines[end:]


def _without_place(lines: list[Line], draft: TextDraft) -> list[Line]:
    """*lines* without a place in capitals and a dash that open them: ``WRENMOUTH - The …``."""
    lead = leads.bare(lines[0].text) if lines and "dateline" not in draft else None
    if lead is None or not lead.rest:
        return lines
    draft.put("dateline", lead.place, at(lines[0], "dateline"))
    return [lines[0]._replace(text=lead.rest), *lines[1:]]


def _dated(text: str) -> leads.Lead | None:
    """The dateline of a release: with the newswire between slashes or in brackets, and the day."""
    found = _BUSINESS.match(text[:200])
    if found is not None:
        return leads.Lead(found["place"].strip(), found["day"] or "", found["wire"], text[found.end() :])
    lead = leads.read(text)
    if lead is None or not lead.day or not lead.agency:
        return None
    return lead if "/" in text[:200] or _WIRED.search(text[:200]) else None


def _without_dateline(lines: list[Line], draft: TextDraft) -> list[Line]:
    """*lines* without the dateline that opens them; what follows it on its line stays."""
    lead = _dated(lines[0].text)
    if lead is None:
        return lines
    origin = f"dateline on line {lines[0].number}"
    draft.put("dateline", lead.place, origin)
    whole.put_day(draft, lead.day, origin)
    draft.note(f"Distributed by {lead.agency}.")
    return [lines[0]._replace(text=lead.rest), *lines[1:]] if lead.rest else lines[1:]


def _without_boilerplate(lines: Sequence[Line], draft: TextDraft) -> Sequence[Line]:
    """*lines* up to the links of attachments and the issuer's name said again."""
    end = len(lines)
    for index, line in enumerate(lines):
        if len(line.text) <= 100 and _ATTACHMENTS.match(line.text):
            draft.note(f"The links of attachments from line {line.number} on are left out.")
            end = index
            break
    while end and _SOURCE.fullmatch(lines[end - 1].text[:200]):
        end -= 1
    return lines[:end]
