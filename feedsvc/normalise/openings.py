"""What opens a body and belongs to fields of its own: a byline, the agency and its place, a dateline.

``By Jane Doe`` as the first paragraph, then ``LISBON, March 3 (Reuters) -`` before the first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.formats.wording import bylines, leads, sentences
from feedsvc.formats.wording.bylines import Credit
from feedsvc.formats.wording.leads import Lead
from feedsvc.normalise.blocks import Block, shows_media, words_of

_MOST_CREDITS = 3
_LOOKED_AT = 8
"""So many blocks, blank ones too, are looked at for where the text begins."""
_LONGEST_CREDIT = 120
# In the midst of a text these are articles and prepositions, too often for a rule: "De Nieuwe Haven", "Di Pietro".
_NO_BYLINE = re.compile(r"(?:de|di|av|af)\s", re.IGNORECASE)
_PIECE = re.compile(r"<[^<>]*>|&(?:[a-z]+|#[0-9]+);|[^<&]")
_EMPTIED = re.compile(r"<(a|abbr|b|bdi|bdo|em|i|s|small|span|strong|u)(?: [^<>]*)?>\s*</\1>")

_NOWHERE = Block("", 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """*credits* are the first blocks that hold nothing but who wrote and where, each with its text.

    *lead* is the dateline at the begin of *line*, which is the text of *paragraph*, the first behind them.
    """

    credits: tuple[tuple[Block, str, Credit], ...] = ()
    paragraph: Block = _NOWHERE
    line: str = ""
    lead: Lead | None = None


def opening(content: str, found: Sequence[Block]) -> Opening:
    """What opens *content*; *found* are its blocks."""
    credited: list[tuple[Block, str, Credit]] = []
    for block in found[:_LOOKED_AT]:
        if block.name not in ("p", "") or shows_media(content, block):
            break
        line = words_of(content, block)
        if not line:
            continue
        credit = _credit(line) if len(credited) < _MOST_CREDITS else None
        if credit is None:
            lead = leads.read(line)
            if lead is not None and not sentences.holds(lead.rest):
                lead = None
            return Opening(credits=tuple(credited), paragraph=block, line=line, lead=lead)
        credited.append((block, line, credit))
    return Opening(credits=tuple(credited))


def _credit(line: str) -> Credit | None:
    return None if len(line) > _LONGEST_CREDIT or _NO_BYLINE.match(line) else bylines.read(line)


def without_lead(content: str, opened: Opening) -> str:
    """The first paragraph of *content*, which *opened* describes, without its dateline."""
    block, line = opened.paragraph, opened.line
    html = content[block.inner : block.close]
    rest = line if opened.lead is None else opened.lead.rest
    signs = len("".join(line[: len(line) - len(rest)].split()))
    kept: list[str] = []
    at = 0
    for piece in _PIECE.finditer(html):
        blank = piece[0].isspace() or piece[0] == "&nbsp;"
        if piece[0].startswith("<"):
            kept.append(piece[0])
        elif not blank:
            if signs == 0:
                break
            signs -= 1
        at = piece.end()
    head = "".join(kept)
    while (shorter := _EMPTIED.sub("", head)) != head:
        head = shorter
    return content[block.start : block.inner] + head + html[at:] + content[block.close : block.end]
