"""What one pass did, for logs, the command line and the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file that could not become an article: why, and at which line (0: none can be named)."""

    source: str
    error: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.source}, line {self.line}" if self.line else self.source
        return f"{where}: {self.error}"


@dataclass(slots=True, kw_only=True)
class PassReport:
    """The result of a pass. *files* were found, *read* were read; *outcomes* counts what became of articles.

    *refused* are those that were refused in this pass, not before. *waiting* may still be written to. *missing*
    counts files that were absent for the first time. *held* says why withdrawals wait for the operator's word;
    empty if none do. *seconds* is how long it took, *scan_seconds* how much of that went into looking.
    """

    files: int = 0
    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unlisted: dict[str, str] = field(default_factory=dict)
    missing: int = 0
    held: str = ""
    seconds: float = 0.0
    scan_seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether anything became of anything."""
        return bool(self.read or self.outcomes or self.refused or self.missing)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON types; long lists are cut to their first two hundred."""
        return {
            "files": self.files,
            "read": self.read,
            "outcomes": dict(sorted(self.outcomes.items())),
            "refused": [
                {"source": item.source, "error": item.error, "line": item.line} for item in self.refused[:_SHOWN]
            ],
            "waiting": sorted(self.waiting)[:_SHOWN],
            "unlisted": self.unlisted,
            "missing": self.missing,
            "held": self.held,
            "seconds": round(self.seconds, 3),
        }
