"""Limits that are counted on the text itself, before any parser sees it; and the charset that it declares."""

from __future__ import annotations

import re

from feedsvc.errors import TooLarge
from feedsvc.formats.html.tree import word_set

MAX_BYTES = 8_000_000
MAX_TAGS = 20_000
MAX_DEPTH = 200
MAX_ATTRIBUTES = 2_000
"""In one tag: parsers hold each against all before it."""

_DECLARED = re.compile(rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{2,40})""")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})([^<>]*)|<!--")
_ATTRIBUTE = re.compile(r"""[^\s/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"']++|["']))?+""")
_RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp"})
_VOID = word_set("area base basefont br col embed frame hr img input link meta param source track wbr")
_SELF_ENDING = word_set("body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr")
"""Elements whose end tag may be left out (HTML, section 13.1.2.4): an open one is no nesting."""
_INLINE = word_set("a b big em font i s small span strong u")


def declared_charset(data: bytes) -> str:
    """The charset that the first 4 KB declare in a ``<meta>`` or an XML declaration; empty where none does."""
    head = data[:4096]
    found = _XML_DECLARED.match(head) or _DECLARED.search(head)
    return found.group(1).decode("ascii") if found else ""


def check_bytes(data: bytes) -> None:
    """Raises TooLarge where *data* has more bytes than a page may have."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"the page has {len(data):,} bytes; a page may have {MAX_BYTES:,}. Save the article alone")


def check_tags(text: str) -> None:
    """Raises TooLarge where *text* has more tags or attributes, or nests deeper, than a page may; a linear look."""
    tags = depth = position = 0
    stack: list[str] = []
    open_names: dict[str, int] = {}
    endless: set[str] = set()
    lowered = ""
    while (found := _TAG.search(text, position)) is not None:
        position = found.end()
        if found.group(2) is None:
            end = text.find("-->", position)
            position = len(text) if end < 0 else end
            continue
        tags += not found.group(1)
        if tags > MAX_TAGS:
            line = text.count("\n", 0, found.start()) + 1
            raise TooLarge(f"line {line}: the page has more than {MAX_TAGS:,} tags. Save the article alone", line=line)
        if len(found.group(3)) > MAX_ATTRIBUTES and len(_ATTRIBUTE.findall(found.group(3))) > MAX_ATTRIBUTES:
            line = text.count("\n", 0, found.start()) + 1
            raise TooLarge(
                f"line {line}: a tag of the page has more than {MAX_ATTRIBUTES:,} attributes. Save the article alone",
                line=line,
            )
        name = found.group(2).lower()
        if name in _VOID or found.group(3).endswith("/"):
            continue
        if name in _SELF_ENDING:
            while found.group(1) and stack and stack[-1] in _INLINE:
                open_names[stack.pop()] -= 1  # the parser ends it with its paragraph
            continue
        if found.group(1):
            if open_names.get(name):
                while stack:
                    closed = stack.pop()
                    open_names[closed] -= 1
                    if closed == name:
                        break
            continue
        if name in _RAW_TEXT:
            # What looks like tags in there is text. A missing end is looked for once, or this were quadratic.
            if name not in endless:
                lowered = lowered or text.lower()
                end = lowered.find(f"</{name}", position)
                if end < 0:
                    endless.add(name)
                else:
                    position = end
            continue
        stack.append(name)
        open_names[name] = open_names.get(name, 0) + 1
        depth = max(depth, len(stack))
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, found.start()) + 1
            raise TooLarge(
                f"line {line}: the page nests its elements more than {MAX_DEPTH} deep. Save the article alone",
                line=line,
            )
