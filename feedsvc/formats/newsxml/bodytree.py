"""Steps on the tree of a body, NITF or XHTML alike: what is left out, and what makes a paragraph.

An element is left out by emptying and renaming it, not by unlinking it: so the text behind it stays where it is,
and no file, however it is built, costs more than time in proportion to its length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedsvc.formats.newsxml.wirewords import paragraphs
from feedsvc.formats.xmlbytes import inner_html, local
from feedsvc.text import xml_safe

if TYPE_CHECKING:
    from lxml import etree

_LEFT_OUT = "left-out"
_REFERENCE = re.compile(r"&(?:#\d{2,5}|quot|apos|nbsp|amp);")
_FILLERS = " \t\r\n\xa0\u200b\ufeff"

# What stands for itself in HTML even without any text.
_MEDIA = frozenset({"img", "picture", "video", "audio", "iframe", "embed", "object", "svg", "hr", "br"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"})
_TEXT_BLOCKS = _HEADINGS | {"p", "pre", "li", "td", "th", "dt", "dd"}
_BLOCKS = _TEXT_BLOCKS | {"table", "bq", "blockquote", "div", "section", "article", "figure", "hr"}
_DROPPED_WHEN_EMPTY = _HEADINGS | {"p"}


def leave_out(element: etree._Element) -> None:
    """Take *element* out of the body; the text behind it stays."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # not in the stubs
    element.tag = _LEFT_OUT


def as_html(root: etree._Element, names: dict[str, str] | None = None) -> str:
    """What is left inside *root*, as HTML; *names* as in ``inner_html``."""
    return inner_html(root, names={**(names or {}), _LEFT_OUT: ""})


def has_blocks(root: etree._Element) -> bool:
    """Whether anything inside *root* makes a paragraph of its own."""
    return any(local(each) in _BLOCKS for each in root.iter() if each is not root)


def has_text(root: etree._Element) -> bool:
    """Whether there is text inside *root*, fillers aside."""
    return any(str(piece).strip(_FILLERS) for piece in root.itertext())


def loose_text(root: etree._Element) -> str:
    """The text of a body without paragraphs: *root* may hold inline elements, and ``br`` as a line end."""
    pieces = [root.text or ""]
    for each in root.iter():
        if each is not root:
            if local(each) == "br":
                pieces.append("\n")
            pieces.append(each.text or "")
            pieces.extend(str(above.tail or "") for above in _ended_after(each, root))
    return "".join(pieces)


def tree_of_text(text: str) -> etree._Element:
    """Plain *text* as a body of paragraphs."""
    from lxml import etree

    root = etree.Element("body")
    for paragraph in paragraphs(xml_safe(text)):
        etree.SubElement(root, "p").text = paragraph
    return root


def finish(root: etree._Element, names: dict[str, str] | None = None) -> str:
    """*root* as the HTML of a body: no empty paragraphs; *names* as in ``inner_html``."""
    if not has_blocks(root):
        root = tree_of_text(loose_text(root))
    root = _split_lone_paragraph(root)
    for element in root.iter():
        if "&" in (element.text or "") + (element.tail or ""):
            element.text, element.tail = map(_unescaped, (element.text or "", element.tail or ""))
        if local(element) == "p" and element.text:
            element.text = element.text.lstrip(_FILLERS)  # no-break spaces often stand for an indent
    _drop_empty(root)
    return as_html(root, names)


def _unescaped(text: str) -> str:
    """*text* with references that were escaped once too often as their characters: "four o&amp;#39;clock"."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text)


def _ended_after(element: etree._Element, root: etree._Element) -> Iterator[etree._Element]:
    """The elements that end where *element*, with no children to follow, does."""
    if len(element):
        return
    yield element
    above = element
    while above.getnext() is None:
        parent = above.getparent()
        if parent is None or parent is root:
            return
        above = parent
        yield above


def _drop_empty(root: etree._Element) -> None:
    """Leave out paragraphs and headings with nothing but fillers in them."""
    from lxml import etree

    filled: set[etree._Element] = set()
    empty = []
    for _, element in etree.iterwalk(root, events=("end",)):
        if element is root:
            continue
        name = local(element)
        full = element in filled or name in _MEDIA - {"br"} or bool((element.text or "").strip(_FILLERS))
        parent = element.getparent()
        if parent is not None and (full or (element.tail or "").strip(_FILLERS)):
            filled.add(parent)
        if not full and name in _DROPPED_WHEN_EMPTY:
            empty.append(element)
    for element in empty:
        leave_out(element)


def _split_lone_paragraph(root: etree._Element) -> etree._Element:
    """A body whose one paragraph holds them all, parted by blank lines, with a paragraph for each."""
    blocks = [each for each in root.iter() if each is not root and local(each) in _BLOCKS]
    if len(blocks) != 1 or local(blocks[0]) != "p" or len(blocks[0]):
        return root
    text = (blocks[0].text or "").replace("\r", "").strip()
    return tree_of_text(text) if "\n\n" in text else root
