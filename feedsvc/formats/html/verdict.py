"""Pages that are no article: error pages, challenges, paywalls without a text, section fronts, lists of links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.errors import NotAnArticle
from feedsvc.formats.html.clues import Clues
from feedsvc.formats.html.tree import text_of, tokens

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FEW = 120
"""A page with so many words may still be an error page or a stub."""
_PROSE = 25
"""Words of a paragraph that tells something."""
_ERROR = re.compile(
    r"(?:error\s*)?(?:40[0134]|410|429|50[0234])\b.{0,60}|(?:page|file|seite|article|site)?\s*not\s+found.{0,40}|"
    r".{0,40}\bpage (?:could )?not (?:be )?found.{0,40}|page (?:introuvable|non trouvée)|página no encontrada|"
    r"seite nicht gefunden|access denied.{0,40}|forbidden|internal server error|bad gateway|service unavailable|"
    r"just a moment\W*|attention required!.{0,40}|are you (?:a robot|human)\W*|.{0,40}\bcaptcha\b.{0,40}|"
    r"(?:please )?verify (?:that )?you are (?:a )?human.{0,20}|checking your browser.{0,60}|"
    r"site (?:under construction|is down).{0,40}|maintenance|unusual traffic.{0,60}",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"\b(?:captcha|verify (?:that )?you are (?:a )?human|not a robot|checking your browser|unusual traffic|"
    r"enable javascript|javascript is (?:disabled|required)|cookies are disabled|ray id)\b",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"\b(?:subscribe(?:rs)? (?:now |today )?(?:to|for|only)|subscription required|already a subscriber|"
    r"for subscribers|to continue reading|continue reading with|log ?in to (?:read|continue)|"
    r"create (?:a free|an) account|register (?:now )?to (?:read|continue)|"
    r"jetzt abonnieren|réservé aux abonnés|solo para suscriptores)\b",
    re.IGNORECASE,
)
_EMPTY = "there is no text in it, so there is nothing to publish"
_FRONT_KINDS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage", "ContactPage"})


def refuse(clues: Clues, root: HtmlElement, body: HtmlElement, *, title: str, page: bool) -> None:
    """Raises NotAnArticle, with the reason, where *body*, taken from the page *root*, is none.

    A fragment (no *page*) is an article unless it is empty.
    """
    kinds = {clue.value for clue in clues.all("kind")}
    is_article = any(kind.lower().endswith(("article", "posting", "report")) for kind in kinds)
    text = text_of(body)
    count = len(tokens(text))
    if page and count <= _FEW and not is_article:
        if _ERROR.fullmatch(title.strip()):
            raise NotAnArticle(f"this is an error page (“{title}”), not an article")
        if _CHALLENGE.search(text):
            raise NotAnArticle("this is a page that tests whether its reader is a person or runs scripts, no article")
    if page and count <= _FEW and _PAYWALL.search(text or text_of(root)) and not _tells(body):
        raise NotAnArticle("the page shows only its paywall: the article's text is not in the file")
    if page and not is_article and _is_front(kinds, clues, root, body):
        raise NotAnArticle("this is a section page or a list of links, not an article")
    if not count and body.find(".//img") is None:
        raise NotAnArticle(
            "there is no text in it besides a headline, so there is nothing to publish" if title else _EMPTY
        )


def _tells(body: HtmlElement) -> bool:
    """Whether *body* has a paragraph that tells something besides the call to subscribe."""
    return any(
        len(tokens(text)) >= _PROSE and not _PAYWALL.search(text)
        for text in map(text_of, body.iter("p", "div"))
        if len(text) < 5_000
    )


def _is_front(kinds: set[str], clues: Clues, root: HtmlElement, body: HtmlElement) -> bool:
    """Many links to other texts and hardly a paragraph of its own."""
    linked = sum(len(text_of(link)) for link in body.iter("a") if link.get("href"))
    density = linked / (len(text_of(body)) or 1)
    links = sum(1 for _ in body.iter("a"))
    headed = _headed(body)
    prose = sum(1 for one in body.iter("p") if len(tokens(text_of(one))) >= _PROSE and _own(one))
    if any(clue.origin.startswith(("meta", "JSON-LD")) for clue in clues.all("published")):
        return False
    if kinds & _FRONT_KINDS and (density > 0.3 or headed >= 3):
        return True
    if prose < 2 and _headed(root) >= 5:
        return True
    return (headed >= 5 and headed >= prose) or (links >= 5 and density > 0.5 and prose < 3)


def _headed(root: HtmlElement) -> int:
    """How many headings are links: each is the title of another text."""
    found = 0
    for heading in root.iter("h2", "h3", "h4"):
        up = heading.getparent()
        found += heading.find(".//a") is not None or (up is not None and up.tag == "a")
    return found


def _own(paragraph: HtmlElement) -> bool:
    linked = sum(len(text_of(link)) for link in paragraph.iter("a"))
    return linked * 2 < len(text_of(paragraph))
