"""What stands around the text of a press release: its label, contacts, links of the distributor, notes to editors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wording import furniture, sentences

_LABEL = re.compile(
    r"\W*(?:for immediate release|(?:press|media|news) (?:release|statement|information)|pressemitteilung|"
    r"communiqué de presse|comunicado de prensa)\W*",
    re.IGNORECASE,
)
_DISTRIBUTOR = re.compile(
    r"(?:view (?:original|source) (?:content|version)|view original|to view the (?:source|original)|"
    r"source version)\b.*|"
    r"(?:logo|photo|video|infographic|image|caption|related links?|multimedia)s?\s?(?:[-–:]\s.*|:)?|"
    r"source:?\s+\S.{0,100}|news provided by|share this article|a photo accompanying this .*|"
    r"[A-Z]{2,3} - (?:english|français|deutsch|español)|(?:united states|usa|uk|canada) - english|"
    r"https?://\S+|www\.\S+",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\W{0,3}(?:(?:media|press|investors?|company|pr|sales|public|analysts?)\s+(?:(?:and|&|/)\s+\w+\s+)?)?(?:relations\s+)?"
    r"(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|kontakte?|pressekontakt)"
    r"(?:\s+(?:information|details|person))?\s*(?::.*)?|"
    r"for (?:more|further|additional|media|press)(?: \w+)? (?:information|details|enquiries|inquiries|interviews)\b"
    r".{0,80}(?:contact|call|visit|:).*",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"(?:tel(?:ephone)?|phone|ph|mob(?:ile)?|cell|fax|e-?mail|mail|web(?:site)?|twitter|contact|address|telefon)\b\s?[.:].*|"
    r"\S+@\S+\.\S+|\+?[\d ()./-]{6,30}",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"\W{0,3}(?:notes? (?:to|for) (?:the )?editors?|editors?[’']s? notes?|notes? to journalists|"
    r"hinweise? an die redaktion(?:en)?)"
    r"\s?:?\W{0,3}",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:about|über|à propos|acerca de|sobre)\s+\S.{0,100}", re.IGNORECASE)
_END = re.compile(r"\W*(?:-?\s?ends?\s?-?|###|# # #|-?\s?30\s?-?)\W*|\W*#\s?#\s?#\W*", re.IGNORECASE)
_ISSUER = re.compile(r"SOURCE:?\s+(?P<name>\S.{0,100})")
_MOST_CONTACT = 20


def is_label(line: Line) -> bool:
    """Whether *line* only says that this is a press release."""
    return len(line.text) <= 80 and _LABEL.fullmatch(line.text) is not None


def opens_contact(line: Line) -> bool:
    """Whether *line* opens a block that names whom to call."""
    return len(line.text) <= 200 and _CONTACT.fullmatch(line.text) is not None


def is_detail(line: Line) -> bool:
    """Whether *line* names whom to call, or how."""
    return len(line.text) <= 200 and bool(_CONTACT.fullmatch(line.text) or _DETAIL.fullmatch(line.text))


def is_distributor(line: Line) -> bool:
    """Whether *line* is one that a distributor of releases puts around them."""
    return len(line.text) <= 200 and _DISTRIBUTOR.fullmatch(line.text) is not None


def text_of(lines: Sequence[Line], draft: TextDraft) -> list[Line]:
    """*lines* of a release without contacts, links of its distributor and notes to editors; what is left out is noted.

    "About …" at the end is part of the release.
    """
    kept: list[Line] = []
    dropped: list[Line] = []
    state = ""
    room = 0
    for line in lines:
        short = len(line.text) <= 200
        if short and (issuer := _ISSUER.fullmatch(line.text)) is not None:
            draft.put("agency", issuer["name"], at(line, "issuer"))
        if short and _ABOUT.fullmatch(line.text) and not sentences.ends(line.text):
            state = ""
        elif short and _NOTES.fullmatch(line.text):
            state = "notes"
        elif short and _END.fullmatch(line.text):
            state = state or "end"
            dropped.append(line)
            continue
        elif short and _CONTACT.fullmatch(line.text) and state != "notes":
            state, room = "contact" if state != "end" else "end", _MOST_CONTACT
        elif state == "contact":
            room -= 1
            if room < 0 or not short or (sentences.holds(line.text) and not _DETAIL.fullmatch(line.text)):
                state = ""
        if state or (short and (_DISTRIBUTOR.fullmatch(line.text) or furniture.is_sign_off(line.text))):
            dropped.append(line)
        else:
            kept.append(line)
    if dropped:
        shown = ", ".join(f"line {line.number} “{line.text[:40]}”" for line in dropped[:5])
        more = f" and {len(dropped) - 5} more" if len(dropped) > 5 else ""
        draft.note(f"Left out as contacts or notes around the release: {shown}{more}.")
    return kept
