"""Formats that misbehave, for the tests of bounded reading: importable by name, as the child process needs it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import PurePosixPath

from feedsvc.errors import FieldError
from feedsvc.formats.base import RawItem


class Well:
    """A format that does what it should: the title is the process that read the file."""

    heavy = True

    @property
    def name(self) -> str:
        return "Test"

    @property
    def suffixes(self) -> frozenset[str]:
        return frozenset({".test"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:
        return True

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        return [
            RawItem(
                title=str(os.getpid()), body=f"{len(data)} {path} {fallback_encoding}", literal=frozenset({"title"})
            )
        ]


class Endless(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        while True:
            pass


class Hungry(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        eaten = []
        while True:
            eaten.append(bytearray(2**22))


class Leaving(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        os._exit(3)


class Crashing(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        ctypes.string_at(0)
        raise AssertionError


class Refusing(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        raise FieldError("the date is none", field="published", value="soon", line=7)


class Faulty(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        raise KeyError("title")


class Chatty(Well):
    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        os.write(1, b"noise on the standard output")
        return super().parse(data, path, fallback_encoding=fallback_encoding)
