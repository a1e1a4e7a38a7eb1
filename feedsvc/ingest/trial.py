"""What files would become, without a store and without touching anything: for ``feedsvc check``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

from feedsvc.config import Settings
from feedsvc.dates import rfc3339
from feedsvc.errors import ContentError, ParseError
from feedsvc.formats.base import RawItem
from feedsvc.formats.registry import Formats
from feedsvc.ingest import attached, names, openfile, scan
from feedsvc.ingest.media import enclosures, noted, own_media
from feedsvc.ingest.openfile import StillWritten
from feedsvc.ingest.read import Reader
from feedsvc.ingest.scan import Found, Scan
from feedsvc.model import Medium
from feedsvc.normalise.article import Normalised, normalise
from feedsvc.normalise.identity import minted_id, own_id
from feedsvc.normalise.origins import origins
from feedsvc.normalise.sections import SectionNames

_NEVER_READ = "its name or that of its folder is hidden or temporary: it is never read"
_RAW = {"content": "body", "enclosures": "media", "pubstatus": "status"}
"""Where a field of ``Article`` has another name in ``RawItem``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An article that *source* would give. *media* lie below the content folder, and the file names them."""

    source: str
    normalised: Normalised
    media: Sequence[Medium] = ()

    def as_json(self) -> dict[str, Any]:
        """The article's fields under their names, with ``origin`` and ``notes``; times as RFC 3339."""
        values = asdict(self.normalised.article)
        for name, value in values.items():
            if isinstance(value, datetime):
                values[name] = rfc3339(value)
            elif isinstance(value, tuple):
                values[name] = list(value)
        return values | {"origin": dict(self.normalised.origin), "notes": list(self.normalised.notes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that would be refused: why, and at which line (0: none can be named)."""

    source: str
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that would not be looked at, because the configuration leaves its name out."""

    source: str
    reason: str


Outcome = Accepted | Refused | LeftOut


class Trial:
    """Reads files as a pass at *now* would. A context manager: at its end, what it started is ended.

    It remembers ids and hashes, never articles: a folder may hold any number of files.
    """

    def __init__(self, settings: Settings, formats: Formats, *, now: datetime) -> None:
        self._settings = settings
        self._reader = Reader(settings, formats)
        self._sections = SectionNames(settings)
        self._now = now
        self._ids: dict[str, str] = {}
        self._hashes: dict[bytes, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.close()

    def path(self, path: Path) -> Iterator[Outcome]:
        """What the file at *path*, or the files below the folder *path*, would become, in the order of their names.

        Below the content folder a file counts by its path there; elsewhere a folder counts as if it were the content
        folder, and a file by its name alone.
        """
        folder = path.is_dir()
        root = path if folder else path.parent
        below = self._place(root)
        if any(names.never_read(part) for part in below.split("/")):
            yield Refused(source=f"{below}{'' if folder else path.name}", reason=_NEVER_READ)
            return
        ignore = self._settings.content.ignore
        found = scan.scan(root, ignore=ignore) if folder else scan.look(root, [path.name], ignore=ignore)
        if not folder and not (found.files or found.refused or found.ignored):
            yield Refused(source=f"{below}{path.name}", reason=_NEVER_READ)
        if not folder:
            found.refused |= found.ignored
            found.ignored.clear()
        yield from self._found(root, found, below)

    def below_content(self, source: str) -> Iterator[Outcome]:
        """What the file *source* below the content folder would become; a path that leads elsewhere is none."""
        parts = source.split("/")
        if not all(parts) or any(names.never_read(part) for part in parts):
            yield Refused(source=source, reason=_NEVER_READ)
            return
        content = self._settings.content
        found = scan.look(content.path, [source], ignore=content.ignore)
        if not (found.files or found.refused or found.ignored):
            yield Refused(source=source, reason="there is no such file below the content folder now")
        yield from self._found(content.path, found, "")

    def _found(self, root: Path, found: Scan, below: str) -> Iterator[Outcome]:
        unlisted = {
            folder or str(root): f"this folder cannot be listed: {why}" for folder, why in found.unlisted.items()
        }
        refused = found.refused | unlisted
        for source in sorted({*found.files, *refused, *found.ignored}):
            if source in found.files:
                yield from self._read(root, found.files[source], f"{below}{source}")
            elif source in refused:
                yield Refused(source=f"{below}{source}", reason=refused[source])
            else:
                yield LeftOut(source=f"{below}{source}", reason=found.ignored[source])

    def _place(self, folder: Path) -> str:
        """What stands before a name in *folder*: its way from the content folder, if it lies below that."""
        content, folder = self._settings.content.path.resolve(), folder.resolve()
        if folder == content or not folder.is_relative_to(content):
            return ""
        return f"{folder.relative_to(content).as_posix()}/"

    def _read(self, root: Path, found: Found, source: str) -> Iterator[Outcome]:
        path = PurePosixPath(source)
        try:
            data, _ = openfile.read(root, found.name, limit=self._settings.content.max_file)
            items = self._reader.parse(data, path)
            media = {**own_media(items, found.source, root), **attached.measured(items)}
            # One bad item refuses its file.
            accepted = [self._normalised(item, path, media) for item in noted(items, media)]
        except StillWritten:
            yield Refused(source=source, reason="it is being written to; look again when that has ended")
        except FileNotFoundError:
            yield Refused(source=source, reason="it went away while it was looked at")
        except ContentError as error:
            yield Refused(source=source, reason=str(error).removeprefix(f"line {error.line}: "), line=error.line)
        else:
            for result in self._related(accepted, source, hashlib.sha256(data).digest()):
                yield Accepted(source=source, normalised=result, media=[one for one in media.values() if one.hash])

    def _normalised(self, item: RawItem, path: PurePosixPath, media: Mapping[str, Medium]) -> Normalised:
        authority = self._settings.site.authority
        own = own_id(item.id, authority=authority)
        try:
            result = normalise(
                item,
                path,
                article_id=own or minted_id(str(path), authority=authority, part=item.part),
                settings=self._settings,
                sections=self._sections,
                now=self._now,
                media=enclosures(media),
            )
        except ContentError:
            raise
        except Exception as error:  # one bad file never hides what the others would become
            reason = f"it could not be made an article ({type(error).__name__}: {error}); please report it"
            raise ParseError(reason, line=item.line) from error
        return replace(result, origin=_origins(item, result))

    def _related(self, results: Sequence[Normalised], source: str, digest: bytes) -> Iterator[Normalised]:
        """*results* with a note where this file, or one that was looked at before, speaks of the same article."""
        copied, here = self._hashes.setdefault(digest, source), set[str]()
        for result in results:
            article_id = result.article.id
            first = self._ids.setdefault(article_id, source)
            note = ""
            if article_id in here:
                note = "another article in this file has the same id: this one would be a conflict"
            elif first != source:
                note = (
                    f"{first} has the same id: the higher version would be used, of two equal ones the first;"
                    " other text in an equal version is a conflict"
                )
            elif copied != source:
                note = f"the file is a copy of {copied}: that article would stand in the section of this file too"
            here.add(article_id)
            yield replace(result, notes=(*result.notes, note)) if note else result


def _origins(item: RawItem, result: Normalised) -> Mapping[str, str]:
    """Where each field that holds something came from: as the format says, else by the rule that filled it."""
    raw = {field.name: _RAW.get(field.name, field.name) for field in fields(result.article)}
    said = {name: result.origin.get(name) or item.origin.get(there, "") for name, there in raw.items()}
    return origins(result.article, said, given=[name for name, there in raw.items() if getattr(item, there, "")])
