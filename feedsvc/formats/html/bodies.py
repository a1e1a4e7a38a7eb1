"""The article's own part of a page.

Two witnesses say what the article is: the page's own JSON-LD text where there is one, else trafilatura, which finds
the text of nearly every page but drops captions, figures and much markup. The part of the page that says the same
is taken with its own markup; only where no part does, what trafilatura wrote is the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.formats.html.breaks import paragraphs_for_breaks
from feedsvc.formats.html.furniture import strip, strip_never_shown
from feedsvc.formats.html.tree import elements, link_density, serialise, text_of, tokens, word_set, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FURNISHED = word_set("nav aside footer form iframe button input select menu")
_NAMED = word_set(
    "articlebody articletext articlecontent storybody storytext storycontent entrycontent postcontent postbody "
    "articlebodycontent bodytext newsbody newstext newscontent richtext contentbody pagecontent mwcontenttext "
    "fielditem bodycopy articlemain maincontent singlecontent tdpostcontent"
)
_HOLDERS = word_set("ul ol table td div p font span center")
_LAYOUT = 600
"""A cell of a table with so many characters is a column of the page."""
_MOST_ROOTS = 12
_ENOUGH = 60
"""Words of JSON-LD text that make it a witness: a shorter one is often a summary."""


@dataclass(frozen=True, slots=True)
class Body:
    """The article as a tree below *root*, and where it comes from."""

    root: HtmlElement
    origin: str
    note: str = ""


def is_plain(root: HtmlElement) -> bool:
    """Whether the page holds an article and nothing else: no navigation, no lists of links, no class for them."""
    body = root.find("body")
    if body is None:
        return False
    for element in elements(body):
        if element.tag in _FURNISHED or (element.get("role") or "") in {"navigation", "banner", "complementary"}:
            return False
        if element.tag in _HOLDERS and _is_list_of_links(element):
            return False
        if element.tag == "table" and any(len(text_of(cell)) > _LAYOUT for cell in element.iter("td")):
            return False
        if words(element) & {"nav", "navbar", "navigation", "menu", "sidebar", "footer", "header", "comments", "share"}:
            return False
    return True


def _is_list_of_links(element: HtmlElement) -> bool:
    links = sum(1 for child in element if child.tag == "a" or (len(child) == 1 and child[0].tag == "a"))
    return links >= 3 and link_density(element) > 0.6


def whole(root: HtmlElement) -> Body:
    """All that the page or fragment shows."""
    body = root.find("body")
    copy = deepcopy(root if body is None else body)
    strip_never_shown(copy)
    only = [child for child in copy if isinstance(child.tag, str)]
    around = (copy.text or "") + "".join(child.tail or "" for child in only)
    if len(only) == 1 and only[0].tag in {"article", "main"} and not around.strip():
        copy = only[0]
    return Body(copy, "body")


def extract(root: HtmlElement, text: str) -> Body | None:
    """The article's part of the page *root*; *text* is its plain text as JSON-LD gives it, if it does."""
    cleared = deepcopy(root)
    strip(cleared)
    found = _trafilatura(cleared)
    if found is None:
        found = _trafilatura(deepcopy(root))
    own = tokens(text)
    said = tokens(text_of(found)) if found is not None else []
    witness, by = (own, "JSON-LD") if len(own) >= _ENOUGH and not _is_start(own, said) else (said, "trafilatura")
    best: Body | None = None
    best_score = 0.0
    for element, origin, explicit in (*_roots(root), *_narrowest(root, witness)):
        part = deepcopy(element)
        part.tail = None
        strip(part)
        score = _score(tokens(text_of(part)), witness, explicit=explicit)
        if score > best_score + 0.005:
            best, best_score = Body(part, origin), score
    if found is not None:
        score = _score(said, witness, explicit=False)
        # Its own words against themselves prove nothing; against the page's they do.
        if best_score < (0.9 if by == "trafilatura" else score - 0.02):
            best, best_score = Body(found, "trafilatura"), score
    if own and (best is None or (by == "JSON-LD" and best_score < 0.6)):
        best = Body(_from_text(text), "JSON-LD articleBody")
    return best


def _is_start(own: Sequence[str], said: Sequence[str]) -> bool:
    """Whether *own* is no more than a part of *said*: some pages give only the beginning of their text."""
    common = sum((Counter(own) & Counter(said)).values())
    return common > 0.8 * len(own) and len(said) > 1.3 * len(own)


def finish(body: Body) -> str:
    """The HTML of *body*."""
    body.root.tag = "div"  # it may have been a <font> around many lines
    paragraphs_for_breaks(body.root)
    return serialise(body.root)


def _roots(root: HtmlElement) -> Iterator[tuple[HtmlElement, str, bool]]:
    """Parts of the page that may be the article: element, name for people, whether the page says that it is."""
    given = [
        one
        for one in elements(root)
        if "articleBody" in (one.get("itemprop") or one.get("property") or one.get("name") or "").split()
    ]
    if len(given) == 1:
        yield given[0], "articleBody", True
    elif given and len({one.getparent() for one in given}) == 1:
        yield given[0].getparent(), "articleBody", True
    count = 0
    for element in elements(root):
        if element.tag in {"article", "main"} or element.get("role") in {"main", "article"}:
            yield element, element.tag, False
        elif element.tag in {"div", "section", "td"} and _NAMED & words(element):
            yield element, f"class {' '.join(sorted(_NAMED & words(element)))}", False
        else:
            continue
        count += 1
        if count == _MOST_ROOTS:
            break
    body = root.find("body")
    if body is not None:
        yield body, "body", False


def _narrowest(root: HtmlElement, witness: Sequence[str]) -> Iterator[tuple[HtmlElement, str, bool]]:
    """The smallest element that has nearly all the words of *witness*."""
    body = root.find("body")
    wanted = Counter(witness)
    enough = 0.97 * len(witness)
    here = body
    while here is not None:
        inner = (child for child in here if isinstance(child.tag, str) and len(child.text_content()) >= enough)
        found = next((one for one in inner if sum((Counter(tokens(text_of(one))) & wanted).values()) >= enough), None)
        if found is None:
            break
        here = found
    if here is not None and here is not body:
        yield here, here.tag, False


def _score(said: Sequence[str], witness: Sequence[str], *, explicit: bool) -> float:
    """How well *said* agrees with *witness*: F1 over their words.

    What the page itself marks as the article's text may say more than the witness, who may have missed a part.
    """
    if not said or not witness:
        return 0.5 if explicit and said else 0.0
    common = sum((Counter(said) & Counter(witness)).values())
    precision, recall = common / len(said), common / len(witness)
    if explicit and recall > 0.85 and precision > 0.4:
        return 1.0
    return 2 * precision * recall / (precision + recall) if common else 0.0


def _trafilatura(root: HtmlElement) -> HtmlElement | None:
    import trafilatura
    from lxml import etree, html

    try:
        written = trafilatura.extract(
            root,
            output_format="html",
            include_comments=False,
            include_formatting=True,
            include_images=True,
            include_links=True,
            include_tables=True,
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, etree.LxmlError):
        return None  # a witness less; the page's own marks are left
    if not written:
        return None
    tree = html.document_fromstring(written.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    return tree.find("body")


def _from_text(text: str) -> HtmlElement:
    """Paragraphs of plain text: parted by empty lines, else by line ends."""
    from lxml import html

    root = html.Element("div")
    blocks = re.split(r"\n\s*\n", text)
    for block in blocks if len(blocks) > 1 else text.split("\n"):
        if block.strip():
            paragraph = html.Element("p")
            paragraph.text = " ".join(block.split())
            root.append(paragraph)
    return root
