"""Markdown with or without front matter, as Hugo, Jekyll, Zola, Pelican and people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats.base import RawItem
from feedsvc.formats.keys.reading import KeyDraft, draft_of_keys
from feedsvc.formats.markdown import commonmark, frontmatter, headline, shortcodes
from feedsvc.formats.wording import sentences
from feedsvc.text import UndecodableText, decode

_LOOKED_AT = 8_192
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_COMMENT_OR_BLANK = re.compile(r"<!--|\s+")
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
        draft = draft_of_keys(front.values, lines=front.lines)
        text, notes = shortcodes.render(front.body, first_line=front.body_line)
        for note in (*front.notes, *notes):
            draft.note(note)
        opening = headline.read_opening(text, draft.text("title"))
        _put_headline(draft, opening, front.body_line)
        _put_body(draft, commonmark.to_html(opening.body), front.body_line)
        _put_plain_texts(draft)
        if decoded.guessed:
            draft.note(f"The file is not UTF-8; it was read as {decoded.encoding}, which is a guess.")
        return [draft.finished()]


def _put_headline(draft: KeyDraft, opening: headline.Opening, body_line: int) -> None:
    place = f"line {body_line + max(opening.line, 1) - 1}"
    given = draft.text("title")
    if opening.title and not given:
        draft.put("title", opening.title, f"first heading, {place}")
        draft.replace("literal", frozenset({"title"}))
    elif opening.title and opening.title != given:
        draft.replace("title", opening.title)
        draft.note(f"The title “{given[:200]}” was shortened to what {place} repeats of it.")
    elif opening.fallback and not given:
        kind = "sentence" if sentences.ends(opening.fallback) else "text"
        fallbacks = (*draft.part("title_fallbacks"), opening.fallback)
        _add(draft, "title_fallbacks", fallbacks, f"{kind} from line {body_line}")
    if opening.days:
        days = (*opening.days, *draft.part("published_fallbacks"))
        draft.replace("published_fallbacks", days, f"day printed beside {place}")


def _add(draft: KeyDraft, field: str, values: tuple[str, ...], where: str) -> None:
    draft.replace(field, values, draft.where(field) or where)


def _put_body(draft: KeyDraft, html: str, body_line: int) -> None:
    """Set the body: *html*, or the summary of an item that has no more."""
    if not _is_blank(html):
        draft.put("body", html, f"text from line {body_line}")
        return
    if "withdrawal" in draft:
        return
    field = "summary" if "summary" in draft else "standfirst"
    words = draft.text(field)
    if words:
        draft.note(f"There is no text below the front matter; its {field} stands in the place of a text.")
        draft.put("body", commonmark.to_html(words), draft.where(field))
        first = next(commonmark.blocks(words), None)
        if "title" not in draft and first is not None and len(first.text) <= headline.LONGEST_TITLE:
            _add(draft, "title_fallbacks", (*draft.part("title_fallbacks"), first.text), draft.where(field))
        return
    if "title" in draft:
        raise NotAnArticle("There is a headline and no text, so this is no article. Write the text below it.")
    raise NotAnArticle("There is neither a headline nor a text, so this is no article.")


def _is_blank(html: str) -> bool:
    """Whether there is nothing in *html* but comments."""
    position = 0
    while (match := _COMMENT_OR_BLANK.match(html, position)) is not None:
        position = match.end()
        if match[0] == "<!--":
            position = html.find("-->", position) + 3
            if position < 3:
                return True
    return position == len(html)


def _put_plain_texts(draft: KeyDraft) -> None:
    """Take the Markdown out of standfirst and summary, which many sites write in Markdown."""
    for field in ("standfirst", "summary"):
        written = draft.text(field)
        if _INLINE.search(written) and not _BLOCK.match(written):
            draft.replace(field, commonmark.to_plain(written))
            draft.replace("literal", frozenset({field, *draft.part("literal")}))
