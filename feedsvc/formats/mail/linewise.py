"""A text in HTML as the lines that a reader sees, and the tree cut down to some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.formats.html import tree
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BREAKS = (tree.BLOCKS | {"br"}) - {"td", "th"}  # the cells of a row stand side by side
_GAPS = ("br", "hr")


class Lines:
    """The lines of *body*. Those that hold nothing are none: what stands there belongs to the next one."""

    def __init__(self, body: HtmlElement) -> None:
        self._body = body
        self._parts: list[list[str]] = [[]]
        self._said = False
        self._texts: list[tuple[HtmlElement, str, int]] = []
        self._begins: list[tuple[HtmlElement, int]] = []
        self._walk(body)
        self.texts = [one_line("".join(parts)) for parts in self._parts]

    def keep(self, first: int, end: int) -> None:
        """Take away all but the lines from *first* until before *end*."""
        kept = {self._body}
        for element, where, line in self._texts:
            if not first <= line < end:
                setattr(element, where, None)
            else:
                holder = element if where == "text" else element.getparent()
                _add(kept, holder)
        for element, line in self._begins:
            if first <= line < end and not (line == first and element.tag in _GAPS):
                _add(kept, element)
        for element, _ in reversed(self._begins):
            if element not in kept:
                tree.remove(element)

    def _walk(self, element: HtmlElement) -> None:
        # Recursion is as deep as the tree, which is bounded before it is made.
        apart = element.tag in _BREAKS
        if apart:
            self._break()
        elif element.tag in ("td", "th"):
            self._parts[-1].append(" ")
        self._begins.append((element, len(self._parts) - 1))
        if element.text:
            self._say(element, "text", element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._walk(child)
            if child.tail:
                self._say(child, "tail", child.tail)
        if apart:
            self._break()

    def _break(self) -> None:
        if self._said:
            self._parts.append([])
            self._said = False

    def _say(self, element: HtmlElement, where: str, said: str) -> None:
        self._parts[-1].append(said)
        self._said = self._said or not said.isspace()
        self._texts.append((element, where, len(self._parts) - 1))


def _add(kept: set[HtmlElement], element: HtmlElement | None) -> None:
    """Put *element* and all that holds it into *kept*."""
    while element is not None and element not in kept:
        kept.add(element)
        element = element.getparent()
