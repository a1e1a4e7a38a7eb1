"""Podcasts read back: what directories refuse (Apple, Spotify, the Podcast Standards Project's PSP-1)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from feedsvc import podcasts
from feedsvc.publish.faults import Found

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
_RULE = "podcast"
_ONCE_IN_SHOW = (
    *(ITUNES + name for name in ("author", "type", "explicit", "image", "owner", "summary")),
    *(PODCAST + name for name in ("guid", "locked")),
)
_ONCE_IN_EPISODE = tuple(
    ITUNES + name for name in ("title", "episode", "season", "episodeType", "duration", "explicit", "image", "summary")
)
_LONGEST_DESCRIPTION = 4_000
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DURATION = re.compile(r"\d{1,7}|(?:\d{1,3}:)?\d{1,2}:\d\d", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_PICTURE = re.compile(r"\.(?:jpe?g|png)(?:\?.*)?$", re.IGNORECASE)
_PLAYED = (*podcasts.PLAYABLE, "application/pdf", "application/epub+zip")
"""The beginnings of the media types that are episodes somewhere."""
_TAKEN = frozenset({
    "audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/aac", "audio/x-mp3", "audio/mpeg3",
    "video/mp4", "video/x-m4v", "video/quicktime",
})  # fmt: skip
"""The sounds and films that Apple takes."""


def is_podcast(channel: Element) -> bool:
    """Whether *channel* says of itself that it is a podcast."""
    return channel.find(ITUNES + "category") is not None or channel.find(ITUNES + "explicit") is not None


def read_show(found: Found, channel: Element) -> None:
    """Note what is wrong with the channel of a podcast."""
    for name in ("category", "explicit"):
        if channel.find(ITUNES + name) is None:
            found.error(_RULE, f"the podcast has no itunes:{name}")
    _once(found, channel, _ONCE_IN_SHOW)
    for name in (ITUNES + "author", PODCAST + "guid", "language"):
        if not _text(channel, name):
            found.warning(_RULE, f"the podcast has no {name.rpartition('}')[2]}")
    if channel.find(ITUNES + "image") is None:
        found.warning(_RULE, "the podcast has no picture (image), which every directory asks for")
    for category in channel.iter(ITUNES + "category"):
        above = category.getparent()
        nested = above is not None and above.tag == ITUNES + "category"
        name = category.get("text", "")
        path = f"{above.get('text', '')} > {name}" if nested and above is not None else name
        if not podcasts.is_category(path):
            found.error(_RULE, f"{path!r} is no category of podcasts")
    _one_of(found, channel, "explicit", ("true", "false"))
    _one_of(found, channel, "type", ("episodic", "serial"))
    _picture(found, channel)
    owner = channel.find(ITUNES + "owner")
    if owner is not None and not _MAIL.fullmatch(_text(owner, ITUNES + "email")):
        found.error(_RULE, "the owner of the podcast has no mail address")
    guid, locked = _text(channel, PODCAST + "guid"), _text(channel, PODCAST + "locked")
    if guid and not _GUID.fullmatch(guid):
        found.error(_RULE, f"podcast:guid is {guid!r}, which is no UUID")
    if locked not in ("", "yes", "no"):
        found.error(_RULE, f"podcast:locked is {locked!r}, neither yes nor no")
    if len(_text(channel, "description").encode()) > _LONGEST_DESCRIPTION:
        found.warning(_RULE, f"the description of the podcast has more than {_LONGEST_DESCRIPTION:,} bytes")


def read_episode(found: Found, item: Element, article_id: str, *, serial: bool) -> None:
    """Note what is wrong with an item of a podcast."""
    _once(found, item, _ONCE_IN_EPISODE, article_id)
    enclosures = item.findall("enclosure")
    if not enclosures:
        found.warning(_RULE, "it names no sound or film, so apps do not show it", article_id)
    for enclosure in enclosures:
        kind = enclosure.get("type", "")
        if not kind.startswith(_PLAYED):
            found.error(_RULE, f"its enclosure is {kind!r}, which no app can play", article_id)
        elif kind.startswith(podcasts.PLAYABLE) and kind not in _TAKEN:
            found.warning(
                _RULE, f"its enclosure is {kind!r}, which Apple does not take: save it as MP3 or M4A", article_id
            )
        if enclosure.get("length") == "0":
            found.warning(_RULE, "the length of its enclosure is not known", article_id)
    for name, pattern in (("duration", _DURATION), ("episode", _NUMBER), ("season", _NUMBER)):
        text = _text(item, ITUNES + name)
        if item.find(ITUNES + name) is not None and not pattern.fullmatch(text):
            found.error(_RULE, f"its itunes:{name} is {text!r}", article_id)
    if serial and item.find(ITUNES + "episode") is None and _text(item, ITUNES + "episodeType") in ("", "full"):
        found.warning(_RULE, "it has no episode number, which a serial podcast needs", article_id)
    _one_of(found, item, "episodeType", podcasts.KINDS, article_id)
    _one_of(found, item, "explicit", ("true", "false"), article_id)
    _picture(found, item, article_id)
    for one in item.iterchildren(PODCAST + "transcript", PODCAST + "chapters"):
        name = str(one.tag).rpartition("}")[2]
        found.address(f"the address of its {name}", one.get("url"), article_id)
        if "/" not in one.get("type", ""):
            found.error(_RULE, f"its {name} has no media type", article_id)
    for person in item.iterchildren(PODCAST + "person"):
        if not (person.text or "").strip():
            found.error(_RULE, "a person in it has no name", article_id)
        for name in ("href", "img"):
            if person.get(name) is not None:
                found.address(f"the {name} of a person", person.get(name), article_id)


def is_serial(channel: Element) -> bool:
    """Whether the episodes of the podcast are to be heard in their order."""
    return _text(channel, ITUNES + "type") == "serial"


def _picture(found: Found, parent: Element, article_id: str = "") -> None:
    image = parent.find(ITUNES + "image")
    if image is None:
        return
    href = image.get("href")
    found.address("the address of itunes:image", href, article_id)
    if not _PICTURE.search(href or ""):
        found.warning(_RULE, f"itunes:image is {href!r}, and not called .jpg or .png as Apple wants it", article_id)


def _one_of(found: Found, parent: Element, name: str, allowed: Collection[str], article_id: str = "") -> None:
    if parent.find(ITUNES + name) is not None and _text(parent, ITUNES + name) not in allowed:
        found.error(
            _RULE, f"itunes:{name} is {_text(parent, ITUNES + name)!r}, none of {', '.join(allowed)}", article_id
        )


def _once(found: Found, parent: Element, names: Collection[str], article_id: str = "") -> None:
    for name in names:
        if len(parent.findall(name)) > 1:
            found.error(_RULE, f"{name.rpartition('}')[2]} stands there more than once", article_id)


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()
