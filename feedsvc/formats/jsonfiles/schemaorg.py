"""Articles in the vocabulary of schema.org, as JSON-LD writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, address, as_html
from feedsvc.formats.jsonfiles.fields import NOTHING, Fields, Found

_ARTICLES = ("Article", "Posting", "Report")
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d{1,6})?S)?)?")
_SECONDS = (86_400, 3_600, 60, 1)


@dataclass(frozen=True, slots=True)
class Node:
    """An article, and the other nodes of its graph by their ``@id``."""

    fields: Fields
    known: Mapping[str, Fields]

    def things(self, name: str) -> list[Fields]:
        """The objects under *name*, references to other nodes resolved."""
        return [self.known.get(each.text("@id").text, each) for each in self.fields.objects(name)]

    def named(self, name: str) -> list[Found]:
        """The texts under *name*, and the names of the objects there."""
        named = [thing.text("name", "termCode") for thing in self.things(name)]
        return [found for found in [*self.fields.texts(name), *named] if found]


def articles_in(fields: Fields) -> list[Node]:
    """The articles that a JSON-LD object is or has in its ``@graph``; empty where it has none."""
    graph = list(fields.objects("@graph"))
    known = {each.text("@id").text: each for each in graph if each.text("@id") and len(each.names()) > 1}
    candidates = [fields, *graph, *fields.objects("mainEntity")]
    return [Node(each, known) for each in candidates if _is_article(each)]


def types_of(fields: Fields) -> list[str]:
    """The types of a JSON-LD object without their address, those of its graph too."""
    own = [_type(found) for found in fields.texts("@type")]
    return own + [_type(found) for each in fields.objects("@graph") for found in each.texts("@type")]


def read_article(node: Node, notes: Sequence[str]) -> RawItem:
    """The article of *node*. Raises NotAnArticle where it has no text."""
    draft, fields = Draft(notes=notes), node.fields
    _identity(draft, node)
    titles = [*fields.texts("headline", "name"), *fields.texts("alternativeHeadline")]
    if titles:
        draft.put("title", *titles[0])
        others = dict.fromkeys(found.text for found in titles[1:] if found.text != titles[0].text)
        draft.put_all("title_fallbacks", others, titles[-1].where)
    body = fields.text("articleBody", "text")
    draft.put("body", as_html(body.text), body.where)
    draft.put("standfirst", *fields.text("abstract"))
    draft.put("summary", *fields.text("description"))
    draft.put_date("published", (fields.text("datePublished"), fields.text("dateCreated")))
    draft.put_date("updated", [fields.text("dateModified")])
    draft.put("expires", *fields.text("expires"))
    if fields.text("creativeWorkStatus").text.lower() == "draft":
        draft.put("status", "draft", fields.where("creativeWorkStatus"))
    _people(draft, node)
    draft.put("language", *_first(node.named("inLanguage")))
    sections = fields.texts("articleSection")
    draft.put_all("sections", (found.text for found in sections), fields.where("articleSection"))
    draft.put_all("categories", _categories(node), fields.where("keywords"))
    draft.put_all("media", _media(node), fields.where("image"))
    _rights(draft, node)
    for found in node.named("correction"):
        draft.note(f"The article states a correction: {found.text[:300]}")
    return draft.item("schema.org article")


def _identity(draft: Draft, node: Node) -> None:
    fields = node.fields
    draft.put("id", *fields.text("identifier"))
    for thing in node.things("identifier"):
        draft.put("id", *thing.text("value", "@id"))
    own = fields.text("@id")
    if not own.text.startswith("_:"):
        draft.put("id", *own)
    links = [fields.text("url"), fields.text("mainEntityOfPage")]
    links += [page.text("@id", "url") for page in fields.objects("mainEntityOfPage")]
    for link in links:
        draft.put("link", address(link.text), link.where)
        draft.put("base", address(link.text), link.where)
    draft.put("version", *fields.text("version"))


def _people(draft: Draft, node: Node) -> None:
    for name in ("author", "creator"):
        authors = [RawAuthor(name=found.text) for found in node.fields.texts(name)]
        authors += [
            RawAuthor(
                name=thing.text("name").text,
                uri=address(thing.text("url", "@id").text),
                email=thing.text("email").text.removeprefix("mailto:"),
                role=thing.text("jobTitle").text,
            )
            for thing in node.things(name)
            if thing.text("name")
        ]
        draft.put_all("authors", authors, node.fields.where(name))
    for name in ("sourceOrganization", "provider", "publisher"):
        draft.put("agency", *_first(node.named(name)))
    draft.put("dateline", *_first([*node.fields.texts("dateline"), *node.named("locationCreated")]))


def _categories(node: Node) -> Iterator[RawCategory]:
    for found in node.fields.texts("keywords"):
        pieces = [found.text] if found.where.endswith("]") else found.text.split(",")
        for word in pieces:
            if word.strip():
                yield RawCategory(term=word.strip())
    for name in ("keywords", "about"):
        for thing in node.things(name):
            label = thing.text("name").text
            term = thing.text("termCode").text or label
            if term:
                yield RawCategory(term=term, label=label, scheme=thing.text("inDefinedTermSet").text)


def _media(node: Node) -> Iterator[RawMedium]:
    for name in ("image", "video", "audio"):
        for found in node.fields.texts(name)[:200]:
            yield RawMedium(url=found.text)
        for thing in node.things(name)[:200]:
            url = thing.text("contentUrl", "url").text
            if url:
                yield RawMedium(
                    url=url,
                    type=thing.text("encodingFormat").text,
                    length=thing.number("contentSize"),
                    width=_size(thing, "width"),
                    height=_size(thing, "height"),
                    duration=_seconds(thing.text("duration").text),
                    alt=thing.text("alternateName", "name").text,
                    caption=thing.text("caption", "description").text,
                    credit=thing.text("creditText", "copyrightNotice").text,
                )
    if not any(name in node.fields for name in ("image", "video", "audio")):
        for found in node.fields.texts("thumbnailUrl")[:1]:
            yield RawMedium(url=found.text)


def _rights(draft: Draft, node: Node) -> None:
    fields = node.fields
    draft.put("rights", *fields.text("copyrightNotice"))
    holder, year = _first(node.named("copyrightHolder")), fields.text("copyrightYear").text
    if holder:
        draft.put("rights", f"© {year} {holder.text}" if year else f"© {holder.text}", holder.where)
    draft.put("rights", *_first(node.named("license")))
    draft.put("rights", *fields.text("usageInfo"))


def _first(found: Sequence[Found]) -> Found:
    return found[0] if found else NOTHING


def _is_article(fields: Fields) -> bool:
    return any(_type(found).endswith(_ARTICLES) for found in fields.texts("@type"))


def _type(found: Found) -> str:
    """The name of a type: ``NewsArticle`` from ``https://schema.org/NewsArticle`` or ``schema:NewsArticle``."""
    return re.split(r"[/#:]", found.text)[-1]


def _size(thing: Fields, name: str) -> int:
    """Pixels, as a number, as "800 px" or as a QuantitativeValue."""
    measured = thing.object(name)
    if measured is not None:
        return measured.number("value")
    digits = re.match(r"\d{1,6}", thing.text(name).text)
    return int(digits[0]) if digits else 0


def _seconds(duration: str) -> int:
    """The seconds of an ISO 8601 duration ("PT1M30S"), 0 where it is none."""
    match = _DURATION.fullmatch(duration)
    return sum(int(part or 0) * unit for part, unit in zip(match.groups(), _SECONDS, strict=True)) if match else 0
