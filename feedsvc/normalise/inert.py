"""Text that nobody can take for markup which acts: the last step over all fields of an article that are not HTML.

Titles and names are plain text, and every output escapes them as such. But readers of feeds disagree on what is text
and what is HTML: what one shows, another runs. So in all text a ``<`` that would begin something active is set apart
from what follows by a space; a browser takes it for the sign itself then (HTML Standard, section 13.2.5.6).
"""

from __future__ import annotations

import dataclasses
import re
from operator import attrgetter
from typing import Any

from feedsvc.model import Article

_TEXTS = ("title", "summary", "standfirst", "byline", "agency", "dateline", "rights")
_PARTS = {"authors": ("name",), "categories": ("term", "label", "scheme"), "enclosures": ("alt", "caption", "credit")}
_SAID = attrgetter(*_TEXTS)
_SAID_IN_PARTS = {name: attrgetter(*fields) for name, fields in _PARTS.items() if len(fields) > 1}
_ACTIVE = re.compile(
    r"<(?=[!?]|/?(?:applet|base|button|canvas|dialog|embed|form|frame|frameset|iframe|input|link|marquee|math|meta"
    r"|noembed|noframes|noscript|object|plaintext|portal|script|select|slot|style|svg|template|textarea|title|xmp)"
    r"(?![a-z0-9_-]))",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?=[a-z])", re.IGNORECASE)
_PROGRAM = re.compile(r"\s*(?:javascript|vbscript|livescript|data)\s*:", re.IGNORECASE)


def inert(text: str) -> str:
    """*text* without anything in it that a reader could take for active markup. ``inert(inert(x)) == inert(x)``."""
    if "<" not in text:
        return text
    return _without_attributes(_ACTIVE.sub("< ", text))


def is_program(address: str) -> bool:
    """Whether *address* is one that a browser runs or shows by itself, instead of one that leads somewhere."""
    return _PROGRAM.match(address) is not None


def inert_article(article: Article) -> Article:
    """*article* with all its text inert; its content is HTML, and sanitised as that."""
    if _has_none(article):
        return article
    said: dict[str, Any] = {name: inert(text) for name in _TEXTS if "<" in (text := getattr(article, name))}
    for name, fields in _PARTS.items():
        given = getattr(article, name)
        parts = tuple(_part(one, fields) for one in given)
        if parts != given:
            said[name] = parts
    return dataclasses.replace(article, **said) if said else article


def _has_none(article: Article) -> bool:
    """Whether nothing in *article* can begin markup, as nothing in most articles can."""
    texts = [*_SAID(article), *(author.name for author in article.authors)]
    for name, said in _SAID_IN_PARTS.items():
        for part in getattr(article, name):
            texts += said(part)
    return "<" not in "\n".join(texts) and not any(category.scheme for category in article.categories)


def _part(part: Any, fields: tuple[str, ...]) -> Any:
    said = {name: inert(text) for name in fields if "<" in (text := getattr(part, name))}
    if "scheme" in fields and is_program(part.scheme):
        said["scheme"] = ""
    return dataclasses.replace(part, **said) if said else part


def _without_attributes(text: str) -> str:
    """*text* in which no tag has attributes: those make elements act that are harmless otherwise.

    From its ``<`` a tag goes on to the next ``>``, over any other ``<``; in one without ``=`` nothing acts.
    """
    pieces = text.split(">")
    for number, piece in enumerate(pieces):
        last = piece.rfind("=")
        if last > 0:
            pieces[number] = _TAG.sub("< ", piece[:last]) + piece[last:]
    return ">".join(pieces)
