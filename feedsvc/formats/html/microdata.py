"""Microdata and RDFa in the body (``itemprop``, ``property``), and the class names of hNews and h-entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.dates import parse as parse_date
from feedsvc.formats.base import RawAuthor
from feedsvc.formats.html.clues import Clues
from feedsvc.formats.html.people import add_author, is_wire
from feedsvc.formats.html.tree import HEADINGS, elements, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FIELDS = {
    "headline": "title.item",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "updated",
    "articlesection": "section",
    "alternativeheadline": "standfirst",
    "inlanguage": "language",
    "copyrightnotice": "rights",
    "dateline": "dateline",
    "issued": "published",
    "created": "published",
    "modified": "updated",
}
_CLASSES = {
    "entry-title": "title.item",
    "p-name": "title.item",
    "published": "published",
    "dt-published": "published",
    "entry-date": "published",
    "updated": "updated",
    "dt-updated": "updated",
}
_ARTICLE = re.compile(r"schema\.org/\w{0,40}(?:Article|BlogPosting)\b")
_DATES = frozenset({"published", "updated"})


def read(root: HtmlElement) -> Clues:
    """What attributes in the body say; what belongs to related links and comments is passed over."""
    clues = Clues()
    classes = Clues()
    tabled = {cell for table in root.iter("table") for cell in table.iter()}
    for element in elements(_scope(root)):
        if element.tag == "meta":
            if element.get("itemprop"):
                _take(clues, element, element.get("itemprop", ""))
            continue
        properties = element.get("itemprop") or element.get("property")
        if properties:
            _take(clues, element, properties)
        for name in (element.get("class") or "")[:500].split():
            # Tables of facts use the same names: a product was "published" too.
            if name in _CLASSES and element not in tabled:
                _add(classes, _CLASSES[name], element, f"class {name}")
    clues.extend(classes)
    return clues


def _scope(root: HtmlElement) -> HtmlElement:
    """The item that is the page's article, where one has the headline: teasers are items too. Else all of it."""
    articles = [one for one in elements(root) if _ARTICLE.search(one.get("itemtype") or "")]
    return next((one for one in articles if one.find(".//h1") is not None), root)


def _take(clues: Clues, element: HtmlElement, properties: str) -> None:
    for written in properties[:200].split():
        name = written.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
        field = _FIELDS.get(name.lower())
        if field is not None:
            _add(clues, field, element, f"itemprop {name}")
        elif name in {"author", "creator"}:
            _author(clues, element)
        elif name in {"keywords", "articleTag"}:
            clues.add("tag", value(element), f"itemprop {name}")


def _add(clues: Clues, field: str, element: HtmlElement, origin: str) -> None:
    if field in _DATES:
        text = next((text for text in (value(element), text_of(element)) if parse_date(text)), "")
        clues.add(field, text, origin)
    elif field != "title.item" or element.tag in HEADINGS | {"meta", "span", "div", "p", "a"}:
        clues.add(field, value(element), origin)


def _author(clues: Clues, element: HtmlElement) -> None:
    kind = element.get("itemtype", "")
    name = next((one for one in element.iter() if one is not element and one.get("itemprop") == "name"), element)
    text = value(name) if name is not element else (element.get("content") or text_of(element))
    if kind.endswith("Organization") and not is_wire(text):
        return
    link = next((link.get("href", "") for link in element.iter("a")), "")
    add_author(clues, RawAuthor(name=text, uri=link), "itemprop author")


def value(element: HtmlElement) -> str:
    """The value of a property as HTML section 5.2.4 takes it: from an attribute or from the text."""
    for attribute in ("content", "datetime"):
        if element.get(attribute):
            return str(element.get(attribute))
    if element.tag == "abbr" and element.get("title"):
        return str(element.get("title"))
    return text_of(element)
