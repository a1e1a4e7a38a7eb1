"""A body that is HTML: as elements of the XML around it, or as text that was escaped into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.formats.bodytree import finish, has_text, leave_out, tree_of_text
from feedsvc.formats.newsdraft import NewsDraft
from feedsvc.formats.wirewords import plainly_html
from feedsvc.formats.xmlbytes import local, text_of
from feedsvc.text import one_line, xml_safe

if TYPE_CHECKING:
    from lxml import etree

_NEVER = frozenset({"head", "script", "style", "template"})
# Classes of the parts that agencies write for editors (notepads, embargo notices, sign-offs).
_FOR_EDITORS = frozenset(
    {"notepad", "np-public", "np-nonpublic", "embargoed", "closingline", "ednote", "ednotes", "editorsnote"}
)
_PLAIN_PARENTS = frozenset({"p", "block", "pre", "br"})
_TEASERS = 3


def element_html(draft: NewsDraft, root: etree._Element) -> str:
    """The HTML of an XHTML document, its body or a part of one; what the draft already says is not said twice."""
    body = next((each for each in root.iter() if local(each).lower() == "body"), root)
    teasers = 0
    for element in list(body.iter()):
        if element is body:
            continue
        name = local(element).lower()
        classes = frozenset(str(element.get("class") or "").lower().split())
        if name in _NEVER or classes & _FOR_EDITORS:
            leave_out(element)
        elif name == "header" and _holds_title(draft, element):
            leave_out(element)
        elif name == "h1" and one_line(text_of(element)) == draft.text("title"):
            leave_out(element)
        elif "dateline" in classes and name == "span":
            draft.take_dateline(text_of(element), "span class=dateline", at=element)
            leave_out(element)
        elif "teaser" in classes and teasers < _TEASERS:
            teasers += 1
            teaser = one_line(text_of(element))
            known = {draft.text("title"), draft.text("standfirst")}
            if teaser in known or draft.take("standfirst", teaser, "class=teaser", at=element):
                leave_out(element)
    return finish(draft, body)


def string_html(draft: NewsDraft, source: str) -> str:
    """The HTML of *source*, a document or a part of one as a string."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = None
    if source.strip():
        root = etree.fromstring(xml_safe(source).encode("utf-8", "replace"), parser)
    return "" if root is None else element_html(draft, root)


def text_html(draft: NewsDraft, source: str, *, declared_plain: bool = False) -> str:
    """The HTML of text that may be HTML as well; *declared_plain* as in ``plainly_html``."""
    html = plainly_html(source, declared_plain=declared_plain)
    return string_html(draft, html) if html else finish(draft, tree_of_text(source))


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


def _holds_title(draft: NewsDraft, header: etree._Element) -> bool:
    """Whether a ``header`` repeats what the item tells of itself: a headline or a publication date."""
    names = {local(each).lower() for each in header.iter()}
    return "h1" in names or "time" in names or one_line(text_of(header)) == draft.text("title")
