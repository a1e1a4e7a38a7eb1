"""One ``NewsItem`` of NewsML 1: identity, management, lines and metadata into a draft, then its text."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from feedsvc.formats.base import RawAuthor, RawCategory
from feedsvc.formats.newsxml.content import decoded_base64, read_content
from feedsvc.formats.newsxml.draft import IPTC_SCHEMES, NewsDraft, language_of, where
from feedsvc.formats.newsxml.newsml1parts import Piece, around, descendants, formal, lines, main_text, media, pieces
from feedsvc.formats.xmlbytes import child, children, text_of
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree

_KILLS = frozenset({"kill", "killed", "cancel", "canceled", "cancelled", "delete", "withdraw", "retract", "takedown"})
_HELD = frozenset({"canceled", "cancelled", "withheld", "deleted", "killed"})
_TEASER_ROLES = frozenset({"abstract", "summary", "teaser", "lead", "subheadline"})
_HASTE = frozenset({"urgent", "flash", "bulletin", "alert", "news alert"})  # no name of a text
_SUBJECTS = ("Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier")


def read_news_item(
    draft: NewsDraft, item: etree._Element, *, envelope: etree._Element | None, fallback_encoding: str
) -> str:
    """Read *item* into *draft*. Gives the reason why it is no article, empty where it is one. Raises ParseError."""
    _read_identity(draft, item)
    management = child(item, "NewsManagement")
    found = pieces(item)
    piece = main_text(found)
    credit = next((each for each in _credit_lines(around(piece, item)) if text_of(each)), None)
    draft.take("agency", text_of(credit), "NewsLines/CreditLine", at=credit)
    _read_lines(draft, item, piece)
    _read_other_pieces(draft, found, piece)
    _read_metadata(draft, item, piece, envelope)
    _read_dates(draft, management, envelope)
    if piece is not None:
        _read_text(draft, piece, fallback_encoding=fallback_encoding)
    _read_agency(draft, item, envelope)
    _read_management(draft, management)
    draft.extend("media", media(found), "ContentItem/@Href", at=item)
    if "body" not in draft:
        draft.take_title(draft.text("slug"), "SlugLine")
    if "withdrawal" in draft or "body" in draft:
        return ""
    return _reason(draft, item, found)


def _reason(draft: NewsDraft, item: etree._Element, found: list[Piece]) -> str:
    """Why an item without a text is no article; empty where its headline is one."""
    if children(item, "Update"):
        return "it only changes parts of an earlier revision, which must be sent whole."
    if children(item, "TopicSet"):
        return "it is a list of topics."
    if any(piece.is_medium for piece in found):
        return "it holds pictures, sound or film and no text."
    if descendants(item, "NewsItemRef") or descendants(item, "NewsItem"):
        return "it is a package, a list of other items."
    if "title" not in draft:
        return "it has neither a headline nor a text."
    draft.note("The item has a headline and no text.")
    return ""


def _read_identity(draft: NewsDraft, item: etree._Element) -> None:
    """The id without the revision, so that all revisions share it."""
    identifier = child(child(item, "Identification"), "NewsIdentifier")
    if identifier is None:
        return
    names = ("PublicIdentifier", "ProviderId", "DateId", "NewsItemId", "RevisionId")
    public, provider, day, name, revision = (one_line(text_of(child(identifier, each))) for each in names)
    draft.take("version", revision, "NewsIdentifier/RevisionId", at=identifier)
    named = not name or name in public or (bool(day) and day[:8] in public)
    if public and (named or not provider):  # some agencies send one and the same with all items
        update = formal(child(identifier, "RevisionId"), "Update")
        for ending in (f":{revision}{update}", f":{revision}"):
            if revision and public.endswith(ending):
                public = public.removesuffix(ending)
                break
        draft.take("id", public, "NewsIdentifier/PublicIdentifier", at=identifier)
    elif provider and name:
        day = day[:8] if public else day
        parts = (urllib.parse.quote(part, safe="()+,-.:=@;$_!*'") for part in (provider, day, name))
        draft.take("id", "urn:newsml:" + ":".join(parts), "ProviderId, DateId, NewsItemId", at=identifier)
    else:
        draft.take("id", name, "NewsIdentifier/NewsItemId", at=identifier)


def _read_lines(draft: NewsDraft, item: etree._Element, piece: Piece | None) -> None:
    for newslines in lines(piece, item):
        for element in children(newslines, "HeadLine"):
            draft.take_title(text_of(element), "NewsLines/HeadLine", at=element)
        for element in children(newslines, "SubHeadLine"):
            draft.take_teaser(text_of(element), "NewsLines/SubHeadLine", at=element)
        _read_byline(draft, newslines)
        for element in children(newslines, "DateLine"):
            draft.take_dateline(text_of(element), "NewsLines/DateLine", at=element)
        for field, name in (("slug", "SlugLine"), ("rights", "CopyrightLine"), ("rights", "RightsLine")):
            for element in children(newslines, name):
                if text_of(element).lower() not in _HASTE:
                    draft.take(field, text_of(element), f"NewsLines/{name}", at=element)
        words = [one_line(text_of(each)) for each in children(newslines, "KeywordLine")]
        draft.extend(
            "categories", (RawCategory(term=word) for word in words if word), "NewsLines/KeywordLine", at=newslines
        )


def _read_byline(draft: NewsDraft, newslines: etree._Element) -> None:
    first, title = child(newslines, "ByLine"), one_line(text_of(child(newslines, "ByLineTitle")))
    names = [name for name in (one_line(text_of(each)) for each in children(newslines, "ByLine")) if name]
    if draft.take_byline(", ".join(filter(None, [*names, title])), "NewsLines/ByLine", at=first) and (
        title or len(names) > 1
    ):
        # Told apart, so that no title is taken for a name.
        authors = (RawAuthor(name=name, role=title) for name in names)
        draft.extend("authors", authors, "NewsLines/ByLine", at=first)


def _read_other_pieces(draft: NewsDraft, found: list[Piece], main: Piece | None) -> None:
    """Headline and abstract that are components of their own."""
    for piece in found[:200]:
        content = piece.content if piece is not main else None
        if content is None or piece.is_medium:
            continue
        if piece.role == "headline":
            draft.take_title(text_of(content), "NewsComponent HeadLine", at=content)
        elif piece.role in _TEASER_ROLES:
            draft.take_teaser(text_of(content), f"NewsComponent {piece.role}", at=content)


def _read_metadata(
    draft: NewsDraft, item: etree._Element, piece: Piece | None, envelope: etree._Element | None
) -> None:
    components = around(piece, item)
    found: list[RawCategory] = []
    codes = [formal(child(envelope, name)) for name in ("NewsService", "NewsProduct")]
    for component in components:
        for metadata in children(component, "DescriptiveMetadata"):
            language = child(metadata, "Language")
            draft.take("language", formal(language), "DescriptiveMetadata/Language", at=language)
            place = [formal(each, "Value") for each in descendants(metadata, "Property") if formal(each) == "City"]
            draft.take("dateline", next(iter(place), ""), "DescriptiveMetadata/Location", at=metadata)
            for subject in (
                each for holder in children(metadata, "SubjectCode") for each in children(holder, *_SUBJECTS)
            ):
                code = formal(subject)
                codes.append(code)
                if code:
                    scheme = IPTC_SCHEMES["subj"] if code.isdigit() and len(code) == 8 else ""
                    label = one_line(text_of(child(subject, "Comment")))
                    found.append(RawCategory(term=code, label=label, scheme=scheme))
            codes.extend(
                formal(each, "Value") for each in children(metadata, "Property") if "categ" in formal(each).lower()
            )
        for holder in children(component, "DescriptiveMetadata", "Metadata"):
            for prop in children(holder, "Property"):
                word = formal(prop, "Value")
                if word and "keyword" in formal(prop).lower():
                    found.append(RawCategory(term=word))
        for rights in children(component, "RightsMetadata"):
            owner = child(child(rights, "Copyright"), "CopyrightHolder")
            name = text_of(owner) or formal(child(owner, "Party"))
            draft.take("rights", f"© {name}" if name else "", "RightsMetadata/Copyright", at=owner)
            for usage in children(rights, "UsageRights"):
                end = child(usage, "EndDate")
                draft.take("expires", text_of(end), "UsageRights/EndDate", at=end)
        draft.take("language", language_of(component), "NewsComponent/@xml:lang", at=component)
    draft.extend("categories", found, "DescriptiveMetadata, Metadata", at=item)
    draft.extend("codes", filter(None, codes), "SubjectCode, NewsService, NewsProduct", at=item)


def _read_dates(draft: NewsDraft, management: etree._Element | None, envelope: etree._Element | None) -> None:
    first, revised = child(management, "FirstCreated"), child(management, "ThisRevisionCreated")
    sent = child(envelope, "DateAndTime")
    named = (("FirstCreated", first), ("ThisRevisionCreated", revised), ("NewsEnvelope/DateAndTime", sent))
    draft.put_date("published", [(one_line(text_of(at)), where(name, at)) for name, at in named if at is not None])
    if revised is not None:
        draft.put_date("updated", [(one_line(text_of(revised)), where("ThisRevisionCreated", revised))])


def _read_text(draft: NewsDraft, piece: Piece, *, fallback_encoding: str) -> None:
    content = piece.content
    if content is None:
        return
    if piece.notation() == "base64":
        text = decoded_base64(content, fallback_encoding=fallback_encoding)
        content.text = text
    read_content(draft, content, media_type=piece.mime, name="DataContent")


def _read_agency(draft: NewsDraft, item: etree._Element, envelope: etree._Element | None) -> None:
    for name in ("Provider", "Source"):
        for metadata in descendants(item, "AdministrativeMetadata"):
            party = child(child(metadata, name), "Party")
            draft.take("agency", formal(party), f"AdministrativeMetadata/{name}", at=party)
    sender = child(child(envelope, "SentFrom"), "Party")
    draft.take("agency", formal(sender), "NewsEnvelope/SentFrom", at=sender)


def _credit_lines(components: Sequence[etree._Element]) -> list[etree._Element]:
    return [
        credit
        for component in components
        for newslines in children(component, "NewsLines")
        for credit in children(newslines, "CreditLine")
    ]


def _read_management(draft: NewsDraft, management: etree._Element | None) -> None:
    if management is None:
        return
    urgency = child(management, "Urgency")
    draft.take("urgency", formal(urgency) or text_of(urgency), "NewsManagement/Urgency", at=urgency)
    status, change = child(management, "Status"), child(management, "StatusWillChange")
    word, then = formal(status), formal(child(change, "FutureStatus")).lower()
    moment = one_line(text_of(child(change, "DateAndTime")))
    for instruction in children(management, "Instruction"):
        if formal(instruction).lower() in _KILLS:
            draft.put_status("canceled", where("NewsManagement/Instruction", instruction))
    if word.lower() == "embargoed":
        draft.take_embargo(word, "" if then in _HELD else moment, "StatusWillChange/DateAndTime", at=change)
    elif word:
        draft.put_status(word, where("NewsManagement/Status", status))
        if moment and then in _HELD:
            draft.put_date("expires", [(moment, where("StatusWillChange/DateAndTime", change))])
    for note in children(management, "Comment"):
        draft.put_editors_note(text_of(note), where("NewsManagement/Comment", note))
