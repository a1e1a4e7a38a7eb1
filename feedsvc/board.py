"""What one process of the service counts and measures, and shares with the others through a folder.

Every process writes its own figures into a file of its own, as a whole and by renaming; who is asked writes its own
first and adds up all. Beside figures there may be notes, which are told as they are. So whichever process answers, no
counter ever goes back while the service runs: the files of processes that ended stay until it ends. A full disk leaves
the figures as they were and harms nobody. Through pipes in the same folder processes are told that it is worth looking.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FOLDER_VARIABLE = "FEEDSVC_BOARD"
"""Names the folder; ``feedsvc serve`` makes one and sets it for its processes."""
_BELL = ".bell"
DRAINING = "draining"
"""The file in the folder that says that the service is ending."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
POLL_SECONDS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1.0, 5.0)
MOST_SERIES = 5000
"""How many label values one process keeps of one family; more are left out."""


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its *help*, the names of its *labels*, and for several processes how gauges are *joined*."""

    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    joined: Literal["sum", "max", "min"] = "sum"
    bounds: tuple[float, ...] = SECONDS


FAMILIES: Mapping[str, Family] = {
    "feedsvc_polls": Family(
        "counter", "Requests for feeds, by what was answered.", ("feed", "format", "status", "coding")
    ),
    "feedsvc_poll_seconds": Family(
        "histogram", "How long the answers to polls took in the worker.", bounds=POLL_SECONDS
    ),
    "feedsvc_poll_sent_bytes": Family("counter", "Bytes of bodies sent in answer to polls."),
    "feedsvc_poll_saved_bytes": Family("counter", "Bytes that needed not be sent, by what saved them.", ("by",)),
    "feedsvc_counting_overflows": Family("counter", "Times that more kinds of polls came than could be counted."),
    "feedsvc_requests": Family("counter", "Requests for anything but feeds.", ("status",)),
    "feedsvc_documents_rendered": Family("counter", "Documents made, by format and outcome.", ("format", "outcome")),
    "feedsvc_render_seconds": Family("histogram", "How long making a document took.", ("format",)),
    "feedsvc_cache_evictions": Family("counter", "Feeds that the cache of documents let go for lack of room."),
    "feedsvc_cache_bytes": Family("gauge", "Memory that the caches of documents take, of all workers."),
    "feedsvc_cache_limit_bytes": Family("gauge", "Memory that the caches of documents may take, of all workers."),
    "feedsvc_validity_troubles": Family("gauge", "Documents that would not be valid and were held back.", joined="max"),
    "feedsvc_store_up": Family("gauge", "1 while the store answers every process, else 0.", joined="min"),
    "feedsvc_lease_held": Family("gauge", "1 if this node takes files in, 0 if it stands by.", joined="max"),
    "feedsvc_passes": Family("counter", "Passes over the content folder, by kind.", ("kind",)),
    "feedsvc_pass_seconds": Family("histogram", "How long a pass took.", ("kind",)),
    "feedsvc_last_pass_timestamp_seconds": Family("gauge", "When the last full pass ended well.", joined="max"),
    "feedsvc_scheduler_failures": Family("counter", "What went wrong in the scheduler.", ("kind",)),
    "feedsvc_workers": Family("gauge", "Web workers that are alive."),
}
"""What processes count and measure. Counters get ``_total`` when they are told."""


@dataclass(slots=True)
class Histogram:
    """How many observations fell into each bucket, those above all bounds last, and their sum."""

    buckets: list[int]
    sum: float = 0.0

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.buckets)

    def add(self, other: Histogram) -> None:
        """Add those of *other*."""
        self.buckets = [mine + its for mine, its in zip(self.buckets, other.buckets, strict=True)]
        self.sum += other.sum


Labels = tuple[str, ...]


@dataclass(slots=True)
class Figures:
    """Numbers by family and label values."""

    numbers: dict[str, dict[Labels, float]] = field(default_factory=dict)
    histograms: dict[str, dict[Labels, Histogram]] = field(default_factory=dict)

    def add(self, other: Figures, *, alive: bool) -> None:
        """Add those of another process; its gauges only if it is *alive*."""
        for name, series in other.numbers.items():
            family = FAMILIES.get(name)
            if family is None or (family.kind == "gauge" and not alive):
                continue
            mine = self.numbers.setdefault(name, {})
            for labels, value in series.items():
                if labels not in mine:
                    mine[labels] = value
                elif family.joined == "sum":
                    mine[labels] += value
                else:
                    mine[labels] = (max if family.joined == "max" else min)(mine[labels], value)
        for name, held in other.histograms.items():
            into = self.histograms.setdefault(name, {})
            for labels, histogram in held.items():
                known = into.setdefault(labels, Histogram([0] * len(histogram.buckets)))
                if len(known.buckets) == len(histogram.buckets):
                    known.add(histogram)


class Board:
    """The figures of this process. Thread-safe. Without a *folder* it knows of no other process."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file = "" if folder is None else f"{os.getpid()}-{secrets.token_hex(4)}.json"
        self._lock = threading.Lock()
        self._figures = Figures()
        self._notes: dict[str, Any] = {}
        self._written = ""

    def count(self, name: str, *labels: str, by: float = 1) -> None:
        """Add to a counter."""
        with self._lock:
            series = self._figures.numbers.setdefault(name, {})
            if labels in series or len(series) < MOST_SERIES:
                series[labels] = series.get(labels, 0) + by

    def set(self, name: str, value: float, *labels: str) -> None:
        """Set a gauge."""
        with self._lock:
            self._figures.numbers.setdefault(name, {})[labels] = value

    def observe(self, name: str, seconds: Iterable[float], *labels: str) -> None:
        """Put durations into a histogram."""
        bounds = FAMILIES[name].bounds
        with self._lock:
            held = self._figures.histograms.setdefault(name, {})
            histogram = held.setdefault(labels, Histogram([0] * (len(bounds) + 1)))
            for one in seconds:
                histogram.buckets[bisect.bisect_left(bounds, one)] += 1
                histogram.sum += one

    def note(self, name: str, what: Any) -> None:
        """Have the other processes know *what* under *name*, as JSON types; the next note takes its place."""
        with self._lock:
            self._notes[name] = what

    def noted(self, name: str) -> list[Any]:
        """What the other processes that are alive noted last under *name*."""
        found = []
        for file in [] if self._folder is None else sorted(self._folder.glob("*.json")):
            if file.name != self._file and _alive(file.name):
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                    found.append(json.loads(file.read_text("utf-8"))["notes"][name])
        return found

    @property
    def draining(self) -> bool:
        """Whether the service is ending."""
        return self._folder is not None and (self._folder / DRAINING).exists()

    def ring(self) -> None:
        """Let the other processes know at once that something was written, which they would notice by looking."""
        for bell in [] if self._folder is None else self._folder.glob(f"*{_BELL}"):
            with contextlib.suppress(OSError):  # whoever listened has ended, or has more to hear than it can hold
                handle = os.open(bell, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                try:
                    os.write(handle, b"\0")
                finally:
                    os.close(handle)

    def listen(self, heard: Callable[[], None]) -> None:
        """Have *heard* called in a thread, soon after another process rang. Where that cannot be, it never is."""
        if self._folder is None:
            return
        path = self._folder / f"{self._file.removesuffix('.json')}{_BELL}"
        try:
            os.mkfifo(path, 0o600)
            bell = os.open(path, os.O_RDWR | os.O_CLOEXEC)  # with a writer of its own it never comes to an end
        except OSError:
            return

        def hear() -> None:
            while os.read(bell, 4096):
                heard()

        threading.Thread(target=hear, name="bell", daemon=True).start()

    def share(self) -> None:
        """Write the figures for the other processes, if they changed. What cannot be written is left for later."""
        if self._folder is None:
            return
        with self._lock:
            text = json.dumps(_plain(self._figures) | {"notes": self._notes})
            if text == self._written:
                return
            draft = self._folder / f".{self._file}"
            with contextlib.suppress(OSError):
                draft.write_text(text, "utf-8")
                draft.replace(self._folder / self._file)
                self._written = text

    def all(self) -> Figures:
        """The figures of all processes together."""
        self.share()
        figures = Figures()
        if self._written:
            for file in sorted(self._folder.glob("*.json")) if self._folder is not None else ():
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                    figures.add(_read(json.loads(file.read_text("utf-8"))), alive=_alive(file.name))
        else:
            with self._lock:
                figures.add(_read(_plain(self._figures)), alive=True)
        return figures


def shared_board() -> Board:
    """The board of this process in the folder that the environment names; alone where it names none."""
    named = os.environ.get(FOLDER_VARIABLE, "")
    folder = Path(named) if named and Path(named).is_dir() else None
    return Board(folder)


def _plain(figures: Figures) -> dict[str, Any]:
    return {
        "numbers": {
            name: [[*labels, value] for labels, value in held.items()] for name, held in figures.numbers.items()
        },
        "histograms": {
            name: [[*labels, one.buckets, one.sum] for labels, one in held.items()]
            for name, held in figures.histograms.items()
        },
    }


def _read(plain: Mapping[str, Any]) -> Figures:
    def labels(row: Sequence[Any], values: int) -> Labels:
        return tuple(map(str, row[:-values]))

    return Figures(
        numbers={name: {labels(row, 1): row[-1] for row in rows} for name, rows in plain["numbers"].items()},
        histograms={
            name: {labels(row, 2): Histogram(list(row[-2]), row[-1]) for row in rows}
            for name, rows in plain["histograms"].items()
        },
    )


def _alive(name: str) -> bool:
    """Whether the process that writes the file *name* is there."""
    try:
        os.kill(int(name.partition("-")[0]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True
