"""Press releases from a wire: issuer, release number, title, ``PLACE, Month d, yyyy/PRNewswire-…/``, title again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import embargoes, whole
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import leads, sentences

_SOURCE = re.compile(r"source\s*[:：]\s*(?P<issuer>\S.{0,150})", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:media|press|news) release\s+(?:no\.?\s*)?[A-Z]{0,4}\d[\w/-]{0,20}|asianet\s+\d+", re.IGNORECASE
)
_ENDING = re.compile(
    r"image attachments? links?\s*:.*|photo attachments? links?\s*:.*|source\s*:.*|source\s+\S.{0,80}", re.IGNORECASE
)
_HEAD = 12
# Below the attachments nothing of the release follows.
_ATTACHMENTS = re.compile(r"(?:image|photo|video) attachments? links?\s*:?", re.IGNORECASE)


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The release; None unless it shows two of issuer, number and a dateline with the wire between slashes."""
    draft = TextDraft(lines[0].number)
    opening = next((index for index, line in enumerate(lines[:_HEAD]) if _dated(line.text)), None)
    title: list[Line] = []
    signs = int(opening is not None)
    for line in lines[: opening if opening is not None else 3]:
        issuer = _SOURCE.fullmatch(line.text[:200])
        if issuer is not None:
            draft.put("agency", issuer["issuer"], at(line, "issuer"))
            signs += 1
        elif _NUMBER.fullmatch(line.text[:100]):
            draft.note(f"Released as “{line.text}”.")
            signs += 1
        elif not embargoes.put(draft, line):
            title.append(line)
    if signs < 2:
        return None
    if opening is None:
        opening = lines.index(title[0]) if title else len(lines)
        title = []
    rest = list(lines[opening:])
    if rest:
        rest = _without_dateline(rest, draft)
    if not title and rest and not sentences.ends(rest[0].text):
        title, rest = rest[:1], rest[1:]
    draft.put("title", joined(title[:3]), at(title[0]) if title else "")
    if title and rest and rest[0].text == draft.text("title"):
        draft.note(f"The title is said again on line {rest[0].number}; it is left out there.")
        rest = rest[1:]
    whole.put_body(draft, _without_boilerplate(rest, draft))
    return [draft.item()]


def _dated(text: str) -> leads.Lead | None:
    lead = leads.read(text)
    return lead if lead is not None and lead.day and lead.agency and "/" in text[:200] else None


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
