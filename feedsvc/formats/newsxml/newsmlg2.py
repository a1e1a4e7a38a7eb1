"""NewsML-G2 2.x of the IPTC: a ``newsItem``, or a ``newsMessage`` of several, in every generation and namespace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import RawItem, RawMedium
from feedsvc.formats.newsxml.draft import NewsDraft, line_of
from feedsvc.formats.newsxml.g2item import G2Item, g2item, linked_medium, medium_of, read_contents, read_item
from feedsvc.formats.xmlbytes import child, children, first_name, local, parse_xml

if TYPE_CHECKING:
    from lxml import etree

# What is no newsItem, in words that an editor understands.
_OTHER_ITEMS = {
    "packageItem": "package (a list of other items)",
    "conceptItem": "concept (an entry of a vocabulary)",
    "knowledgeItem": "knowledge item (a vocabulary)",
    "planningItem": "planning item (an announcement of coverage)",
    "catalogItem": "catalogue of vocabularies",
}
_ROOTS = frozenset({"newsItem", "newsMessage", "contentSet", *_OTHER_ITEMS})


class NewsMLG2:
    """The input format NewsML-G2."""

    name = "NewsML-G2"
    suffixes = frozenset({".xml", ".g2", ".newsml"})
    begins = b"<"

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the first element is one of NewsML-G2."""
        return first_name(data) in _ROOTS

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """Read *data* into its text items, with the pictures that belong to them. Raises ContentError."""
        root = parse_xml(data, fallback_encoding=fallback_encoding)
        name = local(root)
        if name in _OTHER_ITEMS:
            raise NotAnArticle(f"The file is a {_OTHER_ITEMS[name]}, and no article.")
        if name == "contentSet":
            return [_bare_content(root, fallback_encoding=fallback_encoding)]
        if name == "newsItem":
            return _texts([g2item(root)], Counter(), fallback_encoding=fallback_encoding)
        if name != "newsMessage":
            raise UnknownFormat(
                f"The file is no NewsML-G2: its first element is <{name}>, and not <newsItem> or <newsMessage>. "
                "Ask the sender for NewsML-G2, or give the file the suffix of its own format."
            )
        elements = [each for holder in children(root, "itemSet") for each in children(holder)]
        others = Counter(_OTHER_ITEMS.get(local(each), local(each)) for each in elements if local(each) != "newsItem")
        items = [g2item(each) for each in elements if local(each) == "newsItem"]
        return _texts(items, others, fallback_encoding=fallback_encoding)


def _texts(items: Sequence[G2Item], others: Counter[str], *, fallback_encoding: str) -> list[RawItem]:
    """The articles among *items*; *others* counts what else the message holds."""
    drafts: list[tuple[G2Item, NewsDraft]] = []
    passed_over = others.copy()
    for item in items:
        if not item.is_text:
            passed_over[item.kind] += not item.is_medium
            continue
        draft = read_item(item, fallback_encoding=fallback_encoding)
        if "title" in draft or "body" in draft or "withdrawal" in draft:
            drafts.append((item, draft))
        else:
            passed_over["item without headline and text"] += 1
    media = [item for item in items if item.is_medium]
    if not drafts:
        raise _no_article(items, media, passed_over)
    for item, draft in drafts:
        meta = child(item.element, "itemMeta")
        linked = [linked_medium(link) for link in (children(meta, "link") if meta is not None else ())]
        draft.extend("media", [medium for medium in linked if medium], "itemMeta/link", at=meta)
        if "body" not in draft and "withdrawal" not in draft:
            draft.note("The item has a headline and no text.")
    _attach(media, drafts)
    if passed_over.total():
        drafts[0][1].note(f"Other parts of the message are not published: {_listed(passed_over)}.")
    finished = [draft.finished(line=line_of(item.element)) for item, draft in drafts]
    if len(finished) == 1:
        return finished
    return [replace(item, part=part) for part, item in enumerate(finished, start=1)]


def _attach(media: Sequence[G2Item], drafts: Sequence[tuple[G2Item, NewsDraft]]) -> None:
    """Give each picture to the text that names it or that it names, else to the only text."""
    by_guid = {item.guid: draft for item, draft in drafts if item.guid}
    naming: dict[str, NewsDraft] = {}
    for item, draft in drafts:
        for guid in item.links:
            naming.setdefault(guid, draft)
    given: dict[NewsDraft, list[RawMedium]] = {}
    homeless = 0
    for picture in media:
        named = next((by_guid[guid] for guid in sorted(picture.links) if guid in by_guid), None)
        only = drafts[0][1] if len(drafts) == 1 else None
        owner = naming.get(picture.guid, named or only)
        medium = medium_of(picture)
        if owner is None:
            homeless += 1
        elif medium is None:
            owner.note(f"The {picture.kind} {picture.guid} names no address for its file; it is left out.")
        else:
            given.setdefault(owner, []).append(medium)
    for draft, found in given.items():
        draft.extend("media", found, "pictures in the message", at=media[0].element)
    if homeless:
        drafts[0][1].note(f"Pictures that no text of the message names are not published: {homeless}.")


def _no_article(items: Sequence[G2Item], media: Sequence[G2Item], passed_over: Counter[str]) -> NotAnArticle:
    if len(items) == 1 and media and not passed_over.total():
        return NotAnArticle(
            f"The file is a {media[0].kind} (NewsML-G2 itemClass), and no text. "
            "Send it in one newsMessage with the text that it belongs to.",
            line=line_of(items[0].element),
        )
    held = Counter(item.kind for item in media) + passed_over
    return NotAnArticle(f"The file holds no text that could be an article, but {_listed(held) or 'nothing'}.")


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{count} × {name}" for name, count in sorted(counted.items()) if count)


def _bare_content(root: etree._Element, *, fallback_encoding: str) -> RawItem:
    """The item in a ``contentSet`` that stands alone, without the metadata around it."""
    draft = NewsDraft()
    read_contents(draft, root, fallback_encoding=fallback_encoding)
    if "body" not in draft:
        raise NotAnArticle("The file is the content of a NewsML-G2 item without any text in it, so it is no article.")
    draft.note("The file is only the content of a NewsML-G2 item: its id, dates and status are missing.")
    return draft.finished(line=line_of(root))
