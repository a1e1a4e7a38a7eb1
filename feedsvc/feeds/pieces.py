"""Documents joined of pieces: what an entry comes to in a format is written once, and kept as long as the entry is.

A feed of fifty articles that gets a new one is then a frame and one piece to write, in place of fifty. Pieces are found
by the entry itself, the very object: whoever loads a feed again uses those entries again that are as they were.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from feedsvc.links import Links
from feedsvc.model import Entry, Feed
from feedsvc.podcasts import Podcast


@dataclass(frozen=True, slots=True)
class Terms:
    """All of a feed and its site that decides how an entry of it is written."""

    full_text: bool
    language: str
    rights: str
    podcast: Podcast | None
    links: Links


class Piece:
    """The bytes of an entry within a document. *uses* are the prefixes of namespaces that the document has to declare.

    *read* is for whoever reads documents back: what was found in the piece, once nothing was wrong with it.
    """

    __slots__ = ("read", "uses", "written")

    def __init__(self, written: bytes, uses: frozenset[str] = frozenset()) -> None:
        self.written = written
        self.uses = uses
        self.read: object = None


class Joined(bytes):
    """A document, with the *pieces* that it was joined of; *rejoin* makes such a document of others of them."""

    pieces: Sequence[Piece]
    rejoin: Callable[[Sequence[Piece]], bytes]

    @classmethod
    def of(cls, pieces: Sequence[Piece], join: Callable[[Sequence[Piece]], bytes]) -> Joined:
        """The document of *pieces*."""
        made = cls(join(pieces))
        made.pieces, made.rejoin = pieces, join
        return made


class Pieces:
    """The pieces of one format, for as long as somebody else holds their entries. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[Terms, dict[int, tuple[weakref.ref[Entry], Piece]]] = {}

    def of(self, feed: Feed, terms: Terms, write: Callable[[Entry], Piece]) -> Sequence[Piece]:
        """The piece of each entry of *feed*, by *write* where it is not known. Raises what that does."""
        kept = self._kept.setdefault(terms, {})
        found = []
        for entry in feed.entries:
            known = kept.get(id(entry))
            if known is not None and known[0]() is entry:
                found.append(known[1])
            else:
                piece = write(entry)
                kept[id(entry)] = (weakref.ref(entry, _forgetting(kept, id(entry))), piece)
                found.append(piece)
        return found


class InPieces:
    """A renderer that keeps pieces."""

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces()


def _forgetting(kept: dict[int, tuple[weakref.ref[Entry], Piece]], key: int) -> Callable[[weakref.ref[Entry]], None]:
    """What takes a piece out once its entry is gone; by then another one may stand in its place."""

    def forget(gone: weakref.ref[Entry]) -> None:
        known = kept.get(key)
        if known is not None and known[0] is gone:
            del kept[key]

    return forget
