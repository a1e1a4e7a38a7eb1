"""NewsML 1.x of the IPTC: an envelope of ``NewsItem``s, whose components hold the same text in several forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import RawItem
from feedsvc.formats.newsxml.draft import NewsDraft, line_of
from feedsvc.formats.newsxml.newsml1item import read_news_item
from feedsvc.formats.newsxml.newsml1parts import descendants
from feedsvc.formats.xmlbytes import child, first_name, local, parse_xml

if TYPE_CHECKING:
    from lxml import etree


class NewsML1:
    """The input format NewsML 1.0 to 1.2."""

    name = "NewsML 1"
    suffixes = frozenset({".xml", ".newsml"})
    begins = b"<"

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the first element is ``NewsML``; NewsML-G2 writes none of its roots so."""
        return first_name(data) == "NewsML"

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """Read *data* into its text items. Raises ContentError."""
        root = parse_xml(data, fallback_encoding=fallback_encoding)
        if local(root) != "NewsML":
            raise UnknownFormat(
                f"The file is no NewsML 1: its first element is <{local(root)}>, and not <NewsML>. "
                "Ask the sender for NewsML, or give the file the suffix of its own format."
            )
        # A package may hold its items whole.
        items = [each for outer in descendants(root, "NewsItem") for each in descendants(outer, "NewsItem") or [outer]]
        if not items:
            raise NotAnArticle("The NewsML file holds no NewsItem (only vocabularies or an envelope).", line=1)
        drafts: list[tuple[etree._Element, NewsDraft]] = []
        reasons: list[str] = []
        for item in items:
            draft = NewsDraft()
            reason = read_news_item(
                draft, item, envelope=child(root, "NewsEnvelope"), fallback_encoding=fallback_encoding
            )
            if reason:
                reasons.append(reason)
            else:
                drafts.append((item, draft))
        if not drafts:
            raise NotAnArticle(
                f"The NewsML file holds no article: {reasons[0]}"
                + (f" ({len(items)} items were looked at.)" if len(items) > 1 else ""),
                line=line_of(items[0]),
            )
        if reasons:
            drafts[0][1].note(
                f"{len(reasons)} of {len(items)} items in the file are no articles. The first: {reasons[0]}"
            )
        finished = [draft.finished(line=line_of(item)) for item, draft in drafts]
        if len(finished) == 1:
            return finished
        return [replace(item, part=part) for part, item in enumerate(finished, start=1)]
