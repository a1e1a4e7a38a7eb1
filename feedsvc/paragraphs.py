"""HTML of nothing but paragraphs, headings and plain lists, as most articles are, read without an HTML parser.

A parser writes what is so simple back as it stands. For all other HTML there is the long way, in ``markup`` and in
``normalise.blocks``; tests hold both ways to the same results.
"""

from __future__ import annotations

import functools
import html as references
import re

from feedsvc import text as plaintext

MOST_CHARACTERS = 80_000
"""Longer HTML goes the long way, which counts what is in it: in less no bound of its can be passed."""
_REL = ' rel="noopener noreferrer"'
_URL = (
    # No host that a browser could refuse, as one in figures: the last label is of letters.
    r"https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.){1,9}+[a-z]{2,20}+"
    r"(?:[/?#][A-Za-z0-9/._~?=#%+,:@-]{0,1000}+)?+"
)


@functools.cache
def _pattern(rel: str) -> re.Pattern[str]:
    """The HTML that is simple; its links have the attribute *rel*. Making it takes longer than most modules do."""
    words = r"[^<]++|<code>[^<]++</code>|<br(?: /)?>"
    marked = ("em", "strong", "del")
    once = "|".join((words, *(f"<{name}>(?:{words})++</{name}>" for name in marked)))
    twice = "|".join((words, *(f"<{name}>(?:{once})++</{name}>" for name in marked)))
    line = rf'(?:{twice}|<a href="{_URL}"{rel}>(?:{once})++</a>)++'
    lines = "|".join(f"<{name}>{line}</{name}>" for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6"))
    points = rf"\n(?:<li>(?:{line}|\n(?:<p>{line}</p>\n)++)</li>\n)++"
    lists = "|".join(f"<{name}>{points}</{name}>" for name in ("ul", "ol"))
    quoted = rf"<blockquote>\n(?:(?:{lines})\n)++</blockquote>"
    return re.compile(rf"(?:(?:{lines}|{lists}|{quoted}|<hr(?: /)?>)\n*+)++")


_OTHER_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot);)")
_PARAGRAPH = re.compile(r"\s*+<(p|h[1-6])>((?:[^<]++|<(?!/?\1[ >]))*+)</\1>")
# Elements of a sanitised text that stand within a line.
_WITHIN = re.compile(
    "</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var)"
    r'(?: [^\s=">]+="[^"]*")*>'
)


def sanitised(html: str) -> str | None:
    """What a sanitiser makes of *html* where that is simple; None for any other."""
    if len(html) > MOST_CHARACTERS or not _is_simple(html, rel=""):
        return None
    if "\r" in html or plaintext.xml_safe(html) != html:
        return None
    if '<a href="' in html:
        html = html.replace('">', f'"{_REL}>')
    if " />" in html:
        html = html.replace("<br />", "<br>").replace("<hr />", "<hr>")
    return html.replace("&quot;", '"')


def are_written(html: str) -> bool:
    """Whether *html*, as a sanitiser writes it, is so simple that it would always write it so again."""
    return _is_simple(html, rel=_REL)


def _is_simple(html: str, *, rel: str) -> bool:
    return (
        _pattern(rel).fullmatch(html) is not None
        and html.count(">") == html.count("<")  # one within the text is written as a reference
        and "\xa0" not in html
        and ("&" not in html or _OTHER_REFERENCE.search(html) is None)
    )


def next_paragraph(html: str, at: int) -> re.Match[str] | None:
    """The paragraph or heading without attributes that comes next in sanitised *html* from *at* on, or None.

    The groups are the name of its element, and what is in it.
    """
    return _PARAGRAPH.match(html, at)


def words(html: str) -> str | None:
    """The text on one line of sanitised *html* that has neither blocks nor breaks in it; None for any other."""
    if "<" in html:
        html = _WITHIN.sub("", html)
        if "<" in html:
            return None
    return plaintext.one_line(references.unescape(html))


def opening(html: str, enough: int) -> str:
    """The first paragraphs of sanitised *html* on one line, of *enough* characters or more, without headings.

    Empty where more than paragraphs and headings stands before that.
    """
    taken, at = "", 0
    while (found := _PARAGRAPH.match(html, at)) is not None:
        at = found.end()
        if found[1] != "p":
            continue
        line = None if "<sup" in found[2] else words(found[2])  # a footnote's sign is no word
        if line is None:
            return ""
        taken = f"{taken} {line}" if taken and line else taken or line
        if len(taken) >= enough:
            return taken
    return "" if html[at:].strip() else taken
