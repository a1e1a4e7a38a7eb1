"""ninjs, the IPTC's News in JSON, in its three generations (1.x, 2.x, 3.x).

The generations rename: ``headline``, ``headline_main`` or ``headlines``; ``body_xhtml``, ``body_main`` or
``bodies``; ``byline`` or ``by``; ``versioncreated`` or ``versionCreated``. An item reads the same in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem
from feedsvc.formats.draft import Draft, address, as_html, blocks, gather, is_html, paragraphs
from feedsvc.formats.jsonfiles import kinds
from feedsvc.formats.jsonfiles.fields import NOTHING, Fields, Found, fold, put_embargo
from feedsvc.formats.jsonfiles.kinds import Kind
from feedsvc.formats.jsonfiles.loading import load, peek
from feedsvc.formats.jsonfiles.ninjsmedia import media

_MARKERS = (b'"guid"', b'"uri"', b'"urn"', b'"altids"')
_NEVER_TEXT = frozenset({"picture", "graphic", "video", "audio", "package", "planning", "event"})
_HTML_BODIES = ("body_xhtml", "body_html", "body_main", "body_richtext", "body_nitf", "body")
_NOT_BODIES = frozenset({"caption", "summary", "abstract", "teaser", "notepad", "ednote", "creditline"})
_AUTHORS = frozenset({"author", "byline", "by", "creator", "writer"})
_FILED = frozenset({"located", "dateline", "filed"})
_TEASERS = ("standfirst", "abstract", "teaser", "subheadline", "subhead")
_SUMMARIES = ("summary", "short", "description", "text", "main", "")


class Ninjs:
    """Reads ninjs 1.x, 2.x and 3.x: one item, a list of them, or an envelope (``{"item": [...]}``)."""

    name = "ninjs"
    suffixes = frozenset({".ninjs"})
    begins = b"{["

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the JSON holds an item with the names that only ninjs has."""
        return kinds.main_kind(peek(data, *_MARKERS)) is Kind.NINJS

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The text items of the file. Raises NotAnArticle for pictures, packages and the like."""
        loaded = load(data, fallback_encoding=fallback_encoding)
        items, notes = kinds.of_kind(loaded.value, Kind.NINJS)
        return gather(items, lambda item: _read(item, (*loaded.notes, *notes)), kind="ninjs")


def _read(item: Fields, notes: Sequence[str]) -> RawItem:
    draft = Draft(notes=notes)
    kind = item.text("type").text.lower()
    _identity(draft, item)
    _headline(draft, item)
    draft.put("body", *_body(item, draft))
    _teasers(draft, item, kind)
    draft.put_status(*item.text("pubstatus"))
    if kind in _NEVER_TEXT and "body" not in draft:
        raise NotAnArticle(f"The item is of type {kind} and has no text, so it is no article.")
    if kind == "advisory":
        raise NotAnArticle("The item is an advisory to editors, and no article.")
    _dates(draft, item)
    _people(draft, item)
    _subjects(draft, item)
    draft.put_all("media", media(item), item.where("associations"))
    draft.put("slug", *item.text("slugline", "slug"))
    draft.put("language", *item.text("language"))
    draft.put("rights", *item.text("copyrightnotice", "copyrightholder", "usageterms"))
    draft.put("urgency", *item.text("urgency", "priority"))
    for name in ("ednote", "ednotes", "editorialnote", "correction", "corrections"):
        for found in item.texts(name):
            draft.put_editors_note(*found)
    return draft.item("ninjs item")


def _identity(draft: Draft, item: Fields) -> None:
    alternatives = item.object("altids")
    if alternatives is not None:
        # The uri of AP's items is a signed address that differs with each delivery.
        draft.put("id", *alternatives.text("itemid"))
    draft.put("id", *item.text("guid", "uri", "urn"))
    draft.put("version", *item.text("version"))
    draft.put("link", *_canonical(item))


def _canonical(item: Fields) -> Found:
    for link in item.objects("links", "link"):
        if link.text("rel", "role").text.lower() == "canonical":
            return link.text("href", "url", "uri")
    return item.text("canonicalurl", "canonical")


def _headline(draft: Draft, item: Fields) -> None:
    candidates = [item.text("headline"), item.text("headline_main")]
    headlines = sorted(item.objects("headlines"), key=lambda each: each.text("role").text.lower() != "main")
    candidates += [headline.text("value") for headline in headlines]
    candidates += [item.text("headline_extended"), item.text("title")]
    given = [found for found in candidates if found]
    if given and given[0].where != item.where("title"):
        draft.put("title", *given[0])
        given = given[1:]
    others = dict.fromkeys(found.text for found in given if found.text != draft.text("title"))
    draft.put_all("title_fallbacks", others, given[0].where if given else "")


def _body(item: Fields, draft: Draft) -> Found:
    """The body as HTML: marked-up text before plain text."""
    found = item.text(*_HTML_BODIES)
    if found:
        declared = found.where.lower().endswith("html")
        return Found(blocks(found.text) if declared else as_html(found.text), found.where)
    bodies = [body for body in item.objects("bodies") if body.text("role").text.lower() not in _NOT_BODIES]
    for body in sorted(bodies, key=_plainness):
        found = body.text("value")
        if found:
            break
    else:
        body, found = item, item.text("body_text")
    if not found:
        return NOTHING
    if body is not item and _plainness(body) == 0:
        return Found(blocks(found.text), found.where)
    if is_html(found.text):
        draft.note(f"The plain text ({found.where}) holds HTML and was read as such.")
        return found
    return Found(paragraphs(found.text), found.where)


def _plainness(body: Fields) -> int:
    """0 for a body that is HTML, 1 for one that does not say, 2 for plain text."""
    said = f"{body.text('contenttype', 'mimetype').text} {body.text('role').text}".lower()
    if "html" in said:
        return 0
    return 2 if "text/plain" in said or said.endswith("text") else 1


def _teasers(draft: Draft, item: Fields, kind: str) -> None:
    described = {each.text("role").text.lower(): each.text("value") for each in item.objects("descriptions")}
    for role in _TEASERS:
        draft.put("standfirst", *(item.text(role) or described.get(role, NOTHING)))
    summary = item.text("description_text", "description_summary", "description", "summary")
    summary = summary or item.text("description_xhtml", "description_html")
    for role in _SUMMARIES:
        summary = summary or described.get(role, NOTHING)
    if summary and "body" not in draft and "title" in draft and kind in {"text", ""}:
        draft.put("body", as_html(summary.text), summary.where)
        draft.note("There is no body; the description was taken for it.")
    else:
        draft.put("summary", *summary)


def _dates(draft: Draft, item: Fields) -> None:
    version = item.text("versioncreated")
    draft.put_date("published", (item.text("firstcreated"), version, item.text("contentcreated")))
    draft.put_date("updated", (version, item.text("contentmodified")))
    put_embargo(draft, item, "embargoed", "embargo")
    draft.put("expires", *item.text("expires"))


def _people(draft: Draft, item: Fields) -> None:
    bylines = [
        *item.texts("byline", "by", "bylines"),
        *(each.text("by", "name") for each in item.objects("bylines")),
    ]
    given = [found for found in bylines if found]
    if given:
        draft.put("byline", ", ".join(dict.fromkeys(found.text for found in given)), given[0].where)
    people = list(item.objects("authors"))
    people += [each for each in item.objects("person", "people") if _relation(each) in _AUTHORS]
    authors = [
        RawAuthor(
            name=person.text("name", "literal").text,
            uri=address(person.text("url", "uri").text),
            email=person.text("email").text,
            role=person.text("role", "jobtitle").text,
        )
        for person in people
        if person.text("name", "literal")
    ]
    draft.put_all("authors", authors, people[0].at if people else "")
    for name in ("infosource", "infosources", "providers", "provider", "source"):
        for source in item.objects(name):
            draft.put("agency", *source.text("name", "literal", "code"))
        draft.put("agency", *item.text(name))
    draft.put("dateline", *item.text("located", "dateline"))
    for place in item.objects("place", "places", "datelinelocation"):
        if _relation(place) in _FILED or "datelinelocation" in fold(place.at):
            draft.put("dateline", *place.text("name", "city", "literal"))


def _subjects(draft: Draft, item: Fields) -> None:
    subjects = list(item.objects("subject", "subjects"))
    categories = []
    for subject in subjects:
        label = subject.text("name").text
        term = subject.text("code", "literal", "qcode", "uri", "name").text
        if term:
            categories.append(RawCategory(term=term, label=label, scheme=subject.text("scheme").text))
    keywords = [word for found in item.texts("keywords", "keyword") for word in _words(found)]
    categories += [RawCategory(term=word) for word in dict.fromkeys(keywords)]
    draft.put_all("categories", categories, subjects[0].at if subjects else item.where("keywords"))
    coded = [*item.objects("service", "services"), *subjects, *item.objects("genre", "genres")]
    codes = [each.text("code", "literal", "qcode", "uri", "name") for each in coded]
    codes += item.texts("service", "services")
    given = [found for found in codes if found]
    draft.put_all("codes", (found.text for found in given), given[0].where if given else "")


def _words(found: Found) -> Iterator[str]:
    """The keywords in *found*: one, if it is an element of a list, else those between the commas."""
    pieces = [found.text] if found.where.endswith("]") else found.text.split(",")
    return (piece.strip() for piece in pieces if piece.strip())


def _relation(fields: Fields) -> str:
    return fields.text("rel", "role").text.rpartition(":")[2].lower()
