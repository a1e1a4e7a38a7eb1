"""JSON Feed 1.0 and 1.1: a feed document dropped as a file, all its items with their own ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, address, blocks, gather, numbered, paragraphs
from feedsvc.formats.jsonfiles import kinds
from feedsvc.formats.jsonfiles.fields import Fields
from feedsvc.formats.jsonfiles.kinds import Kind
from feedsvc.formats.jsonfiles.loading import load, peek

_PICTURES = ("image", "banner_image")


class JsonFeed:
    """Reads every item of a JSON Feed document."""

    name = "JSON Feed"
    suffixes = frozenset({".jsonfeed"})
    begins = b"{["

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the JSON is a feed document of JSON Feed."""
        return kinds.main_kind(peek(data, b"jsonfeed.org")) is Kind.FEED

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The items of the feed, numbered from 1. Raises NotAnArticle for a feed without items."""
        loaded = load(data, fallback_encoding=fallback_encoding)
        feed = kinds.of_kind(loaded.value, Kind.FEED)[0][0]
        entries = list(feed.objects("items"))
        if not entries:
            raise NotAnArticle("The JSON Feed has no items, so there is nothing to publish from it.")
        items = gather(entries, lambda entry: read_item(entry, loaded.notes, feed=feed), kind="JSON Feed")
        return [numbered(items[0], 1)] if len(entries) == 1 else items


def read_item(entry: Fields, notes: Sequence[str] = (), *, feed: Fields | None = None) -> RawItem:
    """One item of a JSON Feed; language and authors that it does not name are those of its *feed*.

    Raises NotAnArticle where it holds no content.
    """
    draft = Draft(notes=notes)
    around = feed or Fields({})
    draft.put("id", *entry.text("id"))
    draft.put("title", *entry.text("title"))
    marked, plain = entry.text("content_html"), entry.text("content_text")
    draft.put("body", blocks(marked.text), marked.where)
    draft.put("body", paragraphs(plain.text), plain.where)
    draft.put("summary", *entry.text("summary"))
    for found in (entry.text("url"), entry.text("external_url")):
        draft.put("link", address(found.text), found.where)
    for found in (entry.text("url"), around.text("home_page_url")):
        draft.put("base", address(found.text), found.where)
    draft.put_date("published", [entry.text("date_published")])
    draft.put_date("updated", [entry.text("date_modified")])
    for holder in (entry, around):
        authors = list(holder.objects("authors", "author"))
        draft.put_all("authors", _authors(authors), authors[0].at if authors else "")
    tags = entry.texts("tags")
    draft.put_all(
        "categories",
        (RawCategory(term=tag.text) for tag in tags),
        entry.where("tags"),
    )
    draft.put("language", *(entry.text("language") or around.text("language")))
    pictured = next((name for name in _PICTURES if entry.text(name)), "attachments")
    draft.put_all("media", _media(entry), entry.where(pictured))
    return draft.item("JSON Feed item")


def _authors(authors: Sequence[Fields]) -> Iterator[RawAuthor]:
    for author in authors:
        name = author.text("name").text
        if name:
            yield RawAuthor(name=name, uri=address(author.text("url").text))


def _media(entry: Fields) -> Iterator[RawMedium]:
    for name in _PICTURES:
        picture = entry.text(name).text
        if picture:
            yield RawMedium(url=picture)
    for attachment in list(entry.objects("attachments"))[:200]:
        url = attachment.text("url").text
        if url:
            yield RawMedium(
                url=url,
                type=attachment.text("mime_type").text,
                length=attachment.number("size_in_bytes"),
                duration=attachment.number("duration_in_seconds"),
                caption=attachment.text("title").text,
            )
