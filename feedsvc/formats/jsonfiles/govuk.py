"""GOV.UK content items: the JSON in which the sites of the British government hold their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, address, as_html, gather, without_tags
from feedsvc.formats.jsonfiles import kinds
from feedsvc.formats.jsonfiles.fields import NOTHING, Fields, Found
from feedsvc.formats.jsonfiles.kinds import Kind
from feedsvc.formats.jsonfiles.loading import load, peek

_SITE = "https://www.gov.uk"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ORGANISATIONS = ("primary_publishing_organisation", "emphasised_organisations", "lead_organisations", "organisations")
_SUBJECTS = ("taxons", "topical_events", "topics", "policy_areas", "policies")


class GovUk:
    """Reads the content items of GOV.UK that have a body: press releases, speeches, case studies."""

    name = "GOV.UK"
    suffixes: frozenset[str] = frozenset()
    begins = b"{["

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the JSON holds a content item of GOV.UK."""
        return kinds.main_kind(peek(data, b'"content_id"')) is Kind.GOVUK

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The article of the file. Raises NotAnArticle for a page that holds no text of its own."""
        loaded = load(data, fallback_encoding=fallback_encoding)
        pages, notes = kinds.of_kind(loaded.value, Kind.GOVUK)
        return gather(pages, lambda page: _read(page, (*loaded.notes, *notes)), kind="GOV.UK")


def _read(page: Fields, notes: Sequence[str]) -> RawItem:
    draft = Draft(notes=notes)
    details = page.object("details") or Fields({})
    schema = page.text("schema_name")
    _identity(draft, page)
    draft.put("title", *page.text("title"))
    body = _body(details)
    draft.put("body", as_html(body.text), body.where)
    _withdrawal(draft, page)
    if "body" not in draft and "withdrawal" not in draft:
        raise NotAnArticle(f"The GOV.UK page ({schema.text[:60]}) has no text of its own, so it is no article.")
    draft.put("standfirst", *page.text("description"))
    draft.put("language", *page.text("locale"))
    _dates(draft, page, details)
    links = page.object("links") or Fields({})
    authors = _linked(links, *_ORGANISATIONS)
    draft.put_all(
        "authors",
        [RawAuthor(name=each.text("title").text, uri=_address(each)) for each in authors],
        authors[0].at if authors else "",
    )
    subjects = _linked(links, *_SUBJECTS)
    draft.put_all(
        "categories",
        [RawCategory(term=each.text("title").text, scheme=_SITE) for each in subjects],
        subjects[0].at if subjects else "",
    )
    draft.put_all(
        "codes",
        (found.text for found in page.texts("document_type", "schema_name")),
        page.where("document_type"),
    )
    draft.put_all("media", _media(details), details.where("image"))
    return draft.item("GOV.UK page")


def _identity(draft: Draft, page: Fields) -> None:
    """The id, one for each translation, and the address."""
    found, locale = page.text("content_id"), page.text("locale").text
    if locale and locale != "en":
        draft.put("id", f"{found.text}/{locale}", found.where)
    elif _UUID.fullmatch(found.text):
        draft.put("id", f"urn:uuid:{found.text}", found.where)
    draft.put("id", *found)
    path = page.text("base_path")
    if path.text.startswith("/") and not path.text.startswith("//"):
        draft.put("link", _SITE + path.text, path.where)
        draft.put("base", _SITE + path.text, path.where)
    draft.put("base", _SITE + "/", "GOV.UK")


def _body(details: Fields) -> Found:
    """The body: HTML, or the HTML among several forms of it."""
    found = details.text("body")
    if found:
        return found
    for form in details.objects("body"):
        if form.text("content_type").text == "text/html":
            return form.text("content")
    return NOTHING


def _withdrawal(draft: Draft, page: Fields) -> None:
    notice = page.object("withdrawn_notice")
    if notice is not None and notice.text("withdrawn_at", "explanation"):
        draft.put_status("canceled", notice.at)
        reason = without_tags(notice.text("explanation").text)[:300] or "no reason is given"
        draft.note(f"Withdrawn on {notice.text('withdrawn_at').text[:10] or 'an unknown day'}: {reason}")
    elif page.text("schema_name").text == "gone" or page.text("document_type").text == "gone":
        draft.put_status("canceled", page.where("schema_name"))


def _dates(draft: Draft, page: Fields, details: Fields) -> None:
    changes = [change for change in details.objects("change_history") if change.text("public_timestamp")]
    changes.sort(key=lambda change: change.text("public_timestamp").text)
    latest = changes[-1] if changes else Fields({})
    public = page.text("public_updated_at")
    draft.put_date("published", (page.text("first_published_at"), details.text("first_public_at"), public))
    draft.put_date("updated", (public, latest.text("public_timestamp"), page.text("updated_at")))
    if len(changes) > 1 and latest.text("note"):
        day = latest.text("public_timestamp").text[:10]
        draft.note(f"Changed on {day}: {latest.text('note').text[:300]}")


def _linked(links: Fields, *names: str) -> list[Fields]:
    """The objects under the first of *names* that has any with a title."""
    for name in names:
        found = [each for each in links.objects(name) if each.text("title")]
        if found:
            return found
    return []


def _address(linked: Fields) -> str:
    path = linked.text("base_path").text
    return address(linked.text("web_url").text) or (_SITE + path if path.startswith("/") else "")


def _media(details: Fields) -> Iterator[RawMedium]:
    pictures = [*details.objects("image"), *details.objects("images")]
    for picture in pictures[:200]:
        url = picture.text("high_resolution_url", "url").text
        sources = picture.object("sources")
        if not url and sources is not None:
            url = sources.text("s960", "s712", "s630", "s465", "s300").text
        alt = picture.text("alt_text").text
        if url:
            yield RawMedium(
                url=url,
                type=picture.text("content_type").text,
                alt="" if alt == "placeholder" else alt,
                caption=picture.text("caption").text,
                credit=picture.text("credit").text,
            )
