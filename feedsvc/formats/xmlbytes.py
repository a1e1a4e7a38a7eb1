"""XML from bytes that nobody vouches for: one hardened parser, and the few steps every XML format needs.

No entity but XML's own five and HTML's names is known, nothing is fetched, no DTD is read. A DOCTYPE that
only names outer DTDs and parts of them is passed over; one that brings definitions of its own is refused.
"""

from __future__ import annotations

import codecs
import html
import html.entities
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.errors import ParseError, TooLarge

if TYPE_CHECKING:
    from lxml import etree

_DECLARATION = re.compile(r"<\?xml\s[^>]{0,400}>")
_ENCODING = re.compile(rb"<\?xml\s[^>]{0,300}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_LITERAL = r"(?:\"[^\"]*\"|'[^']*')"
# "[<!ENTITY % nitf SYSTEM "nitf-3-0.dtd"> %nitf;]": agencies have the DTD of their text so; nothing is defined here.
_OUTER_PARTS = (
    r"\[(?:\s|%[\w.-]{1,60};|<!--(?:[^-]|-[^-])*-->"
    rf"|<!ENTITY\s+%\s+[\w.-]{{1,60}}\s+(?:SYSTEM|PUBLIC\s+{_LITERAL})\s+{_LITERAL}\s*>)*+\]"
)
_DOCTYPE = re.compile(
    r"<!DOCTYPE\s+[^\s\[\]<>\"']{1,200}"
    rf"(?:\s+SYSTEM\s+{_LITERAL}|\s+PUBLIC\s+{_LITERAL}(?:\s+{_LITERAL})?)?\s*(?:{_OUTER_PARTS}\s*)?>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_SPACE = re.compile(r"\s*")
_TAG_NAME = re.compile(r"<([^\s<>/!?\"'=]{1,200})")

_PLACE = re.compile(r", line \d+, column \d+$")

_UNDECLARED_ENTITY = 26  # xmlParserErrors of libxml2: XML_ERR_UNDECLARED_ENTITY
_SNIFFED = 16_384

# Elements of HTML that have no end tag (HTML Living Standard, section 13.1.2 "Elements").
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_xml(data: bytes, *, fallback_encoding: str) -> etree._Element:
    """Parse *data* and give the root element, without comments and processing instructions.

    Strict UTF-8 wins over the declared encoding, then the declared one, then *fallback_encoding*. White space
    before the XML declaration is allowed. HTML's named references (``&nbsp;``) stand for their characters.
    Raises ParseError with the line where the bytes are no well-formed XML 1.0, cannot be decoded, or bring
    a document type definition; TooLarge where elements nest deeper than 256.
    """
    return parse_xml_noting(data, fallback_encoding=fallback_encoding)[0]


def parse_xml_noting(data: bytes, *, fallback_encoding: str) -> tuple[etree._Element, tuple[str, ...]]:
    """As ``parse_xml``, and beside the root the notes on what was guessed (``RawItem.notes``)."""
    from lxml import etree

    decoded = _decoded(data, fallback_encoding)
    notes = (f"The encoding was guessed as {decoded.encoding}.",) if decoded.guessed else ()
    source = _without_doctype(decoded.text)
    try:
        return _parsed(source), notes
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", 0) != _UNDECLARED_ENTITY:
            raise _refusal(error) from error
    try:
        return _parsed(_REFERENCE.sub(_character, source)), notes
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error


def first_tag(data: bytes) -> str:
    """The first start tag of *data* as written, ``<rss version="2.0">``; empty where the bytes are no XML.

    It looks at the first 16 KiB only, never raises, and is meant for recognising a format.
    """
    head = data[:_SNIFFED]
    if b"<" not in head:
        return ""
    encoding = _utf16(head)
    sniffed = head.decode(encoding or "latin-1", "ignore").removeprefix("\ufeff")
    sniffed = sniffed.removeprefix("ï»¿")  # the UTF-8 byte order mark, read as Latin-1
    start = _prolog(sniffed)
    doctype = _DOCTYPE.match(sniffed, start)
    if doctype:
        start = _prolog(sniffed, doctype.end())
    if not _TAG_NAME.match(sniffed, start):
        return ""
    end = sniffed.find(">", start)
    return sniffed[start:] if end < 0 else sniffed[start : end + 1]


def first_name(data: bytes) -> str:
    """The name of the first element of *data* without its prefix (``rss``, ``nitf``); empty for none."""
    match = _TAG_NAME.match(first_tag(data))
    return match[1].rpartition(":")[2] if match else ""


def local(element: etree._Element) -> str:
    """The name of *element* without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """The namespace of *element*, empty for none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """The child elements of *element* with a local name among *names* (without names: all), in order."""
    return [each for each in element if (local(each) in names if names else local(each))]


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of *element* with a local name among *names*; an earlier name goes first."""
    if element is None:
        return None
    for name in names:
        for each in element:
            if local(each) == name:
                return each
    return None


def text_of(element: etree._Element | None) -> str:
    """All text inside *element*, markup left out, no white space at the ends; empty for None."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext()).strip()


def inner_html(element: etree._Element, *, names: Mapping[str, str] | None = None) -> str:
    """What stands inside *element* as HTML: no namespaces, text escaped, void elements without an end tag.

    *names* gives other names to elements by their local name ({"hl2": "h2"}); an empty name leaves the tag
    out and keeps its content. Attributes in a namespace are dropped, but ``xml:lang`` becomes ``lang``.
    The result is not sanitised.
    """
    from lxml import etree

    renamed = names or {}
    out = [html.escape(element.text or "", quote=False)]
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if each is element:
            continue
        name = local(each)
        name = renamed.get(name, name)
        if event == "start":
            if name:
                out.append(f"<{name}{_attributes(each)}>")
            out.append(html.escape(each.text or "", quote=False))
        else:
            if name and name.lower() not in _VOID:
                out.append(f"</{name}>")
            out.append(html.escape(each.tail or "", quote=False))
    return "".join(out).strip()


def _attributes(element: etree._Element) -> str:
    written = []
    for key, value in element.attrib.items():
        name = "lang" if key == _XML_LANG else str(key)
        if not name.startswith("{"):
            written.append(f' {name}="{html.escape(str(value))}"')
    return "".join(written)


def _decoded(data: bytes, fallback_encoding: str) -> text.Decoded:
    encoding = _utf16(data)
    if encoding and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # UTF-16 without a mark is valid UTF-8 as well: the mark keeps it from being read so.
        data = (codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE) + data
    declared = _ENCODING.search(data, 0, 1024)
    try:
        return text.decode(data, declared=declared[1].decode("ascii") if declared else "", fallback=fallback_encoding)
    except text.UndecodableText as error:
        raise ParseError(
            f"The XML cannot be read as text: {error}. Save it as UTF-8, or declare its true encoding.",
            line=error.line,
        ) from error


def _utf16(data: bytes) -> str:
    """The codec of UTF-16 bytes that begin with a mark or with a ``<``; empty for all others."""
    if data.startswith((codecs.BOM_UTF16_LE, b"<\0")) and not data.startswith(codecs.BOM_UTF32_LE):
        return "utf-16-le"
    return "utf-16-be" if data.startswith((codecs.BOM_UTF16_BE, b"\0<")) else ""


def _prolog(source: str, start: int = 0) -> int:
    """Where the white space, comments and processing instructions that begin at *start* have ended."""
    while True:
        space = _SPACE.match(source, start)
        start = space.end() if space else start
        for opening, closing in (("<!--", "-->"), ("<?", "?>")):
            if source.startswith(opening, start):
                end = source.find(closing, start + len(opening))
                if end < 0:
                    return start
                start = end + len(closing)
                break
        else:
            return start


def _without_doctype(source: str) -> str:
    """*source* without its XML declaration and a DOCTYPE that defines nothing; lines keep their numbers."""
    declaration = _DECLARATION.match(source, _prolog_space(source))
    if declaration:
        source = _blanked(source, declaration)
    start = _prolog(source)
    if source[start : start + 9].upper() != "<!DOCTYPE":
        return source
    doctype = _DOCTYPE.match(source, start)
    if not doctype:
        raise ParseError(
            "The XML brings a document type with definitions of its own (<!DOCTYPE … [ … ]>), which is "
            "refused because it can be used for attacks. Remove the DOCTYPE from the file.",
            line=source.count("\n", 0, start) + 1,
        )
    return _blanked(source, doctype)


def _prolog_space(source: str) -> int:
    space = _SPACE.match(source)
    return space.end() if space else 0


def _blanked(source: str, match: re.Match[str]) -> str:
    return source[: match.start()] + "\n" * match[0].count("\n") + source[match.end() :]


def _parsed(source: str) -> etree._Element:
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(source.encode("utf-8", "replace"), parser)


def _character(reference: re.Match[str]) -> str:
    """HTML's character for a named reference; the reference itself where XML knows it or nobody does."""
    character = html.entities.html5.get(reference[1], "")
    return reference[0] if not character or set(character) & set("&<>\"'") else character


def _refusal(error: etree.XMLSyntaxError) -> ParseError | TooLarge:
    line = max(error.lineno or 0, 0)
    reason = _PLACE.sub("", (error.msg or "there is no element").partition("\n")[0])
    if "depth" in reason.lower():
        return TooLarge("The XML nests its elements deeper than 256; no article does.", line=line)
    if "limit exceeded" in reason.lower():
        return TooLarge("One text in the XML is longer than 10 MB; no article is.", line=line)
    where = f" in line {line}, column {error.offset}" if line else ""
    return ParseError(
        f"The XML is not well-formed{where}: {reason}. Correct it there, or ask the sender for a whole file.",
        line=line,
    )
