"""Which of a page's titles is the article's: the printed one where the metadata agree, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from feedsvc.formats.html.clues import Clue, Clues
from feedsvc.formats.html.tree import HEADINGS, same, text_of, tokens

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SEPARATOR = re.compile(r"\s+(?:[|\\/>»•·:–—-]|::|\|\|)\s+|\s*[|»_]\s*|:\s+|(?<=[\u3040-\u9fff])[-–—](?=\w)")
_STRONG = ("title.dc",)
_GIVEN = ("title.jsonld", "title.og", "title.item")
_OTHERS = ("title.meta", "title.element")
_GENERIC = re.compile(
    r"(?:untitled(?: document)?|home|homepage|index|document|news|page|article|title|no title|new page \d+)?",
    re.IGNORECASE,
)


def choose(
    clues: Clues, root: HtmlElement, headlines: Sequence[HtmlElement]
) -> tuple[Sequence[Clue], HtmlElement | None]:
    """The titles of the page, best first and without the site's suffix; and the headline's own element, if any."""
    printed = [Clue(text_of(heading), "h1") for heading in headlines[:5]]
    given = [clue for name in (*_GIVEN, *_OTHERS) for clue in clues.all(name)]
    sites = [clue.value for name in ("site", "publisher") for clue in clues.all(name)]
    confirmed = [
        clue
        for clue in printed
        if not any(same(clue.value, site) for site in sites)
        and any(_confirms(other.value, clue.value) for other in given)
    ]
    ranked = [clue for name in _STRONG for clue in clues.all(name)]
    ranked += confirmed[:1]
    ranked += [clue for name in _GIVEN for clue in clues.all(name)]
    rest = [clue for name in _OTHERS for clue in clues.all(name)] + printed
    if not ranked:
        # No two of them agree. A headline has more words than the name of a site or a section.
        element = clues.first("title.element")
        plain = [clue for clue in (strip_site(element, sites, [*printed], root), *printed) if clue.value]
        rest = [*clues.all("title.meta"), *sorted(plain, key=lambda clue: -min(4, len(tokens(clue.value)))), *rest]
    ranked += rest
    known = [*printed, *(clue for clue in given if clue.origin != "title")]
    titles: list[Clue] = []
    for clue in ranked:
        clean = strip_site(clue, sites, known, root)
        usable = not _GENERIC.fullmatch(clean.value) and not any(same(clean.value, site) for site in sites)
        if usable and not any(same(clean.value, other.value) for other in titles):
            titles.append(clean)
    if not titles:
        first = next((one for one in root.iter(*HEADINGS) if text_of(one)), None)
        titles = [] if first is None else [Clue(text_of(first), "first heading")]
    best = titles[0].value if titles else ""
    heading = next((one for one in headlines if same(text_of(one), best)), None)
    if heading is None:
        heading = next((one for one in root.iter(*HEADINGS) if same(text_of(one), best)), None)
    if heading is None and len(headlines) == 1:
        heading = headlines[0]
    return titles, heading


def _confirms(given: str, printed: str) -> bool:
    """Whether *given* is *printed*, or has it as one of its parts (before or after the site's name)."""
    if same(given, printed):
        return True
    cuts = list(_SEPARATOR.finditer(given))[:6]
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(given)]
    # A short headline at the end is rather the name of the site, which some print as <h1>.
    first = starts if len(tokens(printed)) >= 3 else starts[:1]
    return any(same(given[start:end], printed) for start in first for end in ends if end > start)


def strip_site(clue: Clue, sites: Sequence[str], known: Sequence[Clue], root: HtmlElement) -> Clue:
    """*clue* without the name of the site at its end or start.

    Only where the page repeats the rest (as a headline, in its metadata, at the beginning of a paragraph) or names
    the site so.
    """
    title = clue.value
    cuts = [(title[: one.start()], title[one.end() :]) for one in list(_SEPARATOR.finditer(title))[:8]]
    for rest, site in cuts:
        if rest and any(same(site, name) for name in sites):
            return Clue(rest, clue.origin)
    for site, rest in cuts:
        if rest and any(same(site, name) for name in sites):
            return Clue(rest, clue.origin)
    for rest, _ in cuts:
        if any(same(rest, other.value) for other in known if other.value != title):
            return Clue(rest, clue.origin)
    for _, rest in reversed(cuts):
        if len(tokens(rest)) >= 3 and any(same(rest, other.value) for other in known if other.value != title):
            return Clue(rest, clue.origin)
    for rest in (*(rest for rest, _ in cuts), *(rest for _, rest in reversed(cuts))):
        if len(tokens(rest)) >= 3 and _stands_alone(rest, root):
            return Clue(rest, clue.origin)
    if not known and cuts and len(tokens(cuts[-1][0])) >= 3 and _opens_a_block(cuts[-1][0], root):
        return Clue(cuts[-1][0], clue.origin)
    return clue


def _stands_alone(text: str, root: HtmlElement) -> bool:
    """Whether a line of the page, other than a link, is *text* and nothing else."""
    return any(
        same(element.text or "", text)
        for element in root.iter(*HEADINGS, "b", "strong", "font", "p", "div", "td", "span")
    )


def _opens_a_block(text: str, root: HtmlElement) -> bool:
    for element in root.iter("p", "div", "article", "td"):
        start = " ".join((element.text or "")[: 4 * len(text) + 400].split())
        if start.startswith(text):
            return True
    return False
