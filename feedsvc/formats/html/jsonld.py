"""JSON-LD in a page (schema.org): the article among its objects, and what that says.

The JSON of the wild is tolerated: comments and CDATA around it, line breaks in strings, commas too many, several
values in one script, character references. What cannot be mended is searched for the few values that matter most.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from feedsvc.formats.base import RawAuthor, RawMedium
from feedsvc.formats.html.clues import Clues
from feedsvc.formats.html.numbers import pixels, seconds
from feedsvc.formats.html.people import add_author, is_wire
from feedsvc.formats.html.tree import same, word_set
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 1_000_000
_MOST_OBJECTS = 3_000
_DEEPEST = 40
_WRAPPING = re.compile(r"^(?:\s|;|//|/\*|\*/|<!--|-->|<!\[CDATA\[|\]\]>)+|(?:\s|;|//|/\*|\*/|<!--|-->|\]\]>)+$")
_SPARE_COMMA = re.compile(r",(\s{0,200}[}\]])")
_LONE = re.compile(
    r'"(headline|datePublished|dateModified|articleSection)"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,500})"'
)
_ARTICLE = re.compile(r"(?:\w{0,40}Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report)\Z")
_PAGE = frozenset({"WebPage", "ItemPage", "MedicalWebPage", "VideoObject", "AudioObject", "PodcastEpisode"})
_FRONT = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage", "ItemList", "ContactPage", "CheckoutPage"})
_PASSED_BY = word_set(
    "itemListElement liveBlogUpdate comment hasPart relatedLink citation review mentions about isPartOf breadcrumb "
    "publisher author"
)
"""Keys below which an article is not the one of this page."""

Thing = Mapping[str, Any]


def read(root: HtmlElement, *, titles: Sequence[str], addresses: Sequence[str]) -> Clues:
    """What JSON-LD says. *titles* and *addresses* of the page tell its article from others that it names."""
    clues = Clues()
    scripts = [
        script.text or ""
        for script in root.iter("script")
        if "ld+json" in script.get("type", "").lower() and len(script.text or "") <= _LONGEST
    ]
    things: list[tuple[Thing, bool]] = []
    broken: list[str] = []
    for script in scripts:
        values, whole = load(script)
        things += _things(values)
        if not whole:
            broken.append(script)
    named = {str(thing["@id"]): thing for thing, _ in things if "@id" in thing and len(thing) > 1}
    for thing, _ in things:
        for kind in types(thing):
            clues.add("kind", kind, "JSON-LD @type")
    article = _main(things, titles, addresses)
    if article is not None:
        _Reader(clues, named).article(article)
    for thing, aside in things:
        if "BreadcrumbList" in types(thing) and not aside and not clues.first("crumbs").value:
            clues.add("crumbs", " > ".join(_crumbs(thing)), "JSON-LD BreadcrumbList")
        if types(thing) & {"Organization", "NewsMediaOrganization", "WebSite"} and not aside:
            clues.add("site", thing.get("name"), "JSON-LD name of the site")
    for script in broken:
        for key, value in _LONE.findall(script):
            name = {"headline": "title.jsonld", "datePublished": "published", "dateModified": "updated"}
            clues.add(name.get(key, "section"), _plain(value), f"broken JSON-LD {key}")
    return clues


def load(script: str) -> tuple[list[Any], bool]:
    """The JSON values in *script*, mended where need be, and whether all of it could be read."""
    text = _WRAPPING.sub("", script)
    if text.startswith(("{&quot;", "[{&quot;", "{ &quot;")):
        text = html.unescape(text)
    decoder = json.JSONDecoder(strict=False)
    for candidate in (text, _SPARE_COMMA.sub(r"\1", text)):
        values: list[Any] = []
        position = 0
        try:
            while position < len(candidate):
                value, position = decoder.raw_decode(candidate, position)
                values.append(value)
                while position < len(candidate) and candidate[position] in " \t\r\n,;":
                    position += 1
        except (ValueError, RecursionError):
            if candidate is not text:
                return values, False
            continue
        return values, True
    return [], False


def types(thing: Thing) -> set[str]:
    """The types of *thing* without their vocabulary: ``http://schema.org/NewsArticle`` is NewsArticle."""
    given = thing.get("@type")
    listed = given if isinstance(given, list) else [given]
    return {re.split(r"[/#:]", one)[-1] for one in listed if isinstance(one, str) and one and len(one) < 200}


def _things(values: Sequence[Any]) -> list[tuple[Thing, bool]]:
    """Every object in *values* in the order of the document, with whether it is a side matter of another."""
    found: list[tuple[Thing, bool]] = []
    stack: list[tuple[Any, bool, int]] = [(value, False, 0) for value in reversed(values)]
    while stack and len(found) < _MOST_OBJECTS:
        value, aside, depth = stack.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(value, dict):
            found.append((value, aside))
            stack += [
                (inner, aside or key in _PASSED_BY, depth + 1)
                for key, inner in reversed(value.items())
                if isinstance(inner, dict | list)
            ]
        elif isinstance(value, list):
            stack += [(inner, aside, depth + 1) for inner in reversed(value[:_MOST_OBJECTS])]
    return found


def _main(things: Sequence[tuple[Thing, bool]], titles: Sequence[str], addresses: Sequence[str]) -> Thing | None:
    """The object that is this page's article: by its address, by its headline, else the first."""
    articles = [thing for thing, aside in things if not aside and any(map(_ARTICLE.match, types(thing)))]
    for thing in articles:
        own = {_address(thing.get(key)) for key in ("url", "@id", "mainEntityOfPage")} - {""}
        if any(address and _address(address) in own for address in addresses):
            return thing
    for thing in articles:
        headline = _plain(thing.get("headline"))
        if any(same(headline, title) for title in titles):
            return thing
    if articles:
        return articles[0]
    pages = [thing for thing, aside in things if not aside and types(thing) & _PAGE and not types(thing) & _FRONT]
    return next((page for page in pages if "datePublished" in page or "uploadDate" in page), None)


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    if not isinstance(value, str):
        return ""
    return re.sub(r"\Ahttps?://(?:www\.|m\.|amp\.)?", "", value.split("#")[0].split("?")[0]).rstrip("/").lower()


def strings(value: Any, *keys: str) -> Iterator[str]:
    """The texts that *value* holds: itself, those of a list, or an object's under the first of *keys* it has."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for one in value[:200]:
            if not isinstance(one, list):
                yield from strings(one, *keys)
    elif isinstance(value, dict):
        for key in (*keys, "@value", "@id"):
            if isinstance(value.get(key), str | list):
                yield from strings(value[key])
                return


def _plain(value: Any) -> str:
    return one_line(html.unescape(next(strings(value, "name"), "")))


def _crumbs(thing: Thing) -> list[str]:
    listed = thing.get("itemListElement")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    names = []
    for entry in sorted(entries, key=lambda entry: _place(entry.get("position"))):
        item = entry.get("item")
        names.append(_plain(entry.get("name") or (item.get("name") if isinstance(item, dict) else "")))
    return [name for name in names if name]


def _place(position: Any) -> float:
    try:
        return float(position)
    except (TypeError, ValueError, OverflowError):
        return 0.0


class _Reader:
    """Puts what one object says into *clues*; *named* are the objects that others refer to by ``@id``."""

    def __init__(self, clues: Clues, named: Mapping[str, Thing]) -> None:
        self._clues = clues
        self._named = named

    def article(self, thing: Thing) -> None:
        fields = (
            ("title.jsonld", ("headline", "name")),
            ("title.jsonld", ("alternativeHeadline",)),
            ("published", ("datePublished", "uploadDate", "dateCreated", "coverageStartTime")),
            ("updated", ("dateModified",)),
            ("expires", ("expires",)),
            ("summary", ("description", "abstract")),
            ("section", ("articleSection",)),
            ("language", ("inLanguage",)),
            ("link", ("url", "mainEntityOfPage")),
            ("rights", ("copyrightNotice",)),
            ("dateline", ("dateline", "locationCreated")),
            ("text", ("articleBody",)),
        )
        for name, keys in fields:
            for key in keys:
                for value in strings(thing.get(key), "name", "url"):
                    self._clues.add(name, value, f"JSON-LD {key}")
                if name != "published" and self._clues.first(name).value:
                    break
        for tag in strings(thing.get("keywords"), "name"):
            self._clues.add("tag", tag, "JSON-LD keywords")
        self._live(thing)
        self._people(thing)
        self._media(thing)

    def _live(self, thing: Thing) -> None:
        """A live blog without a text of its own has that of its updates, in the order given."""
        updates = thing.get("liveBlogUpdate")
        if not isinstance(updates, list) or self._clues.first("text").value:
            return
        parts = []
        for update in updates[:500]:
            if isinstance(update, dict):
                parts += [_plain(update.get("headline")), next(strings(update.get("articleBody")), "")]
        self._clues.add("text", "\n\n".join(part for part in parts if part), "JSON-LD liveBlogUpdate")

    def _people(self, thing: Thing) -> None:
        publishers = [_plain(one) for one in self._objects(thing.get("publisher"))]
        for publisher in publishers:
            self._clues.add("publisher", publisher, "JSON-LD publisher")
        for key in ("author", "creator"):
            for one in self._objects(thing.get(key)):
                kinds = types(one) if isinstance(one, dict) else set()
                for name in strings(one, "name"):
                    name = one_line(html.unescape(name))
                    organisation = any(kind.endswith("Organization") for kind in kinds)
                    if organisation and not is_wire(name) and any(same(name, other) for other in publishers):
                        continue
                    uri = next(strings(one.get("url") or one.get("sameAs")), "") if isinstance(one, dict) else ""
                    role = next(strings(one.get("jobTitle")), "") if isinstance(one, dict) else ""
                    add_author(self._clues, RawAuthor(name=name, uri=uri, role=role), f"JSON-LD {key}")
            if self._clues.authors:
                return

    def _objects(self, value: Any) -> Iterator[Any]:
        """The people or outlets in *value*, references to other objects followed."""
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "name" not in one and str(one.get("@id")) in self._named:
                yield self._named[str(one["@id"])]
            elif isinstance(one, str) and one in self._named:
                yield self._named[one]
            elif one:
                yield one

    def _media(self, thing: Thing) -> None:
        for key, family in (("image", "image"), ("video", "video"), ("audio", "audio"), ("associatedMedia", "")):
            for one in self._objects(thing.get(key)):
                medium = _medium(one, family)
                if medium is not None:
                    self._clues.media.append((medium, f"JSON-LD {key}"))
                    if family == "image":
                        break  # the others are the same picture in other shapes


def _medium(value: Any, family: str) -> RawMedium | None:
    if isinstance(value, str):
        return RawMedium(url=value.strip(), type="image" if family == "image" else "") if value.strip() else None
    if not isinstance(value, dict):
        return None
    url = next(strings(value.get("contentUrl") or value.get("url")), "")
    if not url and family == "image":
        url = next(strings(value.get("@id")), "")
    if not url or not (family == "image" or value.get("contentUrl")):
        return None
    return RawMedium(
        url=url.strip(),
        type=next(strings(value.get("encodingFormat") or value.get("fileFormat")), "") or family,
        width=pixels(value.get("width")),
        height=pixels(value.get("height")),
        duration=seconds(value.get("duration")),
        caption=_plain(value.get("caption") or (value.get("description") if family == "image" else "")),
        credit=_plain(value.get("creditText") or value.get("copyrightNotice") or value.get("author")),
    )
