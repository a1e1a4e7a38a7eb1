"""What a WordPress export says of its whole site, and the article that one of its entries is in that light."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from feedsvc import medianames
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, address
from feedsvc.formats.keys.media import seconds
from feedsvc.formats.wordpress.text import Attachment, shown
from feedsvc.formats.xmlbytes import children, local, namespace, text_of
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree

_EXPORT = "http://wordpress.org/export/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)")
_NO_SECTION = frozenset({
    # What WordPress calls the category of an entry that has none, in the languages of most of its sites.
    "uncategorized", "uncategorised", "allgemein", "non-classe", "sin-categoria", "senza-categoria", "sem-categoria",
    "geen-categorie", "uncategorized-en", "bez-kategorii", "okategoriserad", "ukategorisert", "ikke-kategoriseret",
})  # fmt: skip
_DURATION = re.compile(r'"duration";s:\d{1,2}:"([\d:]{1,10})"')  # as PowerPress keeps it, serialised by PHP
_SEPARATORS = re.compile(r"\s*[/»›>→]\s*")
_DEPTH = 10
_SHOWN = frozenset({"publish", "future"})
_KEPT = {"private": "withheld", "draft": "draft", "pending": "draft"}


@dataclass(slots=True)
class _Category:
    name: str
    parent: str = ""


@dataclass(slots=True)
class Site:
    """Authors, categories and the media library of an export: learnt from its parts in any order, before the entries.

    *url* is the address of the former site.
    """

    url: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    categories: dict[str, _Category] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    uploaded: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    reusable: dict[str, str] = field(default_factory=dict)

    def learn(self, element: etree._Element) -> None:
        """Take in one part of the channel: an author, a category, an entry of the media library, a shared block."""
        name = local(element)
        if name == "item":
            self._learn_item(element)
        elif name == "link" and not namespace(element):
            self.url = self.url or text_of(element)
        elif name == "language" and not namespace(element):
            self.language = text_of(element)
        elif name == "author" and namespace(element).startswith(_EXPORT):
            login = wp(element, "author_login")
            self.authors[login] = one_line(wp(element, "author_display_name")) or login
        elif name in ("category", "term") and namespace(element).startswith(_EXPORT):
            taxonomy = wp(element, "term_taxonomy") or "category"
            slug = wp(element, "category_nicename") or wp(element, "term_slug")
            named = wp(element, "cat_name") or wp(element, "term_name")
            if taxonomy == "category" and slug:
                parent = wp(element, "category_parent") or wp(element, "term_parent")
                self.categories[slug] = _Category(one_line(named) or slug, parent)
                self.terms[wp(element, "term_id")] = slug

    def _learn_item(self, item: etree._Element) -> None:
        kind = wp(item, "post_type")
        if kind == "attachment":
            url = address(wp(item, "attachment_url"))
            if url:
                self.attachments[wp(item, "post_id")] = Attachment(
                    url=url,
                    title=text_of(own(item, "title")),
                    alt=meta(item).get("_wp_attachment_image_alt", ""),
                    caption=_excerpt(item),
                )
                order = re.fullmatch(r"\d{1,9}", wp(item, "menu_order"))
                if medianames.is_picture(url):
                    place = (int(order[0]) if order else 0, wp(item, "post_id"))
                    self.uploaded.setdefault(wp(item, "post_parent"), []).append(place)
        elif kind == "wp_block":
            self.reusable[wp(item, "post_id")] = text_of(_in(item, _CONTENT, "encoded"))

    # ------------------------------------------------------------------ one entry
    def article(self, item: etree._Element, notes: Sequence[str] = ()) -> RawItem:
        """The article that an entry is. Raises NotAnArticle where it has no text."""
        draft, fields = Draft(notes=notes), meta(item)
        draft.put("id", text_of(own(item, "guid")), "guid")
        draft.put("title", text_of(own(item, "title")), "title")
        text = shown(
            text_of(_in(item, _CONTENT, "encoded")),
            attachments=self.attachments,
            reusable=self.reusable,
            own=[one for _, one in sorted(self.uploaded.get(wp(item, "post_id"), ()), key=lambda one: one[0])],
        )
        draft.put("body", text.html, "content:encoded")
        if text.unknown:
            draft.note(f"only the former site could show these, so they are left out: {', '.join(text.unknown[:8])}")
        draft.put("summary", _excerpt(item), "excerpt:encoded")
        draft.put("slug", wp(item, "post_name"), "wp:post_name")
        self._put_dates(draft, item)
        self._put_terms(draft, item, fields)
        self._put_authors(draft, item)
        self._put_media(draft, fields)
        draft.put("link", address(text_of(own(item, "link"))), "link")
        draft.put("base", draft.text("link") or address(self.url), "link")
        draft.put("language", self.language, "channel language")
        status = wp(item, "status")
        if status not in _SHOWN:
            draft.put("status", _KEPT.get(status, "withheld"), "wp:status")
        if wp(item, "post_password"):
            draft.hold("The entry is behind a password, so it is withheld.", "wp:post_password")
        return draft.item("WordPress entry")

    def _put_dates(self, draft: Draft, item: etree._Element) -> None:
        """The moment in UTC; where the export has none (it writes zeros), that of the site, then ``pubDate``."""
        gmt, local_time = moment(wp(item, "post_date_gmt")), moment(wp(item, "post_date"))
        published = f"{gmt}Z" if gmt else local_time
        written = text_of(own(item, "pubDate"))
        if not published and "-0001" not in written:
            published = written
        draft.put("published", published, "wp:post_date_gmt" if gmt else "wp:post_date" if local_time else "pubDate")
        modified = moment(wp(item, "post_modified_gmt"))
        if modified and (not gmt or modified > gmt):
            draft.put("updated", f"{modified}Z", "wp:post_modified_gmt")
        if wp(item, "status") == "future":
            draft.put("embargo", published, "wp:status future")
            if not published:
                draft.hold("The entry is scheduled for a time that the export does not name.", "wp:status")

    def _put_terms(self, draft: Draft, item: etree._Element, fields: dict[str, str]) -> None:
        sections: dict[str, str] = {}
        tags: list[RawCategory] = []
        for one in children(item, "category"):
            if namespace(one):
                continue
            kind, slug, name = str(one.get("domain", "")), str(one.get("nicename", "")), one_line(text_of(one))
            if kind == "category" and slug not in _NO_SECTION and (name or slug):
                sections[slug or name] = self._path(slug, name)
            elif kind == "post_tag" and name:
                tags.append(RawCategory(term=name))
            elif kind == "language" and re.fullmatch(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?", slug):
                draft.put("language", slug, "category language")
        home = self.terms.get(
            fields.get("_yoast_wpseo_primary_category", "") or fields.get("rank_math_primary_category", ""), ""
        )
        above = {up for slug in sections for up in self._ancestors(slug)}
        chosen = [slug for slug in sections if slug not in above]
        chosen.sort(key=lambda slug: slug != home)
        draft.put_all("sections", (sections[slug] for slug in chosen), "category")
        draft.put_all("categories", tags, "post_tag")

    def _ancestors(self, slug: str) -> Iterable[str]:
        seen = {slug}
        while len(seen) < _DEPTH:
            known = self.categories.get(slug)
            if known is None or not known.parent or known.parent in seen:
                return
            slug = known.parent
            seen.add(slug)
            yield slug

    def _path(self, slug: str, name: str) -> str:
        """``Town/Harbour``: the category below those above it."""
        names = [name or self.categories[slug].name if slug in self.categories else name or slug]
        names += [self.categories[up].name if up in self.categories else up for up in self._ancestors(slug)]
        return "/".join(_SEPARATORS.sub("-", one) for one in reversed(names[:_DEPTH]))

    def _put_authors(self, draft: Draft, item: etree._Element) -> None:
        several = []
        for one in children(item, "category"):
            if one.get("domain") == "author":  # of the plug-in Co-Authors Plus
                login = str(one.get("nicename", "")).removeprefix("cap-")
                several.append(self.authors.get(login) or one_line(text_of(one)))
        creator = text_of(_in(item, _DC, "creator"))
        names = several or [self.authors.get(creator, creator)]
        draft.put_all("authors", (RawAuthor(name=name) for name in names if name), "dc:creator")

    def _put_media(self, draft: Draft, fields: dict[str, str]) -> None:
        media = []
        picture = self.attachments.get(fields.get("_thumbnail_id", ""))
        if picture is not None:
            media.append(RawMedium(url=picture.url, alt=picture.alt, caption=picture.caption))
        enclosure = fields.get("enclosure", "").split()
        if enclosure and address(enclosure[0]):
            length = (
                int(enclosure[1]) if len(enclosure) > 1 and enclosure[1].isdigit() and len(enclosure[1]) < 16 else 0
            )
            said = _DURATION.search(fields["enclosure"])
            medium = RawMedium(url=enclosure[0], length=length, type=enclosure[2] if len(enclosure) > 2 else "")
            media.append(replace(medium, duration=seconds(said[1]) if said else 0))
        draft.put_all("media", media, "_thumbnail_id")


def fate(item: etree._Element, *, types: Sequence[str] = ("post",)) -> str:
    """Why an entry gives no public article ("draft", "page", "attachment" …); empty where it gives one."""
    kind, status = wp(item, "post_type") or "post", wp(item, "status") or "publish"
    if kind not in types:
        return kind
    if status not in _SHOWN:
        return status
    return "password" if wp(item, "post_password") else ""


def is_kept(item: etree._Element) -> bool:
    """Whether an entry of a dropped export is looked at: an article, or one that is withheld."""
    return fate(item) in ("", "password", *_KEPT)


def meta(item: etree._Element) -> dict[str, str]:
    """The fields that plug-ins and themes keep of an entry; of several of a name the first."""
    found: dict[str, str] = {}
    for one in children(item, "postmeta"):
        found.setdefault(wp(one, "meta_key"), wp(one, "meta_value"))
    return found


def moment(written: str) -> str:
    """A moment as ISO 8601 without its zone; empty for the zeros that stand for none."""
    found = _MOMENT.fullmatch(written.strip())
    return f"{found[1]}T{found[2]}" if found and found[1][:4] not in ("0000", "0001") else ""


def wp(element: etree._Element, name: str) -> str:
    """The text of a child in WordPress's own namespace, of whatever version."""
    return next((text_of(one) for one in element if local(one) == name and _is_export(one)), "")


def own(item: etree._Element, name: str) -> etree._Element | None:
    """The child *name* of RSS itself."""
    return next((one for one in item if local(one) == name and not namespace(one)), None)


def _is_export(element: etree._Element) -> bool:
    space = namespace(element)
    return space.startswith(_EXPORT) and not space.endswith("excerpt/")


def _excerpt(item: etree._Element) -> str:
    found = (one for one in item if local(one) == "encoded" and namespace(one).endswith("/excerpt/"))
    return next((text_of(one) for one in found), "")


def _in(item: etree._Element, space: str, name: str) -> etree._Element | None:
    return next((one for one in item if local(one) == name and namespace(one) == space), None)
