"""One ``newsItem`` of NewsML-G2: its class, its fields, its renditions. Everything goes by local names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawAuthor, RawCategory, RawMedium
from feedsvc.formats.newsxml.content import decoded_base64, holds_content, read_content
from feedsvc.formats.newsxml.draft import IPTC_SCHEMES, NewsDraft, where
from feedsvc.formats.xmlbytes import child, children, local, text_of
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MEDIA_CLASSES = frozenset({"picture", "graphic", "video", "audio", "animation", "photo", "image"})
_NO_ARTICLES = _MEDIA_CLASSES | {"planning", "event", "package", "concept", "knowledge", "catalog"}
_TEASER_ROLES = frozenset({"teaser", "summary", "abstract", "lead", "standfirst", "deck"})
_SUB_ROLES = ("sub", "standfirst", "deck")
_NO_HEADLINES = ("kicker", "overline", "short", "seo", "push", "social", "slug")
_KILLS = frozenset({"kill", "killed", "withdraw", "withdrawal", "cancel", "canceled", "retract", "delete"})
_NO_SUBJECTS = frozenset({"cpnat:poi", "dpatype:category"})  # an address; a desk, which is among the codes
_ADDRESS_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_WIDEST = 2048  # pixels: a wider rendition is for print
_DIGITS = re.compile(r"\d{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class G2Item:
    """A ``newsItem`` and what a message must know of it to put texts and pictures together.

    *kind* is its class in plain words ("text", "picture"), empty where the item does not say. *links* are the
    guids of the items that it names.
    """

    element: etree._Element
    guid: str
    kind: str
    links: frozenset[str]

    @property
    def is_medium(self) -> bool:
        """Whether the item is a picture, sound or film."""
        return self.kind in _MEDIA_CLASSES

    @property
    def is_text(self) -> bool:
        """Whether the item is a text, or can be one."""
        return self.kind not in _NO_ARTICLES


def g2item(element: etree._Element) -> G2Item:
    """What *element*, a ``newsItem``, is."""
    meta = child(element, "itemMeta")
    declared = _code(child(meta, "itemClass"))
    links = {str(each.get("residref") or "").strip() for each in element.iter() if local(each) in {"link", "itemRef"}}
    return G2Item(
        element=element,
        guid=str(element.get("guid") or "").strip(),
        kind=declared.rpartition(":")[2].rpartition("/")[2].lower(),
        links=frozenset(filter(None, links)),
    )


def read_item(item: G2Item, *, fallback_encoding: str) -> NewsDraft:
    """The draft of a text item, its own remote pictures included. Raises ParseError."""
    draft, element = NewsDraft(), item.element
    item_meta, content_meta = child(element, "itemMeta"), child(element, "contentMeta")
    draft.take("id", item.guid, "newsItem/@guid", at=element)
    draft.take("version", str(element.get("version") or ""), "newsItem/@version", at=element)
    if content_meta is not None:
        _read_headlines(draft, content_meta)
        _read_people_and_places(draft, content_meta)
    _read_subjects(draft, element, content_meta)
    _read_codes(draft, item_meta, content_meta)
    _read_dates(draft, item_meta, content_meta)
    _read_rights(draft, element)
    _read_embargo(draft, item_meta)
    read_contents(draft, element, fallback_encoding=fallback_encoding)
    _finish_agency(draft, item_meta, content_meta)
    _finish_people(draft, content_meta)
    for at in (child(content_meta, "language"), element):
        if at is not None:
            draft.take("language", str(at.get("tag") or at.get(_LANG) or ""), f"{local(at)} language tag", at=at)
    title = child(item_meta, "title")
    draft.take_title(text_of(title), "itemMeta/title", at=title)
    if "body" not in draft:
        draft.take_title(draft.text("slug"), "slugline")
    _read_status(draft, item_meta)
    for note in children(item_meta, "edNote") if item_meta is not None else ():
        _read_note(draft, note)
    return draft


def read_contents(draft: NewsDraft, element: etree._Element, *, fallback_encoding: str) -> None:
    """Read the first content with a text in the ``contentSet`` of *element*, and its remote media."""
    holders = children(element, "contentSet") or ([element] if local(element) == "contentSet" else [])
    for holder in holders:
        contents = [each for each in children(holder, "inlineXML", "inlineData") if holds_content(each)]
        contents.sort(key=lambda each: local(each) != "inlineXML")
        for content in contents:
            media_type = str(content.get("contenttype") or "").lower()
            if str(content.get("encoding") or "").rpartition(":")[2].lower() == "base64":
                if media_type and not media_type.startswith("text/"):
                    continue
                content.text = decoded_base64(content, fallback_encoding=fallback_encoding)
            name = f"contentSet/{local(content)}"
            read_content(draft, content, media_type=media_type, name=name)
            if "body" in draft:
                break
        medium = _rendition(children(holder, "remoteContent"))
        draft.extend("media", [medium] if medium else [], "contentSet/remoteContent", at=holder)


def medium_of(item: G2Item) -> RawMedium | None:
    """The picture, sound or film that *item* is, with caption and credit; None where it names no address."""
    medium = None
    for holder in children(item.element, "contentSet"):
        medium = medium or _rendition(children(holder, "remoteContent"))
    if medium is None:
        return None
    meta = child(item.element, "contentMeta")
    descriptions = children(meta, "description") if meta is not None else []
    captions = [each for each in descriptions if _role(each) in {"caption", ""}] or descriptions
    credit = text_of(child(meta, "creditline")) or text_of(child(child(meta, "creator"), "name"))
    return replace(
        medium,
        alt=one_line(text_of(child(meta, "headline"))),
        caption=one_line(text_of(captions[0] if captions else child(meta, "headline"))),
        credit=one_line(credit),
    )


def linked_medium(link: etree._Element) -> RawMedium | None:
    """The picture that a ``link`` names by its address; None where it names something else."""
    kind = _code(child(link, "itemClass")).rpartition(":")[2].rpartition("/")[2].lower()
    href = str(link.get("href") or "").strip()
    if kind not in _MEDIA_CLASSES or not href:
        return None
    caption = one_line(text_of(child(link, "description")) or text_of(child(link, "title")))
    return RawMedium(
        url=href, type=str(link.get("contenttype") or ""), alt=one_line(text_of(child(link, "title"))), caption=caption
    )


def is_address(url: str) -> bool:
    """Whether *url* can be fetched by a reader: http, https, or a relative address."""
    return url.lower().startswith(("http://", "https://")) or not _ADDRESS_SCHEME.match(url)


def _rendition(contents: Sequence[etree._Element]) -> RawMedium | None:
    """The widest rendition that is no print file; media only."""
    found = []
    for content in contents:
        url, media_type = str(content.get("href") or "").strip(), str(content.get("contenttype") or "").strip()
        if (
            not url
            or not is_address(url)
            or not media_type.startswith(("image/", "video/", "audio/", "application/ogg"))
        ):
            continue
        found.append(
            RawMedium(
                url=url,
                type=media_type,
                length=_number(content.get("size")),
                width=_number(content.get("width")),
                height=_number(content.get("height")),
                duration=_number(content.get("duration")),
            )
        )
    fitting = [medium for medium in found if medium.width <= _WIDEST]
    if fitting:
        return max(fitting, key=lambda medium: medium.width)
    return min(found, key=lambda medium: medium.width, default=None)


def _read_headlines(draft: NewsDraft, meta: etree._Element) -> None:
    headlines = [each for each in children(meta, "headline") if text_of(each)]
    subs = [each for each in headlines if any(word in _role(each) for word in _SUB_ROLES)]
    others = [each for each in headlines if any(word in _role(each) for word in _NO_HEADLINES)]
    ranked = [each for each in headlines if each not in subs and each not in others]
    ranked.sort(key=lambda each: ("main" not in _role(each), _number(each.get("rank")) or 1))
    if ranked:
        draft.take_title(text_of(ranked[0]), "contentMeta/headline", at=ranked[0])
    for each in subs:
        draft.take("standfirst", text_of(each), "contentMeta/headline subheadline", at=each)
    for each in children(meta, "description"):
        if _role(each) in _TEASER_ROLES:
            draft.take_teaser(text_of(each), f"contentMeta/description {_role(each)}", at=each)
        elif not _role(each):
            draft.take("summary", text_of(each), "contentMeta/description", at=each)
    slugline = child(meta, "slugline")
    draft.take("slug", text_of(slugline), "contentMeta/slugline", at=slugline)
    urgency = child(meta, "urgency")
    draft.take("urgency", text_of(urgency), "contentMeta/urgency", at=urgency)


def _read_people_and_places(draft: NewsDraft, meta: etree._Element) -> None:
    for element in children(meta, "by", "byline"):
        draft.take_byline(text_of(element), f"contentMeta/{local(element)}", at=element)
    for element in children(meta, "dateline"):
        draft.take_dateline(text_of(element), "contentMeta/dateline", at=element)
    for element in children(meta, "located"):
        name = child(element, "name")
        draft.take("dateline", text_of(name), "contentMeta/located", at=name)


def _finish_people(draft: NewsDraft, meta: etree._Element | None) -> None:
    """Creators as authors: those whom the byline names, or all where there is no byline; never a login name.

    They come before authors that only a byline gives, and in the place of the same ones there.
    """
    byline = draft.text("byline")
    creators: list[RawAuthor] = []
    for element in children(meta, "creator") if meta is not None else ():
        name = one_line(text_of(child(element, "name")) or str(element.get("literal") or ""))
        if not name or (byline and name not in byline[:500]):
            continue
        if " " not in name and ("." in name or "_" in name or name.islower()):
            draft.note(f"The creator “{name}” is a login name and no name for readers; it is not shown.")
            continue
        uri = str(element.get("uri") or "").strip()
        creators.append(RawAuthor(name=name, uri=uri, role=_role(element)))
    if creators:
        printed = [
            each for each in draft.listed("authors")[:50] if not any(one.name in each.name for one in creators[:50])
        ]
        draft.replace("authors", dict.fromkeys([*creators, *printed]), "contentMeta/creator", at=meta)


def _finish_agency(draft: NewsDraft, item_meta: etree._Element | None, meta: etree._Element | None) -> None:
    provider, source = child(item_meta, "provider"), child(meta, "infoSource")
    printed = child(meta, "creditline")
    # The printed credit and the named source are better than what a dateline in brackets says.
    for element, text in (
        (printed, text_of(printed)),
        (source, text_of(child(source, "name"))),
        (provider, text_of(child(provider, "name"))),
    ):
        if text and element is not None:
            draft.replace("agency", one_line(text).strip(" –-") or one_line(text), local(element), at=element)
            return
    code = _code(provider)
    if code and "." not in code and "/" not in code:
        draft.take("agency", code.rpartition(":")[2], "provider/@qcode", at=provider)


def _read_subjects(draft: NewsDraft, item: etree._Element, meta: etree._Element | None) -> None:
    if meta is None:
        return
    catalogs = children(item, "catalog")
    named = [each for catalog in catalogs for each in children(catalog, "scheme")]
    schemes = IPTC_SCHEMES | {str(each.get("alias") or ""): str(each.get("uri") or "") for each in named}
    language = str(item.get(_LANG) or "")
    found = []
    for element in children(meta, "subject"):
        label = one_line(_name(element, language))
        term = one_line(_code(element)) or label
        if term and str(element.get("type") or "") not in _NO_SUBJECTS:
            found.append(RawCategory(term=term, label=label, scheme=schemes.get(term.partition(":")[0], "")))
    words = (one_line(text_of(element)) for element in children(meta, "keyword"))
    found.extend(RawCategory(term=word) for word in words if word)
    draft.extend("categories", found, "contentMeta/subject, keyword", at=meta)


def _read_codes(draft: NewsDraft, item_meta: etree._Element | None, meta: etree._Element | None) -> None:
    services = children(item_meta, "service") if item_meta is not None else []
    subjects = children(meta, "subject") if meta is not None else []
    genres = children(meta, "genre") if meta is not None else []
    codes = (_code(element) for element in (*services, *subjects, *genres))
    draft.extend("codes", filter(None, codes), "service/@qcode, subject/@qcode, genre/@qcode", at=item_meta)


def _read_dates(draft: NewsDraft, item_meta: etree._Element | None, meta: etree._Element | None) -> None:
    first, version = child(item_meta, "firstCreated"), child(item_meta, "versionCreated")
    content, modified = child(meta, "contentCreated"), child(meta, "contentModified")
    draft.put_date(
        "published", _dated((("firstCreated", first), ("contentCreated", content), ("versionCreated", version)))
    )
    draft.put_date("updated", _dated((("versionCreated", version), ("contentModified", modified))))
    expires = [
        *(child(holder, name) for holder in (item_meta, meta) for name in ("expires", "expiryDate", "expirationDate"))
    ]
    draft.put_date("expires", _dated(("expires", each) for each in expires))


def _read_rights(draft: NewsDraft, element: etree._Element) -> None:
    for holder in children(element, "rightsInfo"):
        notice, owner = child(holder, "copyrightNotice"), child(holder, "copyrightHolder")
        draft.take("rights", text_of(notice), "rightsInfo/copyrightNotice", at=notice)
        name = text_of(child(owner, "name")) or str(owner.get("literal") or "" if owner is not None else "")
        draft.take("rights", f"© {name}" if name else "", "rightsInfo/copyrightHolder", at=owner)
        for terms in children(holder, "usageTerms"):
            draft.take("expires", str(terms.get("validto") or ""), "rightsInfo/usageTerms/@validto", at=terms)


def _read_embargo(draft: NewsDraft, meta: etree._Element | None) -> None:
    for element in children(meta, "embargoed") if meta is not None else ():
        until = text_of(element)
        if until and until.lower() not in {"none", "null"}:
            draft.put_date("embargo", [(until, where("itemMeta/embargoed", element))])
        elif not until:
            # Empty means "until further notice" (NewsML-G2, itemMeta/embargoed is a date or nothing).
            draft.take_embargo("embargoed", "", "itemMeta/embargoed (empty)", at=element)


def _read_status(draft: NewsDraft, meta: etree._Element | None) -> None:
    status = child(meta, "pubStatus")
    code = _code(status)
    if code and draft.text("status") != "withheld":
        draft.put_status(code, where("itemMeta/pubStatus", status))
    for signal in children(meta, "signal") if meta is not None else ():
        if _code(signal).rpartition(":")[2].lower() in _KILLS:
            draft.replace("status", "canceled", "itemMeta/signal", at=signal)
            draft.put("withdrawal", True, where("itemMeta/signal", signal))


def _read_note(draft: NewsDraft, note: etree._Element) -> None:
    text = one_line(text_of(note))[:300]
    if "correction" in _role(note):
        draft.note(f"The sender's correction note: {text}")
    elif "embargo" in _role(note) and "embargo" not in draft and draft.text("status") != "withheld":
        draft.hold(f"A note to editors speaks of an embargo, and no time is given, so the item is withheld: {text}")
    elif not list(note):
        draft.put_editors_note(text_of(note), where("itemMeta/edNote", note))


def _dated(candidates: Iterable[tuple[str, etree._Element | None]]) -> list[tuple[str, str]]:
    return [(one_line(text_of(at)), where(name, at)) for name, at in candidates if at is not None]


def _name(element: etree._Element, language: str) -> str:
    names = children(element, "name")
    main = language.partition("-")[0].lower()
    fitting = [each for each in names if str(each.get(_LANG) or "").partition("-")[0].lower() == main]
    return text_of(next(iter(fitting or names), None))


def _code(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return str(element.get("qcode") or element.get("uri") or "").strip()


def _role(element: etree._Element) -> str:
    return str(element.get("role") or "").rpartition(":")[2].strip().lower()


def _number(written: object) -> int:
    match = _DIGITS.fullmatch(str(written or "").strip())
    return int(match[0]) if match else 0
