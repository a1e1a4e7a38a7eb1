"""Plain text: bytes to text, characters that XML allows, slugs, cutting to length."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Bytes as text. *encoding* is the codec's name; *guessed* where it was neither a BOM, UTF-8 nor declared.

    The text is NFC-neutral (not normalised), has ``\\n`` line ends only, no BOM, and no character that
    XML 1.0 forbids.
    """

    text: str
    encoding: str
    guessed: bool = False


class UndecodableText(ValueError):
    """The bytes are no text in any encoding that may be tried; *line* holds the first bad byte."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message)
        self.line = line


def decode(data: bytes, *, declared: str = "", fallback: str = "cp1252") -> Decoded:
    """Decode *data*: BOM, strict UTF-8, *declared*, then *fallback* if every byte is defined in it.

    Raises UndecodableText (never LookupError for an unknown *declared* name).
    """
    raise NotImplementedError


def xml_safe(text: str) -> str:
    """*text* without the characters outside the Char production of XML 1.0 section 2.2."""
    raise NotImplementedError


def one_line(text: str) -> str:
    """*text* with every run of white space as one space, none at the ends."""
    raise NotImplementedError


def slug(text: str, *, limit: int = 0) -> str:
    """*text* as a slug: NFC, lower case, letters, digits and combining marks of every script, the rest ``-``.

    At most *limit* characters (cut between words where one ends in the second half); 0 means no limit. Empty where nothing is left.
    """
    raise NotImplementedError


def cut(text: str, limit: int) -> str:
    """*text* cut between words to at most *limit* characters, with ``…`` where something was cut."""
    raise NotImplementedError
