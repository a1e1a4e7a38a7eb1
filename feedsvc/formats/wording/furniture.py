"""Lines that are no part of a text: buttons, tag lines, copyright lines, heads of link lists, sign-offs."""

from __future__ import annotations

import re

from feedsvc.formats.base import RawCategory
from feedsvc.formats.wording import bylines, words

_COUNT = re.compile(r"[\d,. ]+|\(?\d{1,6}\)?\s*|\s*\(\d{1,6}\)$")
_ELSEWHERE = re.compile(
    r"(?:read (?:more|also|next|full story)|also read|see also|related(?: news| story| stories| article)?|"
    r"more on this|"
    r"আরও পড়ুন|আরো পড়ুন|اقرأ أيضا|اقرأ أيضًا|читайте также|lire aussi|lesen sie auch|"
    r"leer más)\s*(?:[:：>»|]|[-–—]\s)\s*\S",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"(?:©|\(c\)\s|copyright\b(?=.{0,20}(?:©|\(c\)|\d{4}))|copyright:)", re.IGNORECASE)
_RESERVED = re.compile(r"all rights reserved[.!]?", re.IGNORECASE)
_TAGS = re.compile(
    r"(?:tags?|tagged(?: with| as)?|keywords?|topics?|labels?|filed under|ট্যাগ|বিষয়|الوسوم|كلمات مفتاحية|标签|关键词|"
    r"теги|"
    r"schlagwörter|mots-clés|etiquetas)\s*[:：]\s*(?P<tags>.+)",
    re.IGNORECASE,
)
# The last lines of an archive's record, in capitals or as a label: "LOAD-DATE: March 3, 2015".
_RECORD = re.compile(
    r"(?:load-date|publication-type|document-type|journal-code|acc-no|issn)\s*:.*|end of document", re.IGNORECASE
)
# "Editor's note:" speaks to readers.
_FOR_DESKS = re.compile(
    r"[(\[*]{0,3}\s?(?:eds\s?[:.]|(?:notes? to|attention|attn\.?|memo to|for) (?:all )?editors\s?[:–—-]|"
    r"editors[’'] notes?\s?[:–—-]|(?-i:EDITORS)\s?:|achtung redaktionen\s?:|hinweis an die redaktionen?\s?:)",
    re.IGNORECASE,
)
# The number of a page, at its top; who saw to it, at its end.
_EDITED = re.compile(
    r"[（(【]?\s*(?:责任编辑|責任編輯|责编|編輯|编辑)\s*[:：].{1,40}|(?:کد خبر|رقم الخبر)\s*[:：]\s*\d{1,12}|"
    r"(?:기사제보|무단 ?전재).{0,80}"
)
_INITIALS = re.compile(r"\(?[^\W\d_]{1,5}(?:\s[^\W\d_]{1,5})?(?:/[^\W\d_]{1,5}(?:\s[^\W\d_]{1,5})?){1,5}\)?")
_COMMA = re.compile("[,;،؛、，；]")


def is_furniture(text: str, *, edge: bool) -> bool:
    """Whether a line holds nothing of an article; *edge*: it stands above or below the text, not within it."""
    if len(text) > 200:
        return False
    if len(text) > 60:
        return _ELSEWHERE.match(text) is not None
    folded = text.casefold().strip(" :：>»›|…→↓[]()*•").replace("’", "'")
    if folded in words.FURNITURE_ANYWHERE or _ELSEWHERE.match(text):
        return True
    return edge and (
        not any(map(str.isalnum, folded))
        or _EDITED.fullmatch(text) is not None
        or folded in words.FURNITURE_EDGE
        or _COUNT.sub("", folded).strip() in words.FURNITURE_EDGE
    )


def is_for_desks(text: str) -> bool:
    """Whether *text* opens a note to the editors who get it ("Eds:", "Note to editors:"), not one to readers."""
    return _FOR_DESKS.match(text[:60]) is not None


def heads_list(text: str) -> bool:
    """Whether *text* is the head of a list of other articles ("Related", "Most read")."""
    return len(text) <= 40 and text.casefold().strip(" :：>»…") in words.FURNITURE_HEADS


def closes(text: str) -> bool:
    """Whether *text*, as the last line, closes an article and says nothing of its matter."""
    if len(text) > 300:
        return False
    return bool(
        is_furniture(text, edge=True)
        or _TAGS.fullmatch(text)
        or is_rights(text)
        or _RESERVED.fullmatch(text)
        or _RECORD.fullmatch(text)
        or is_sign_off(text)
        or signing_wire(text)
    )


def is_sign_off(text: str) -> bool:
    """Whether *text* ends a wire's text ("(END)", "-0-") or holds the initials of its writers ("abc/de")."""
    return len(text) <= 60 and (text.casefold() in words.SIGN_OFFS or _INITIALS.fullmatch(text) is not None)


def is_rights(text: str) -> bool:
    """Whether *text* is a copyright line."""
    return len(text) <= 300 and _RIGHTS.match(text) is not None


def tags_in(text: str) -> str:
    """The terms of a tag line ("Tags: harbour, ferry"), as written; empty where *text* is none."""
    found = _TAGS.fullmatch(text) if len(text) <= 300 else None
    return found["tags"] if found is not None else ""


def tags(text: str) -> tuple[RawCategory, ...]:
    """The terms of a list that commas part, each once."""
    terms = (term.strip(' .#|"') for term in _COMMA.split(text))
    return tuple(RawCategory(term=term) for term in dict.fromkeys(terms) if 0 < len(term) <= 100)


def signing_wire(text: str) -> str:
    """The wire that signs with *text* alone (" Reuter", "(dpa)"); empty where it is none."""
    name = text.strip(" ()[]-–—./=").strip()
    return bylines.wire_name(name) if len(text) <= 40 and bylines.is_wire(name) else ""
