"""Media RSS, the namespace in which RSS and Atom entries name their pictures and films."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawMedium
from feedsvc.formats.xmlbytes import child, children, local, namespace, text_of

if TYPE_CHECKING:
    from lxml import etree

_MEDIA = "http://search.yahoo.com/mrss/"
_MAX_MEDIA = 200


def media_of(entry: etree._Element) -> Iterator[RawMedium]:
    """The media of *entry*: one for each ``media:content``, the largest of a ``media:group``."""
    found = 0
    for each in entry:
        if namespace(each).rstrip("/") != _MEDIA.rstrip("/") or found >= _MAX_MEDIA:
            continue
        contents = children(each, "content") if local(each) == "group" else [each]
        contents = [content for content in contents if local(content) == "content" and content.get("url")]
        if contents:
            found += 1
            best = max(contents, key=lambda content: number(content.get("width")) * number(content.get("height")))
            yield _medium(best, each)
    thumbnail = next((each for each in children(entry, "thumbnail") if each.get("url")), None)
    if not found and thumbnail is not None:
        yield _medium(thumbnail, entry)


def number(value: object) -> int:
    """*value* as a whole number above zero, else 0."""
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def _medium(content: etree._Element, around: etree._Element) -> RawMedium:
    """*content*, with words of its own or of the group *around* it."""

    def words(*names: str) -> str:
        return text_of(child(content, *names)) or (text_of(child(around, *names)) if local(around) == "group" else "")

    return RawMedium(
        url=str(content.get("url", "")).strip(),
        type=str(content.get("type", "")),
        length=number(content.get("fileSize")),
        width=number(content.get("width")),
        height=number(content.get("height")),
        duration=number(content.get("duration")),
        alt=words("title"),
        caption=words("description", "text"),
        credit=words("credit", "copyright"),
    )
