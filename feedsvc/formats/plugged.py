"""A format of a plug-in, kept from troubling what it has nothing to do with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from feedsvc.errors import ParseError
from feedsvc.formats.base import Format, RawItem


@dataclass(frozen=True, slots=True)
class Plugged:
    """*inner* under its own name; whether it is one for a file is asked of every file, so that must not fail."""

    inner: Format

    @property
    def name(self) -> str:
        """That of the format."""
        return self.inner.name

    @property
    def suffixes(self) -> frozenset[str]:
        """Those of the format."""
        return frozenset(suffix.lower() for suffix in self.inner.suffixes)

    @property
    def heavy(self) -> bool:
        """Whether it is to be read in a process of its own."""
        return bool(getattr(self.inner, "heavy", False))

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        """As the format says; where it fails, the file is none of its own."""
        try:
            return bool(self.inner.recognises(data, path))
        except Exception:
            return False

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        """As the format does. Raises ParseError for what are no items."""
        items: Any = self.inner.parse(data, path, fallback_encoding=fallback_encoding)
        found = list(items)
        if not all(isinstance(item, RawItem) for item in found):
            raise ParseError(
                f"its format, {self.name} of a plug-in, gave something else than RawItems; mend the plug-in"
            )
        return found
