"""What the page shows to its readers: headline, standfirst, byline, dates and crumbs around the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from feedsvc.dates import parse as parse_date
from feedsvc.formats.base import RawAuthor
from feedsvc.formats.html.clues import Clues
from feedsvc.formats.html.people import add_author, is_wire
from feedsvc.formats.html.tree import (
    BLOCKS,
    HEADINGS,
    UNSEEN,
    elements,
    hidden,
    link_density,
    same,
    text_of,
    word_set,
    words,
)
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEAR = 60
"""How many blocks of text after the headline are looked at for a date and a byline."""
_MOST = 40
_PROSE = 240
"""A block of text with so many characters is the article and not about it."""
_SENTENCE = 60
"""A heading below the headline with so many characters is a standfirst, a shorter one opens the text."""
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_UPDATED = re.compile(
    r"updat|modif|mis à jour|aktualisiert|geändert|actualizad|atualizad|aggiorna|bijgewerkt|oppdatert|opdateret|"
    r"uppdaterad|päivitetty|обновл|изменен|تحديث|হালনাগাদ|更新|수정|अपडेट|güncelle|zaktualizowan",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:(?:written |reported )?by|von|par|por|door|av|af|di|autor|author)\s*:?\s+\S", re.IGNORECASE)
_BYLINE_WORDS = frozenset({"byline", "bylines", "author", "authors", "authorname", "writer", "reporter"})
_DATE_WORDS = word_set(
    "date dateline datetime timestamp time published publish pubdate posted publication updated modified"
)
_STANDFIRST_WORDS = word_set(
    "standfirst dek deck subtitle subheadline subhead subheading strapline articlesummary sapo lede teaser intro leadin"
)
_CRUMB_WORDS = frozenset({"breadcrumb", "breadcrumbs", "crumbs", "crumb", "pathway"})
_HOME = re.compile(
    r"(?:you are here:?\s*)?(?:home|homepage|start|startseite|accueil|inicio|início|strona główna|главная|الرئيسية|"
    r"প্রচ্ছদ|হোম|首页|ホーム|holding)?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*(?:[»›>|→·]|::)\s*|\s+/\s+")
_LOGO_WORDS = frozenset({"logo", "sitetitle", "sitename", "brand", "masthead"})


def headlines(root: HtmlElement) -> Sequence[HtmlElement]:
    """The ``<h1>`` that may be the headline, in an article or main part first; logos and hidden ones left out."""
    found = []
    for heading in root.iter("h1"):
        text = text_of(heading)
        if not text or len(text) > 500 or hidden(heading) or _logo(heading):
            continue
        found.append(heading)
    return sorted(found, key=lambda heading: not any(up.tag in {"article", "main"} for up in heading.iterancestors()))


def _logo(heading: HtmlElement) -> bool:
    link = heading.find(".//a")
    if link is not None and same(text_of(link), text_of(heading)):
        path = re.sub(r"\Ahttps?://[^/]*", "", link.get("href") or "")
        if path in {"", "/", "#"} or path.startswith("/?") or re.fullmatch(r"/[a-z]{2}(?:-[a-zA-Z]{2})?/?", path):
            return True
    return any(words(element) & _LOGO_WORDS for element in (heading, *list(heading.iterancestors())[:2]))


def read(root: HtmlElement, headline: HtmlElement | None, title: str) -> Clues:
    """What stands near *headline*, the element of the headline (None: near where *title* stands)."""
    clues = Clues()
    if headline is not None:
        _standfirst(clues, headline)
    _times(clues, root, headline)
    lines = list(_lines(root, headline, title))
    _bylines(clues, root, lines)
    _dates(clues, lines)
    _crumbs(clues, root, lines)
    _section(clues, root)
    for link in root.iter("a"):
        if (link.get("rel") or "").split() == ["tag"]:
            clues.add("tag.more", text_of(link), "link tag")
    return clues


def _lines(root: HtmlElement, headline: HtmlElement | None, title: str) -> Iterator[tuple[str, HtmlElement]]:
    """The short lines from a little before the headline to the article's first long ones, with their elements."""
    flow = _Flow(headline, title)
    flow.walk(root)
    prose = 0
    start = max(0, flow.place - 5)
    for number, (text, element) in enumerate(flow.lines[start : flow.place + _NEAR], start):
        if len(text) < _PROSE:
            yield text, element
        elif number > flow.place:
            prose += 1
            if prose == 3:
                return


class _Flow:
    """The lines of a page as they are seen: what stands between blocks and line breaks.

    A part of a line that is named as a date or a byline is a line of its own besides.
    """

    def __init__(self, headline: HtmlElement | None, title: str) -> None:
        self.lines: list[tuple[str, HtmlElement]] = []
        self.place = 0
        self._headline = headline
        self._title = title
        self._parts: list[str] = []

    def walk(self, element: HtmlElement) -> None:
        """Gather the lines of *element*. As deep as the tree, which is bounded before it is made."""
        if not isinstance(element.tag, str) or element.tag in UNSEEN or hidden(element):
            return
        block = element.tag in BLOCKS or element.tag == "br"
        if block:
            self._end(element.getparent() if element.tag == "br" else element)
        elif element.tag in {"time", "i", "em"} or words(element) & (_BYLINE_WORDS | _DATE_WORDS):
            self.lines.append((text_of(element), element))
        if element is self._headline:
            self.place = len(self.lines)
        self._parts.append(element.text or "")
        for child in element:
            self.walk(child)
            self._parts.append(child.tail or "")
        if block:
            self._end(element)

    def _end(self, element: HtmlElement) -> None:
        line = one_line("".join(self._parts))
        self._parts.clear()
        if line:
            if self._headline is None and not self.place and same(line, self._title):
                self.place = len(self.lines)
            self.lines.append((line, element))


def _standfirst(clues: Clues, headline: HtmlElement) -> None:
    """A subtitle right below the headline, or what is named as one before the text begins."""
    after = [element for element in headline.itersiblings() if isinstance(element.tag, str)]
    if not after and headline.getparent() is not None:
        after = [element for element in headline.getparent().itersiblings() if isinstance(element.tag, str)]
    for element in after[:3]:
        named = [one for one in elements(element) if words(one) & _STANDFIRST_WORDS]
        if element.tag in {"h2", "h3"} and element is after[0] and len(text_of(element)) >= _SENTENCE:
            named.append(element)
        for one in named[:1]:
            text = text_of(one)
            if 20 <= len(text) <= 600 and link_density(one) < 0.5:
                clues.add("standfirst", text, f"{one.tag} below the headline")
                return


def _times(clues: Clues, root: HtmlElement, headline: HtmlElement | None) -> None:
    """``<time>``: those with a name or in the article's head before others."""
    ranked: list[tuple[int, int, str, str]] = []
    place = -1
    for number, element in enumerate(elements(root)):
        if element is headline:
            place = number
        if element.tag != "time":
            continue
        text = next((text for text in (element.get("datetime") or "", text_of(element)) if parse_date(text)), "")
        if not text:
            continue
        parent = element.getparent()
        previous = element.getprevious()
        before = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
        named = words(element) | (words(parent) if parent is not None else frozenset())
        updated = bool(named & {"updated", "modified", "dateupdated"}) or bool(_UPDATED.search(before))
        rank = 0 if element.get("pubdate") is not None or named & {"published", "pubdate"} else 1
        in_text = any(up.tag == "p" and len(text_of(up)) > _PROSE for up in list(element.iterancestors())[:2])
        rank += 2 if in_text else 0
        if headline is None or abs(number - place) < 400 or rank == 0:
            ranked.append((rank, number, text, "updated" if updated else "published"))
            if len(ranked) == _MOST:
                break
    for _, _, text, name in sorted(ranked)[:10]:
        clues.add(name, text, "time")


def _bylines(clues: Clues, root: HtmlElement, lines: Sequence[tuple[str, HtmlElement]]) -> None:
    for link in root.iter("a"):
        if "author" in (link.get("rel") or "").split():
            add_author(clues, RawAuthor(name=text_of(link), uri=link.get("href") or ""), "link author")
    for text, element in lines:
        named = any(words(one) & _BYLINE_WORDS for one in (element, *list(element.iterancestors())[:2]))
        if len(text) > 160 or element.tag in HEADINGS or len(text.split()) < 1:
            continue
        if _BYLINE.match(text) or (named and parse_date(text) is None and not _YEAR.search(text)):
            clues.add("byline", _without_date(text), "byline")
            for link in element.iter("a") if named else ():
                add_author(clues, RawAuthor(name=text_of(link), uri=link.get("href") or ""), "link in the byline")
        if is_wire(text):
            clues.add("agency", text, "line by the headline")


def _without_date(text: str) -> str:
    """*text* without the dates in it."""
    for _, date in dates_in(text):
        text = text.replace(date, "")
    return text.strip(" ,;|·•–—-")


def _dates(clues: Clues, lines: Sequence[tuple[str, HtmlElement]]) -> None:
    """Dates in words; a line whose element is named as a date comes before others."""
    named: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for text, element in lines:
        if not _YEAR.search(text):
            continue
        is_named = any(words(one) & _DATE_WORDS for one in (element, *list(element.iterancestors())[:1]))
        for name, found in dates_in(text):
            (named if is_named or found == text else others).append((name, found))
    for name, found in (*named, *others):
        clues.add(name, found, "line by the headline")


def dates_in(line: str) -> Iterator[tuple[str, str]]:
    """The dates in a short *line*, each as ``published`` or ``updated`` by what stands before it."""
    position = 0
    parts = line[:_PROSE].split()[:40]
    label = ""
    while position < len(parts):
        longest = ""
        for end in range(min(len(parts), position + 9), position, -1):
            window = " ".join(parts[position:end])
            if _YEAR.search(window) is None and end - position > 1:
                continue
            if not window.isdigit() and parse_date(window.strip(",;|()")) is not None:
                longest = window
                position = end
                break
        if longest:
            yield ("updated" if _UPDATED.search(label) else "published"), longest.strip(",;|()")
            label = ""
        else:
            glued = re.match(r"[^\W\d_]{2,20}[:：](?=.)", parts[position])
            if glued:
                label += " " + glued.group()
                parts[position] = parts[position][glued.end() :]
                continue
            label += " " + parts[position]
            position += 1


def _crumbs(clues: Clues, root: HtmlElement, lines: Sequence[tuple[str, HtmlElement]]) -> None:
    for element in elements(root):
        if words(element) & _CRUMB_WORDS or "breadcrumb" in (element.get("aria-label") or "").lower():
            entries = [
                text_of(item) for item in element.iter("li", "a") if item.tag == "li" or item.getparent().tag != "li"
            ]
            if len(entries) < 2:
                entries = _SEPARATORS.split(text_of(element))
            names = [_SEPARATORS.sub(" ", one).strip() if one.strip("»›>|/→·: ") else "" for one in entries]
            clues.add("crumbs", " > ".join(name for name in names if name), "breadcrumb")
            return
    for text, _ in lines:
        names = _SEPARATORS.split(text)
        if 2 <= len(names) <= 8 and names[0] and _HOME.fullmatch(names[0]):
            clues.add("crumbs", " > ".join(name for name in names if name), "line of crumbs")
            return


def _section(clues: Clues, root: HtmlElement) -> None:
    for link in root.iter("a"):
        if "category" in (link.get("rel") or ""):
            clues.add("section", text_of(link), "link category")
            return


def after_home(line: str, title: str) -> Sequence[str]:
    """The names in a line of crumbs ("Home > World > Asia"), without home before them and the article itself behind."""
    names = [name.strip() for name in line.split(" > ") if name.strip()]
    while names and _HOME.fullmatch(names[0]):
        names.pop(0)
    if names and (same(names[-1], title) or (title.startswith(names[-1].rstrip(".… ")) and len(names[-1]) > 20)):
        names.pop()
    return names[:5]
