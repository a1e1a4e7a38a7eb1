"""What is no part of an article, by its tag, its class names or its words: taken out of a tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from feedsvc.formats.html.tree import (
    HEADINGS,
    elements,
    hidden,
    link_density,
    remove,
    same,
    sizes,
    text_of,
    word_set,
    words,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NEVER_SHOWN = word_set("script style template link meta title base object embed svg math canvas map param")
_FURNITURE_TAGS = word_set("nav footer form button input select textarea label fieldset dialog menu iframe aside")
_STRONG = word_set(
    "share sharing sharebar sharetools social socialmedia addthis sharethis comment comments commentlist disqus "
    "respond related relatedlinks relatedcontent relatedarticles relatedposts recommended recommendation "
    "recommendations recirculation newsletter newsletters subscribe subscription signup ad ads advert adverts "
    "advertisement advertising adslot adunit dfp gpt sponsored promo promobox promoted outbrain taboola mostread "
    "mostpopular trending breadcrumb breadcrumbs crumbs pagination pager cookie cookies consent gdpr popup modal "
    "toolbar sidebar navigation nav navbar skiplink skip print readmore morestories tags taglist topics keywords "
    "donate donation followus nextprev prevnext noprint editsection toc catlinks navbox"
)
"""Elements of these classes go, unless they hold most of the text."""
_ABOUT = word_set(
    "author authors authorbox authorbio bio byline dateline timestamp date published updated meta postmeta "
    "entrymeta kicker eyebrow path position tools actions buttons follow rating rate login register"
)
"""Elements of these classes go where they are short: lines about the text."""
_LINKS = word_set(
    "widget more links list menu teaser teasers section category location tag source info player video banner"
)
"""Elements of these classes go where they are little more than links, as the former do."""
_KEPT = word_set("figure figcaption img picture blockquote a table tbody")
_LISTS = word_set("ul ol div section dl p font span center")
_HOME = re.compile(r"(?:https?://[^/?#]{1,200})?/?(?:index\.html?)?", re.IGNORECASE)
_SHORT = 150
_COLUMN = 600
_FIRST = 60
_KICKER = 60
_OPENING = ("h1", "h2", "h3", "h4", "p", "div", "span", "time", "header", "i", "b", "em", "strong", "font")
_LINE = re.compile(
    r"you are here\b.*|advertisements?|anzeige|publicité|publicidad|реклама|"
    r"(?:story|article) continues (?:below|after)(?: this)?(?: advertisement| ad| newsletter promotion)?|"
    r"continue reading(?: below)?|"
    r"(?:read more|also read|read also|see also|related|more on this(?: story)?|lesen sie auch|mehr zum thema|"
    r"lire aussi|à lire aussi|leia também|lea también|te puede interesar|leggi anche|lees ook|les også|läs också|"
    r"читайте также|اقرأ أيضاً?|আরও পড়ুন|আরো পড়ুন)(?:\s?[:：].*)?|"
    r"share(?: this(?: (?:article|page|story|post))?)?|tweet|e-?mail|print|copy link|save|comments?|loading|"
    r"leave a (?:comment|reply)|(?:sign up|subscribe)(?: (?:here|now))?(?: (?:for|to) .*)?|follow us(?: on .*)?|"
    r"(?:©|copyright (?:©|\(c\)|[0-9]{4})|all rights reserved).*|(?:image|photo) (?:source|caption|credit)|back to top|"
    r"skip to (?:main )?content",
    re.IGNORECASE,
)
"""Lines that say nothing of the matter. Matched against short lines only."""


def strip_never_shown(root: HtmlElement) -> None:
    """Take out scripts, styles and metadata."""
    for element in list(elements(root)):
        if element.tag in NEVER_SHOWN and element is not root:
            remove(element)


def strip(root: HtmlElement) -> None:
    """Take out of *root*, which holds the article or little more, everything that is not the article.

    Pictures that a script would have loaded get their address.
    """
    for picture in list(root.iter("img")):
        _settle_picture(picture)
    strip_never_shown(root)
    for noscript in list(root.iter("noscript")):
        remove(noscript)
    for wrapper in list(root.iter("picture", "source")):
        if wrapper is not root and (wrapper.tag == "picture" or wrapper.find(".//img") is not None):
            wrapper.drop_tag()  # the picture itself is enough
    measured = sizes(root)
    whole = measured.get(root, (0, 0))[0] or 1
    columns = _columns(root, measured)
    for element in list(elements(root)):
        if element is root or element.tag in {"html", "body", "p", "br", "em", "strong", "b", "i", "h1"}:
            continue
        size, linked = measured.get(element, (0, 0))
        share = size / whole
        is_column = element.tag in {"td", "tr"} and element in columns
        if _is_furniture(element, size, linked, share, is_column=is_column):
            remove(element)
    for part in columns:
        part.tag = "div"
    for link in list(root.iter("a")):
        if _leads_home(link.get("href") or "") and not text_of(link):
            remove(link)  # a logo
    for block in list(root.iter("p", "div", "td", "font", "li", "h2", "h3", "h4", "h5", "h6", "span", "a")):
        if len(block) <= 3:
            text = text_of(block)
            if len(text) <= _SHORT and _LINE.fullmatch(text.strip(" »›>:-–—•|.…")) and block.find(".//img") is None:
                remove(block)


def _leads_home(href: str) -> bool:
    return _HOME.fullmatch(href.strip()) is not None


def _columns(root: HtmlElement, measured: dict[HtmlElement, tuple[int, int]]) -> set[HtmlElement]:
    """Tables that lay the page out, with their rows and cells: one of their cells holds a whole text."""
    tables = {up for cell in root.iter("td") if measured[cell][0] > _COLUMN for up in cell.iterancestors("table")}
    return {part for table in tables for row in table.iter("tr") for part in (table, row, *row)}


def _is_furniture(element: HtmlElement, size: int, linked: int, share: float, *, is_column: bool) -> bool:
    if hidden(element):
        return share < 0.5
    if element.tag in _FURNITURE_TAGS:
        return share < (0.5 if element.tag in {"form", "aside", "fieldset"} else 0.8)
    if element.tag in _KEPT:
        return False
    if (element.get("role") or "") in {"navigation", "complementary", "search", "contentinfo", "banner"}:
        return share < 0.5
    named = words(element)
    if named & _STRONG and share < 0.4:
        return True
    density = linked / size if size else 0.0
    if named & (_ABOUT | _LINKS) and share < 0.3 and size < 4 * _SHORT and element.find(".//img") is None:
        return density > 0.5 or bool(named & _ABOUT and size <= _SHORT and element.tag not in HEADINGS)
    # A list of links, or a block with nothing but several.
    return (element.tag in _LISTS or is_column) and share < 0.4 and density > 0.7 and _several(element)


def _several(element: HtmlElement) -> bool:
    return len(list(islice(element.iter("a"), 3))) == 3


def _settle_picture(picture: HtmlElement) -> None:
    source = (picture.get("src") or "").strip()
    if (
        not source
        or source.startswith("data:")
        or re.search(r"(?:blank|spacer|placeholder|pixel)\.(?:gif|png)", source[-300:])
    ):
        for attribute in ("data-src", "data-original", "data-lazy-src", "data-url", "data-srcset", "srcset"):
            candidates = (picture.get(attribute) or "").split()  # of a srcset: address, size, address, ...
            if candidates and not candidates[0].startswith("data:"):
                picture.set("src", candidates[0].rstrip(","))
                break
        if not picture.get("src") or picture.get("src", "").startswith("data:"):
            remove(picture)
            return
    width, height = picture.get("width", ""), picture.get("height", "")
    if width in {"0", "1"} or height in {"0", "1"}:
        remove(picture)  # counts visits


def strip_repeated(root: HtmlElement, *, title: str, lines: Sequence[str], links: bool) -> None:
    """Take the headline, and *lines* such as standfirst and byline, out of the beginning of the text.

    With *links*, short lines that are no more than a link go as well. A text that says nothing but its title stays.
    """
    is_more = len(text_of(root)) > 3 * len(title)
    for _ in range(2):  # what is left of an element may itself be such a line
        prose = 0
        for element in list(islice(root.iter(*_OPENING), _FIRST)):
            text = text_of(element)
            if not text or element.find(".//img") is not None:
                continue
            headline = (element.tag in HEADINGS or (is_more and element.tag != "span")) and same(text, title)
            kicker = links and prose == 0 and len(text) <= _KICKER and link_density(element) > 0.9
            if headline or kicker or any(same(text, line) for line in lines):
                remove(element)
            elif element.tag in {"p", "h2", "h3", "h4"}:
                prose += 1
                if prose == 4:
                    break
