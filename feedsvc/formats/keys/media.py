"""Pictures, sound and films that keys of front matter name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from feedsvc.formats.base import RawMedium
from feedsvc.formats.draft import Draft
from feedsvc.formats.keys.entries import Entries, Value, as_text, fold

_PICTURES = (
    "image", "images", "primaryimage", "featuredimage", "featureimage", "hero", "heroimage", "cover", "coverimage",
    "headerimg", "headerimage", "banner", "picture", "photo", "ogimage", "socialimage",
)  # fmt: skip
_SMALL = ("thumbnail", "thumb", "teaserimage")
_OTHERS = (
    "enclosure", "enclosures", "audio", "video", "podcast", "audiofile", "audiourl", "podcastfile", "podcasturl",
    "episodefile", "mp3", "m4a", "videofile", "videourl",
)  # fmt: skip
KEYS = frozenset((*_PICTURES, *_SMALL, *_OTHERS))
"""Without one of these no medium is named."""
_LENGTHS = ("podcastbytes", "podcastfilesize", "podcastlength", "audiobytes", "audiolength", "filesize", "length")
_RENDITIONS = ("mp3", "m4a", "ogg", "opus", "mp4", "webm", "audio", "video")
_ADDRESS = ("src", "url", "path", "image", "file", "href", "link", "filename")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{2,5}(?:[?#].*)?$")
_PLAYED = re.compile(r"\.(?:mp3|m4[abv]|aac|og[gav]|opus|wav|flac|mp4|webm|mov)(?:[?#].*)?$", re.IGNORECASE)
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:\.\d+)?")


def read_media(draft: Draft, entries: Entries) -> None:
    """Set ``media``: pictures first, each address once; a thumbnail only where there is no other picture."""
    found: list[RawMedium] = []
    first = ""
    for names in (_PICTURES, _SMALL, _OTHERS):
        if names is _SMALL and found:
            continue
        for entry in entries.all(*names):
            for medium in _media(entry.value):
                if is_address(medium.url):
                    first = first or entry.where
                    found.append(medium)
                elif medium.url.lower() not in {"true", "false", "none", "null", "yes", "no"}:
                    draft.note(f"“{medium.url[:80]}” ({entry.where}) is no address of a file, so it is left out.")
        if names is _PICTURES and found:
            found[0] = _described(found[0], entries)
    found = _sized(found, entries)
    each: dict[str, RawMedium] = {}
    for medium in found:
        each.setdefault(medium.url, medium)
    draft.put("media", tuple(each.values()), first)


def is_address(text: str) -> bool:
    """Whether *text* can be the address of a file: it has a folder, a scheme or a suffix; an id has none.

    A blank stands only in a name with a suffix ("my photo.jpg").
    """
    if _SUFFIX.search(text):
        return "\n" not in text
    return "/" in text and not any(sign.isspace() for sign in text)


def _sized(found: list[RawMedium], entries: Entries) -> list[RawMedium]:
    """*found* with the length and duration that keys beside it give to the one sound or film among them."""
    length = next((number for text, _ in entries.texts(*_LENGTHS) if (number := _whole(text))), 0)
    played = [medium for medium in found if _PLAYED.search(medium.url)]
    if not length or len({medium.url for medium in played}) != 1 or played[0].length:
        return found
    return [replace(medium, length=length) if medium in played else medium for medium in found]


def _described(medium: RawMedium, entries: Entries) -> RawMedium:
    """*medium* with what keys beside it say of it."""
    return replace(
        medium,
        alt=medium.alt or entries.text("imagealt", "imgalt", "featuredimagealt", "heroalt", "coveralt"),
        caption=medium.caption
        or entries.text("imagecaption", "imagefigcaption", "featuredimagecaption", "caption", "figcaption"),
        credit=medium.credit
        or entries.text("imagecredit", "imagecredits", "featuredimagecredit", "photocredit", "credit"),
    )


def _media(value: Value) -> Iterator[RawMedium]:
    if isinstance(value, str):
        yield from _one(value)
    elif isinstance(value, list):
        for part in value:
            if not isinstance(part, list):
                yield from _media(part)
    else:
        yield from _mapped({fold(name): part for name, part in value.items()})


def _one(text: str) -> Iterator[RawMedium]:
    """One address, or what WordPress keeps of an enclosure: address, length and type with white space between."""
    parts = text.split()
    if len(parts) == 3 and parts[1].isascii() and parts[1].isdigit() and _TYPE.fullmatch(parts[2]):
        yield RawMedium(url=parts[0], length=_whole(parts[1]), type=parts[2])
    elif text.strip():
        yield RawMedium(url=text.strip().replace(" ", "%20"))


def _mapped(by_name: Mapping[str, Value]) -> Iterator[RawMedium]:
    def first(*names: str) -> str:
        return next((text for name in names if name in by_name and (text := as_text(by_name[name]))), "")

    if any(isinstance(by_name.get(name), str) for name in _RENDITIONS):  # {mp3: …, m4a: …}: one of each
        duration = seconds(first("duration"))
        length = _whole(first("length", "size", "bytes", "filesize"))
        for name in _RENDITIONS:
            for each in _one(text) if isinstance(text := by_name.get(name, ""), str) else ():
                yield replace(each, duration=duration, length=length or each.length)
                length = 0  # it is that of the first
        return
    inner = next((by_name[name] for name in _ADDRESS if by_name.get(name)), "")
    medium = next(_media(inner), None)
    if medium is None:
        return
    kind = first("type", "mimetype", "mime", "contenttype").lower()
    yield replace(
        medium,
        type=kind if _TYPE.fullmatch(kind) else medium.type,
        length=_whole(first("length", "size", "bytes", "filesize")) or medium.length,
        width=_whole(first("width")) or medium.width,
        height=_whole(first("height")) or medium.height,
        duration=seconds(first("duration")) or medium.duration,
        alt=first("alt", "alttext", "imagealt") or medium.alt,
        caption=first("caption", "figcaption", "description", "imagecaption") or medium.caption,
        credit=first("credit", "credits", "attribution", "photographer", "imagecredit") or medium.credit,
    )


def _whole(text: str) -> int:
    """The number that *text* is ("640", "640px"); 0 where it is none."""
    digits = text.strip().lower().removesuffix("px").strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else 0


def seconds(text: str) -> int:
    """A duration in seconds, from "95", "1:35" or "1:02:03"."""
    if match := _CLOCK.fullmatch(text.strip()):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return _whole(text.strip().removesuffix("s").partition(".")[0])
