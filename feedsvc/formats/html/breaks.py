"""Paragraphs where a page has only line breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.formats.html.tree import BLOCKS, elements, word_set

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HOLDERS = word_set("div p td section article body main blockquote")


def paragraphs_for_breaks(root: HtmlElement) -> None:
    """Make paragraphs of runs of text that two line breaks or more part."""
    for element in list(elements(root)):
        if element.tag not in _HOLDERS:
            continue
        if any(_double(child) for child in element.iterchildren("br")):
            _split(element)


def _double(br: HtmlElement) -> bool:
    following = br.getnext()
    return following is not None and following.tag == "br" and not (br.tail or "").strip()


def _split(element: HtmlElement) -> None:
    from lxml import html

    nodes: list[tuple[HtmlElement | None, str]] = [(None, element.text or "")]
    for child in list(element):
        nodes.append((child, child.tail or ""))
        child.tail = None
        element.remove(child)
    element.text = None
    if element.tag == "p":
        element.tag = "div"
    paragraph: HtmlElement | None = None
    breaks = 0

    def write(text: str) -> None:
        nonlocal paragraph
        if not text.strip() and paragraph is None:
            return
        if paragraph is None:
            paragraph = html.Element("p")
            element.append(paragraph)
        if len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + text
        else:
            paragraph.text = (paragraph.text or "") + text

    for child, tail in nodes:
        if child is not None and child.tag == "br":
            breaks += 1
        elif child is not None and child.tag in BLOCKS:
            paragraph, breaks = None, 0
            element.append(child)
        elif child is not None:
            if breaks > 1:
                paragraph = None
            write(" " if paragraph is None else "")
            if paragraph is None:
                paragraph = html.Element("p")
                element.append(paragraph)
            if breaks == 1:
                paragraph.append(html.Element("br"))
            breaks = 0
            paragraph.append(child)
        if tail.strip():
            if breaks > 1:
                paragraph = None
            elif breaks == 1 and paragraph is not None:
                paragraph.append(html.Element("br"))
            breaks = 0
            write(tail)
