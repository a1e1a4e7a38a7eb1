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
from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.formats.registry import Formats
from feedsvc.ingest import names, openfile, scan
from feedsvc.ingest.openfile import StillWritten
from feedsvc.ingest.read import Reader
from feedsvc.ingest.scan import Found, Scan
from feedsvc.model import Article
from feedsvc.normalise.article import Normalised, normalise
from feedsvc.normalise.identity import minted_id, own_id
from feedsvc.normalise.sections import SectionNames

_NEVER_READ = "its name or that of its folder is hidden or temporary: it is never read"
_RAW = {"content": "body", "enclosures": "media", "pubstatus": "status"}
"""Where a field of ``Article`` has another name in ``RawItem``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An article that *source* would give."""

    source: str
    normalised: Normalised

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
            accepted = [self._normalised(item, path) for item in items]  # one bad item refuses its file
        except StillWritten:
            yield Refused(source=source, reason="it is being written to; look again when that has ended")
        except FileNotFoundError:
            yield Refused(source=source, reason="it went away while it was looked at")
        except ContentError as error:
            yield Refused(source=source, reason=str(error).removeprefix(f"line {error.line}: "), line=error.line)
        else:
            digest = hashlib.sha256(data).digest()
            copied = self._hashes.setdefault(digest, source)
            for result in accepted:
                yield Accepted(source=source, normalised=self._with_relations(result, source, copied))

    def _normalised(self, item: RawItem, path: PurePosixPath) -> Normalised:
        authority = self._settings.site.authority
        own = own_id(item.id, authority=authority)
        result = normalise(
            item,
            path,
            article_id=own or minted_id(str(path), authority=authority, part=item.part),
            settings=self._settings,
            sections=self._sections,
            now=self._now,
        )
        return replace(result, origin=_origins(item, result, self._settings))

    def _with_relations(self, result: Normalised, source: str, copied: str) -> Normalised:
        """The article with a note where a file that was looked at before speaks of the same."""
        article_id = result.article.id
        before = self._ids.get(article_id)
        self._ids[article_id] = source
        if before == source and source not in self._twice(article_id):
            note = "another article in this file has the same id: only the first would be taken in"
        elif before is not None and before != source:
            note = (
                f"{before} has the same id: the higher version would be used, and of two equal ones the first;"
                " other text in an equal version is a conflict"
            )
        elif copied != source:
            note = f"it is a copy of {copied}: that article would stand in the section of this file too"
        else:
            return result
        return replace(result, notes=(*result.notes, note))


def _origins(item: RawItem, result: Normalised, settings: Settings) -> Mapping[str, str]:
    """Where each field that holds something came from: as the format says, else by the rule that filled it."""
    article, found = result.article, {}
    for name in (field.name for field in fields(article)):
        if name == "source" or getattr(article, name) in ("", (), None, 0):
            continue
        raw = _RAW.get(name, name)
        where = result.origin.get(name) or item.origin.get(raw, "")
        found[name] = where or _rule(name, article, settings) or "the file"
    return found
