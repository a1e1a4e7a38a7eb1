"""Markdown with or without front matter, as Hugo, Jekyll, Zola, Pelican and people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats import commonmark, frontmatter, headline, shortcodes
from feedsvc.formats.base import RawItem
from feedsvc.formats.keys import read_keys
from feedsvc.text import UndecodableText, decode

_LOOKED_AT = 8_192
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*-->")
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_INLINE = re.compile(r"\*\*?\S|(?<!\w)_{1,2}\S|`[^`]+`|\]\(")
_BLOCK = re.compile(r"\s*(?:#|>|[*+-]\s|\d+[.)]\s)")


class Markdown:
    """Articles in Markdown. Front matter of YAML or TOML makes any file one, whatever its suffix."""

    name = "Markdown"
    suffixes = frozenset({".md", ".markdown", ".mdown", ".mkd"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        """Whether the file begins with a fence of front matter and a key, or its suffix says so.

        A whole HTML page is none, whatever its suffix.
        """
        wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        head = data[:_LOOKED_AT].decode("utf-16" if wide else "utf-8-sig", errors="replace")
        return frontmatter.opens(head) or (path.suffix.lower() in self.suffixes and not _PAGE.match(head))

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        """Read *data* into one item. Raises ParseError, TooLarge and NotAnArticle."""
        if path.name.startswith("_index."):
            raise NotAnArticle(
                "This is a section page (its name is _index), so it is no article. Give it another name if it is one."
            )
        try:
            decoded = decode(data, fallback=fallback_encoding)
        except UndecodableText as error:
            raise ParseError(str(error), line=error.line) from None
        front = frontmatter.split(decoded.text)
        item = read_keys(front.values, lines=front.lines)
        text, notes = shortcodes.render(front.body, first_line=front.body_line)
        opening = headline.read_opening(text, item.title)
        item = _with_headline(item, opening, front.body_line)
        item = _with_plain_texts(_with_body(item, commonmark.to_html(opening.body), front.body_line))
        if decoded.guessed:
            notes.append(f"The file is not UTF-8; it was read as {decoded.encoding}, which is a guess.")
        return [replace(item, notes=(*front.notes, *item.notes, *notes))]


def _with_headline(item: RawItem, opening: headline.Opening, body_line: int) -> RawItem:
    origin = dict(item.origin)
    notes = list(item.notes)
    title, literal = item.title, item.literal
    place = f"line {body_line + opening.line - 1}"
    if opening.title and not title:
        title, literal = opening.title, literal | {"title"}
        origin["title"] = f"first heading, {place}"
    elif opening.title and opening.title != title:
        notes.append(f"The title “{title[:200]}” was shortened to what {place} repeats of it.")
        title = opening.title
    if opening.days:
        origin.setdefault("published_fallbacks", f"day beside the headline, {place}")
    return replace(
        item,
        title=title,
        literal=literal,
        title_fallbacks=(*item.title_fallbacks, *([opening.fallback] if opening.fallback and not title else [])),
        published_fallbacks=(*opening.days, *item.published_fallbacks),
        origin=origin,
        notes=tuple(notes),
    )


def _with_body(item: RawItem, html: str, body_line: int) -> RawItem:
    """*item* with its body: *html*, or the summary of an item that has no more."""
    if _COMMENT.sub("", html).strip():
        return replace(item, body=html, origin={**item.origin, "body": f"text from line {body_line}"})
    if item.withdrawal:
        return item
    field = "summary" if item.summary else "standfirst"
    words = item.summary or item.standfirst
    if words:
        note = f"There is no text below the front matter; its {field} stands in the place of a text."
        fallbacks = item.title_fallbacks
        if not item.title:
            first = next(commonmark.blocks(words), None)
            fallbacks = (*fallbacks, first.text) if first is not None and len(first.text) <= 150 else fallbacks
        return replace(
            item,
            body=commonmark.to_html(words),
            title_fallbacks=fallbacks,
            origin={**item.origin, "body": item.origin[field]},
            notes=(*item.notes, note),
        )
    if item.title:
        raise NotAnArticle("There is a headline and no text, so this is no article. Write the text below it.")
    raise NotAnArticle("There is neither a headline nor a text, so this is no article.")


def _with_plain_texts(item: RawItem) -> RawItem:
    """*item* with the Markdown taken out of its standfirst and summary, which many sites write in Markdown."""
    if _is_inline(item.standfirst):
        item = replace(item, standfirst=commonmark.to_plain(item.standfirst), literal=item.literal | {"standfirst"})
    if _is_inline(item.summary):
        item = replace(item, summary=commonmark.to_plain(item.summary), literal=item.literal | {"summary"})
    return item


def _is_inline(text: str) -> bool:
    return _INLINE.search(text) is not None and _BLOCK.match(text) is None
