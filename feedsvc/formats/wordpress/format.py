"""A WordPress export (WXR), dropped as a file or read entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather, numbered
from feedsvc.formats.wordpress.site import Site, is_kept
from feedsvc.formats.xmlbytes import child, first_name, first_tag, local, namespace, parse_xml_noting

if TYPE_CHECKING:
    from lxml import etree

_FORBIDDEN = bytes(sorted({*range(0x20)} - {9, 10, 13}))
_HEAD = 65_536


class WordPress:
    """Every entry of an export that is an article."""

    name = "WordPress export"
    suffixes = frozenset({".wxr"})
    begins = b"<"

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the first element is that of an RSS document with WordPress's own names in it."""
        return first_name(data) == "rss" and "wordpress.org/export/" in first_tag(data)

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The articles of the export, numbered from 1; drafts and private ones are withheld.

        Raises NotAnArticle for an export without any, TooLarge for one of too many.
        """
        root, notes = parse_xml_noting(data.translate(None, _FORBIDDEN) if b"\0" not in data else data,
                                       fallback_encoding=fallback_encoding)  # fmt: skip
        channel, site = child(root, "channel"), Site()
        for one in channel if channel is not None else ():
            site.learn(one)
        entries = [one for one in (channel if channel is not None else ()) if _is_item(one) and is_kept(one)]
        if not entries:
            raise NotAnArticle("the WordPress export holds no articles; export all content, or the posts")
        items = gather(entries, lambda entry: site.article(entry, notes), kind="WordPress")
        return [numbered(items[0], 1)] if len(entries) == 1 else items


def read_site(paths: Sequence[Path]) -> tuple[Site, int]:
    """What the parts of an export say of its whole site, and how many entries they have. Raises ParseError, OSError."""
    site, count = Site(), 0
    for path in paths:
        for element in _parts(path):
            site.learn(element)
            count += local(element) == "item"
    return site, count


def entries(paths: Sequence[Path]) -> Iterator[etree._Element]:
    """The entries of the export in *paths*, one at a time: each is empty once the next is asked for."""
    for path in paths:
        for element in _parts(path):
            if _is_item(element):
                yield element


def _is_item(element: etree._Element) -> bool:
    return local(element) == "item" and not namespace(element)


class _Clean:
    """A file without the control characters that WordPress writes, and XML forbids."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """The next bytes; empty at the end of the file only."""
        while data := self._file.read(size):
            if clean := data.translate(None, _FORBIDDEN):
                return clean
        return b""


def _parts(path: Path) -> Iterator[etree._Element]:
    """The children of the channel, in order, of a file of any length."""
    from lxml import etree

    with path.open("rb") as file:
        head = file.read(_HEAD)
        if first_name(head) != "rss" or "wordpress.org/export/" not in first_tag(head):
            raise ParseError(f"{path.name} is no WordPress export; make one under Tools, Export, All content")
        if b"<!ENTITY" in head:
            raise ParseError(f"{path.name} brings definitions of its own (<!ENTITY), which are refused")
        file.seek(0)
        walk = etree.iterparse(
            _Clean(file), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            for _, element in walk:
                parent = element.getparent()
                if parent is None or local(parent) != "channel" or parent.getparent() is None:
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise ParseError(
                f"{path.name} is not well-formed in line {error.lineno}: {error.msg}; export again, or mend that line",
                line=error.lineno or 0,
            ) from None
