"""Who wrote it, as front matter says so: names, ids, addresses, Markdown links, lists of these."""

from __future__ import annotations

import re

from feedsvc.formats.base import RawAuthor
from feedsvc.formats.draft import Draft, address
from feedsvc.formats.keys.entries import Entries, Value, as_text, fold

_KEYS = ("authors", "author", "writer", "writers", "reporter", "creator", "by")
KEYS = frozenset(("byline", *_KEYS))
"""Without one of these nobody is named."""
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(\s*<?([^()\s<>]{1,1000})>?[^()\n]{0,200}\)")
_MAIL_FIRST = re.compile(r"(?:mailto:)?([^\s<>()@,;]+@[^\s<>()@,;]+)(?:\s*\(([^()]*)\))?")
_NAME_FIRST = re.compile(r'"?([^<>"@]++)"?\s*<(?:mailto:)?([^\s<>]+)>')


def read_people(draft: Draft, entries: Entries) -> None:
    """Set ``byline`` (one text, as printed) and ``authors`` (where they are named apart)."""
    for text, where in entries.texts("byline"):
        draft.put("byline", without_links(text), where)
    for entry in entries.all(*_KEYS):
        if isinstance(entry.value, str):
            text = entry.value.strip()
            found = _named(text)
            if found and "authors" not in draft:
                draft.put("authors", tuple(found), entry.where)
                if _LINK.search(text):
                    draft.put("byline", without_links(text), entry.where)
            elif "authors" not in draft and not draft.put("byline", text, entry.where):
                draft.put("authors", (RawAuthor(name=text),), entry.where)
        else:
            values = entry.value if isinstance(entry.value, list) else [entry.value]
            draft.put_all("authors", (author for value in values for author in _authors(value)), entry.where)


def without_links(text: str) -> str:
    """*text* with each Markdown link reduced to its words."""
    return _LINK.sub(r"\1", text)


def _authors(value: Value) -> list[RawAuthor]:
    if isinstance(value, str):
        text = value.strip()
        return _named(text) or ([RawAuthor(name=text)] if text else [])
    if isinstance(value, list):
        return [RawAuthor(name=text)] if (text := as_text(value)) else []
    by_name = {fold(key): as_text(part) for key, part in value.items()}

    def first(*names: str) -> str:
        return next((by_name[name] for name in names if by_name.get(name)), "")

    name = first("name", "fullname", "displayname", "author", "title", "nickname", "id")
    mail = first("email", "mail")
    if not name and not mail:
        return []
    return [
        RawAuthor(
            name=name or mail,
            uri=address(first("url", "uri", "link", "website", "homepage")),
            email=mail,
            role=first("role", "job", "position", "jobtitle", "affiliation", "organization"),
        )
    ]


def _named(text: str) -> list[RawAuthor]:
    """The authors in *text* where links or addresses tell them apart; none where it is plain words."""
    if match := _MAIL_FIRST.fullmatch(text):
        return [RawAuthor(name=(match[2] or "").strip() or match[1], email=match[1])]
    if match := _NAME_FIRST.fullmatch(text):
        name, at = match[1].strip(), match[2]
        return [RawAuthor(name=name, uri=address(at), email=at if "@" in at and "/" not in at else "")]
    return [RawAuthor(name=match[1].strip(), uri=address(match[2])) for match in _LINK.finditer(text)]
