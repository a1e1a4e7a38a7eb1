"""The text of a mail in HTML, without what mail programs wrap around it and hang on to it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from feedsvc.formats.draft import Draft, without_tags
from feedsvc.formats.html import bounds, tree
from feedsvc.formats.mail import quoted
from feedsvc.formats.mail.edges import closes, is_signature_mark, opens_answered
from feedsvc.formats.mail.linewise import Lines
from feedsvc.formats.mail.quoted import Quoted
from feedsvc.formats.plaintext import embargoes
from feedsvc.formats.plaintext.lines import Line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SIGNATURES = tree.word_set("gmail_signature gmail_signature_prefix moz-signature signature appsignature x_signature")
_ANSWERED = tree.word_set("gmail_quote yahoo_quoted moz-cite-prefix divrplyfwdmsg appendonsend protonmail_quote")
_RICH = re.compile(
    r"<(?:a\s[^>]{0,2000}?href|img|strong|b|em|i|h[1-6]|ul|ol|li|table|blockquote|sup|sub)\b", re.IGNORECASE
)
_WRAPPERS = (".safelinks.protection.outlook.com",)
_LONGEST_ADDRESS = 4_000
_LINE_END = re.compile(r"<br\b[^<>]{0,200}>|</(?:p|div)>", re.IGNORECASE)
_ONE_DOT = re.compile(r"(?:^|[;\s])(?:width|height)\s{0,5}:\s{0,5}[01](?:px)?\s{0,5}(?:;|!|$)", re.IGNORECASE)
_WHEN = re.compile(r"\d\s?[:h]\s?\d\d|@")
"""What mail programs write of an answered mail besides the day, and an article that quotes a letter does not."""
_LEAST_OWN = 40
_HEAD = 4_000
_HEAD_LINES = 8


def is_rich(html: str) -> bool:
    """Whether *html* says more than the same text without markup would."""
    return _RICH.search(html) is not None


@dataclass(frozen=True, slots=True)
class Letter:
    """The *html* of a text; the mail that is *forwarded* in it; whether anything was *cut* off, and that by a guess."""

    html: str = ""
    forwarded: Quoted | None = None
    cut: bool = False
    guessed: bool = False


def read(html: str, draft: Draft, *, subject: str = "") -> Letter:
    """What the writer wrote or forwarded; an embargo above it goes into *draft*. Raises TooLarge, ParseError."""
    bounds.check_tags(html)
    root = tree.parse(html)
    body = root.find("body")
    body = root if body is None else body
    for element in [one for one in tree.elements(body) if one is not body and _is_unseen(one)]:
        tree.remove(element)
    for link in body.iter("a"):
        link.set("href", _unwrapped(link.get("href", "")))
    forwarded, answered = _within(body, subject)
    whole = len(tree.text_of(body))
    _drop(body, _SIGNATURES)
    _drop_answered(body)
    _cut_below_mark(body)
    _cut_end(body)
    cut = answered is not None or len(tree.text_of(body)) < whole
    embargoes.take(draft, _leaves(body))
    written = tree.serialise(body)
    for number, line in enumerate(_LINE_END.split(written[:_HEAD])[:_HEAD_LINES], start=1):
        embargoes.put(draft, Line(number, without_tags(line), 0, False))
    return Letter(written, forwarded, cut, answered is not None and answered.guessed)


def _within(body: HtmlElement, subject: str) -> tuple[Quoted | None, Quoted | None]:
    """Cut *body* down to the mail that is forwarded in it, and away the one that is answered; both."""
    forwarded = None
    for _ in range(quoted.MOST_WITHIN):
        lines = Lines(body)
        found = quoted.find(lines.texts, subject)
        if found is None:
            break
        if not found.forwarded:
            lines.keep(0, found.begin)
            return forwarded, found
        lines.keep(found.end, len(lines.texts))
        forwarded, subject = found, found.fields.get("subject", "")
    return forwarded, None


def _drop_answered(body: HtmlElement) -> None:
    """Take away what programs mark as the mail that is answered, unless that is all there is."""
    sizes = tree.sizes(body)
    left = sizes[body][0]
    within: set[HtmlElement] = set()
    gone: list[HtmlElement] = []
    for element in tree.elements(body):
        if element.getparent() in within:
            within.add(element)
        elif element is body or not _is_answered(element):
            continue
        elif left - sizes[element][0] > _LEAST_OWN:
            left -= sizes[element][0]
            within.add(element)
            gone.append(element)
        elif element.tag == "blockquote":
            element.tag = "div"  # around a mail that is forwarded: nothing is quoted here
    for element in gone:
        tree.remove(element)


def shown(html: str, address: str) -> bool:
    """Whether *html* shows the picture at *address*."""
    return f'src="{address}"' in html.replace("&amp;", "&")


def _unwrapped(address: str) -> str:
    """Where a link leads that a mail server led over itself: what it hangs on to it names who got the mail."""
    try:
        parts = urlsplit(address[:_LONGEST_ADDRESS])
        wrapped = (parts.hostname or "").endswith(_WRAPPERS)
    except ValueError:
        return address
    return next(iter(parse_qs(parts.query).get("url", ())), address) if wrapped else address


def _is_answered(element: HtmlElement) -> bool:
    return bool(_named(element) & _ANSWERED) or (element.tag == "blockquote" and element.get("type") == "cite")


def _is_unseen(element: HtmlElement) -> bool:
    """Whether nobody sees *element*; a picture of one dot counts who reads the mail."""
    dot = element.tag == "img" and _ONE_DOT.search(element.get("style", "")[:1000]) is not None
    return dot or element.tag in tree.UNSEEN or tree.hidden(element)


def _named(element: HtmlElement) -> frozenset[str]:
    return frozenset(f"{element.get('class', '')} {element.get('id', '')}"[:500].lower().split())


def _drop(body: HtmlElement, names: Collection[str]) -> None:
    for element in [one for one in tree.elements(body) if one is not body and set(_named(one)) & set(names)]:
        tree.remove(element)


def _leaves(body: HtmlElement) -> list[HtmlElement]:
    """The blocks of *body* that hold no other block."""
    blocks = [one for one in tree.elements(body) if one.tag in tree.BLOCKS and one is not body]
    outer = {up for one in blocks for up in [one.getparent()] if up is not None}
    return [one for one in blocks if one not in outer and one.tag not in ("hr", "tr", "table", "ul", "ol", "tbody")]


def _cut_below_mark(body: HtmlElement) -> None:
    """Take away everything from the mark of a signature on, or from above the mail that is answered."""
    for number, leaf in enumerate(_leaves(body)):
        said = tree.text_of(leaf) if len(leaf) < 20 else ""
        if number and (is_signature_mark(said) or (len(said) < 200 and opens_answered(said) and _WHEN.search(said))):
            element: HtmlElement | None = leaf
            while element is not None and element is not body:
                for later in list(element.itersiblings()):
                    later.tail = None
                    tree.remove(later)
                element.tail = None
                element = element.getparent()
            tree.remove(leaf)
            return


def _cut_end(body: HtmlElement) -> None:
    leaves = _leaves(body)
    for leaf in reversed(leaves[1:]):
        if next(leaf.iter("img"), None) is not None or not closes(tree.text_of(leaf)):
            return
        tree.remove(leaf)
