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
    tags = position = 0
    opened = _Open()
    raw_text = _RawText(text)
    while (found := _TAG.search(text, position)) is not None:
        position = found.end()
        if found.group(2) is None:
            end = text.find("-->", position)
            position = len(text) if end < 0 else end
            continue
        ends, name = bool(found.group(1)), found.group(2).lower()
        tags += not ends
        if tags > MAX_TAGS:
            raise _too_large(f"the page has more than {MAX_TAGS:,} tags", text, found.start())
        if len(found.group(3)) > MAX_ATTRIBUTES and len(_ATTRIBUTE.findall(found.group(3))) > MAX_ATTRIBUTES:
            what = f"a tag of the page has more than {MAX_ATTRIBUTES:,} attributes"
            raise _too_large(what, text, found.start())
        if name in _VOID or found.group(3).endswith("/"):
            continue
        if name in _SELF_ENDING:
            if ends:
                opened.end_inline()
        elif ends:
            opened.end(name)
        elif name in _RAW_TEXT:
            position = raw_text.end(name, position)
        elif opened.begin(name) > MAX_DEPTH:
            raise _too_large(f"the page nests its elements more than {MAX_DEPTH} deep", text, found.start())


def _too_large(what: str, text: str, position: int) -> TooLarge:
    line = text.count("\n", 0, position) + 1
    return TooLarge(f"line {line}: {what}. Save the article alone", line=line)


class _Open:
    """The elements that are open, about as a parser would have them."""

    def __init__(self) -> None:
        self._stack: list[str] = []
        self._counts: dict[str, int] = {}

    def begin(self, name: str) -> int:
        """Open an element; how deep it is."""
        self._stack.append(name)
        self._counts[name] = self._counts.get(name, 0) + 1
        return len(self._stack)

    def end(self, name: str) -> None:
        """Close the innermost element of that name, with all that is in it; nothing where none is open."""
        if self._counts.get(name):
            while self._pop() != name:
                pass

    def end_inline(self) -> None:
        """Close the inline elements at the end: the parser ends them with their paragraph."""
        while self._stack and self._stack[-1] in _INLINE:
            self._pop()

    def _pop(self) -> str:
        name = self._stack.pop()
        self._counts[name] -= 1
        return name


class _RawText:
    """Finds the ends of elements in which what looks like a tag is text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lowered = ""
        self._endless: set[str] = set()

    def end(self, name: str, position: int) -> int:
        """Where the element *name* that opens before *position* ends; *position* where it has no end."""
        if name in self._endless:  # looked for once, or this were quadratic
            return position
        self._lowered = self._lowered or self._text.lower()
        end = self._lowered.find(f"</{name}", position)
        if end < 0:
            self._endless.add(name)
            return position
        return end
