"""A body that is HTML: as elements of the XML around it, or as text that was escaped into it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from feedsvc.errors import ParseError
from feedsvc.formats.newsxml.bodytree import finish, has_text, leave_out, tree_of_text
from feedsvc.formats.newsxml.draft import NewsDraft
from feedsvc.formats.newsxml.wirewords import plainly_html
from feedsvc.formats.xmlbytes import local, text_of
from feedsvc.text import one_line, xml_safe

if TYPE_CHECKING:
    from lxml import etree

_NEVER = frozenset({"head", "script", "style", "template"})
# Classes of the parts that agencies write for editors (notepads, embargo notices, sign-offs).
_FOR_EDITORS = frozenset(
    {"notepad", "np-public", "np-nonpublic", "embargoed", "closingline", "ednote", "ednotes", "editorsnote"}
)
_HTML = _NEVER | {
    *("p", "br", "b", "i", "u", "em", "strong", "a", "span", "sub", "sup", "ul", "ol", "li", "table", "tr"),
    *("td", "th", "thead", "tbody", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "div", "blockquote", "img", "hr", "q"),
    *("dl", "dt", "dd", "small", "code", "s", "del", "ins", "cite", "figure", "figcaption", "caption", "tfoot", "font"),
}
_PLAIN_PARENTS = frozenset({"p", "block", "pre", "br"})
_CODES = re.compile(r"(?=[A-Z ]*\d)(?:[A-Z0-9]{2,10}\s+){3,30}[A-Z0-9]{2,10}")
_LONGEST_CODES = 300
_LOOKED_AT = 3  # of each part of a page: more are no parts of one


def element_html(draft: NewsDraft, root: etree._Element) -> str:
    """The HTML of an XHTML document, its body or a part of one; what the draft already says is not said twice."""
    body = next((each for each in root.iter() if local(each).lower() == "body"), root)
    _set_in_small_letters(body)
    end = (body[-1].tail or "").strip() if len(body) else ""
    if len(end) <= _LONGEST_CODES and _CODES.fullmatch(end):
        body[-1].tail = ""  # how an agency sorts its texts, behind the last paragraph
    looked_at: Counter[str] = Counter()
    for element in list(body.iter()):
        if element is body:
            continue
        name = local(element).lower()
        classes = frozenset(str(element.get("class") or "").lower().split())
        if name in _NEVER or classes & _FOR_EDITORS:
            leave_out(element)
            continue
        part = _part(name, classes)
        looked_at[part] += 1
        if part and looked_at[part] <= _LOOKED_AT and _says_again(draft, element, part):
            leave_out(element)
    return finish(body)


def _set_in_small_letters(body: etree._Element) -> None:
    """Give the elements of a house's own markup in capitals (``<BRODTEXT><P>…<CITAT>``) the names that HTML has.

    What it does not have is a paragraph where it holds a text of its own.
    """
    for element in [each for each in body.iter() if local(each).isupper() and each is not body]:
        parent = element.getparent()
        element.tag = local(element).lower()
        if element.tag not in _HTML:
            inside = parent is not None and local(parent) == "p"
            element.tag = "span" if inside else "p" if (element.text or "").strip() else "div"


def string_html(draft: NewsDraft, source: str) -> str:
    """The HTML of *source*, a document or a part of one as a string. Raises ParseError."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(xml_safe(source).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(
            f"The HTML inside the XML cannot be read: {error.msg}. Ask the sender to send it again."
        ) from error
    # libxml2 gives nothing at all for HTML that holds only a comment.
    return "" if root is None else element_html(draft, root)


def text_html(draft: NewsDraft, source: str, *, declared_plain: bool = False) -> str:
    """The HTML of text that may be HTML as well; *declared_plain* as in ``plainly_html``."""
    html = plainly_html(source, declared_plain=declared_plain)
    return string_html(draft, html) if html else finish(tree_of_text(source))


def escaped_html(content: etree._Element) -> str:
    """HTML that lies in *content* as text, where there is nothing else; else empty."""
    paragraphs = 0
    for element in content.iter():
        if element is content:
            continue
        paragraphs += local(element) == "p"
        if paragraphs > 1 or (local(element) and local(element) not in _PLAIN_PARENTS):
            return ""
    return plainly_html(text_of(content)) if has_text(content) else ""


def _part(name: str, classes: frozenset[str]) -> str:
    """Which part of the page around an article an element can be, empty for the text itself."""
    if name in {"header", "h1"}:
        return name
    return next((part for part in ("dateline", "teaser") if part in classes), "")


def _says_again(draft: NewsDraft, element: etree._Element, part: str) -> bool:
    """Whether *element* only says what the item's fields say; place and standfirst go into the draft."""
    text = one_line(text_of(element))
    if part == "h1":
        return text == draft.text("title")
    if part == "header":
        return text == draft.text("title") or any(local(each).lower() in {"h1", "time"} for each in element.iter())
    if part == "dateline":
        draft.take_dateline(text, "class=dateline", at=element)
        return True
    known = {draft.text("title"), draft.text("standfirst")}
    return text in known or draft.take("standfirst", text, "class=teaser", at=element)
