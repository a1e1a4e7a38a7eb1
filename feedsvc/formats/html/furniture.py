"""What is no part of an article, by its tag, its class names or its words: taken out of a tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.formats.html.tree import elements, hidden, remove, serialise, text_of, tokens, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NEVER_SHOWN = frozenset("script style template link meta title base object embed svg math canvas map param".split())
_FURNITURE_TAGS = frozenset("nav footer form button input select textarea label fieldset dialog menu iframe aside".split())
_STRONG = frozenset(
    "share sharing sharebar sharetools social socialmedia addthis sharethis comment comments commentlist disqus respond "
    "related relatedlinks relatedcontent relatedarticles relatedposts recommended recommendation recommendations "
    "recirculation newsletter newsletters subscribe subscription signup ad ads advert adverts advertisement "
    "advertising adslot adunit dfp gpt sponsored promo promobox promoted outbrain taboola mostread mostpopular "
    "trending breadcrumb breadcrumbs crumbs pagination pager cookie cookies consent gdpr popup modal toolbar "
    "sidebar navigation nav navbar skiplink skip print readmore morestories tags taglist topics keywords "
    "donate donation followus nextprev prevnext noprint editsection toc catlinks navbox".split()
)
"""Elements of these classes go, unless they hold most of the text."""
_WEAK = frozenset(
    "author authors authorbox authorbio bio byline dateline timestamp date published meta postmeta entrymeta widget more "
    "links list menu teaser teasers tools actions buttons follow rating rate login register banner video player "
    "gallery kicker section category label eyebrow updated source tag footer header info".split()
)
"""Elements of these classes go where they are short or no more than links."""
_SHORT = 25
_LINE = re.compile(
    r"(?:advertisements?|anzeige|publicité|publicidad|реклама|story continues below(?: advertisement)?|"
    r"article continues (?:below|after) (?:this )?(?:advertisement|ad|newsletter promotion)|continue reading(?: below)?|"
    r"(?:read more|also read|read also|see also|related|more on this(?: story)?|lesen sie auch|mehr zum thema|"
    r"lire aussi|à lire aussi|leia também|lea también|te puede interesar|leggi anche|lees ook|les også|läs också|"
    r"читайте также|اقرأ أيضا[ً]?|আরও পড়ুন|আরো পড়ুন)(?:\s*[:：].{0,200}|(?: on| about)?.{0,0}|\.{3}|…)|"
    r"share(?: this(?: (?:article|page|story|post))?)?|tweet|email|e-mail|print|copy link|save|comments?|loading\.*|"
    r"leave a (?:comment|reply)|sign up(?: here)?(?: (?:for|to) .{1,120})?|subscribe(?: now)?(?: (?:for|to) .{1,120})?|"
    r"follow us(?: on .{1,80})?|(?:image|photo|images?) (?:source|caption|credit)|back to top|skip to (?:main )?content)",
    re.IGNORECASE,
)


def strip_never_shown(root: HtmlElement) -> None:
    """Take out scripts, styles and metadata."""
    for element in list(elements(root)):
        if element.tag in NEVER_SHOWN and element is not root:
            remove(element)


def strip(root: HtmlElement) -> None:
    """Take out of *root*, which holds the article or little more, everything that is not the article.

    Pictures that a script would have loaded get their address; those in ``noscript`` take the script's place.
    """
    for picture in list(root.iter("img")):
        _settle_picture(picture)
    strip_never_shown(root)
    for noscript in list(root.iter("noscript")):
        remove(noscript)
    sizes = _sizes(root)
    whole = sizes.get(root, (0, 0))[0] or 1
    for element in list(elements(root)):
        if element is root or element.tag in {"html", "body", "p", "br", "em", "strong", "b", "i", "h1"}:
            continue
        size, linked = sizes.get(element, (0, 0))
        share = size / whole
        if _is_furniture(element, size, linked, share):
            remove(element)
    for block in list(root.iter("p", "div", "li", "h2", "h3", "h4", "h5", "h6", "span", "a")):
        if len(block) <= 3:
            text = text_of(block)
            if len(text) <= 220 and _LINE.fullmatch(text.strip(" \u00a0»›>:-–—•|")) and block.find(".//img") is None:
                remove(block)


def _sizes(root: HtmlElement) -> dict[HtmlElement, tuple[int, int]]:
    """For each element the characters of its text, and of its text in links: from the leaves up, once."""
    sizes: dict[HtmlElement, tuple[int, int]] = {}
    for element in reversed(list(elements(root))):
        size, linked = len((element.text or "").strip()), 0
        for child in element:
            inner, inner_linked = sizes.get(child, (0, 0))
            size += inner + len((child.tail or "").strip())
            linked += inner_linked
        sizes[element] = (size, size if element.tag == "a" and element.get("href") else linked)
    return sizes


def _is_furniture(element: HtmlElement, size: int, linked: int, share: float) -> bool:
    if hidden(element):
        return share < 0.5
    if element.tag in _FURNITURE_TAGS:
        return share < (0.5 if element.tag in {"form", "aside", "fieldset"} else 0.8)
    if element.tag in {"figure", "figcaption", "img", "picture", "blockquote", "a", "td", "tr", "table", "tbody"}:
        return False
    if (element.get("role") or "") in {"navigation", "complementary", "search", "contentinfo", "banner"}:
        return share < 0.5
    named = words(element)
    if named & _STRONG and share < 0.4:
        return True
    density = linked / size if size else 0.0
    if named & _WEAK and share < 0.3 and size < 600:
        return density > 0.5 or size <= 6 * _SHORT
    # A list of links, or a block with nothing but several.
    return element.tag in {"ul", "ol", "div", "section", "dl"} and share < 0.4 and density > 0.7 and _several(element)


def _several(element: HtmlElement) -> bool:
    links = 0
    for _ in element.iter("a"):
        links += 1
        if links == 3:
            return True
    return False


def _settle_picture(picture: HtmlElement) -> None:
    source = (picture.get("src") or "").strip()
    if not source or source.startswith("data:") or re.search(r"(?:blank|spacer|placeholder|pixel)\.(?:gif|png)", source[-300:]):
        for attribute in ("data-src", "data-original", "data-lazy-src", "data-url", "data-srcset", "srcset"):
            value = (picture.get(attribute) or "").strip()
            if value and not value.startswith("data:"):
                picture.set("src", value.split(",")[0].split()[0])
                return
        if not source or source.startswith("data:"):
            remove(picture)
            return
    width, height = picture.get("width", ""), picture.get("height", "")
    if width in {"0", "1"} or height in {"0", "1"}:
        remove(picture)  # counts visits


def paragraphs_for_breaks(root: HtmlElement) -> None:
    """Make paragraphs of runs of text that two line breaks or more part."""
    for element in list(elements(root)):
        if element.tag not in {"div", "p", "td", "section", "article", "body", "main", "blockquote"}:
            continue
        if any(_double(child) for child in element.iterchildren("br")):
            _split(element)


def _double(br: HtmlElement) -> bool:
    following = br.getnext()
    return following is not None and following.tag == "br" and not (br.tail or "").strip()


def _split(element: HtmlElement) -> None:
    from lxml import html

    from feedsvc.formats.html.tree import BLOCKS

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


def strip_repeated(root: HtmlElement, *, title: str, lines: tuple[str, ...]) -> None:
    """Take the headline, and *lines* such as standfirst and byline, out of the beginning of the text."""
    from feedsvc.formats.html.tree import same

    seen = 0
    for element in list(root.iter("h1", "h2", "h3", "h4", "p", "div", "span", "time", "header")):
        text = text_of(element)
        if not text or element is root:
            continue
        is_headline = element.tag in {"h1", "h2", "h3", "h4", "header", "p", "div"} and same(text, title)
        if is_headline or any(same(text, line) for line in lines):
            if element.find(".//img") is None:
                remove(element)
            continue
        if element.tag in {"p", "h2", "h3", "h4"}:
            seen += 1
            if seen == 4:
                return


def empty(element: HtmlElement) -> bool:
    """Whether *element* shows neither text nor a picture."""
    return not tokens(text_of(element)) and element.find(".//img") is None


__all__ = ["NEVER_SHOWN", "empty", "paragraphs_for_breaks", "serialise", "strip", "strip_never_shown", "strip_repeated"]
