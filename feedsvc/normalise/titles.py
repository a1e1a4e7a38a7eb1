"""The title of an article: given, else the best line there is; plain, on one line, never empty."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from feedsvc import markup, text
from feedsvc.formats.base import RawItem
from feedsvc.normalise.inert import inert
from feedsvc.normalise.mojibake import repaired

MAX_LENGTH = 500
FROM_BODY_LENGTH = 120
_NO_HEADLINE = re.compile(
    r"(?:no|kein|sans|sin)[\s_-]*(?:head\s?line|title|titel|titre|t[ií]tulo)\W*|untitled\W*", re.IGNORECASE
)
_VERSION_MARK = re.compile(r"\s*\((?:[2-9]|1\d)\)$")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]['\"’”»)\]]*(?=\s|$)|[。！？]")
_ABBREVIATED = re.compile(r"(?:\b\w|\b(?:Mr|Mrs|Ms|Dr|St|Sen|Gov|Gen|Rep|Prof|No|vs|U\.S|e\.g|i\.e))\.$")


def title_of(
    candidates: Sequence[tuple[str, str]], body: str, *, literal: bool = False
) -> tuple[str, str, tuple[str, ...]]:
    """The title, its origin and notes.

    *candidates* are (text, origin), best first; empty, numeric and placeholder ones are passed over. Without any,
    the first sentence of *body* (sanitised HTML) serves. *literal* text has no markup and no references in it.
    """
    notes: list[str] = []
    for written, origin in candidates:
        title = text.one_line(text.xml_safe(written)) if literal else markup.plain_line(written)
        title = title.lstrip("*").strip()
        if title.endswith(")") and _VERSION_MARK.search(title):
            title = _VERSION_MARK.sub("", title)
            notes.append("the title ended with a version mark, which is left out")
        if not _is_title(title):
            if title:
                notes.append(f"{origin}: {title[:60]!r} is no title")
            continue
        return text.cut(title, MAX_LENGTH), origin, tuple(notes)
    sentence = first_sentence(markup.excerpt(body, 400))
    if not sentence:
        return "", "", tuple(notes)
    notes.append("no title is given: the first sentence is used")
    return text.cut(sentence, FROM_BODY_LENGTH), "first sentence", tuple(notes)


def title_of_item(item: RawItem, body: str = "") -> tuple[str, str, tuple[str, ...]]:
    """The title, its origin and notes of *item*, whose body was sanitised to *body*; empty where none is found."""
    candidates = [
        (item.title, item.origin.get("title", "title")),
        *((line, "first line") for line in item.title_fallbacks),
    ]
    return title_of(candidates, body, literal="title" in item.literal)


def title_shown(item: RawItem) -> str:
    """The title under which readers know the article of *item*; empty where its body has to give one."""
    return inert(title_of_item(repaired(dataclasses.replace(item, body="")))[0])


def first_sentence(line: str) -> str:
    """The first sentence of *line* without its full stop; the whole line where it has only one."""
    for end in _SENTENCE_END.finditer(line):
        sentence = line[: end.end()]
        if not _ABBREVIATED.search(sentence):
            return sentence.strip().rstrip(".。।")
    return line.strip()


def _is_title(title: str) -> bool:
    return any(character.isalpha() for character in title) and not _NO_HEADLINE.fullmatch(title)
