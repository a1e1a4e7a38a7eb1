"""One file -> what it says, without a store: bytes, format, raw items. ``feedsvc check`` uses it as well."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from feedsvc.config import Settings
from feedsvc.errors import ContentError, NotAnArticle, ParseError, TooLarge
from feedsvc.formats.base import RawItem
from feedsvc.formats.bounded import BoundedParser
from feedsvc.formats.registry import Formats
from feedsvc.ingest import attached, openfile
from feedsvc.ingest.media import noted, own_media
from feedsvc.ingest.scan import NO_SIGNATURE, Found
from feedsvc.model import Medium, Signature

PARSE_SECONDS = 20
PARSE_MEMORY = 400 * 2**20
MAX_ITEMS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one file says: its items, or the error that an operator is to see.

    *sha256* is of its bytes; empty where they could not be read. *media* are those below the folder that it names.
    """

    found: Found
    signature: Signature
    sha256: str = ""
    size: int = 0
    items: Sequence[RawItem] = ()
    media: Mapping[str, Medium] = field(default_factory=dict)
    error: ContentError | None = None


class HeavyFormat(Exception):
    """The file is of a format that runs in a process of its own, and this reader has none."""


class Reader:
    """Reads files below one content folder. Heavy formats run in a child process; :meth:`close` ends it.

    With *heavy* False they are not read at all: HeavyFormat is raised.
    """

    def __init__(self, settings: Settings, formats: Formats, *, heavy: bool = True) -> None:
        self._heavy = heavy
        self._content = settings.content
        self._formats = formats
        self._bounded = BoundedParser(seconds=PARSE_SECONDS, memory=PARSE_MEMORY)

    def close(self) -> None:
        """End the child process, if there is one."""
        self._bounded.close()

    def bytes_of(self, found: Found, *, complete: bool = False) -> tuple[bytes, Signature]:
        """The bytes of a file. Raises StillWritten, ContentError, FileNotFoundError."""
        limit = self._content.max_file
        return openfile.read(self._content.path, found.name, limit=limit, complete=complete)

    def read(self, found: Found, *, complete: bool = False, known_sha256: str = "") -> Reading:
        """Read and parse a file; a bad one is a Reading with an error.

        Bytes that are those of *known_sha256* are not parsed: the Reading has no items and no error then.
        Raises StillWritten and FileNotFoundError.
        """
        try:
            data, signature = self.bytes_of(found, complete=complete)
        except ContentError as error:
            error.source = found.source
            # What keeps a file from being opened may end without a trace in its stat: it is tried again each time.
            signature = found.signature if isinstance(error, TooLarge) else NO_SIGNATURE
            return Reading(found=found, signature=signature, error=error)
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == known_sha256:
            return Reading(found=found, signature=signature, sha256=sha256, size=len(data))
        try:
            items = self.parse(data, found.path)
        except ContentError as error:
            return Reading(found=found, signature=signature, sha256=sha256, size=len(data), error=_bare(error, found))
        try:
            inside = attached.keep(items, self._content.attached)
        except OSError as error:
            full = ContentError(
                f"what is attached to it cannot be kept in {self._content.attached}: {error.strerror};"
                " make room there, or let the service write there"
            )
            return Reading(found=found, signature=NO_SIGNATURE, error=_bare(full, found))
        media = {**own_media(items, found.source, self._content.path), **inside}
        items = attached.without(noted(items, media))
        return Reading(found=found, signature=signature, sha256=sha256, size=len(data), items=items, media=media)

    def parse(self, data: bytes, path: PurePosixPath) -> Sequence[RawItem]:
        """The items in *data*. Raises ContentError, or HeavyFormat, and nothing else, whatever a format does."""
        try:
            chosen = self._formats.choose(data, path)
            fallback = self._content.fallback_encoding
            if getattr(chosen, "heavy", False):
                if not self._heavy:
                    raise HeavyFormat
                items = self._bounded.parse(chosen, data, path, fallback_encoding=fallback)
            else:
                items = chosen.parse(data, path, fallback_encoding=fallback)
        except (ContentError, HeavyFormat):
            raise
        except (MemoryError, RecursionError) as error:
            raise ParseError(f"it is too deep or too large to be read ({type(error).__name__})") from None
        except Exception as error:
            raise ParseError(
                f"its format could not read it ({type(error).__name__}: {error}); please report it"
            ) from error
        if not items:
            raise NotAnArticle("there is no article in it")
        if len(items) > MAX_ITEMS:
            raise NotAnArticle(f"it holds {len(items):,} articles, more than {MAX_ITEMS:,}; split it")
        return items


def _bare(error: ContentError, found: Found) -> ContentError:
    """*error* with its source, and without the frames behind it: they would keep the bytes of the file in memory."""
    error.source = found.source
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error
