"""HTML of articles: sanitised by an allow-list, its links made absolute or neutral, its text taken out."""

from __future__ import annotations

from collections.abc import Sequence


class MarkupTooLarge(ValueError):
    """The HTML passes a limit on bytes, tags or depth; the text says which."""


def sanitise(html: str, *, base: str = "", own: Sequence[str] = ()) -> str:
    """*html* with nothing in it but what an article needs; well-formed, as an HTML parser writes it.

    Relative addresses are resolved against *base*; those that start with one of the origins in *own*
    ("https://news.example.org") become root-relative; any other scheme than http, https and mailto goes.
    ``sanitise(sanitise(x)) == sanitise(x)``. Raises MarkupTooLarge.
    """
    raise NotImplementedError


def absolute(html: str, origin: str) -> str:
    """Sanitised *html* with each root-relative address made absolute under *origin*."""
    raise NotImplementedError


def plain(html: str) -> str:
    """The text of *html*: blocks on lines of their own, references decoded, no markup."""
    raise NotImplementedError


def plain_line(text: str) -> str:
    """A headline or name as one plain line: known HTML tags taken out, character references decoded once."""
    raise NotImplementedError


def excerpt(html: str, limit: int = 400) -> str:
    """The first paragraphs of *html* as plain text on one line, cut between words to *limit* characters."""
    raise NotImplementedError
