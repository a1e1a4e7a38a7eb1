"""What files would become, without a store and without touching anything: for ``feedsvc check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

from feedsvc.config import Settings
from feedsvc.dates import rfc3339
from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.formats.registry import Formats
from feedsvc.ingest import openfile, scan
from feedsvc.ingest.openfile import StillWritten
from feedsvc.ingest.read import Reader
from feedsvc.ingest.scan import Found
from feedsvc.normalise.article import Normalised, normalise
from feedsvc.normalise.identity import minted_id, own_id
from feedsvc.normalise.sections import SectionNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An article that *source* would give."""

    source: str
    normalised: Normalised

    def as_json(self) -> dict[str, Any]:
        """The article's fields under their names, with ``origin`` and ``notes``; times as RFC 3339."""
        fields = asdict(self.normalised.article)
        for name, value in fields.items():
            if isinstance(value, datetime):
                fields[name] = rfc3339(value)
            elif isinstance(value, tuple):
                fields[name] = list(value)
        return fields | {"origin": dict(self.normalised.origin), "notes": list(self.normalised.notes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that would be refused: why, and at which line (0: none can be named)."""

    source: str
    reason: str
    line: int = 0


class Trial:
    """Reads files as a pass at *now* would. A context manager: at its end, what it started is ended."""

    def __init__(self, settings: Settings, formats: Formats, *, now: datetime) -> None:
        self._settings = settings
        self._reader = Reader(settings, formats)
        self._sections = SectionNames(settings)
        self._now = now

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.close()

    def folder(self, path: Path) -> Iterator[Accepted | Refused]:
        """What the files below *path* would become, in the order of their names."""
        found = scan.scan(path, ignore=self._settings.content.ignore)
        below = self._place(path)
        refused = found.refused | found.ignored | found.unlisted
        for source in sorted({*found.files, *refused}):
            if source in found.files:
                yield from self._read(path, found.files[source], below)
            else:
                yield Refused(source=f"{below}{source}", reason=refused[source])

    def file(self, path: Path) -> Iterator[Accepted | Refused]:
        """What the file at *path* would become."""
        found = scan.look(path.parent, [path.name], ignore=self._settings.content.ignore)
        below = self._place(path.parent)
        for source, reason in (found.refused | found.ignored).items():
            yield Refused(source=f"{below}{source}", reason=reason)
        for one in found.files.values():
            yield from self._read(path.parent, one, below)
        if not (found.files or found.refused or found.ignored):
            yield Refused(source=f"{below}{path.name}", reason="its name is hidden or temporary: it is never read")

    def _place(self, folder: Path) -> str:
        """What stands before a name in *folder*: its way from the content folder, if it lies below that."""
        content, folder = self._settings.content.path.resolve(), folder.resolve()
        if folder == content or not folder.is_relative_to(content):
            return ""
        return f"{folder.relative_to(content).as_posix()}/"

    def _read(self, root: Path, found: Found, below: str) -> Iterator[Accepted | Refused]:
        source = f"{below}{found.source}"
        path = PurePosixPath(source)
        try:
            data, _ = openfile.read(root, found.name, limit=self._settings.content.max_file)
            items = self._reader.parse(data, path)
        except StillWritten:
            yield Refused(source=source, reason="it is being written to; look again when that has ended")
            return
        except FileNotFoundError:
            yield Refused(source=source, reason="it went away while it was read")
            return
        except ContentError as error:
            yield Refused(source=source, reason=str(error), line=error.line)
            return
        for item in items:
            yield self._one(item, path)

    def _one(self, item: RawItem, path: PurePosixPath) -> Accepted | Refused:
        authority = self._settings.site.authority
        article_id = own_id(item.id, authority=authority) or minted_id(str(path), authority=authority, part=item.part)
        try:
            normalised = normalise(
                item,
                path,
                article_id=article_id,
                settings=self._settings,
                sections=self._sections,
                now=self._now,
            )
        except ContentError as error:
            return Refused(source=str(path), reason=str(error), line=error.line)
        return Accepted(source=str(path), normalised=normalised)
