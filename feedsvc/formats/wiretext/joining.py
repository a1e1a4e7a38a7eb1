"""Several messages of one file that are one text: later takes below the first, versions, kills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from feedsvc.formats.base import RawItem
from feedsvc.formats.wiretext import anpa, marks
from feedsvc.formats.wiretext.messages import Message


def joined_takes(found: Sequence[Message]) -> list[Message]:
    """*found*, the text of each later take put below the take before it, where that is in the file as well."""
    kept: list[Message] = []
    firsts: dict[str, int] = {}
    for message in found:
        slug = anpa.slug_of(message) if anpa.is_anpa(message) else ""
        keyword = anpa.keyword_of(slug).casefold()
        part = marks.take(slug[len(keyword) :]) if keyword else 0
        if part > 1 and keyword in firsts:
            first = kept[firsts[keyword]]
            more = [line for line in message.lines if not line.text.startswith("^") and not _refers(line.text)]
            if more:
                more[0] = more[0]._replace(gap=True)
            kept[firsts[keyword]] = replace(first, lines=[*first.lines, *more], tail=first.tail or message.tail)
            continue
        if keyword:
            firsts[keyword] = len(kept)
        kept.append(message)
    return kept


def _refers(text: str) -> bool:
    """``WRENMOUTH: this year.``: where an add belongs, by the place and the last words of the take before it."""
    place, colon, rest = text.partition(":")
    return bool(colon) and place.isupper() and len(rest.split()) <= 4 and len(text) <= 60


def settled(items: Sequence[RawItem]) -> list[RawItem]:
    """*items* with each id once: a kill goes before a text, a later lead before an earlier one, else the last stays."""
    best: dict[str, RawItem] = {}
    for item in items:
        other = best.get(item.id)
        if item.id and (other is None or _rank(item) >= _rank(other)):
            best[item.id] = item
    left = len(items) - sum(1 for item in items if not item.id or best[item.id] is item)
    kept = [item for item in items if not item.id or best[item.id] is item]
    if left:
        sentence = f"Passed over in this file, as earlier versions of a text: {left}."
        kept[0] = replace(kept[0], notes=(*kept[0].notes, sentence))
    return kept


def _rank(item: RawItem) -> tuple[bool, int]:
    return item.withdrawal, int(item.version) if item.version.isdigit() else 0
