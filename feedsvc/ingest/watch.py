"""Events of the file system that shorten the wait for the next scan. The scan stays the truth."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from feedsvc.ingest.names import never_read


@dataclass(slots=True)
class Arrivals:
    """What happened below the folder since it was last asked, by names on disk.

    *renamed* gives for a file the name that it had just before, "" where that is one which is never read. *changed*
    may still be written to. *removed* is True if anything went away.
    """

    renamed: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    removed: bool = False


class Watch:
    """Collects events below *root* and calls *wake* after each that matters. Without inotify it stays silent."""

    def __init__(self, root: Path, wake: Callable[[], None]) -> None:
        self._root = root
        self._wake = wake
        self._lock = threading.Lock()
        self._arrivals = Arrivals()
        self._observer: BaseObserver | None = None
        self._watched: tuple[int, int] | None = None

    def start(self) -> str:
        """Begin, or begin anew where another folder stands at the path now. Answers why not, empty if it watches."""
        try:
            status = self._root.stat()
        except OSError as error:
            self.stop()
            return f"{self._root} cannot be watched: {error.strerror}"
        found = (status.st_dev, status.st_ino)
        if found == self._watched and self._observer is not None and self._observer.is_alive():
            return ""
        self.stop()
        observer = Observer()
        try:
            observer.schedule(_Handler(self), os.fspath(self._root), recursive=True)
            observer.start()
        except OSError as error:
            return f"{self._root} cannot be watched: {error.strerror}; files wait for the next scan"
        self._observer, self._watched = observer, found
        return ""

    def stop(self) -> None:
        """Stop watching."""
        observer, self._observer, self._watched = self._observer, None, None
        if observer is not None:
            observer.stop()
            observer.join(2)

    def take(self) -> Arrivals:
        """What happened since the last call."""
        with self._lock:
            taken, self._arrivals = self._arrivals, Arrivals()
        return taken

    @property
    def complete(self) -> bool:
        """Whether a file is among what happened that was renamed, and so has nothing more to wait for."""
        return bool(self._arrivals.renamed)

    def note(self, event: FileSystemEvent) -> None:
        """Take down one event."""
        source, target = self._name(event.src_path), self._name(event.dest_path)
        with self._lock:
            matters = self._taken_down(event, source, target)
        if matters:
            self._wake()

    def _taken_down(self, event: FileSystemEvent, source: str, target: str) -> bool:
        """Take down *event* between *source* and *target*; False if nothing has to be looked at for it."""
        matters = False
        if event.event_type == "moved" and not event.is_directory and not event.is_synthetic and target:
            self._arrivals.renamed[target] = "" if not source or _hidden(source) else source
            matters = True
        elif event.event_type in ("created", "modified", "closed", "moved") and not event.is_directory:
            name = target or source
            if name and not _hidden(name) and name not in self._arrivals.renamed:
                self._arrivals.changed.add(name)
                matters = True
        if event.event_type in ("deleted", "moved") and not _hidden(source):
            self._arrivals.removed = matters = True
        elif event.is_directory and event.event_type == "created":
            self._arrivals.removed = matters = True  # what lies in a new folder is found by a scan
        return matters

    def _name(self, path: bytes | str) -> str:
        decoded = os.fsdecode(path)
        prefix = f"{self._root}/"
        return decoded.removeprefix(prefix) if decoded.startswith(prefix) else ""


class _Handler(FileSystemEventHandler):
    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on what may matter; opening and reading does not."""
        if event.event_type in ("created", "modified", "closed", "moved", "deleted"):
            self._watch.note(event)


def _hidden(name: str) -> bool:
    return any(never_read(part) for part in name.split("/"))
