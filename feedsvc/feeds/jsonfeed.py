"""JSON Feed 1.1 (jsonfeed.org/version/1.1). What the format has no name for stands under ``_feedsvc``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from feedsvc.dates import rfc3339
from feedsvc.digest import neutral
from feedsvc.feeds.pieces import InPieces, Joined, Piece
from feedsvc.feeds.shown import ShownEntry, ShownFeed, frame, shown_entry, terms_of
from feedsvc.links import Links
from feedsvc.model import Author, Category, Enclosure, Feed, Tombstone

VERSION = "https://jsonfeed.org/version/1.1"
OURS = "_feedsvc"
_END = b"]\n}\n"


class JsonFeed(InPieces):
    """The renderer for JSON Feed 1.1."""

    name = "JSON Feed"
    suffix = "json"
    media_type = "application/feed+json"

    def render(self, feed: Feed, links: Links) -> bytes:
        """Write *feed* as JSON Feed. Raises RenderError naming the article that cannot be written."""
        terms = terms_of(feed, links)
        pieces = self._pieces.of(feed, terms, lambda entry: _piece(shown_entry(entry, terms)))
        head = (_written(_feed(frame(feed, links, suffix=self.suffix)) | {"items": []}) + b"\n").removesuffix(_END)
        return Joined.of(pieces, lambda chosen: _joined(head, chosen))


def _joined(head: bytes, pieces: Sequence[Piece]) -> bytes:
    return b"".join((head, b",".join(one.written for one in pieces), b"\n " if pieces else b"", _END))


def _piece(entry: ShownEntry) -> Piece:
    """An item as it stands in the list of items, two levels deep; within texts a line's end is written otherwise."""
    return Piece(b"\n  " + _written(_item(entry)).replace(b"\n", b"\n  "))


def _written(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _feed(feed: ShownFeed) -> dict[str, Any]:
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "next_url": feed.older,
        "description": feed.description,
        "icon": feed.logo or feed.icon,
        "favicon": feed.icon,
        "authors": [{"name": feed.author}],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
        OURS: _given(
            {
                "updated": rfc3339(feed.updated),
                "rights": feed.rights,
                "license": feed.license,
                "accent_color": feed.accent,
                "archive": bool(feed.current),
                "complete": feed.complete,
                "podcast": neutral(feed.podcast) if feed.podcast is not None else {},
                "current_url": feed.current,
                "newer_url": feed.newer,
                "deleted": [_deleted(stone) for stone in feed.tombstones],
            }
        ),
    }
    return _given(document)


def _item(entry: ShownEntry) -> dict[str, Any]:
    article = entry.article
    labels = [category.label or category.term for category in entry.categories]
    ours = {
        "standfirst": article.standfirst,
        "byline": article.byline,
        "agency": article.agency,
        "dateline": article.dateline,
        "rights": entry.rights,
        "license": entry.license,
        "expires": rfc3339(article.expires) if article.expires else "",
        "categories": [_category(one) for one in entry.categories if one.label or one.scheme],
        "episode": neutral(entry.episode) if entry.episode is not None else {},
    }
    body = {"content_html": entry.content} if entry.content else {"content_text": entry.summary}
    item = {
        "id": article.id,
        "url": entry.url,
        "external_url": entry.via,
        "title": article.title,
        **body,
        "summary": entry.summary,
        "image": entry.image,
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "authors": [_author(author) for author in entry.authors],
        "tags": list(dict.fromkeys(labels)),
        "language": entry.language,
        "attachments": [_attachment(one) for one in entry.enclosures],
        OURS: _given(ours),
    }
    return _given(item)


def _author(author: Author) -> dict[str, Any]:
    return _given({"name": author.name, "url": author.uri})


def _category(category: Category) -> dict[str, Any]:
    return _given({"term": category.term, "label": category.label, "scheme": category.scheme})


def _attachment(one: Enclosure) -> dict[str, Any]:
    ours = {
        "alt": one.alt,
        "caption": one.caption,
        "credit": one.credit,
        "width": max(0, one.width),
        "height": max(0, one.height),
    }
    return _given(
        {
            "url": one.url,
            "mime_type": one.type,
            "title": one.caption or one.alt,
            "size_in_bytes": max(0, one.length),
            "duration_in_seconds": max(0, one.duration),
            OURS: _given(ours),
        }
    )


def _deleted(stone: Tombstone) -> dict[str, Any]:
    return _given({"id": stone.id, "when": rfc3339(stone.when), "comment": stone.comment})


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value: an empty text, list or object, and 0, stand for unknown."""
    return {name: value for name, value in fields.items() if value}
