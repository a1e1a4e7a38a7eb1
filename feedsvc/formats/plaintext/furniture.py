"""What a page wraps around a text: buttons, tag lines, copyright lines, lists of other articles, sign-offs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.formats.base import RawCategory
from feedsvc.formats.plaintext import bylines, sentences, words
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line

_TAIL = 80
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
_INITIALS = re.compile(r"[^\W\d_]{1,6}(?:\s[^\W\d_]{1,6})?(?:/[^\W\d_]{1,6}(?:\s[^\W\d_]{1,6})?){1,3}")
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
        or folded in words.FURNITURE_EDGE
        or _COUNT.sub("", folded).strip() in words.FURNITURE_EDGE
    )


def without(lines: Sequence[Line], draft: TextDraft) -> list[Line]:
    """*lines* of a body without furniture. Tags, rights and the wire's sign-off go into *draft*; the rest is noted."""
    end = _end_of_text(lines)
    dropped = [line for line in lines[end:] if not _tell(line, draft)]
    kept: list[Line] = []
    gap = False
    for line in lines[:end]:
        if len(line.text) <= 200 and is_furniture(line.text, edge=False):
            dropped.append(line)
            gap = True
        elif gap:
            kept.append(line._replace(gap=True))
            gap = False
        else:
            kept.append(line)
    _note(dropped, draft)
    return kept


def _end_of_text(lines: Sequence[Line]) -> int:
    """The index after the last line that belongs to the text."""
    start = max(0, len(lines) - _TAIL)
    for index in range(start, len(lines)):
        if _heads_list(lines[index].text) and all(_is_link_line(line.text) for line in lines[index + 1 :]):
            lines = lines[:index]
            break
    end = len(lines)
    while end > start and _closes(lines[end - 1].text):
        end -= 1
    return end


def _heads_list(text: str) -> bool:
    return len(text) <= 40 and text.casefold().strip(" :：>»…") in words.FURNITURE_HEADS


def _is_link_line(text: str) -> bool:
    """A line below "Related": the title of another article, a tag line, a button."""
    return len(text) <= 200 and (not sentences.ends(text) or text.endswith("?") or bool(_RIGHTS.match(text)))


def _closes(text: str) -> bool:
    if len(text) > 300:
        return False
    return bool(
        is_furniture(text, edge=True)
        or _TAGS.fullmatch(text)
        or is_rights(text)
        or _RESERVED.fullmatch(text)
        or text.casefold() in words.SIGN_OFFS
        or _INITIALS.fullmatch(text)
        or _signing_wire(text)
    )


def is_rights(text: str) -> bool:
    """Whether *text* is a copyright line."""
    return len(text) <= 300 and _RIGHTS.match(text) is not None


def _signing_wire(text: str) -> str:
    name = text.strip(" ()[]-–—./").strip()
    return name if len(text) <= 40 and bylines.is_wire(name) else ""


def tags(text: str) -> tuple[RawCategory, ...]:
    """The terms of a list that commas part, each once."""
    terms = (term.strip(' .#|"') for term in _COMMA.split(text))
    return tuple(RawCategory(term=term) for term in dict.fromkeys(terms) if 0 < len(term) <= 100)


def _tell(line: Line, draft: TextDraft) -> bool:
    """Keep what a closing line says; False where it says nothing of the article."""
    tagged = _TAGS.fullmatch(line.text)
    if tagged is not None:
        draft.put("categories", tags(tagged["tags"]), at(line, "tags"))
    elif is_rights(line.text):
        draft.put("rights", line.text, at(line))
    elif _signing_wire(line.text):
        wire = _signing_wire(line.text)
        draft.put("agency", "Reuters" if wire.casefold() == "reuter" else wire, at(line, "sign-off"))
    else:
        return False
    return True


def _note(dropped: Sequence[Line], draft: TextDraft) -> None:
    if dropped:
        shown = ", ".join(f"line {line.number} “{line.text[:40]}”" for line in sorted(dropped)[:5])
        more = f" and {len(dropped) - 5} more" if len(dropped) > 5 else ""
        draft.note(f"Left out as no part of the text: {shown}{more}.")
