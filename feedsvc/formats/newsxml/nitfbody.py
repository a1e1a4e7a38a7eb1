"""The body of an NITF document, wherever it lies: its head into a draft, its content as HTML and media."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawAuthor, RawMedium
from feedsvc.formats.newsxml.bodytree import finish, leave_out
from feedsvc.formats.newsxml.draft import NewsDraft, where
from feedsvc.formats.newsxml.xhtmlbody import escaped_html, string_html
from feedsvc.formats.xmlbytes import child, children, local, text_of
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree

# Elements of NITF that have another name in HTML; those that HTML knows; all others are unwrapped.
_RENAMED = {"hl1": "h2", "hl2": "h2", "bq": "blockquote", "credit": "p", "datasource": "p", "byline": "p"}
_KEPT = frozenset({"p", "br", "hr", "pre", "em", "strong", "sub", "sup", "q", "a", "ul", "ol", "li", "dl", "dt"}) | {
    *("dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"),
    *("b", "i", "u", "h3", "h4", "blockquote", "div"),
}
# What serves machines and editors, and is never published.
_LEFT_OUT = frozenset({"custom-table", "nitf-table-metadata", "classifier", "key-list"}) | {
    *("tobject", "identified-content", "media-metadata", "virtloc", "tagline.note", "series"),
}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
_QUOTES = "\"“”„«»'‘’‹›「」"
_BYTTL = frozenset({"byttl", "bytttl"})
_ADDRESS = re.compile(r"[./:]")
_ONLY_MARKUP = re.compile(r"\s*<[a-z][^<>]*>(?:\s*</?[a-z][^<>]*>)*\s*", re.IGNORECASE)
_RULE = re.compile(r"_{3,20}")
_WRAPPED = range(50, 91)
_DIGITS = re.compile(r"\d{1,6}")


def read_body(draft: NewsDraft, body: etree._Element) -> None:
    """Read the NITF *body* into *draft*: what its head tells, media, and the text as HTML."""
    for head in children(body, "body.head"):
        _read_head(draft, head)
    contents = children(body, "body.content") or ([body] if local(body) == "body.content" else [])
    html = [part for part in (content_html(draft, content) for content in contents) if part]
    if html:
        draft.put("body", "\n".join(html), where("body.content", contents[0]))
    for end in children(body, "body.end"):
        tagline = text_of(child(end, "tagline"))
        if tagline and len(tagline) <= 120 and draft.take("byline", tagline, "body.end/tagline", at=end):
            draft.note("There is no byline; the tagline at the end of the text is taken for one.")


def content_html(draft: NewsDraft, content: etree._Element) -> str:
    """The HTML of a ``body.content`` (or of anything that holds NITF blocks); its media go into *draft*."""
    media = [element for element in content.iter() if local(element) == "media"]
    for element in media:
        _read_medium(draft, element)
        leave_out(element)
    escaped = escaped_html(content)
    if escaped:
        return string_html(draft, escaped)
    elements = [element for element in content.iter() if element is not content]
    names = {}
    for element in elements:
        name = local(element)
        if not name:
            continue
        if name in _LEFT_OUT or (name == "note" and element.get("type") != "pa"):
            leave_out(element)
            continue
        names[name] = _RENAMED.get(name, name if name in _KEPT else "")
        if name == "q" and (element.text or "").lstrip()[:1] in tuple(_QUOTES):
            element.tag = "quoted"  # the marks are in the text: HTML would set them twice
            names["quoted"] = ""
        if name == "em" and "bold" in str(element.get("class", "")):
            element.tag = "strong"
            names["strong"] = "strong"
        if name == "p" and not len(element) and _ONLY_MARKUP.fullmatch(element.text or ""):
            leave_out(element)  # a player or a map, as markup that was escaped: nothing for readers
            draft.note("Escaped markup without a word in it is left out.")
            continue
        if name == "p":
            _join_lines(element)
            if _RULE.fullmatch((element.text or "").strip()) and not len(element):
                element.tag, element.text, names["hr"] = "hr", "", "hr"
        if name == "frac":
            element.text = " " + (element.text or "").lstrip()  # "1 1/2", not "11/2"
        for key in list(element.attrib):
            if key not in _ATTRIBUTES.get(name, ()):
                del element.attrib[key]
    return finish(content, {**names, "joined": ""})


def _join_lines(paragraph: etree._Element) -> None:
    """Put together lines that a machine broke to a width: those after which no sentence ends."""
    breaks = [element for element in children(paragraph) if local(element) == "br"]
    if not any((element.tail or "").strip()[:1].islower() for element in breaks):
        return  # an address or a list of names
    before = paragraph.text or ""
    for element in children(paragraph):
        following = element.tail or ""
        line = before.strip()
        if local(element) == "br" and len(line) in _WRAPPED and line[-1] not in '.!?:;”"' and following.strip():
            blank = "" if before[-1].isspace() else " "
            element.tag, element.text, element.tail = "joined", "", f"{blank}{following.lstrip()}"
        before = following


def _read_head(draft: NewsDraft, head: etree._Element) -> None:
    for hedline in children(head, "hedline"):
        for element in children(hedline, "hl1"):
            draft.take_title(text_of(element), "hedline/hl1", at=element)
        subheads = [one_line(text_of(element)) for element in children(hedline, "hl2")]
        draft.take("standfirst", " ".join(filter(None, subheads)), "hedline/hl2", at=child(hedline, "hl2"))
    for element in children(head, "abstract"):
        text = " ".join(text_of(part) for part in children(element)) or text_of(element)
        draft.take_teaser(text, "body.head/abstract", at=element)
    _read_bylines(draft, children(head, "byline"))
    sender = child(head, "distributor")
    draft.take("agency", text_of(child(sender, "org")) or text_of(sender), "distributor", at=sender)
    for element in children(head, "dateline"):
        location = child(element, "location")
        draft.take("dateline", text_of(location), "dateline/location", at=location)
        draft.take_dateline(text_of(element), "dateline", at=element)
        date = child(element, "story.date")
        if date is not None:
            stamp = one_line(str(date.get("norm") or text_of(date)))
            draft.extend("published_fallbacks", filter(None, [stamp]), "dateline/story.date", at=date)
    rights = child(head, "rights")
    draft.take("rights", text_of(rights), "body.head/rights", at=rights)


def _read_bylines(draft: NewsDraft, bylines: list[etree._Element]) -> None:
    """Bylines as one printed line ("By Jane Doe, Science Writer"); names that are told apart as authors."""
    printed: list[str] = []
    authors: list[RawAuthor] = []
    for byline in bylines:
        titles = [element for element in byline.iter() if local(element) in _BYTTL]
        role = one_line(" ".join(text_of(title) for title in titles))
        people_at = [element for element in byline.iter() if local(element) == "person"]
        people = [one_line(text_of(element)) for element in people_at]
        authors.extend(RawAuthor(name=name, role=role) for name in people if name)
        for title in titles:
            leave_out(title)
        for element in people_at:
            if (element.tail or "")[:1].isalpha():
                element.tail = f" {element.tail}"
            above, beside = element.getparent(), element.getprevious()
            before = (beside.tail if beside is not None else above.text if above is not None else "") or ""
            if not before or before[-1].isalnum():  # "<byline>By<person>Jane Doe</person>"
                element.text = f" {element.text or ''}"
        name = one_line(text_of(byline)).rstrip(" ,;/")
        if name and not people and (role or len(bylines) > 1):
            authors.append(RawAuthor(name=name, role=role))  # told apart, so that no title is taken for a name
        printed.append(", ".join(filter(None, [name, role])))
    if bylines:
        draft.take_byline(", ".join(filter(None, printed)), "byline", at=bylines[0])
        draft.extend("authors", authors, "byline", at=bylines[0])


def _read_medium(draft: NewsDraft, media: etree._Element) -> None:
    """One ``media`` element as one medium: the largest of its references, with caption and producer."""
    found: list[RawMedium] = []
    caption = " ".join(one_line(text_of(element)) for element in children(media, "media-caption"))
    credit = one_line(" ".join(text_of(element) for element in children(media, "media-producer")))
    for reference in children(media, "media-reference"):
        url = str(reference.get("source") or "").strip()
        if not url:
            continue
        if not _ADDRESS.search(url):
            draft.note(f"A picture was left out: “{url[:80]}” is a name in its sender's archive and no address.")
            return
        width, height = _number(reference.get("width")), _number(reference.get("height"))
        if reference.get("units", "pixels") != "pixels":
            width = height = 0
        found.append(
            RawMedium(
                url=url,
                type=str(reference.get("mime-type") or "").strip(),
                width=width,
                height=height,
                alt=one_line(str(reference.get("alternate-text") or "")),
                caption=caption,
                credit=credit,
            )
        )
    if found:
        draft.extend("media", [max(found, key=lambda medium: medium.width)], "media/media-reference", at=media)
    elif caption:
        draft.note("A picture was left out: its media-reference names no address (source).")


def _number(written: object) -> int:
    match = _DIGITS.fullmatch(str(written or "").strip().removesuffix("px"))
    return int(match[0]) if match else 0
