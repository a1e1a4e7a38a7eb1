"""The component tree of a NewsML 1 item: which piece is the text, which are pictures, which lines belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawMedium
from feedsvc.formats.newsxml.content import holds_content
from feedsvc.formats.newsxml.g2item import is_address
from feedsvc.formats.xmlbytes import child, children, local, text_of
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree

_MAIN_ROLES = frozenset({"main", "maintext", "main text", "body", "text", "bodytext", "article", "story", "primary"})
_OTHER_ROLES = frozenset({"headline", "stylesheet", "contact", "caption", "logo", "notepad", "ednote", "advisory"}) | {
    *("abstract", "summary", "teaser", "lead", "photo caption", "credit", "byline", "keywords", "tagline", "metadata"),
}
_NO_TEXT = ("css", "javascript", "image/", "video/", "audio/", "application/pdf", "jpeg", "gif", "png", "stylesheet")
_MEDIA = ("image", "photo", "picture", "graphic", "video", "audio", "jpeg", "gif", "png", "mpeg")
_NO_MEDIA_ROLES = frozenset({"logo", "icon", "stylesheet"})
_MIME = re.compile(r"(?:image|video|audio)/[\w.+-]{1,60}")
_LOOKED_AT = 500  # pieces of content: a text with more pictures is none
_DIGITS = re.compile(r"\d{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A ``ContentItem`` with what is said of it.

    *content* is its ``DataContent`` (inside an ``Encoding`` or not), None where there is nothing in it. *role* is
    that of its component, *kind* holds its types and formats in lower case, *mime* the one with a slash.
    *above* are the components around it, innermost first.
    """

    element: etree._Element
    content: etree._Element | None
    role: str
    kind: str
    mime: str
    above: tuple[etree._Element, ...]

    @property
    def is_medium(self) -> bool:
        """Whether the piece is a picture, sound or film."""
        return any(word in self.kind for word in _MEDIA)

    def rank(self) -> int:
        """How likely the piece is the main text, 0 for certainly not."""
        if self.content is None or self.is_medium or any(word in self.kind for word in _NO_TEXT):
            return 0
        if self.role in _OTHER_ROLES:
            return 0
        marked = "html" in self.kind or "nitf" in self.kind or bool(children(self.content))
        return 1 + marked + 4 * (self.role in _MAIN_ROLES) + 2 * ("text" in self.kind)

    def notation(self) -> str:
        """The encoding of the content ("base64"), empty for none."""
        return formal(child(self.element, "Encoding"), "Notation").lower()


def descendants(root: etree._Element, name: str) -> list[etree._Element]:
    """All elements named *name* below *root*, none inside another of that name or inside a ``DataContent``."""
    found = []
    stack = list(reversed(children(root)))
    while stack:
        element = stack.pop()
        if local(element) == name:
            found.append(element)
        elif local(element) != "DataContent":
            stack.extend(reversed(children(element)))
    return found


def formal(element: etree._Element | None, name: str = "FormalName") -> str:
    """The attribute *name* of *element* on one line; empty where either is absent."""
    return "" if element is None else one_line(str(element.get(name) or ""))


def pieces(item: etree._Element) -> list[Piece]:
    """All pieces of content in *item*, in order."""
    found: list[Piece] = []
    stack: list[tuple[etree._Element, str, tuple[etree._Element, ...]]] = [
        (each, "", ()) for each in reversed(children(item, "NewsComponent"))
    ]
    while stack:
        component, role, above = stack.pop()
        role = formal(child(component, "Role")).lower() or role
        around = (component, *above)
        for content in children(component, "ContentItem"):
            parts = [formal(child(content, name)).lower() for name in ("MediaType", "Format", "MimeType", "Notation")]
            mime = next((part for part in parts if "/" in part), "")
            filled = (each for each in descendants(content, "DataContent") if holds_content(each))
            found.append(
                Piece(
                    element=content,
                    content=next(filled, None),
                    role=role,
                    kind=" ".join(parts),
                    mime=mime,
                    above=around,
                )
            )
        stack.extend((each, role, around) for each in reversed(children(component, "NewsComponent")))
    return found


def main_text(found: Sequence[Piece]) -> Piece | None:
    """The piece that is the text: by role first, then by type; the first of equals."""
    best = max(found, key=Piece.rank, default=None)
    return best if best is not None and best.rank() else None


def around(piece: Piece | None, item: etree._Element) -> Sequence[etree._Element]:
    """The components around *piece*, innermost first; without one the outermost components of *item*."""
    return piece.above if piece is not None else descendants(item, "NewsComponent")


def lines(piece: Piece | None, item: etree._Element) -> Iterator[etree._Element]:
    """The ``NewsLines`` that hold for *piece*, nearest first; all of the item's where there is no piece."""
    for component in around(piece, item):
        yield from children(component, "NewsLines")


def media(found: Sequence[Piece]) -> list[RawMedium]:
    """One medium for each component of pictures: the widest rendition that a reader can fetch."""
    by_component: dict[etree._Element, list[RawMedium]] = {}
    for piece in found[:_LOOKED_AT]:
        url = str(piece.element.get("Href") or "").strip()
        if not piece.is_medium or piece.role in _NO_MEDIA_ROLES or not url or not is_address(url):
            continue
        sizes = _sizes(piece.element)
        mime = _MIME.search(piece.kind)
        medium = RawMedium(
            url=url,
            type=mime[0] if mime else "",
            length=sizes.get("sizeinbytes", 0),
            width=sizes.get("width", 0),
            height=sizes.get("height", 0),
            alt=_line(piece, "HeadLine"),
            caption=_caption(piece, found),
            credit=_line(piece, "CreditLine") or _line(piece, "ByLine"),
        )
        by_component.setdefault(piece.above[0], []).append(medium)
    return [max(renditions, key=lambda each: each.width) for renditions in by_component.values()]


def _sizes(content: etree._Element) -> dict[str, int]:
    """Characteristics of a rendition in pixels and bytes, by their names in lower case."""
    found: dict[str, int] = {}
    for holder in children(content, "Characteristics"):
        for element in children(holder):
            name, value = local(element), text_of(element)
            if name == "Property":
                name, value = formal(element), formal(element, "Value")
            match = _DIGITS.fullmatch(value)
            if match:
                found.setdefault(name.lower().removeprefix("pixel"), int(match[0]))
    return found


def _line(piece: Piece, name: str) -> str:
    """A line of the picture's own component; those of the text around it are not its own."""
    return one_line(text_of(child(child(piece.above[0], "NewsLines"), name)))


def _caption(piece: Piece, found: Sequence[Piece]) -> str:
    """The text of a caption component beside the picture or below the same parent."""
    near = piece.above[:2]
    for other in found[:_LOOKED_AT]:
        if "caption" in other.role and other.content is not None and any(each in near for each in other.above[:2]):
            return one_line(text_of(other.content))
    return _line(piece, "HeadLine")
