"""The pictures, sound and film of an article: what the metadata name, completed by the page's own figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawMedium
from feedsvc.formats.html.clues import Clues
from feedsvc.formats.html.numbers import pixels
from feedsvc.formats.html.tree import text_of, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CREDIT = frozenset({"credit", "credits", "copyright", "photographer", "imagecredit", "photocredit", "source"})
_SIGNED = re.compile(
    r"(?:photo(?:graph)?|foto|image|picture|credit|bild)(?: credit)?(?: by|:) (.{2,80})$", re.IGNORECASE
)
_SMALL = 100
_MOST = 20
_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "mp4": "video/mp4", "webm": "video/webm"}


def collect(clues: Clues, page: HtmlElement, body: HtmlElement) -> Sequence[tuple[RawMedium, str]]:
    """The media with their origins, the lead picture first. *body* is the article's part of *page*."""
    found: list[tuple[RawMedium, str]] = []
    pictures = [entry for entry in clues.media if entry[0].type.startswith("image")]
    if not pictures:
        pictures = [entry for entry in map(_of_img, body.iter("img")) if entry is not None][:1]
    if pictures:
        lead, origin = pictures[0]
        for other, _ in pictures[1:]:
            if _same(other.url, lead.url):
                lead = _filled(lead, other)
        for img in page.iter("img"):
            if _same(img.get("src") or img.get("data-src") or "", lead.url):
                shown = _of_img(img)
                lead = _filled(lead, shown[0]) if shown else lead
                break
        found.append((lead, origin))
    found += [entry for entry in clues.media if not entry[0].type.startswith("image")]
    for player in list(body.iter("audio", "video"))[:_MOST]:
        source = player if player.get("src") else player.find(".//source")
        url = (source.get("src") or "").strip() if source is not None else ""
        if url and not any(_same(url, medium.url) for medium, _ in found):
            suffix = url.split("?")[0].rsplit(".", 1)[-1].lower()
            declared = (source.get("type") or "").split(";")[0].strip() if source is not None else ""
            kind = declared or _TYPES.get(suffix, str(player.tag))
            medium = RawMedium(
                url=url, type=kind, width=pixels(player.get("width")), height=pixels(player.get("height"))
            )
            found.append((medium, str(player.tag)))
    return [(replace(medium, type=_type(medium)), origin) for medium, origin in found[:_MOST] if medium.url]


def _type(medium: RawMedium) -> str:
    """The type as declared; a family alone ("image") is what this format itself noted."""
    return medium.type if "/" in medium.type else ""


def _of_img(img: HtmlElement) -> tuple[RawMedium, str] | None:
    url = (img.get("src") or img.get("data-src") or "").strip()
    width, height = pixels(img.get("width")), pixels(img.get("height"))
    if not url or url.startswith("data:") or 0 < width < _SMALL or 0 < height < _SMALL:
        return None
    caption = credit = ""
    figure = next((up for up in img.iterancestors() if up.tag == "figure"), None)
    if figure is not None:
        label = next(iter(figure.iter("figcaption")), None)
        named = next((one for one in figure.iter("span", "small", "div", "p", "cite") if words(one) & _CREDIT), None)
        credit = text_of(named) if named is not None else ""
        caption = text_of(label) if label is not None else ""
        if credit and caption.endswith(credit):
            caption = caption[: -len(credit)].rstrip(" –—-|·(")
        elif not credit and (signed := _SIGNED.search(caption)) is not None:
            caption, credit = caption[: signed.start()].rstrip(" –—-|·("), signed.group(1).rstrip(")")
    medium = RawMedium(
        url=url,
        type="image",
        width=width,
        height=height,
        alt=img.get("alt", "").strip(),
        caption=caption,
        credit=credit,
    )
    return medium, "figure" if figure is not None else "img"


def _filled(medium: RawMedium, other: RawMedium) -> RawMedium:
    """*medium*, with what only *other* knows of it. Sizes are of one file and not carried over."""
    same_file = medium.url.split("?")[0] == other.url.split("?")[0]
    return replace(
        medium,
        width=medium.width or (other.width if same_file and other.height else 0),
        height=medium.height or (other.height if same_file and other.width else 0),
        alt=medium.alt or other.alt,
        caption=medium.caption or other.caption,
        credit=medium.credit or other.credit,
    )


def _same(left: str, right: str) -> bool:
    """Whether two addresses name one picture: the last part of their paths, sizes in it aside."""
    return bool(left) and _core(left) == _core(right)


def _core(url: str) -> str:
    name = url[:2000].split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return re.sub(r"[-_]?\d{2,4}x\d{2,4}|[-_]\d{2,4}w?(?=\.)|@[23]x|-scaled", "", name) or url
