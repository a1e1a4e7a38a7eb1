"""A page as a tree, and the few questions that every part of this format asks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from feedsvc.errors import ParseError
from feedsvc.text import one_line, xml_safe

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def word_set(text: str) -> frozenset[str]:
    """The words of *text*, as a set to look names up in."""
    return frozenset(text.split())


BLOCKS = word_set(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul html"
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
UNSEEN = word_set("script style noscript template head title meta link object embed iframe svg math")

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z]+")
_MODIFIERS = frozenset({"has", "no", "not", "with", "without", "is", "type", "category", "tag", "format", "wp"})
_ASIDE = word_set(
    "related comments commentlist recommended recommendations sidebar mostread trending footer latest popular "
    "readmore morestories relatedlinks relatedarticles"
)
_FRAME = frozenset({"html", "head", "body", "main", "article"})
_CRUMBS = frozenset({"breadcrumb", "breadcrumbs", "crumb", "crumbs"})
_TOKEN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\\W_]+")


def parse(text: str) -> HtmlElement:
    """The tree of *text*, without comments. Raises ParseError where nothing can be made of it."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    text = _DECLARATION.sub("", text, count=1)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ParseError(f"the page cannot be read as HTML: {error}") from None
    if "&#" in text:
        _without_forbidden(root)
    return root


def _without_forbidden(root: HtmlElement) -> None:
    """Take out what character references brought in and XML forbids: lxml reads it, and refuses to write it."""
    for element in root.iter():
        for name in ("text", "tail"):
            said = getattr(element, name)
            if said and xml_safe(said) != said:
                setattr(element, name, xml_safe(said))


def elements(root: HtmlElement) -> Iterator[HtmlElement]:
    """*root* and each element below it, in the order of the document."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element


def text_of(element: HtmlElement) -> str:
    """The visible text of *element* on one line; blocks and line breaks part words."""
    parts: list[str] = []
    _gather(element, parts)
    return xml_safe(one_line("".join(parts)))


def _gather(element: HtmlElement, parts: list[str]) -> None:
    # Recursion is as deep as the tree, which is bounded before it is made.
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return
    gap = element.tag in BLOCKS or element.tag == "br"
    if gap:
        parts.append(" ")
    if element.text:
        parts.append(element.text)
    for child in element:
        _gather(child, parts)
        if child.tail:
            parts.append(child.tail)
    if gap:
        parts.append(" ")


def words(element: HtmlElement) -> frozenset[str]:
    """The words in the class and id of *element*: ``story-body__text isWide`` gives story, body, text, wide."""
    found: set[str] = set()
    for token in f"{element.get('class', '')} {element.get('id', '')}"[:1000].split():
        parts = [part for part in _NOT_WORD.split(_CAMEL.sub("-", token).lower()) if part]
        if parts and parts[0] not in _MODIFIERS:
            found.update(parts)
            found.add("".join(parts))
    return frozenset(found)


def hidden(element: HtmlElement) -> bool:
    """Whether the page itself says that *element* is not to be seen."""
    style = element.get("style", "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None
        or "display:none" in style
        or "visibility:hidden" in style
        or (element.get("aria-hidden", "").lower() == "true" and element.tag != "img")
    )


def tokens(text: str) -> list[str]:
    """The words of *text*, lower case; each sign of a script without spaces counts as one."""
    return _TOKEN.findall(text.lower())


def same(left: str, right: str) -> bool:
    """Whether two lines say the same, punctuation, case and white space aside."""
    return bool(left) and tokens(left) == tokens(right)


def trimmed(root: HtmlElement) -> HtmlElement:
    """A copy of *root* without what surrounds an article: navigation, related links, comments, the foot.

    The path to the article ("Home > World") stays, and so do the headline, the foot of an article with its tags, and
    what holds most of the page, whatever it is called.
    """
    copy = deepcopy(root)
    measured = sizes(copy)
    kept = {up for one in elements(copy) if one.tag == "h1" or _is_crumbs(one) for up in (one, *one.iterancestors())}
    whole = measured[copy][0]
    waiting = [copy]
    while waiting:
        element = waiting.pop()
        if _is_aside(element) and element not in kept and measured[element][0] * 2 < whole:
            remove(element)
        else:
            waiting += [child for child in element if isinstance(child.tag, str)]
    return copy


def _is_aside(element: HtmlElement) -> bool:
    if element.tag == "footer":
        return not any(up.tag == "article" for up in element.iterancestors())
    return element.tag in {"aside", "nav"} or (element.tag not in _FRAME and bool(words(element) & _ASIDE))


def _is_crumbs(element: HtmlElement) -> bool:
    return "breadcrumb" in (element.get("aria-label") or "").lower() or bool(words(element) & _CRUMBS)


def sizes(root: HtmlElement) -> dict[HtmlElement, tuple[int, int]]:
    """For each element the characters of its text, and of its text in links: from the leaves up, once."""
    found: dict[HtmlElement, tuple[int, int]] = {}
    for element in reversed(list(elements(root))):
        size, linked = len((element.text or "").strip()), 0
        for child in element:
            inner, inner_linked = found.get(child, (0, 0))
            size += inner + len((child.tail or "").strip())
            linked += inner_linked
        found[element] = (size, size if element.tag == "a" and element.get("href") else linked)
    return found


def link_density(element: HtmlElement) -> float:
    """The part of the text of *element* that stands in links, 0 to 1; 0 where there is no text."""
    whole = len(text_of(element))
    linked = sum(len(text_of(link)) for link in element.iter("a") if link.get("href"))
    return min(1.0, linked / whole) if whole else 0.0


def remove(element: HtmlElement) -> None:
    """Take *element* out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def serialise(element: HtmlElement) -> str:
    """The HTML inside *element*."""
    from html import escape

    from lxml import etree

    parts = [escape(element.text, quote=False) if element.text else ""]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return xml_safe("".join(parts)).strip()
