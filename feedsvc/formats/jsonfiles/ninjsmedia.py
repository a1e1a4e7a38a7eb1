"""The pictures, films and sounds that a ninjs item is associated with."""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.formats.base import RawMedium
from feedsvc.formats.jsonfiles.fields import Fields, fold

_TYPES = frozenset({"picture", "image", "photo", "graphic", "video", "audio", ""})
_MEDIA_TYPES = ("image/", "video/", "audio/")
_FIRST = frozenset({"featuremedia", "mainpic", "main", "featured", "teaser"})
_BEST = ("main", "original", "web", "baseimage", "viewimage", "preview")
_MAX_MEDIA = 200


def media(item: Fields) -> Iterator[RawMedium]:
    """One medium for each association of *item* and for its own renditions, the featured ones first.

    Of the renditions of one picture the largest is taken.
    """
    named = [(name, each) for name, each in _named(item, "associations") if _kind(each) in _TYPES]
    named.sort(key=lambda pair: fold(pair[0]) not in _FIRST)
    for _, association in named[:_MAX_MEDIA]:
        medium = _medium(association)
        if medium is not None:
            yield medium
    own = _medium(item, bare=True)
    if own is not None:
        yield own


def _named(fields: Fields, name: str) -> list[tuple[str, Fields]]:
    """The objects under *name* with their names: the keys of an object in 1.x, later names inside a list."""
    holder = fields.object(name)
    if holder is not None:
        return [(key, each) for key in holder.names() if (each := holder.object(key))]
    return [(each.text("name", "role").text, each) for each in fields.objects(name)]


def _kind(fields: Fields) -> str:
    return fields.text("type").text.lower()


def _medium(fields: Fields, *, bare: bool = False) -> RawMedium | None:
    """The best rendition of *fields*; with *bare* without words, which belong to the article itself."""
    renditions = [
        (name, each) for name, each in _named(fields, "renditions") if each.text("href", "url") and _fits(each)
    ]
    if not renditions:
        return None
    best = max(renditions, key=lambda pair: _worth(*pair))[1]
    described = {each.text("role").text.lower(): each.text("value").text for each in fields.objects("descriptions")}
    titled = [each.text("value").text for each in fields.objects("headlines")]
    caption = fields.text("description_text", "caption", "description").text or described.get("caption", "")
    return RawMedium(
        url=best.text("href", "url").text,
        type=best.text("mimetype", "contenttype").text,
        length=best.number("sizeinbytes", "size"),
        width=best.number("width"),
        height=best.number("height"),
        duration=best.number("duration"),
        alt="" if bare else fields.text("alttext", "alt", "body_text", "headline").text or "".join(titled[:1]),
        caption="" if bare else caption or described.get("", ""),
        credit=""
        if bare
        else fields.text("creditline", "byline", "by", "copyrightholder").text or described.get("creditline", ""),
    )


def _fits(rendition: Fields) -> bool:
    media_type = rendition.text("mimetype", "contenttype").text.lower()
    return not media_type or media_type.startswith(_MEDIA_TYPES)


def _worth(name: str, rendition: Fields) -> tuple[int, int]:
    area = rendition.number("width") * rendition.number("height")
    folded = fold(name)
    return area, len(_BEST) - _BEST.index(folded) if folded in _BEST else 0
