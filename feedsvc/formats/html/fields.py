"""All clues of a page, weighed and put into one RawItem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from feedsvc.dates import Precision
from feedsvc.dates import parse as parse_date
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.html import bodies, guess, jsonld, media, meta, microdata, printed, titles, verdict
from feedsvc.formats.html.clues import Clue, Clues
from feedsvc.formats.html.furniture import strip_repeated
from feedsvc.formats.html.people import is_address
from feedsvc.formats.html.tree import same, text_of, trimmed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_TAGS = 40
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SHOWN = ("line by the headline", "time")


def item(root: HtmlElement, *, page: bool, notes: Sequence[str] = ()) -> RawItem:
    """The article of the tree *root*, which is a whole *page* or a fragment. Raises NotAnArticle."""
    clean = trimmed(root) if page else root
    headlines = printed.headlines(clean)
    clues = _declared(root, clean, headlines, page=page)
    named, headline = titles.choose(clues, clean, headlines)
    title = named[0].value if named else ""
    if page:
        clues.extend(printed.read(clean, headline, title))
    body = bodies.whole(root)
    if page and not (bodies.is_plain(root) and text_of(body.root)):
        body = bodies.extract(root, clues.first("text").value) or body
    found = media.collect(clues, root, body.root)
    strip_repeated(body.root, title=title, lines=_printed_above(clues, page=page), links=page)
    verdict.refuse(clues, clean, body.root, title=title, page=page)
    return _item(_Fields(clues, page=page, notes=notes), root, body, named=named, found=found)


def _declared(root: HtmlElement, clean: HtmlElement, headlines: Sequence[HtmlElement], *, page: bool) -> Clues:
    """What JSON-LD, the head and microdata say; of several things in JSON-LD that which is in the headlines."""
    head = meta.read(root)
    clues = jsonld.read(
        root,
        titles=[text_of(one) for one in headlines[:3]] + [clue.value for clue in head.all("title.og")],
        addresses=[clue.value for clue in head.all("link")],
    )
    clues.extend(head)
    if page:
        clues.extend(microdata.read(clean))
    return clues


def _printed_above(clues: Clues, *, page: bool) -> list[str]:
    """The lines that a page may print once more in front of its text."""
    lines = [clues.first("standfirst").value]
    if page:
        lines += [clue.value for clue in clues.all("byline")]
        lines += [clue.value for clue in clues.all("published") if clue.origin in _SHOWN]
    return [line for line in lines if line]


def _item(
    fields: _Fields,
    root: HtmlElement,
    body: bodies.Body,
    *,
    named: Sequence[Clue],
    found: Sequence[tuple[RawMedium, str]],
) -> RawItem:
    fields.origin["body"] = body.origin
    if found:
        fields.origin["media"] = found[0][1]
    standfirst, byline = fields.text("standfirst"), fields.text("byline")
    link = fields.link()
    published, fallbacks = fields.published(root, link)
    if named[1:]:
        fields.origin["title_fallbacks"] = named[1].origin
    title = fields.take("title", named[0]) if named else ""
    return RawItem(
        title=title,
        title_fallbacks=tuple(clue.value for clue in named[1:6]),
        body=bodies.finish(body),
        id=fields.text("id"),
        version=fields.text("version") if fields.text("id") else "",
        status=fields.text("status"),
        published=published,
        published_fallbacks=fallbacks,
        updated=fields.date("updated"),
        embargo=fields.text("embargo"),
        expires=fields.text("expires"),
        slug=fields.text("slug"),
        standfirst=standfirst,
        summary=fields.text("summary"),
        byline=byline,
        authors=fields.authors(),
        agency=fields.text("agency"),
        dateline=fields.text("dateline"),
        language=fields.language(),
        sections=fields.sections(title),
        crumbs=fields.text("crumbs.line"),
        categories=fields.categories(),
        media=tuple(medium for medium, _ in found),
        link=link,
        base=fields.base(link),
        rights=fields.text("rights") or fields.text("rights.license"),
        urgency=fields.text("urgency"),
        origin=fields.origin,
        notes=tuple(fields.notes),
    )


class _Fields:
    """Takes the best clue for each field, and notes where it came from."""

    def __init__(self, clues: Clues, *, page: bool, notes: Sequence[str]) -> None:
        self._clues = clues
        self._page = page
        self.origin: dict[str, str] = {}
        self.notes = list(notes)

    def take(self, name: str, clue: Clue) -> str:
        if clue.value:
            self.origin[name.split(".")[0]] = clue.origin
        return clue.value

    def text(self, name: str) -> str:
        return self.take(name, self._clues.first(name))

    def date(self, name: str) -> str:
        """The first clue that is a date; what is none is noted, and passed on where it was written by hand."""
        given = self._clues.all(name)
        for clue in given:
            if parse_date(clue.value) is not None:
                return self.take(name, clue)
        if given:
            self.notes.append(f"The date “{given[0].value[:60]}” ({given[0].origin}) cannot be read.")
        return self.take(name, given[0]) if given and not self._page else ""

    def published(self, root: HtmlElement, link: str) -> tuple[str, tuple[str, ...]]:
        """The date of publication, and weaker ones that say another day."""
        best = self.date("published")
        first = parse_date(best)
        if first is None:
            return self._guessed(root, link) if self._page else (best, ())
        weaker = []
        for clue in self._clues.all("published"):
            stamp = parse_date(clue.value)
            if stamp is None or clue.origin == _SHOWN[0]:
                continue
            if stamp.day != first.day:
                weaker.append(clue.value)
            elif first.precision is Precision.DAY and stamp.zone is not None:
                # The same day, and the time with it.
                best, first = self.take("published", clue), stamp
        if in_address := guess.day_of_address(link):
            weaker.append(in_address)
        others = [value for value in weaker if (other := parse_date(value)) and other.day != first.day]
        if others:
            self.origin["published_fallbacks"] = "other dates of the page"
        return best, tuple(dict.fromkeys(others))[:5]

    def _guessed(self, root: HtmlElement, link: str) -> tuple[str, tuple[str, ...]]:
        for day, origin in (
            (guess.day_of_address(link), "in its address"),
            (guess.day_of_page(root), "found by htmldate"),
        ):
            if day:
                self.notes.append(f"The day {day} is a guess, {origin}: the page states none plainly.")
                return self.take("published", Clue(day, origin)), ()
        return "", ()

    def authors(self) -> tuple[RawAuthor, ...]:
        found = self._clues.authors
        if not found:
            return ()
        self.origin["authors"] = found[0][1]
        outlets = [clue.value for name in ("publisher", "site") for clue in self._clues.all(name)]
        people = [(author, where) for author, where in found if where == found[0][1]]
        named = [author for author, _ in people if not any(same(author.name, outlet) for outlet in outlets)]
        return tuple(named[:20])

    def language(self) -> str:
        for name in ("language", "locale"):
            for clue in self._clues.all(name):
                if _LANGUAGE.fullmatch(clue.value):
                    return self.take("language", Clue(clue.value.replace("_", "-"), clue.origin))
        return ""

    def sections(self, title: str) -> tuple[str, ...]:
        given = self._clues.all("section")
        names = [clue.value for clue in given if clue.origin == given[0].origin]
        crumbs = self._clues.first("crumbs")
        sites = [clue.value for name in ("site", "publisher") for clue in self._clues.all(name)]
        path = [
            name.replace("/", " ")
            for name in printed.after_home(crumbs.value, title)
            if not any(same(name, site) for site in sites)
        ]
        if path and (not names or same(names[0], path[-1])):
            names = ["/".join(path), *names[1:]]
            given = [crumbs]
        if names:
            self.origin["sections"] = given[0].origin
        return tuple(dict.fromkeys(names))[:10]

    def categories(self) -> tuple[RawCategory, ...]:
        given = self._clues.all("tag") or self._clues.all("tag.more")
        terms: dict[str, str] = {}
        for clue in given:
            for term in re.split(r"[,;،、]", clue.value):
                if term.strip():
                    terms.setdefault(term.strip().casefold(), term.strip())
        if terms:
            self.origin["categories"] = given[0].origin
        return tuple(RawCategory(term=term) for term in list(terms.values())[:_MOST_TAGS])

    def link(self) -> str:
        """The canonical address, absolute; the root of a site is no article's."""
        given = self._clues.all("link")
        anchor = next((clue.value for clue in (*self._clues.all("base"), *given) if is_address(clue.value)), "")
        for clue in given:
            address = _joined(anchor, clue.value)
            if is_address(address) and urlsplit(address).path.strip("/"):
                return self.take("link", Clue(address, clue.origin))
        return ""

    def base(self, link: str) -> str:
        """What relative addresses refer to: the page's own base, else its canonical address."""
        base = self._clues.first("base")
        address = _joined(link, base.value) if base.value else link
        if not is_address(address):
            return ""
        return self.take("base", Clue(address, base.origin or self.origin.get("link", "")))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
