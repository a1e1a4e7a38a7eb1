"""Plain JSON objects: a title, a text, and beside them the names that front matter has too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import Draft, as_html, is_html
from feedsvc.formats.jsonfiles.fields import NOTHING, Fields, Found, scalar
from feedsvc.formats.jsonfiles.kinds import BODIES, TITLES
from feedsvc.formats.keys.entries import Value
from feedsvc.formats.keys.reading import read_keys
from feedsvc.text import xml_safe

_EMBARGO = ("embargo", "embargoed", "embargo_until", "embargoed_until", "embargo_date")
_EDITORS_NOTES = ("ednote", "editors_note", "editorial_note", "correction", "corrections")


def read_plain(fields: Fields, notes: Sequence[str]) -> RawItem:
    """The article of a plain object. Raises NotAnArticle where it has no text."""
    bodies = {fields.spelling(name) for name in BODIES if name in fields}
    item = read_keys(
        {xml_safe(name): _value(value) for name, value in fields.items() if name not in bodies},
        where=fields.at or "JSON",
    )
    draft = Draft(notes=(*notes, *item.notes))
    draft.put("title", item.title, item.origin.get("title", ""))
    draft.put("title", *fields.text(*TITLES))
    draft.put("body", *_body(fields))
    if not item.withdrawal and "body" not in draft:
        raise NotAnArticle("The JSON object has a title and no text, so it is no article.")
    draft.put("status", item.status, item.origin.get("status", ""))
    if not item.embargo and any(_says_something(fields.value(name)) for name in _EMBARGO):
        draft.hold("There is an embargo without a time that can be read, so the article is withheld.", "embargo")
    for name in _EDITORS_NOTES:
        for found in fields.texts(name):
            draft.put_editors_note(*found)
    return draft.onto(item)


def _body(fields: Fields) -> Found:
    """The text under the first of the names for it; the elements of a list are paragraphs."""
    for name in BODIES:
        pieces = [piece.text for piece in fields.texts(name)]
        if pieces:
            marked = any(is_html(piece) for piece in pieces)
            return Found(as_html(("\n" if marked else "\n\n").join(pieces)), fields.where(name))
    return NOTHING


def _says_something(value: object) -> bool:
    return bool(value) and scalar(value).lower() not in {"false", "no", "none", "null", "0"}


def _value(value: object) -> Value:
    if isinstance(value, Mapping):
        return {xml_safe(str(name)): _value(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_value(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value)
