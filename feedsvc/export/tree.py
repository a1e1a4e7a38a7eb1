"""The folder of an export: files come, change and go in it as a whole, and nothing is touched that is not ours."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feedsvc.errors import ExportError
from feedsvc.export.manifest import Known, Manifest
from feedsvc.export.places import FORMS, OWN

MANY = 64
"""How many files are synced to disk one by one; where they are more, all of the disk is synced once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that is ready to go to *place*: *drafts* are the temporary files of its forms, by their coding."""

    known: Known
    drafts: Mapping[str, Path]


class Tree:
    """The exported *folder*, which this process alone writes to. Raises ExportError where that cannot be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own = folder / OWN
        self._drafts = self._own / "drafts"
        self._count = 0
        self._waiting: list[Sheet] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self._own.exists() and any(folder.iterdir()):
                raise ExportError(f"{folder} is not empty, and no export made it; name an empty or a new folder")
            self._own.mkdir(exist_ok=True)
            self._lock = os.open(self._own / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ExportError(f"{folder} cannot be written: {error.strerror}; name another folder") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise ExportError(f"another export works on {folder}; let it end, or stop it") from None
        shutil.rmtree(self._drafts, ignore_errors=True)
        self._drafts.mkdir()
        self.manifest = Manifest(self._own / "manifest.db")

    def close(self) -> None:
        """Let another process have the folder."""
        self.manifest.close()
        os.close(self._lock)

    # ---------------------------------------------------------------- writing
    def draft(self, chunks: Iterable[bytes]) -> tuple[Path, str, int]:
        """Write *chunks* where nobody reads: the temporary file, its SHA-256 and its size."""
        self._count += 1
        path = self._drafts / str(self._count)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        path.chmod(0o644)
        return path, digest.hexdigest(), size

    def stands(self, known: Known) -> bool:
        """Whether the file that *known* tells of lies there as it was written, with all its forms."""
        path = self.folder / known.place
        try:
            status = path.lstat()
            beside = [path.with_name(path.name + FORMS[coding]).lstat() for coding in known.codings]
        except OSError:
            return False
        return (status.st_size, int(status.st_mtime)) == (known.size, known.mtime) and all(
            int(one.st_mtime) == known.mtime for one in beside
        )

    def foreign(self, place: str) -> bool:
        """Whether something lies at *place* that no export put there: asked where the record has none."""
        return os.path.lexists(self.folder / place)

    def add(self, sheet: Sheet) -> None:
        """Let *sheet* go to its place with the next :meth:`flush`."""
        self._waiting.append(sheet)
        if len(self._waiting) >= MANY:
            self.flush()

    def flush(self) -> None:
        """Put everything that waits in its place: first it is noted that we mean to, then done, then noted as done."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        for sheet in waiting:
            if self.manifest.file(sheet.known.address) is None:
                self.manifest.put(sheet.known._replace(sha256=""))
        self.manifest.commit()
        self._sync([draft for sheet in waiting for draft in sheet.drafts.values()])
        folders = set()
        for sheet in waiting:
            path = self.folder / sheet.known.place
            path.parent.mkdir(parents=True, exist_ok=True)
            for coding, draft in sheet.drafts.items():
                os.utime(draft, (sheet.known.mtime, sheet.known.mtime))
                draft.replace(path.with_name(path.name + FORMS.get(coding, "")))
            for coding, suffix in FORMS.items():
                if coding not in sheet.drafts:
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
            folders.add(path.parent)
        self._sync(sorted(folders))
        self.manifest.begin()
        for sheet in waiting:
            self.manifest.put(sheet.known)

    def abandon(self) -> None:
        """Forget what waits: it was of a moment that is over before it came to its place."""
        for sheet in self._waiting:
            for draft in sheet.drafts.values():
                draft.unlink(missing_ok=True)
        self._waiting.clear()
        self.manifest.undo()

    def redate(self, known: Known) -> None:
        """Give the file the time that *known* says: its document stands as it is since another moment."""
        path = self.folder / known.place
        for name in (path, *(path.with_name(path.name + FORMS[coding]) for coding in known.codings)):
            os.utime(name, (known.mtime, known.mtime))

    def remove(self, known: Known) -> bool:
        """Take a file away with its forms; False where somebody else put another one there, which stays."""
        path = self.folder / known.place
        with contextlib.suppress(OSError):
            status = path.lstat()
            if known.sha256 and (status.st_size, int(status.st_mtime)) != (known.size, known.mtime):
                return False
        for suffix in ("", *FORMS.values()):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        for parent in self._parents(path):
            try:
                parent.rmdir()  # refuses where there is anything in it
            except OSError:
                break
        return True

    def text(self, name: str, content: bytes) -> bool:
        """Write *content* to the file *name* among our own, as a whole; whether it changed."""
        path = self._own / name
        if path.exists() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        draft, _, _ = self.draft([content])
        self._sync([draft])
        draft.replace(path)
        return True

    def mark(self, place: str, *, there: bool) -> None:
        """Put an empty file at *place*, or take it away."""
        path = self.folder / place
        if there and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        elif not there:
            path.unlink(missing_ok=True)

    def _parents(self, path: Path) -> Iterator[Path]:
        for parent in path.parents:
            if parent in (self.folder, self._own):
                return
            yield parent

    @staticmethod
    def _sync(paths: list[Path]) -> None:
        if len(paths) > MANY:
            os.sync()
            return
        for path in paths:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
