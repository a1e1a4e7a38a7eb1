"""HTML, as a newsroom's files have it: pages that were saved or scraped, and fragments written by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import ClassVar

from feedsvc import text as texts
from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats.base import RawItem
from feedsvc.formats.html import bounds, tree
from feedsvc.formats.html.fields import item

_LOOK = 4096
_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_BLANK = re.compile(r"(?:\ufeff|\s|<!--.{0,3000}?-->|<\?xml\s[^>]{0,300}\?>)*", re.DOTALL)
_PAGE = re.compile(r"<!doctype\s+html\b|<html[\s>]", re.IGNORECASE)
_ELEMENT = re.compile(r"<([a-z][a-z0-9]{0,12})(?=[\s>/])[^<>]{0,2000}>", re.IGNORECASE)
_KNOWN = tree.word_set(
    "a abbr address area article aside audio b base bdi bdo big blockquote body br button caption center cite code "
    "col colgroup data dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 "
    "h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu "
    "meta nav noscript object ol optgroup option p param path picture pre q rp rt ruby s samp script section select "
    "small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time "
    "title tr track tt u ul use var video wbr"
)
_AMBIGUOUS = frozenset({"article", "body", "head", "header", "link", "section", "summary", "title", "time"})
"""Names that other XML vocabularies have too: below them must stand another element of HTML."""


class Html:
    """HTML pages and fragments. *heavy*: to be read through a ``BoundedParser`` where files are not trusted."""

    heavy: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """ "HTML"."""
        return "HTML"

    @property
    def suffixes(self) -> frozenset[str]:
        """``.html``, ``.htm``, ``.xhtml``."""
        return frozenset({".html", ".htm", ".xhtml"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        """Whether *data* begins as an HTML page does, or with an element of HTML and more markup after it.

        Markdown may begin with an element too: there only a whole page is HTML.
        """
        head = data[:_LOOK]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            start = head.decode("utf-16", "ignore")
        else:
            start = head.decode("utf-8", "replace")
        blank = _BLANK.match(start)
        start = start[blank.end() if blank else 0 :]
        if _PAGE.match(start):
            return True
        first = _ELEMENT.match(start)
        if path.suffix.lower() in _MARKDOWN:
            return False
        if first is None or first.group(1).lower() not in _KNOWN or "xmlns=" in first.group(0).replace(" ", ""):
            return False
        others = {found.group(1).lower() for found in _ELEMENT.finditer(start, first.end())}
        if first.group(1).lower() in _AMBIGUOUS:
            return bool(others & (_KNOWN - _AMBIGUOUS)) and not others - _KNOWN
        return bool(others & _KNOWN) or "</" in start

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The one article of the page or fragment.

        Raises NotAnArticle for a page that is none (an error page, a section front), TooLarge past a limit on
        bytes, tags or depth, ParseError where the bytes are no text.
        """
        bounds.check_bytes(data)
        declared = bounds.declared_charset(data)
        try:
            decoded = texts.decode(data, declared=declared, fallback=fallback_encoding)
        except texts.UndecodableText as error:
            raise ParseError(str(error), line=error.line) from None
        if not decoded.text.strip():
            raise NotAnArticle("the file is empty; there is nothing to publish")
        bounds.check_tags(decoded.text)
        notes = []
        if decoded.guessed:
            notes.append(f"The encoding is a guess: {decoded.encoding}. Save the file as UTF-8.")
        try:
            return [item(tree.parse(decoded.text), page=is_page(decoded.text), notes=notes)]
        except RecursionError:
            raise ParseError("the page nests its elements too deep to be read. Save the article alone") from None


def is_page(text: str) -> bool:
    """Whether *text* is a whole page; otherwise it is a fragment."""
    return re.search(r"<(?:!doctype\s+html|html|body)\b", text[:20_000], re.IGNORECASE) is not None
