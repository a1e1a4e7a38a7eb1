"""JSON Feed 1.1 read back: what a reader would find, and where the bytes break the format's rules (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedsvc.publish.faults import Found, FoundItem

VERSION = "https://jsonfeed.org/version/1.1"
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)

_NUMBER = (int, float)
_Kinds = Mapping[str, type | tuple[type, ...]]
FEED: _Kinds = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
    "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list,
    "items": list,
}  # fmt: skip
ITEM: _Kinds = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": str, "banner_image": str, "date_published": str, "date_modified": str, "authors": list,
    "tags": list, "language": str, "attachments": list,
}  # fmt: skip
AUTHOR: _Kinds = {"name": str, "url": str, "avatar": str}
HUB: _Kinds = {"type": str, "url": str}
ATTACHMENT: _Kinds = {
    "url": str, "mime_type": str, "title": str, "size_in_bytes": _NUMBER, "duration_in_seconds": _NUMBER,
}  # fmt: skip
_ADDRESSES = {
    "home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image",
    "avatar",
}  # fmt: skip


def parse(document: bytes) -> Any:
    """The value of *document*. Raises ValueError that says why it is no JSON."""
    try:
        return json.loads(document.decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is no JSON: it is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8: {error.reason} at byte {error.start}") from None
    except ValueError as error:
        raise ValueError(f"it is no JSON: {error}") from None


def read_json_feed(value: Any) -> Found:
    """What stands in a JSON Feed."""
    found = Found()
    if not isinstance(value, dict):
        found.error("json", "it is no JSON object")
        return found
    _object(found, "the feed", value, FEED)
    if value.get("version") != VERSION:
        found.error("required", f"its version is {value.get('version')!r}, not {VERSION!r}")
    if not _given(value, "title"):
        found.error("required", "the feed has no title")
    if not isinstance(value.get("items"), list):
        found.error("required", "the feed has no list of items")
        return found
    for name, rule in (("feed_url", "self"), ("home_page_url", "alternate")):
        if name not in value:
            found.error(rule, f"the feed has no {name}")
    if "next_url" in value and value["next_url"] == value.get("feed_url"):
        found.error("address", "the feed's next_url leads to itself")
    _list(found, "the feed", value, "authors", AUTHOR, any_of=("name", "url", "avatar"))
    _list(found, "the feed", value, "hubs", HUB, all_of=("type", "url"))
    ours = value.get("_feedsvc")
    if isinstance(ours, dict):
        found.updated = _date(found, ours, "updated", "")
    found.items = [_item(found, item) for item in value["items"]]
    return found


def _item(found: Found, item: Any) -> FoundItem:
    if not isinstance(item, dict):
        found.error("json", "an item is no JSON object")
        return FoundItem(id="")
    article_id = _given(item, "id")
    _object(found, "it", item, ITEM, article_id)
    for name in ("url", "title", "date_published"):
        if not _given(item, name):
            found.error("required", f"it has no {name}", article_id)
    if not _given(item, "content_html") and not _given(item, "content_text"):
        found.error("required", "it has neither content_html nor content_text", article_id)
    _list(found, "it", item, "authors", AUTHOR, article_id, any_of=("name", "url", "avatar"))
    _list(found, "it", item, "attachments", ATTACHMENT, article_id, all_of=("url", "mime_type"))
    tags = item.get("tags")
    if isinstance(tags, list) and not all(isinstance(tag, str) and tag for tag in tags):
        found.error("json", "a tag is no text", article_id)
    return FoundItem(
        id=article_id,
        title=_given(item, "title"),
        published=_date(found, item, "date_published", article_id),
        updated=_date(found, item, "date_modified", article_id),
        markup=_given(item, "content_html"),
        size=sum(len(part) for part in item.values() if isinstance(part, str)),
    )


def _object(found: Found, what: str, value: Mapping[str, Any], kinds: _Kinds, article_id: str = "") -> None:
    """Check each field of *value*: its name, its type, and where it is an address, that it is a full one."""
    for name, part in value.items():
        kind = kinds.get(name)
        if kind is None:
            if not name.startswith("_"):
                found.warning("json", f"{what} has a field {name!r} that the format does not know", article_id)
        elif not isinstance(part, kind) or (isinstance(part, bool) and kind is not bool):
            found.error("json", f"the {name} of {what} is of the wrong type", article_id)
        elif name in _ADDRESSES:
            found.address(f"the {name} of {what}", part, article_id)


def _list(
    found: Found,
    what: str,
    value: Mapping[str, Any],
    name: str,
    kinds: _Kinds,
    article_id: str = "",
    *,
    all_of: tuple[str, ...] = (),
    any_of: tuple[str, ...] = (),
) -> None:
    """Check the list *name*: objects that have *all_of* their required fields, and *any_of* those that make sense."""
    parts = value.get(name, [])
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, dict):
            found.error("json", f"what stands in the {name} of {what} is no JSON object", article_id)
            continue
        _object(found, f"one of the {name} of {what}", part, kinds, article_id)
        missing = [field for field in all_of if not part.get(field)]
        if missing or (any_of and not any(part.get(field) for field in any_of)):
            wanted = " and ".join(missing) or " or ".join(any_of)
            found.error("required", f"one of the {name} of {what} has no {wanted}", article_id)


def _given(value: Mapping[str, Any], name: str) -> str:
    part = value.get(name)
    return part.strip() if isinstance(part, str) else ""


def _date(found: Found, value: Mapping[str, Any], name: str, article_id: str) -> datetime | None:
    written = _given(value, name)
    if not written:
        return None
    try:
        if _DATE_TIME.fullmatch(written):
            return datetime.fromisoformat(written)
    except ValueError:
        pass
    found.error("date", f"its {name} is {written!r}, which is no date with a time and a zone", article_id)
    return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")
