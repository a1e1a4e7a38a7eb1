"""A feed dropped as a file: RSS 2.0 and 1.0, Atom 1.0. Every entry is an article with its own id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather, numbered
from feedsvc.formats.syndication.atomentry import authors_of, deleted, is_atom, read_entry
from feedsvc.formats.syndication.rssitem import read_channel, read_item
from feedsvc.formats.xmlbytes import child, children, first_name, first_tag, local, parse_xml_noting

if TYPE_CHECKING:
    from lxml import etree


class Syndication:
    """Reads every entry of an RSS or Atom document."""

    name = "RSS or Atom"
    suffixes = frozenset({".rss", ".atom", ".rdf"})
    begins = b"<"

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the first element is that of an RSS or Atom document."""
        name, tag = first_name(data), first_tag(data)
        if name in {"feed", "entry"}:
            return "w3.org/2005/Atom" in tag or "purl.org/atom/ns#" in tag
        if name == "rss":
            return "wordpress.org/export/" not in tag
        return name == "RDF" and "purl.org/rss/" in tag

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The entries of the feed, numbered from 1. Raises NotAnArticle for a feed without entries."""
        root, notes = parse_xml_noting(data, fallback_encoding=fallback_encoding)
        readers = list(_readers(root, notes))
        if not readers:
            raise NotAnArticle("The XML is a feed without entries, or no feed, so it holds no article.")
        items = gather(readers, lambda reader: reader(), kind="RSS or Atom")
        return [numbered(items[0], 1)] if len(readers) == 1 else items


def _readers(root: etree._Element, notes: Sequence[str]) -> Iterator[Callable[[], RawItem]]:
    """What reads each entry of the document, in its order."""
    name, channel = local(root), child(root, "channel")
    if is_atom(root):
        authors = authors_of(root) if name == "feed" else ()
        for each in [root] if name == "entry" else children(root, "entry", "deleted-entry"):
            if local(each) == "entry":
                yield partial(read_entry, each, notes, authors=authors)
            else:
                yield partial(deleted, each, notes)
    elif name in {"rss", "RDF"} and channel is not None:
        around = read_channel(channel)
        # RSS 1.0 has its items beside the channel, RSS 2.0 inside it.
        for each in [*children(channel, "item"), *children(root, "item")]:
            yield partial(read_item, each, notes, channel=around)
