"""The gate: a document is read back as a reader would, and what would trouble readers does not go out.

A document with an error does not replace the last good one. An article at fault is named, so that it can be left
out and all others still go out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from feedsvc.feeds.base import Renderer
from feedsvc.feeds.pieces import Joined
from feedsvc.publish import readjson, readxml
from feedsvc.publish.faults import Fault, Found, FoundItem, Severity
from feedsvc.publish.window import ALWAYS, Shown

MOST_BYTES = 5_000_000
"""The size from which readers break: nothing larger goes out, unless ``[feeds] max_bytes`` asks for it."""
LARGE_BYTES = 1_000_000
"""The size from which aggregators complain."""
_AHEAD = timedelta(days=1)
"""How far ``updated`` may be ahead before it is told of: clocks differ, and get set."""

_SUSPECT = re.compile(
    r"<(?:script|iframe|object|embed|form|style|link|meta|base|svg|math)[\s/>]| on[a-z]+=\"|"
    r"=\"(?:javascript|vbscript|data):| (?:href|src|poster|cite)=\"(?!https?://|mailto:)"
)
"""A quick look for what the two below find; text that only speaks of it is found as well."""
_SCRIPTED = re.compile(
    r"<(?:script|iframe|object|embed|form|style|link|meta|base|svg|math)[\s/>]|<[^<>]*? on[a-z]+=\"|"
    r"<[^<>]*? (?:href|src)=\"(?:javascript|vbscript|data):"
)
"""What could run. As a serialiser writes HTML, ``="`` always begins an attribute's value and never stands in one."""
_RELATIVE = re.compile(r"<[^<>]*? (?:href|src|poster|cite)=\"(?!https?://|mailto:)")


def examine(document: bytes, shown: Shown, renderer: Renderer, *, most_bytes: int = MOST_BYTES) -> Sequence[Fault]:
    """Everything that is wrong with *document*, which *renderer* made of *shown*; errors first.

    What is no RSS, Atom or JSON Feed is checked for being well-formed, as far as its media type promises a form.
    """
    kind = renderer.media_type.partition(";")[0].strip().lower()
    found = Found()
    if not document:
        found.error("empty", "it is empty")
    elif document.startswith(b"\xef\xbb\xbf"):
        found.error("encoding", "it begins with a byte order mark")
    else:
        try:
            found = _read_joined(document, kind) if isinstance(document, Joined) else _read(document, kind)
        except ValueError as error:
            found.error("well-formed", str(error))
        else:
            if kind in _READERS:
                _compare(found, shown)
    _weigh(found, document, most_bytes)
    return sorted(found.faults, key=lambda fault: fault.severity is not Severity.ERROR)


def errors(faults: Sequence[Fault]) -> Sequence[Fault]:
    """Those of *faults* that keep a document from going out."""
    return [fault for fault in faults if fault.severity is Severity.ERROR]


def _read_rss(document: bytes) -> Found:
    return readxml.read_rss(readxml.parse(document))


def _read_atom(document: bytes) -> Found:
    return readxml.read_atom(readxml.parse(document))


def _read_json_feed(document: bytes) -> Found:
    return readjson.read_json_feed(readjson.parse(document))


_READERS: dict[str, Callable[[bytes], Found]] = {
    "application/rss+xml": _read_rss,
    "application/atom+xml": _read_atom,
    "application/feed+json": _read_json_feed,
}


def _read(document: bytes, kind: str) -> Found:
    """What stands in *document*. Raises ValueError for what is not well-formed."""
    if kind in _READERS:
        return _READERS[kind](document)
    if kind.endswith(("/xml", "+xml")):
        readxml.parse(document)
    elif kind.endswith(("/json", "+json")):
        readjson.parse(document)
    return Found()


def _read_joined(document: Joined, kind: str) -> Found:
    """The same, without reading again those pieces in which nothing was wrong before. Raises ValueError.

    They were read within the frame of another document of the same feed: a piece stands for itself wherever it is.
    """
    known = [piece.read for piece in document.pieces]  # once, for others may read them meanwhile
    new = [piece for piece, item in zip(document.pieces, known, strict=True) if not isinstance(item, FoundItem)]
    found = _read(document.rejoin(new), kind)
    if len(found.items) != len(new):
        return _read(document, kind)
    blamed = {fault.article_id for fault in found.faults}
    read = iter(found.items)
    found.items = [item if isinstance(item, FoundItem) else next(read) for item in known]
    for piece, item in zip(document.pieces, found.items, strict=True):
        if piece.read is None and item.id and item.id not in blamed and not _SUSPECT.search(item.markup):
            piece.read = replace(item, markup="")  # there is nothing more to find in it
    return found


def _compare(found: Found, shown: Shown) -> None:
    """Hold what was read back against what was to be shown, and the items against each other."""
    entries = {entry.article.id.strip(): entry.article for entry in shown.feed.entries}
    moment = max(shown.valid_from, shown.last_modified)
    seen: set[str] = set()
    stamps: dict[object, str] = {}
    for item in found.items:
        article = entries.get(item.id)
        if not item.id:
            found.error("id", "an item has no id")
        elif article is None:
            found.error("foreign", f"it holds an item {item.id!r} that the feed does not show")
        elif item.id in seen:
            found.error("unique-id", "its id stands there twice", item.id)
        seen.add(item.id)
        if not item.title.strip():
            found.error("title", "its title is empty", item.id)
        elif article is not None and " ".join(item.title.split()) != " ".join(article.title.split()):
            found.warning("title", f"its title reads {item.title!r}", item.id)
        if item.published is not None and moment > ALWAYS and item.published > moment:
            found.error("future", f"its date {item.published.isoformat()} is still to come", item.id)
        if item.updated is not None:
            if moment > ALWAYS and item.updated > moment + _AHEAD:
                found.warning("future", f"its change {item.updated.isoformat()} is still to come", item.id)
            if item.updated in stamps:
                twin = stamps[item.updated]
                found.warning("updated-distinct", f"it was changed in the same moment as {twin}", item.id)
            stamps[item.updated] = item.id
        if item.markup:
            _check_markup(found, item.markup, item.id)
    for missing in entries.keys() - seen:
        found.warning("missing", "it is not in the document", missing)
    if found.updated is not None and moment > ALWAYS and found.updated > moment + _AHEAD:
        found.warning("future", f"the feed's change {found.updated.isoformat()} is still to come")


def _check_markup(found: Found, markup: str, article_id: str) -> None:
    if not _SUSPECT.search(markup):
        return
    scripted = _SCRIPTED.search(markup)
    if scripted is not None:
        found.error("markup", f"its text holds {scripted[0][:60]!r}, which could run", article_id)
    relative = _RELATIVE.search(markup)
    if relative is not None:
        found.warning("markup", f"its text holds an address that is not a full one: {relative[0][-60:]!r}", article_id)


def _weigh(found: Found, document: bytes, most_bytes: int) -> None:
    """Check the size; the largest article is at fault where it takes more than half of what is allowed."""
    if len(document) > most_bytes:
        largest = max(found.items, key=lambda item: item.size, default=None)
        culprit = largest.id if largest is not None and largest.size * 2 > most_bytes else ""
        found.error("size", f"it has {len(document):,} bytes, more than {most_bytes:,}", culprit)
    elif len(document) > LARGE_BYTES:
        found.warning("size", f"it has {len(document):,} bytes; many aggregators take no more than {LARGE_BYTES:,}")
