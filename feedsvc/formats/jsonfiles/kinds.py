"""Which of the JSON formats an object is of, and the objects that stand inside an envelope."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from feedsvc.errors import NotAnArticle, TooLarge, UnknownFormat
from feedsvc.formats.draft import MAX_ITEMS
from feedsvc.formats.jsonfiles.fields import Fields, scalar
from feedsvc.text import xml_safe

_ENVELOPES = (
    "item",
    "items",
    "newsitem",
    "newsitems",
    "article",
    "articles",
    "entry",
    "entries",
    "data",
    "results",
)
_LEVELS = 4

_NINJS_IDS = ("guid", "uri", "urn", "altids")
_NINJS = frozenset(
    {"versioncreated", "firstcreated", "contentcreated", "pubstatus", "bodies", "headlines", "bodyxhtml"}
    | {
        "headlinemain",
        "bodymain",
        "bodyrichtext",
        "copyrightholder",
        "slugline",
        "descriptiontext",
        "bodytext",
    }
)
_NINJS_TYPES = frozenset(
    {"text", "picture", "graphic", "video", "audio", "composite", "package", "planning", "event", "component"}
)
_NINJS_PARTS = frozenset({"headline", "bodyhtml", "renditions", "associations"})
_UNTITLED = frozenset({"guid", "bodyhtml"})
"""An object with these is an article though it has no title."""
_FEED_VERSION = "jsonfeed.org/version/"

TITLES = ("headline", "title", "name", "heading")
BODIES = (
    *("body_html", "content_html", "article_html", "html", "articleBody", "body", "content", "article"),
    *("text", "content_text", "body_text", "full_text", "story", "paragraphs"),
)
"""The names under which a plain object holds its headline and its text, best first."""


class Kind(enum.Enum):
    """The JSON formats."""

    NINJS = "ninjs"
    DIGITALWIRES = "digitalwires"
    GOVUK = "GOV.UK"
    FEED = "JSON Feed"
    SCHEMA = "schema.org"
    FEED_ITEM = "JSON Feed item"
    PLAIN = "JSON article"


def kind_of(fields: Fields) -> Kind | None:
    """The format of one object, None where it is like none of them."""
    if "digitalwires@" in scalar(fields.value("format")) or {"entryid", "articlehtml"} <= fields.names():
        return Kind.DIGITALWIRES
    if {"schemaname", "contentid"} <= fields.names():
        return Kind.GOVUK
    if _FEED_VERSION in scalar(fields.value("version")) and "items" in fields:
        return Kind.FEED
    if "@type" in fields or "@graph" in fields:
        return Kind.SCHEMA
    if any(name in fields for name in _NINJS_IDS):
        typed = scalar(fields.value("type")) in _NINJS_TYPES and fields.names() & _NINJS_PARTS
        if typed or fields.names() & _NINJS:
            return Kind.NINJS
    if fields.text("content_html", "content_text") and fields.text("id", "url"):
        return Kind.FEED_ITEM
    if has_text(fields) and (fields.text(*TITLES) or fields.names() >= _UNTITLED):
        return Kind.PLAIN
    return None


def has_text(fields: Fields) -> bool:
    """Whether a plain object holds a text, or a list of texts, under one of the names for it."""
    return bool(fields.texts(*BODIES))


def objects_in(value: object) -> list[Fields]:
    """The objects that may be articles: *value* itself, those of a list, or those inside an envelope.

    Raises UnknownFormat where there is none, TooLarge for too many.
    """
    found = _inside(value, "", _LEVELS)
    if not found:
        raise UnknownFormat("The JSON holds no object that could be an article, only numbers, texts or nothing.")
    if len(found) > MAX_ITEMS:
        raise TooLarge(f"The file holds {len(found):,} items; at most {MAX_ITEMS:,} are read from one file.")
    return found


def main_kind(value: object) -> Kind | None:
    """The format of the first object in *value* that is of any."""
    for fields in _inside(value, "", _LEVELS)[:MAX_ITEMS]:
        kind = kind_of(fields)
        if kind is not None:
            return kind
    return None


def of_kind(value: object, *kinds: Kind) -> tuple[list[Fields], tuple[str, ...]]:
    """The objects in *value* that are of one of *kinds*, and a note where others were passed over.

    Raises UnknownFormat or NotAnArticle where there are none.
    """
    objects = objects_in(value)
    chosen = [fields for fields in objects if kind_of(fields) in kinds]
    if not chosen:
        raise _refusal(objects[0], kinds)
    others = len(objects) - len(chosen)
    return chosen, (f"{others} other objects in this file were passed over.",) if others else ()


def _refusal(fields: Fields, kinds: Sequence[Kind]) -> UnknownFormat | NotAnArticle:
    kind = kind_of(fields)
    if kind is not None:
        return UnknownFormat(f"The JSON is {kind.value} and not {kinds[0].value}.")
    if fields.text("type").text in {"Feature", "FeatureCollection"}:
        return NotAnArticle("The JSON is GeoJSON, a map, and no article.")
    if fields.text(*TITLES):
        return NotAnArticle(f"The JSON has a title and no text (as {', '.join(BODIES[:6])} …), so it is no article.")
    names = ", ".join(fields.spelling(name) for name in list(fields.names())[:6]) or "none"
    return UnknownFormat(
        "The JSON has neither a title nor a text under a usual name, so it is no article that is known here. "
        f"Its names: {xml_safe(names)[:200]}."
    )


def _inside(value: object, at: str, levels: int) -> list[Fields]:
    if isinstance(value, Mapping):
        fields = Fields(value, at=at)
        if kind_of(fields) is None and levels:
            for name in _ENVELOPES:
                inner = fields.value(name)
                found = _inside(inner, fields.where(name), levels - 1)
                if found:
                    return found
        return [fields]
    if isinstance(value, Sequence) and not isinstance(value, str) and levels:
        found = []
        for index, each in enumerate(value):
            if isinstance(each, Mapping):
                found += _inside(each, f"{at}[{index}]", levels - 1)
            if len(found) > MAX_ITEMS:
                break
        return found
    return []
